"""A producer for each kind of fact, from clean text and structure to `Candidate`s; `ingest.decide` decides."""
