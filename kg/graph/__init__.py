"""Facts as RDF: quads, stores, read-only SPARQL, views, exports and validation.

The graph is a projection of the catalogue and can always be rebuilt from it.
"""
