"""What the words mean: the vocabulary, and the reference data that resolution relies on.

Data first, little code: `places.ttl`, `departments.ttl`, `agencies.ttl`, `themes.ttl`, `series.ttl` and
`policies.ttl` are read by `ontology.reference`; `policy.ttl` (vocabulary) and `shapes.ttl` (SHACL) by `kg.graph`.
"""
