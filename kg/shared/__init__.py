"""One catalogue for several machines, in OceanBase or seekdb over the MySQL protocol (docs/decisions/0018).

    address -> session (PyMySQL) -> tables -> head (who is at turn, how far the store is)
                                           └> rows (catalogue), files (generations), nodes (who reads what)

The rows in the database are the truth. Each machine keeps a copy of them in its own home, which it brings up to date
from the position it has reached; the copy may be thrown away at any time. `kg.build.replica` says when.
"""
