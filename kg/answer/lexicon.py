"""The names that questions may use, gathered when a generation is published and loaded in milliseconds.

One JSON file beside the generation's indexes: no RDF, no ontology files and no heavy package on the way to an
answer. What it holds are names and pointers; every fact in an answer comes from the graph or the catalogue.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import msgspec

from kg.answer.text import grams, plain, sound
from kg.core.errors import EnvironmentProblem
from kg.core.ids import number_key, title_key
from kg.core.model import Document, PartyKind, Passage, Status

LEXICON_VERSION = "3"
"""Goes up with each change of what this module writes."""

FILE = "lexicon.json"
_SHORT, _TOO_SHORT = 6, 2  # 浦东新区行动方案 may be said anywhere, 《纲要》 only in its document
_QUOTED = re.compile(r"[“《]([^“”《》\n]{2,16})[”》]")


class Doc(msgspec.Struct, frozen=True, array_like=True):
    """A held document. `announces`: it plans or reports activities."""

    id: str
    source: str
    title: str
    number: str | None
    kind: str | None
    year: int | None
    date: str | None
    place: str | None  # 青浦区
    qualified: str | None  # 上海市青浦区
    level: str | None
    issuers: tuple[str, ...]
    announces: bool
    touches: tuple[str, ...]  # qualified names of places, of a document that announces activities


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A place; `held`: some document is of it or touches it."""

    name: str
    qualified: str
    bare: str
    short: str | None
    level: str
    parent: str | None
    aliases: tuple[str, ...]
    held: bool


class Region(msgspec.Struct, frozen=True, array_like=True):
    """Places named together: 长三角."""

    label: str
    aliases: tuple[str, ...]
    members: tuple[str, ...]


class Body(msgspec.Struct, frozen=True, array_like=True):
    """A body or a collective. `forms` hold anywhere; `written` only in the documents `docs` (区市场监管局)."""

    name: str
    place: str | None
    group: bool
    category: str | None
    forms: tuple[str, ...]
    written: tuple[str, ...]
    docs: tuple[int, ...]
    members: tuple[str, ...]


class Department(msgspec.Struct, frozen=True, array_like=True):
    """How departments are called (ontology.reference.DepartmentType)."""

    name: str
    tails: tuple[str, ...]
    template: str | None
    shorts: tuple[str, ...]
    sector: str | None


class Concept(msgspec.Struct, frozen=True, array_like=True):
    """A series or a theme with the words for it."""

    label: str
    words: tuple[str, ...]
    patterns: tuple[str, ...]


class Policy(msgspec.Struct, frozen=True, array_like=True):
    """A policy that a document mentions or that is well known; `local` names hold in one document only."""

    title: str | None
    number: str | None
    names: tuple[str, ...]
    local: tuple[str, ...]
    mentioned: bool


class Event(msgspec.Struct, frozen=True, array_like=True):
    """An activity: `doc` indexes `Lexicon.documents`."""

    doc: int
    id: str
    no: str | None
    title: str
    series: str | None
    parent: str | None
    section: str | None


class Lexicon(msgspec.Struct, frozen=True):
    """All names of one generation."""

    documents: tuple[Doc, ...]
    places: tuple[Place, ...]
    regions: tuple[Region, ...]
    bodies: tuple[Body, ...]
    departments: tuple[Department, ...]
    series: tuple[Concept, ...]
    themes: tuple[Concept, ...]
    policies: tuple[Policy, ...]
    events: tuple[Event, ...]
    terms: dict[str, str]  # how a phrase sounds -> the phrase
    frequencies: dict[str, int]  # pair of characters -> passages that hold it
    passages: int
    announced: dict[str, int]  # the same, of the documents that announce activities
    announced_passages: int


class _Catalogue(Protocol):
    def documents(self) -> Iterable[Any]: ...
    def document(self, document_id: str, /) -> Document: ...
    def passages(self, document_id: str | None = None) -> Iterator[Passage]: ...


def build_lexicon(target: Path, catalogue: _Catalogue, reference: Any) -> dict[str, Any]:
    """Write `target/lexicon.json`; returns the manifest's entries."""
    gathering = _Gathering(reference)
    for summary in catalogue.documents():
        gathering.take(catalogue.document(summary.id))
    announcing = {doc.id for doc in gathering.documents if doc.announces}
    everywhere: tuple[Counter[str], list[int]] = (Counter(), [0])
    announced: tuple[Counter[str], list[int]] = (Counter(), [0])
    for passage in catalogue.passages():
        pairs = set(grams(passage.text))
        for frequencies, count in (everywhere, announced) if passage.document_id in announcing else (everywhere,):
            frequencies.update(pairs)
            count[0] += 1
    lexicon = gathering.lexicon(everywhere[0], everywhere[1][0], announced[0], announced[1][0])
    target.mkdir(parents=True, exist_ok=True)
    (target / FILE).write_bytes(msgspec.json.encode(lexicon))
    return {"names": len(lexicon.bodies) + len(lexicon.policies) + len(lexicon.series)}


def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon of a generation. Raises `EnvironmentProblem` when it is missing or of another version."""
    path = folder / FILE
    try:
        return _load(path, path.stat().st_mtime_ns)
    except (OSError, msgspec.DecodeError) as error:
        raise EnvironmentProblem("问答词表缺失或版本不符。请运行 policykg rebuild 重建索引") from error


@lru_cache(maxsize=2)
def _load(path: Path, _stamp: int) -> Lexicon:
    return msgspec.json.decode(path.read_bytes(), type=Lexicon)


class _Gathering:
    """Names while they are gathered from the documents; the reference data join at the end."""

    def __init__(self, reference: Any) -> None:
        self.reference = reference
        self.documents: list[Doc] = []
        self.events: list[Event] = []
        self.terms: dict[str, str] = {}
        self.places: set[str] = set()
        self.bodies: dict[tuple[str, str | None], dict[str, Any]] = {}
        self.policies: dict[str, dict[str, Any]] = {}
        for record in reference.agencies:
            slot = self._body(record.name, record.place)
            slot["category"] = record.category
            slot["members"] = record.members
            slot["forms"].update(dict.fromkeys(record.aliases))
        for record in reference.policies:
            slot = self._policy(record.title, record.number)
            slot["names"].update(dict.fromkeys(record.aliases))

    def _body(self, name: str, place: str | None) -> dict[str, Any]:
        empty: dict[str, Any] = {
            "group": False,
            "category": None,
            "forms": {},
            "written": {},
            "docs": {},
            "members": (),
        }
        return self.bodies.setdefault((name, place), empty)

    def _policy(self, title: str | None, number: str | None) -> dict[str, Any]:
        key = title_key(title) if title else number_key(number or "")
        slot = self.policies.setdefault(
            key, {"title": title, "number": number, "names": {}, "local": {}, "mentioned": False}
        )
        slot["number"] = slot["number"] or number
        return slot

    def take(self, document: Document) -> None:
        """The names of one document."""
        index = len(self.documents)
        announces = _announces(document)
        self.documents.append(
            Doc(
                document.id,
                document.source,
                document.title,
                document.doc_number,
                document.kind,
                document.year,
                document.date,
                document.region,
                document.region_qualified,
                document.level.value if document.level else None,
                tuple(p.name for p in document.issuers),
                announces,
                tuple(place.qualified for place in document.places) if announces else (),
            )
        )
        self.places.update(place.qualified for place in document.places)
        if document.region_qualified:
            self.places.add(document.region_qualified)
        self._take_bodies(document, index)
        for reference in document.policy_references:
            title = reference.alias_of or reference.title
            slot = self._policy(title or None if title or reference.number else reference.as_written, reference.number)
            slot["mentioned"] = True
            written = plain(reference.as_written)
            if written not in (plain(title or ""), plain(reference.number or "")):
                slot["local" if len(written) <= _SHORT else "names"][written] = None
        if not announces:
            return
        for activity in document.activities:
            self.events.append(
                Event(
                    index,
                    activity.id,
                    activity.no,
                    activity.title,
                    activity.series,
                    activity.parent,
                    activity.section,
                )
            )
        for phrase in _QUOTED.findall(document.text):
            if len(phrase) > _TOO_SHORT:
                self.terms.setdefault(sound(plain(phrase)), plain(phrase))

    def _take_bodies(self, document: Document, index: int) -> None:
        regions = {p.name: p.place for p in _parties(document)}
        for entry in document.agencies:
            place = entry.region or regions.get(entry.name)
            slot = self._body(entry.name, place)
            slot["docs"][index] = None
            slot["category"] = slot["category"] or entry.kind
            slot["members"] = slot["members"] or entry.members
            slot["group"] = slot["group"] or entry.kind == "集体" or bool(entry.members)
            for form in entry.as_written:
                slot["written"][form] = None
        known = {entry.name for entry in document.agencies}
        for party in _parties(document):
            # a collective without a name of its own (各政府质量奖获奖组织) is in no list of agencies
            if party.kind is PartyKind.GROUP and party.name not in known:
                slot = self._body(party.name, party.place)
                slot["docs"][index] = None
                slot["group"] = True
                slot["members"] = slot["members"] or tuple(member.name for member in party.members)
                slot["written"][party.as_written] = None

    def lexicon(
        self, frequencies: Counter[str], passages: int, announced: Counter[str], announced_passages: int
    ) -> Lexicon:
        """Everything together, the same for the same input."""
        reference = self.reference
        held = self.places | {p.parent for p in reference.places if p.qualified in self.places and p.parent}
        return Lexicon(
            documents=tuple(self.documents),
            places=tuple(
                Place(p.name, p.qualified, p.bare, p.short, p.level, p.parent, p.aliases, p.qualified in held)
                for p in reference.places
            ),
            regions=tuple(Region(r.label, r.aliases, r.members) for r in reference.regions),
            bodies=tuple(
                Body(
                    name,
                    place,
                    slot["group"],
                    slot["category"],
                    tuple(slot["forms"]),
                    tuple(slot["written"]),
                    tuple(slot["docs"]),
                    tuple(slot["members"]),
                )
                for (name, place), slot in self.bodies.items()
            ),
            departments=tuple(
                Department(d.name, d.tails, d.name_template, d.short_templates, d.sector) for d in reference.departments
            ),
            series=tuple(Concept(s.label, s.aliases, s.patterns) for s in reference.series),
            themes=tuple(Concept(t.label, (*t.aliases, *t.keywords), ()) for t in reference.themes),
            policies=tuple(
                Policy(p["title"], p["number"], tuple(p["names"]), tuple(p["local"]), p["mentioned"])
                for p in self.policies.values()
            ),
            events=tuple(self.events),
            terms=self.terms,
            frequencies=dict(frequencies),
            passages=passages,
            announced=dict(announced),
            announced_passages=announced_passages,
        )


def _announces(document: Document) -> bool:
    """Whether the activities of a document are told of: planned for a time, carried by somebody, or reported.

    A list of what an application must hold, or of the articles that a decision changes, looks like a list of
    activities and has nothing of this.
    """
    activities = document.activities
    if not activities:
        return False
    lasting = document.period is not None and document.period[0] != document.period[1]
    if document.theme or lasting or document.deadlines:
        return True
    carried = sum(bool(activity.responsible) for activity in activities)
    told = any(activity.series or activity.status is Status.REPORTED for activity in activities)
    return told or carried * 2 >= len(activities)


def _parties(document: Document) -> Iterator[Any]:
    yield from document.issuers
    for activity in document.activities:
        for party in activity.responsible:
            yield party
            yield from party.members
