"""Elements to header facts: who issued the document, where, when, of what kind and for which year."""

from ingest.header.build import elements_to_header, metadata_contradictions, with_metadata
from ingest.header.dates import date_of_version, is_enacted, year_of_file
from ingest.header.model import Header
from ingest.header.spoken import deictic_of
from ingest.header.where import elements_to_context

__all__ = [
    "Header",
    "date_of_version",
    "deictic_of",
    "elements_to_context",
    "elements_to_header",
    "is_enacted",
    "metadata_contradictions",
    "with_metadata",
    "year_of_file",
]
