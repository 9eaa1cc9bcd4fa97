"""The one source of truth: documents with their facts, passages, embedding vectors and a log of changes.

Graph, full text and vector indexes are projections of what is kept here and can be rebuilt from it.
"""

from __future__ import annotations

from kg.catalogue.catalogue import Catalogue, Outcome
from kg.catalogue.long_ids import RENAMED
from kg.catalogue.records import Actor, AuditEntry, Run, SourceState, Summary

CATALOGUE = "catalogue.sqlite"
"""The name of the file in the home."""

__all__ = ["CATALOGUE", "RENAMED", "Actor", "AuditEntry", "Catalogue", "Outcome", "Run", "SourceState", "Summary"]
