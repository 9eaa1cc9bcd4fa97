"""What the held documents talk about most: the material of example questions and of filters."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from kg.catalogue import Catalogue, Summary
from kg.core.model import Document, PartyKind

Json = dict[str, Any]

LOOKED_AT = 60  # documents read for counts, the newest of each place first; 60 long ones decode in about 0.3 s
KEPT = 40  # of each kind


def topics(catalogue: Catalogue) -> Json:
    """Counts over the documents, most frequent first.

    `{"documents", "years": [int], "places": [{"name", "qualified", "level"}], "kinds": [str],
    "series": [{"name", "count", "years", "levels"}], "agencies": [{"name", "count"}], "themes": [{"name", "count"}],
    "policies": [{"name", "count"}], "activities": [{"name", "year", "place"}]}`. Years, places and kinds are those
    of all documents, the rest of at most `LOOKED_AT`.
    """
    held = list(catalogue.documents())
    years = {item.year for item in held if item.year}
    places = {(item.place_qualified or item.place, item.place, item.level) for item in held if item.place}
    kinds = Counter(item.kind for item in held if item.kind)
    return {
        "documents": len(held),
        "years": sorted(years, reverse=True),
        "places": [{"name": name, "qualified": full, "level": level} for full, name, level in sorted(places, key=str)],
        "kinds": [kind for kind, _ in kinds.most_common()],
        **_of_facts([catalogue.document(item.id) for item in _sample(held)]),
    }


def _sample(held: list[Summary]) -> list[Summary]:
    """The newest of each place first, so that no place with many documents hides the others."""
    by_place: dict[str | None, list[Summary]] = defaultdict(list)
    for item in sorted(held, key=lambda item: (-(item.year or 0), item.id)):
        by_place[item.place].append(item)
    ranked = [(rank, item) for items in by_place.values() for rank, item in enumerate(items)]
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])][:LOOKED_AT]


def _of_facts(documents: list[Document]) -> Json:
    series: Counter[str] = Counter()
    series_years: dict[str, set[int]] = defaultdict(set)
    series_levels: dict[str, set[str]] = defaultdict(set)
    agencies: Counter[str] = Counter()
    themes: Counter[str] = Counter()
    policies: Counter[str] = Counter()
    activities: list[Json] = []
    for document in documents:
        policies.update({ref.alias_of or ref.title for ref in document.policy_references} - {None})  # type: ignore[arg-type]
        for activity in document.activities:
            themes.update(activity.themes)
            named = [party.name for party in activity.responsible if party.kind is PartyKind.AGENCY]
            agencies.update(named)
            if named:
                activities.append({"name": activity.title, "year": document.year, "place": document.region})
            if activity.series:
                series[activity.series] += 1
                series_years[activity.series] |= {document.year} if document.year else set()
                series_levels[activity.series] |= {document.level} if document.level else set()
    return {
        "series": [
            {"name": name, "count": count, "years": sorted(series_years[name]), "levels": sorted(series_levels[name])}
            for name, count in series.most_common(KEPT)
        ],
        "agencies": _ranked(agencies),
        "themes": _ranked(themes),
        "policies": _ranked(policies),
        "activities": activities[:KEPT],
    }


def _ranked(counts: Counter[str]) -> list[Json]:
    return [{"name": name, "count": count} for name, count in counts.most_common(KEPT)]
