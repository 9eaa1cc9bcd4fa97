"""Full text and vectors on OceanBase or seekdb, over the MySQL protocol (docs/decisions/0015).

    address -> session (PyMySQL) -> tables -> draft (writes)
                                           └> conditions -> text, vectors (read)

One table holds the passages of a home: words, facets, vectors, and from which version to which a row holds. A
generation names a table and a version; the next one adds rows and ends others, and copies nothing of what stays.
"""
