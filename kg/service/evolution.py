"""How a series of activities went on over the years, place by place: the four states with their evidence.

The rules are those of the saved query `series-by-place-and-year`; a test holds the two together. Here each cell keeps
the facts behind it, which one row of a query could not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote

from kg.core.errors import UnknownName
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.queries import saved_query
from kg.graph.rdf import Literal
from kg.graph.sparql import run
from kg.service.agencies import ROLES
from ontology.terms import PKG, SCHEMA, SKOS

Json = dict[str, Any]
Row = Mapping[str, Any]

NAMED, IMPLIED, SILENT, ABSENT = "点名", "推及", "未提及", "未入库"
STATES = (NAMED, IMPLIED, SILENT, ABSENT)
"""In order of what they say: the first that holds is the state of a cell."""

_MOST_YEARS, _MOST_PLACES = 8, 40  # what fits on a screen of 1366 x 768 without scrolling far
_PROVINCE = 2  # digits of a GB/T 2260 code that name the province
_STATE = "国家"
_LISTED = 3  # places that a line of the timeline names before 等
_LEVELS = {"国家": 0, "省": 1, "市": 1}  # above the districts; the code puts a city before its districts


@dataclass(slots=True)
class _Gathered:
    """What the graph says, while it is put together: cells are (place IRI, year)."""

    places: dict[str, Row] = field(default_factory=dict)
    facts: dict[tuple[str, int], dict[tuple[str, str], Json]] = field(default_factory=lambda: defaultdict(dict))
    covering: dict[tuple[str, int], dict[str, Json]] = field(default_factory=lambda: defaultdict(dict))


def evolution(store: GraphStore, series: str | None, *, base: str) -> Json:
    """The matrix of one series; only what is held where none is named.

    `{"held": [{"name", "activities", "documents", "years"}], "name", "years": [int],
    "places": [{"name", "level", "code"}], "cells": [{"place", "year", "state", "facts", "documents"}],
    "timeline": [{"year", "text"}]}`, a cell for each place and year. A fact is `{"state", "activity", "status",
    "carriers": [{"name", "role"}], "shared", "words", "document_id", "source", "title", "start", "end", "quote"}`;
    `shared`: the carriers are those of the activity above; `words` is how the text writes the collective that implies
    the place; `documents` are those that cover place and year.
    Raises `UnknownName` for a series that no held document tells of.
    """
    held = [_held(row) for row in _rows(store, "series-list")]
    if not series:
        return {"held": held, "name": None, "years": [], "places": [], "cells": [], "timeline": []}
    facts = _rows(store, "series-facts", series=series)
    if not facts:
        raise UnknownName("活动系列", series, [item["name"] for item in held])
    gathered = _gather(facts, _rows(store, "coverage"))
    _carried_from_above(store, gathered)
    names = _names(gathered.places, Iris(base).place(""))
    order = sorted(gathered.places, key=lambda at: _rank(gathered.places[at], at))
    years = sorted({year for _, year in (*gathered.facts, *gathered.covering)})
    cells = [_cell(gathered, at, names[at], year) for at in order for year in years]
    return {
        "held": held,
        "name": series,
        "years": years,
        "places": [
            {"name": names[at], "level": gathered.places[at]["level"], "code": gathered.places[at]["code"]}
            for at in order
        ],
        "cells": cells,
        "timeline": [{"year": year, "text": told(cell for cell in cells if cell["year"] == year)} for year in years],
    }


def _rows(store: GraphStore, query: str, **values: str) -> list[Row]:
    result = run(store, saved_query(query, values))
    return [dict(zip(result.variables, row, strict=True)) for row in result.rows]


def _held(row: Row) -> Json:
    years = sorted(int(year) for year in str(row["years"]).split("、") if year)
    return {
        "name": row["series"],
        "activities": row["activities"],
        "documents": row["documents"],
        "years": years,
    }


def _gather(facts: Iterable[Row], coverage: Iterable[Row]) -> _Gathered:
    out = _Gathered()
    for row in coverage:
        out.places.setdefault(row["at"], row)
        title = row["title"] or row["document"]
        out.covering[row["at"], row["year"]][row["document"]] = {"document_id": row["document"], "title": title}
    for row in facts:
        out.places.setdefault(row["at"], row)
        cell = out.facts[row["at"], row["year"]]
        fact = cell.setdefault((row["event"], row["state"]), _fact(row))
        carrier = {"name": row["who"], "role": row["role"]}
        if row["who"] and carrier not in fact["carriers"]:
            fact["carriers"].append(carrier)
    return out


def _carried_from_above(store: GraphStore, gathered: _Gathered) -> None:
    """Activities that name nobody are carried by those whom the activity above names; `shared` says so."""
    above = cache(lambda event: _carriers_above(store, event))
    for cell in gathered.facts.values():
        for (event, _), fact in cell.items():
            if not fact["carriers"] and (found := above(event)):
                fact["carriers"], fact["shared"] = list(found), True


def _carriers_above(store: GraphStore, event: str) -> tuple[Json, ...]:
    seen = {event}
    while parent := next((str(q.object) for q in store.quads(event, SCHEMA.superEvent)), None):
        if parent in seen:
            break
        seen.add(parent)
        duties = sorted(quad.subject for quad in store.quads(None, PKG.inActivity, parent))
        found = [carrier for duty in duties for carrier in _parties(store, duty)]
        if found:
            return tuple(found)
        event = parent
    return ()


def _parties(store: GraphStore, duty: str) -> Iterator[Json]:
    for quad in store.quads(duty, PKG.party):
        labels = sorted(
            q.object.lexical for q in store.quads(str(quad.object), SKOS.prefLabel) if isinstance(q.object, Literal)
        )
        role = next((str(q.object) for q in store.quads(duty, PKG.role)), None)
        if labels:
            yield {"name": labels[0], "role": ROLES.get(role or "")}


def _fact(row: Row) -> Json:
    return {
        "state": row["state"],
        "activity": row["name"],
        "status": row["status"],
        "carriers": [],
        "shared": False,
        "words": row["words"],
        "document_id": row["document"],
        "source": row["title"],
        "title": row["title"],
        "start": row["start"],
        "end": row["end"],
        "quote": row["quote"],
    }


def _names(places: Mapping[str, Row], prefix: str) -> dict[str, str]:
    """What places are called here: by label, by the qualified name (of the IRI) where two share a label."""
    shared = Counter(row["place"] for row in places.values())
    return {
        at: row["place"] if shared[row["place"]] == 1 else unquote(at.removeprefix(prefix))
        for at, row in places.items()
    }


def _rank(row: Row, at: str) -> tuple[int, str, str]:
    """The state, then provinces, cities and districts as GB/T 2260 numbers them, then places without a number."""
    level = 0 if _LEVELS.get(row["level"]) == 0 else 1 if row["code"] else 2
    return level, row["code"] or "", at


def _cell(gathered: _Gathered, at: str, name: str, year: int) -> Json:
    facts = sorted(gathered.facts.get((at, year), {}).values(), key=lambda fact: STATES.index(fact["state"]))
    documents = list(gathered.covering.get((at, year), {}).values())
    state = facts[0]["state"] if facts else SILENT if documents else ABSENT
    return {"place": name, "year": year, "state": state, "facts": facts, "documents": documents}


def told(cells: Iterable[Json]) -> str:
    """A year in words: how many places in which state, which, and through whom they are implied."""
    of_state: dict[str, list[Json]] = defaultdict(list)
    for cell in cells:
        of_state[cell["state"]].append(cell)
    return "；".join(_told_state(state, of_state[state]) for state in STATES if of_state[state]) + "。"


def _told_state(state: str, cells: Sequence[Json]) -> str:
    places = [cell["place"] for cell in cells]
    text = f"{state} {len(places)} 个：{'、'.join(places[:_LISTED])}{'等' if len(places) > _LISTED else ''}"
    through = dict.fromkeys(fact["words"] for cell in cells for fact in cell["facts"] if fact["words"])
    return f"{text}（原文写作“{'”“'.join(through)}”）" if state == IMPLIED and through else text


def is_large(shown: Json) -> bool:
    """Whether the matrix does not fit on a screen: then most of it tells of documents on other matters."""
    return len(shown["years"]) > _MOST_YEARS or len(shown["places"]) > _MOST_PLACES


def narrowed(shown: Json) -> Json:
    """The years since the series is first told of, and the places of the provinces where it is told of.

    A library of laws covers many places and years; that a law of another province does not tell of an open day
    says nothing.
    """
    telling = [cell for cell in shown["cells"] if cell["facts"]]
    first = min((cell["year"] for cell in telling), default=0)
    codes = {place["name"]: place["code"] or "" for place in shown["places"]}
    names = {cell["place"] for cell in telling}
    provinces = {codes[name][:_PROVINCE] for name in names} - {""}
    years = [year for year in shown["years"] if year >= first]
    places = [
        place
        for place in shown["places"]
        if place["name"] in names or place["level"] == _STATE or codes[place["name"]][:_PROVINCE] in provinces
    ]
    kept = {place["name"] for place in places}
    cells = [cell for cell in shown["cells"] if cell["year"] >= first and cell["place"] in kept]
    lines = [{"year": year, "text": told(cell for cell in cells if cell["year"] == year)} for year in years]
    return {**shown, "years": years, "places": places, "cells": cells, "timeline": lines}
