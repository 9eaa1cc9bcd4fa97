"""The names and pointers of one generation, gathered when it is published and loaded in milliseconds.

What it holds are the words under which things may be asked for; every fact in an answer comes from the graph or from
the text of a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import msgspec

from kg.ask.text import plain
from kg.core.collector import paused
from kg.core.corrections import BODY, Action, Correction
from kg.core.errors import EnvironmentProblem
from kg.core.ids import number_key, title_key
from kg.core.model import Document, Party, PartyKind
from kg.core.sounds import sound

LEXICON_VERSION = "ask-5"
"""Goes up with each change of what this module writes."""

FILE = "names.json"
SHARES = "shares.msgpack"
_QUOTED = re.compile(r"[“《]([^“”《》\n]{2,16})[”》]")
_WORDS = 240  # characters of an activity's own words


class Doc(msgspec.Struct, frozen=True, array_like=True):
    """A held document. `title` is its file's name where none was read; `key` is the title as titles are compared."""

    id: str
    source: str
    title: str
    key: str
    number: str | None
    kind: str | None
    year: int | None
    date: str | None
    place: str | None  # qualified
    issuers: tuple[str, ...]
    activities: int


class Body(msgspec.Struct, frozen=True, array_like=True):
    """A body or a collective with every way in which a document writes it; `docs` index `Lexicon.documents`."""

    name: str
    place: str | None
    group: bool
    forms: tuple[str, ...]
    docs: tuple[int, ...]


class Concept(msgspec.Struct, frozen=True, array_like=True):
    """A series of activities with the words for it; `used`: a held document has it."""

    label: str
    words: tuple[str, ...]
    used: bool


class Policy(msgspec.Struct, frozen=True, array_like=True):
    """A policy that a document mentions or that is well known."""

    title: str | None
    number: str | None
    names: tuple[str, ...]


class Event(msgspec.Struct, frozen=True, array_like=True):
    """An activity: `doc` indexes `Lexicon.documents`."""

    doc: int
    title: str
    words: str
    series: str | None
    section: str | None
    no: str | None


class Lexicon(msgspec.Struct, frozen=True):
    """All names of one generation."""

    documents: tuple[Doc, ...]
    bodies: tuple[Body, ...]
    series: tuple[Concept, ...]
    policies: tuple[Policy, ...]
    events: tuple[Event, ...]
    places: tuple[str, ...]  # qualified names of places that a document is of or that an activity touches
    terms: dict[str, str]  # how a phrase sounds -> the phrase


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A body as one document writes it."""

    name: str
    place: str | None
    group: bool
    forms: tuple[str, ...]


class Share(msgspec.Struct, frozen=True, array_like=True):
    """What one document gives to the lexicon."""

    doc: Doc
    bodies: tuple[Named, ...]
    policies: tuple[Policy, ...]
    events: tuple[Event, ...]
    series: tuple[str, ...]
    places: tuple[str, ...]
    terms: dict[str, str]


class _Catalogue(Protocol):
    def documents(self) -> Iterable[Any]: ...
    def document(self, document_id: str, /) -> Document: ...
    def corrections(self, *, kinds: Sequence[str]) -> Iterable[Correction]: ...


def build_lexicon(
    target: Path, catalogue: _Catalogue, reference: Any, *, previous: Path | None = None, changed: Iterable[str] = ()
) -> dict[str, Any]:
    """Write `target/names.json` and the shares of its documents; returns the manifest's entries.

    With the folder of a previous generation only the documents that `changed` are read; the others' shares are those
    that it holds. What people say that bodies are called is of no document, and is added when all are through.
    """
    with paused():
        return _build(target, catalogue, reference, previous, frozenset(changed))


def _build(
    target: Path, catalogue: _Catalogue, reference: Any, previous: Path | None, changed: frozenset[str]
) -> dict[str, Any]:
    from kg.ask.tables import write_tables  # which are of the records of this module

    shares = {share.doc.id: share for share in _shares(previous) if share.doc.id not in changed}
    gathering = _Gathering()
    held = []
    for summary in catalogue.documents():
        share = shares.get(summary.id) or share_of(catalogue.document(summary.id))
        held.append(share)
        gathering.take(share)
    for correction in catalogue.corrections(kinds=(BODY,)):
        gathering.name(correction)
    lexicon = gathering.lexicon(reference)
    target.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.encode(lexicon)
    (target / FILE).write_bytes(encoded)
    write_tables(target, lexicon, len(encoded))
    (target / SHARES).write_bytes(msgspec.msgpack.encode(held))
    return {"names": len(lexicon.bodies) + len(lexicon.policies) + len(lexicon.series)}


_held: list[tuple[Path, list[Share]]] = []  # of the generation that will be the one before, until it is


def hold_shares(folder: Path) -> None:
    """Read the shares of a generation, for the next one that is built from it."""
    with paused():
        _held[:] = [(folder, _shares(folder))]


def drop_shares() -> None:
    """Forget what was read ahead for a publish that did not ask for it."""
    _held.clear()


def _shares(previous: Path | None) -> list[Share]:
    held, _held[:] = _held[:], []
    if previous is None:
        return []
    if held and held[0][0] == previous:
        return held[0][1]
    try:
        return msgspec.msgpack.decode((previous / SHARES).read_bytes(), type=list[Share])
    except (OSError, msgspec.DecodeError):  # built before shares were kept: all are read
        return []


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


def share_of(document: Document) -> Share:
    """All names of one document."""
    place = document.region_qualified or document.region
    doc = Doc(
        document.id, document.source, document.called, title_key(document.called), document.doc_number,
        document.kind, document.year, document.date or document.printed_date, place,
        tuple(issuer.name for issuer in document.issuers), len(document.activities),
    )  # fmt: skip
    bodies: list[Named] = []
    for party in (*document.issuers, *(p for a in document.activities for p in a.responsible)):
        bodies += _party(party)
    for entry in document.agencies:
        bodies.append(_named(entry.name, entry.region, (entry.name, *entry.as_written), group=bool(entry.members)))
    activities = document.activities
    events = (Event(0, a.title, a.evidence.quote[:_WORDS], a.series, a.section, a.no) for a in activities)
    policies = (
        Policy(title, reference.number, tuple(name for name in (title, reference.as_written.strip("《》")) if name))
        for reference in document.policy_references
        for title in [reference.alias_of or reference.title]
    )
    terms: dict[str, str] = {}
    for found in _QUOTED.findall(document.text):
        terms.setdefault(sound(plain(found)), plain(found))
    series = tuple(dict.fromkeys(a.series for a in activities if a.series))
    places = tuple(dict.fromkeys([*([place] if place else []), *(name for a in activities for name in a.places)]))
    return Share(doc, tuple(bodies), tuple(policies), tuple(events), series, places, terms)


def _party(party: Party) -> Iterator[Named]:
    if party.kind is not PartyKind.PLACE:
        group = party.kind is PartyKind.GROUP
        yield _named(party.name, party.place, (party.name, party.as_written), group=group)
    for member in party.members:  # 各区市场监管局 is how the collective is written, not each member
        yield _named(member.name, member.place, (member.name,), group=False)


def _named(name: str, place: str | None, forms: Iterable[str], *, group: bool) -> Named:
    return Named(name, place, group, tuple(dict.fromkeys(plain(form) for form in forms if len(form) > 1)))


class _Gathering:
    """Names while they are gathered from the documents."""

    def __init__(self) -> None:
        self.documents: list[Doc] = []
        self.events: list[Event] = []
        self.terms: dict[str, str] = {}
        self.places: dict[str, None] = {}
        self.series: set[str] = set()
        self.bodies: dict[tuple[str, str | None], tuple[bool, dict[str, None], dict[int, None]]] = {}
        self.policies: dict[str, tuple[str | None, str | None, dict[str, None]]] = {}

    def take(self, share: Share) -> None:
        """The share of one document."""
        number = len(self.documents)
        self.documents.append(share.doc)
        self.events += [msgspec.structs.replace(event, doc=number) for event in share.events]
        self.places |= dict.fromkeys(share.places)
        self.series.update(share.series)
        for body in share.bodies:
            _, known, docs = self.bodies.setdefault((body.name, body.place), (body.group, {}, {}))
            known |= dict.fromkeys(body.forms)
            docs[number] = None
        for policy in share.policies:
            self._policy(policy.title, policy.number, *policy.names)
        for heard, term in share.terms.items():
            self.terms.setdefault(heard, term)

    def name(self, correction: Correction) -> None:
        """Under which other name a person says that a body is known."""
        told = (correction.was["name"], correction.values["name"])
        name, other = told[::-1] if correction.action is Action.MERGE else told
        if correction.action in (Action.MERGE, Action.OTHER_NAME):
            for (known, _), (_, forms, _) in self.bodies.items():
                if known == name:
                    forms[plain(other)] = None

    def _policy(self, title: str | None, number: str | None, *names: str) -> None:
        key = title_key(title) if title else number_key(number or "")
        if key:
            slot = self.policies.setdefault(key, (title, number, {}))
            slot[2].update(dict.fromkeys(name for name in (title, *names) if name and len(name) > 2))
            if number and slot[1] is None:
                self.policies[key] = (slot[0], number, slot[2])

    def lexicon(self, reference: Any) -> Lexicon:
        """All of it, with what the reference data add."""
        for record in reference.policies:
            self._policy(record.title, record.number, *record.aliases)
        series = [
            Concept(record.label, tuple(record.aliases), record.label in self.series) for record in reference.series
        ]
        known = {concept.label for concept in series}
        series += [Concept(label, (), True) for label in sorted(self.series - known)]
        for concept in series:
            self.terms |= {sound(plain(word)): plain(word) for word in (concept.label, *concept.words) if len(word) > 2}
        return Lexicon(
            tuple(self.documents),
            tuple(Body(n, p, g, tuple(f), tuple(d)) for (n, p), (g, f, d) in self.bodies.items()),
            tuple(series),
            tuple(Policy(title, number, tuple(names)) for title, number, names in self.policies.values()),
            tuple(self.events),
            tuple(self.places),
            self.terms,
        )
