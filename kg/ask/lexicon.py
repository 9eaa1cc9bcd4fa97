"""The names and pointers of one generation, gathered when it is published and loaded in milliseconds.

What it holds are the words under which things may be asked for; every fact in an answer comes from the graph or from
the text of a document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import msgspec

from kg.ask.text import grams, plain, sound
from kg.core.corrections import BODY, Action, Correction
from kg.core.errors import EnvironmentProblem
from kg.core.ids import number_key, title_key
from kg.core.model import AgencyEntry, Document, Party, PartyKind, Passage

LEXICON_VERSION = "ask-5"
"""Goes up with each change of what this module writes."""

FILE = "names.json"
_QUOTED = re.compile(r"[“《]([^“”《》\n]{2,16})[”》]")
_WORDS = 240  # characters of an activity's own words
_MANY = 5_000  # passages from which on pairs of characters that only one has are not kept


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
    frequencies: dict[str, int]  # pair of characters -> passages that hold it
    passages: int
    texts: dict[str, int] = {}  # id of a document -> checksum of its passages, which the frequencies are counted from


class _Catalogue(Protocol):
    def documents(self) -> Iterable[Any]: ...
    def document(self, document_id: str, /) -> Document: ...
    def passages(self, document_id: str | None = None) -> Iterator[Passage]: ...
    def corrections(self, *, kinds: Sequence[str]) -> Iterable[Correction]: ...


def build_lexicon(
    target: Path,
    catalogue: _Catalogue,
    reference: Any,
    *,
    previous: Path | None = None,
    changed: frozenset[str] = frozenset(),
    removed: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Write `target/names.json`; returns the manifest's entries.

    Pairs of characters are counted anew only where the texts of `changed` documents are others than in `previous`: a
    person's statement changes facts, and counting takes most of the time.
    """
    gathering = _Gathering()
    for summary in catalogue.documents():
        gathering.take(catalogue.document(summary.id))
    for correction in catalogue.corrections(kinds=(BODY,)):
        gathering.name(correction)
    texts = _counted(catalogue, previous, changed) if previous and not removed else None
    lexicon = gathering.lexicon(reference, texts or _count(catalogue))
    target.mkdir(parents=True, exist_ok=True)
    (target / FILE).write_bytes(msgspec.json.encode(lexicon))
    return {"names": len(lexicon.bodies) + len(lexicon.policies) + len(lexicon.series)}


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is counted in the texts."""

    frequencies: dict[str, int]
    passages: int
    checksums: dict[str, int]


def _count(catalogue: _Catalogue) -> _Texts:
    pairs: Counter[str] = Counter()
    checksums: dict[str, int] = {}
    passages = 0
    for passage in catalogue.passages():
        pairs.update(set(grams(passage.text)))
        checksums[passage.document_id] = _checksum(passage, checksums.get(passage.document_id, 0))
        passages += 1
    frequencies = {pair: count for pair, count in pairs.items() if count > 1 or passages < _MANY}
    return _Texts(frequencies, passages, checksums)


def _checksum(passage: Passage, before: int) -> int:
    return crc32(passage.text.encode("utf-8", "surrogatepass"), before)


def _counted(catalogue: _Catalogue, previous: Path, changed: frozenset[str]) -> _Texts | None:
    """The counts of a generation before, if the documents that changed have the texts that they had."""
    try:
        before = load_lexicon(previous)
    except EnvironmentProblem:
        return None
    for document_id in changed:
        checksum = 0
        for passage in catalogue.passages(document_id):
            checksum = _checksum(passage, checksum)
        if before.texts.get(document_id, -1) != checksum:
            return None
    return _Texts(before.frequencies, before.passages, before.texts)


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
    """Names while they are gathered from the documents."""

    def __init__(self) -> None:
        self.documents: list[Doc] = []
        self.events: list[Event] = []
        self.terms: dict[str, str] = {}
        self.places: dict[str, None] = {}
        self.series: set[str] = set()
        self.bodies: dict[tuple[str, str | None], tuple[bool, dict[str, None], dict[int, None]]] = {}
        self.policies: dict[str, tuple[str | None, str | None, dict[str, None]]] = {}

    def take(self, document: Document) -> None:
        """All names of one document."""
        number = len(self.documents)
        place = document.region_qualified or document.region
        self.documents.append(
            Doc(
                document.id, document.source, document.called, title_key(document.called), document.doc_number,
                document.kind, document.year, document.date or document.printed_date, place,
                tuple(issuer.name for issuer in document.issuers), len(document.activities),
            )
        )  # fmt: skip
        self.places |= dict.fromkeys([place] if place else [])
        for party in (*document.issuers, *(p for a in document.activities for p in a.responsible)):
            self._party(party, number)
        for entry in document.agencies:
            self._entry(entry, number)
        for activity in document.activities:
            words = activity.evidence.quote[:_WORDS]
            self.events.append(Event(number, activity.title, words, activity.series, activity.section, activity.no))
            self.series |= {activity.series} if activity.series else set()
            self.places |= dict.fromkeys(activity.places)
        for reference in document.policy_references:
            title = reference.alias_of or reference.title
            self._policy(title, reference.number, reference.as_written.strip("《》"))
        for found in _QUOTED.findall(document.text):
            self.terms.setdefault(sound(plain(found)), plain(found))

    def name(self, correction: Correction) -> None:
        """Under which other name a person says that a body is known."""
        told = (correction.was["name"], correction.values["name"])
        name, other = told[::-1] if correction.action is Action.MERGE else told
        if correction.action in (Action.MERGE, Action.OTHER_NAME):
            for (known, _), (_, forms, _) in self.bodies.items():
                if known == name:
                    forms[plain(other)] = None

    def _party(self, party: Party, number: int) -> None:
        if party.kind is not PartyKind.PLACE:
            group = party.kind is PartyKind.GROUP
            self._body(party.name, party.place, (party.name, party.as_written), number, group=group)
        for member in party.members:  # 各区市场监管局 is how the collective is written, not each member
            self._body(member.name, member.place, (member.name,), number, group=False)

    def _entry(self, entry: AgencyEntry, number: int) -> None:
        self._body(entry.name, entry.region, (entry.name, *entry.as_written), number, group=bool(entry.members))

    def _body(self, name: str, place: str | None, forms: Iterable[str], number: int, *, group: bool) -> None:
        _, known, docs = self.bodies.setdefault((name, place), (group, {}, {}))
        known |= dict.fromkeys(plain(form) for form in forms if len(form) > 1)
        docs[number] = None

    def _policy(self, title: str | None, number: str | None, *names: str) -> None:
        key = title_key(title) if title else number_key(number or "")
        if key:
            slot = self.policies.setdefault(key, (title, number, {}))
            slot[2].update(dict.fromkeys(name for name in (title, *names) if name and len(name) > 2))
            if number and slot[1] is None:
                self.policies[key] = (slot[0], number, slot[2])

    def lexicon(self, reference: Any, texts: _Texts) -> Lexicon:
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
            texts.frequencies,
            texts.passages,
            texts.checksums,
        )
