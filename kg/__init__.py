"""policykg: a knowledge graph and semantic search over Chinese policy documents (公文)."""

__version__ = "0.1.0"
