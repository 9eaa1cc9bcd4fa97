"""Rows of the catalogue from what they hold, and back."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from kg.catalogue import sealing
from kg.catalogue.upkeep import dump
from kg.core.model import Document, Passage

_DERIVED = ("id", "source", "sha256", "title", "doc_number", "kind", "level", "date", "year")


def derived_columns(document: Document) -> dict[str, Any]:
    """The columns of a document's row that say again what its facts say."""
    return {
        **{name: getattr(document, name) for name in _DERIVED},
        "place": document.region,
        "place_qualified": document.region_qualified,
    }


def passage_columns(p: Passage) -> dict[str, Any]:
    """The row of a passage."""
    return {**{name: getattr(p, name) for name in sealing.COLUMNS["passages"]}, "heading_path": dump(p.heading_path)}


def row_to_passage(row: tuple[Any, ...]) -> Passage:
    """The inverse of `passage_columns`."""
    passage_id, document_id, number, start, end, heading_path, text = row
    return Passage(passage_id, document_id, number, start, end, _path(heading_path), text)


@lru_cache(maxsize=4096)
def _path(saved: str) -> tuple[str, ...]:
    """Neighbours have the same headings, and a search reads sixty passages."""
    return tuple(json.loads(saved))
