"""What the first page shows: what is held, by year, level, kind, place × year; what came last; what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from kg.catalogue import Catalogue, Summary

Json = dict[str, Any]

LEVELS = ("国家", "省", "市", "区", "县", "街镇")
_PLACES, _YEARS = 18, 8  # rows and columns of the map of coverage: what a screen holds
_RECENT = 6


def overview(catalogue: Catalogue) -> Json:
    """Counts over all documents.

    `{"documents", "years": [[year, count]], "levels", "kinds", "coverage": {"years", "rows": [[place, count, …]],
    "places"}, "recent": [{"id", "title", "year", "place"}], "to_check", "unread", "reviewed", "review_again"}`.
    """
    held = list(catalogue.documents())
    marks = list(catalogue.marks())
    stated = catalogue.outlines()
    ids = {item.id for item in held}
    return {
        "documents": len(held),
        "years": sorted(_counted(item.year for item in held), reverse=True),
        "levels": sorted(_counted(item.level for item in held), key=lambda pair: LEVELS.index(pair[0])),
        "kinds": _counted(item.kind for item in held),
        "coverage": _coverage(held),
        "recent": _recent(catalogue, {item.id: item for item in held}),
        "to_check": sum(doubts for _, doubts, _ in marks),
        "unread": sum(1 for *_, losses in marks if losses),
        "reviewed": len(stated),
        "review_again": sum(1 for c in stated if not c.stands or (c.document_id and c.document_id not in ids)),
    }


def _counted(values: Iterable[Any]) -> list[list[Any]]:
    """Values with their numbers, the most frequent first; what is not known is left out."""
    return [[value, count] for value, count in Counter(v for v in values if v).most_common()]


def _coverage(held: list[Summary]) -> Json:
    """Places × years: the places with most documents, the latest years."""
    cells = Counter((item.place, item.year) for item in held if item.place and item.year)
    years = sorted({year for _, year in cells if year}, reverse=True)[:_YEARS]
    totals = Counter(item.place for item in held if item.place)
    places = [place for place, _ in sorted(totals.items(), key=lambda pair: (-pair[1], str(pair[0])))]
    rows = [[place, *(cells[place, year] for year in sorted(years))] for place in places[:_PLACES]]
    return {"years": sorted(years), "rows": rows, "places": len(places)}


def _recent(catalogue: Catalogue, held: dict[str, Summary]) -> list[Json]:
    found = [held[document_id] for document_id in catalogue.latest(_RECENT * 2) if document_id in held][:_RECENT]
    return [
        {"id": item.id, "title": item.title or item.source, "year": item.year, "place": item.place} for item in found
    ]
