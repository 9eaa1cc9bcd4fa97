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

from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal
from ontology.terms import OA, PKG, PROV, SCHEMA, SKOS

WRITTEN, LINE = "guidance", "line"
"""The two relations: 市国资委指导上海城投公路集团开展…, and 市场监督管理局 of a district under that of its city."""

_WORD = "指导"
_LABEL = re.compile(r"指导(?:单位|部门|机构)\s*(?:[：:]|为)(?P<units>[^。；\n]+)")
_NATIONAL = re.compile(r"(?:国家)?(?P<sector>.+?)(?:总局|部|局|委员会|委|总署|署|办公室|办)")


def written_guidance(store: GraphStore, events: Mapping[str, AbstractSet[str]]) -> Iterator[tuple[str, str, str]]:
    """(relation, guided, guide) among the parties of activities (IRI -> parties), where the sentence says so."""
    for event, members in events.items():
        if len(members) < 2:
            continue
        text = _quote(store, event)
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


def _quote(store: GraphStore, event: str) -> str:
    spans = (str(quad.object) for quad in store.quads(event, PROV.wasQuotedFrom))
    return "".join(
        quad.object.lexical
        for span in spans
        for quad in store.quads(f"{span}/quote", OA.exact)
        if isinstance(quad.object, Literal)
    )


def _forms(store: GraphStore, event: str) -> Iterator[tuple[str, str]]:
    for found in store.quads(None, PKG.inActivity, event):
        for party in store.quads(found.subject, PKG.party):
            for written in store.quads(found.subject, PKG.asWritten):
                if isinstance(written.object, Literal):
                    yield str(party.object), written.object.lexical


def lines_of_work(store: GraphStore, bodies: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(relation, lower, upper) among these bodies: departments of one sector, each under the nearest place above."""
    sectors = _sectors(store)
    placed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for body in bodies:
        place = next((str(quad.object) for quad in store.quads(body, PKG.jurisdiction)), "")
        for sector in _sectors_of(store, body, place, sectors):
            placed[sector, place].append(body)
    for (sector, place), lowers in sorted(placed.items()):
        above = next((uppers for at in _above(store, place) if (uppers := placed.get((sector, at)))), [])
        yield from ((LINE, lower, upper) for lower in lowers for upper in above)


def _sectors(store: GraphStore) -> dict[str, str]:
    """The line of work by the name that follows a place: 市场监督管理局 -> 市场监管."""
    return {
        label: sector
        for quad in store.quads(None, PKG.sector)
        if (sector := _text(quad.object))
        for label in _labels(store, quad.subject, SKOS.prefLabel)
    }


def _sectors_of(store: GraphStore, body: str, place: str, sectors: Mapping[str, str]) -> set[str]:
    if not place or any(_text(quad.object) == "集体" for quad in store.quads(body, PKG.agencyCategory)):
        return set()
    names = _labels(store, body, SKOS.prefLabel)
    if next(_above(store, place), None) is None:  # the state: its ministries carry the sector in their names
        known = set(sectors.values())
        found = (_NATIONAL.fullmatch(name) for name in (*names, *_labels(store, body, SKOS.altLabel)))
        return {match["sector"] for match in found if match and match["sector"] in known}
    called = _labels(store, place, SKOS.prefLabel)
    tails = {name[name.find(at) + len(at) :] for name in names for at in called if at in name}
    return {sectors[tail] for tail in tails & sectors.keys()}


def _above(store: GraphStore, place: str) -> Iterator[str]:
    """The places that contain one, the nearest first."""
    seen = {place}
    while upper := next((str(quad.object) for quad in store.quads(place, SCHEMA.containedInPlace)), None):
        if upper in seen:
            return
        seen.add(upper)
        yield upper
        place = upper


def _labels(store: GraphStore, subject: str, predicate: str) -> list[str]:
    return sorted({_text(quad.object) for quad in store.quads(subject, predicate)} - {""})


def _text(term: object) -> str:
    return term.lexical if isinstance(term, Literal) else ""
