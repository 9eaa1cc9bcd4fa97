"""From documents to ranked passages: chunking, full text, embeddings, vector search, fusion.

    document -> regions -> chunk -> tokens -> fulltext (tantivy) ┐
                                └> embedder -> vectors (FAISS)   ┴> fusion -> signs -> search
    what is asked -> wordings -> query ──────────────────────────┘

`projection` writes the two indexes of a generation from the catalogue, `search` reads them, and `train`
makes the static embedding model that ships in `model/`.
"""
