"""Who guides whom (业务指导): what a document says, and departments of one line of work at different levels.

A district's department answers to its government; the department of the same work at the level above guides it
(地方组织法: 受人民政府统一领导，并且受上级人民政府主管部门的业务指导或者领导). The second kind rests on names alone,
so it is kept apart from the first: "line", not "guidance".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from kg.graph.bodies import COLLECTIVE
from kg.graph.bulk import Told
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal
from ontology.terms import OA, PKG, PROV, SCHEMA, SKOS

WRITTEN, LINE = "guidance", "line"
"""The two relations: 市国资委指导上海城投公路集团开展…, and 市场监督管理局 of a district under that of its city."""

_WORD = "指导"
_LABEL = re.compile(r"指导(?:单位|部门|机构)\s*(?:[：:]|为)(?P<units>[^。；\n]+)")
_NATIONAL = re.compile(r"(?:国家)?(?P<sector>.+?)(?:总局|部|局|委员会|委|总署|署|办公室|办)")


def written_guidance(
    store: GraphStore, events: Mapping[str, AbstractSet[str]], *, quoted: Told | None = None
) -> Iterator[tuple[str, str, str]]:
    """(relation, guided, guide) among the parties of activities (IRI -> parties), where the sentence says so.

    `quoted` is what was asked before: where the activities were read (`PROV.wasQuotedFrom`).
    """
    several = {event: members for event, members in events.items() if len(members) > 1}
    quoted = quoted or Told(store, several, PROV.wasQuotedFrom)
    spans = {event: [f"{span}/quote" for span in quoted.all(event, PROV.wasQuotedFrom)] for event in several}
    quotes = Told(store, (quote for own in spans.values() for quote in own), OA.exact)
    for event, members in several.items():
        text = "".join(words for quote in spans[event] for words in quotes.texts(quote, OA.exact))
        if _WORD not in text:
            continue
        forms = {body: form for body, form in _forms(store, event) if body in members and form}
        for guide, form in forms.items():
            for guided, other in forms.items():
                if guide != guided and _guides(text, form, other):
                    yield WRITTEN, guided, guide


def _guides(text: str, guide: str, guided: str) -> bool:
    """甲指导乙…; 在甲指导下，由乙…; 由甲指导，乙…; 指导单位：甲; 主办单位：乙."""
    if f"{guide}{_WORD}{guided}" in text:
        return True
    led = re.search(rf"(?:在{re.escape(guide)}的?{_WORD}下|由{re.escape(guide)}{_WORD}(?=[，、；。]))", text)
    if led:
        return guided in text[led.end() :]
    return any(guide in found["units"] and guided not in found["units"] for found in _LABEL.finditer(text))


def _forms(store: GraphStore, event: str) -> Iterator[tuple[str, str]]:
    for found in store.quads(None, PKG.inActivity, event):
        for party in store.quads(found.subject, PKG.party):
            for written in store.quads(found.subject, PKG.asWritten):
                if isinstance(written.object, Literal):
                    yield str(party.object), written.object.lexical


def lines_of_work(
    store: GraphStore, bodies: Iterable[str], *, told: Told | None = None, called: Told | None = None
) -> Iterator[tuple[str, str, str]]:
    """(relation, lower, upper) among these bodies: departments of one sector, each under the nearest place above.

    `told` and `called` are what was asked of the bodies and of the names of their places before.
    """
    bodies = list(bodies)
    told = told or Told(store, bodies, PKG.jurisdiction, PKG.agencyCategory, SKOS.prefLabel, SKOS.altLabel)
    places = {body: place for body in bodies if (place := told.node(body, PKG.jurisdiction))}
    called = called or Told(store, places.values(), SKOS.prefLabel)
    containing = {place: list(_above(store, place)) for place in dict.fromkeys(places.values())}
    sectors = _sectors(store)
    placed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for body, place in places.items():
        if COLLECTIVE in told.texts(body, PKG.agencyCategory):
            continue
        names = told.texts(body, SKOS.prefLabel)
        if containing[place]:
            found = _of_place(names, called.texts(place, SKOS.prefLabel), sectors)
        else:
            found = _of_the_state((*names, *told.texts(body, SKOS.altLabel)), set(sectors.values()))
        for sector in found:
            placed[sector, place].append(body)
    for (sector, place), lowers in sorted(placed.items()):
        uppers = next((guides for at in containing[place] if (guides := placed.get((sector, at)))), [])
        yield from ((LINE, lower, upper) for lower in lowers for upper in uppers)


def _sectors(store: GraphStore) -> dict[str, str]:
    """The line of work by the name that follows a place: 市场监督管理局 -> 市场监管."""
    stated = store.quads(None, PKG.sector)
    works = {quad.subject: quad.object.lexical for quad in stated if isinstance(quad.object, Literal)}
    named = Told(store, works, SKOS.prefLabel)
    return {label: work for iri, work in works.items() for label in named.texts(iri, SKOS.prefLabel) if work and label}


def _of_place(names: Iterable[str], places: Iterable[str], sectors: Mapping[str, str]) -> set[str]:
    """What a body of a place works at, by the name behind that of the place."""
    tails = {name[name.find(at) + len(at) :] for name in names for at in places if at in name}
    return {sectors[tail] for tail in tails & sectors.keys()}


def _of_the_state(names: Iterable[str], known: AbstractSet[str]) -> set[str]:
    """What a ministry works at: it carries the sector in its name."""
    found = map(_NATIONAL.fullmatch, names)
    return {match["sector"] for match in found if match and match["sector"] in known}


def _above(store: GraphStore, place: str) -> Iterator[str]:
    """The places that contain one, the nearest first."""
    seen = {place}
    while upper := next((str(quad.object) for quad in store.quads(place, SCHEMA.containedInPlace)), None):
        if upper in seen:
            return
        seen.add(upper)
        yield upper
        place = upper
