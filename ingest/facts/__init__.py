"""A producer for each kind of fact: clean text and structure to `Candidate`s. Producers propose, `ingest.decide` decides."""
