"""The facts of one document, as frozen dataclasses.

Every stage speaks these types: `ingest` makes a `Document`, `kg.catalogue` stores it (msgspec JSON),
`kg.graph` turns it into RDF, `kg.passages` cuts it into passages, `kg.service` shows it.

Offsets are character positions into `Document.text` (the normalised text), half-open; an `Evidence.quote`
is always exactly `text[start:end]`. Dates are ISO strings (`2024-09-05`), years are integers.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kg.core.atoms import Evidence, Level, Party, PartyKind, Place, Role, Section, Status
from kg.core.making import made_by_slots
from kg.core.parts import shown
from kg.core.review import Review

__all__ = [
    "Evidence",
    "Level",
    "Party",
    "PartyKind",
    "Place",
    "Role",
    "Section",
    "Status",
]


@dataclass(frozen=True, slots=True)
class Due:
    """By when a task is to be done: `date` is the last day (ISO), None where the words tell no day (长期坚持)."""

    date: str | None
    as_written: str


@made_by_slots
@dataclass(frozen=True, slots=True)
class Activity:
    """One activity that a document plans or reports."""

    id: str  # a1, a2, ... unique in its document
    title: str
    status: Status
    evidence: Evidence
    no: str | None = None
    section: str | None = None
    parent: str | None = None  # the id of the activity that contains this one
    responsible: tuple[Party, ...] = ()
    series: str | None = None  # the preferred label of a known series
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # qualified names
    period: tuple[str, str] | None = None
    audience: str | None = None
    deadline: Due | None = None
    rule: str = ""
    confidence: float = 1.0
    review: str | None = None


@made_by_slots
@dataclass(frozen=True, slots=True)
class PolicyReference:
    """A policy that the document names: by 《title》, by number, or by an alias that holds here only."""

    as_written: str
    evidence: Evidence
    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    relation: str | None = None  # 贯彻落实, 根据, 印发, 宣传贯彻, 对标 ...
    alias_of: str | None = None  # the full title that a short form stands for
    date: str | None = None
    rule: str = ""
    confidence: float = 1.0
    review: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Something in 《》 that is not a policy: a report, a programme, a column, a standard's text."""

    title: str
    evidence: Evidence
    kind: str | None = None
    review: str | None = None


@made_by_slots
@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with what it counts.

    `value` is in `unit`, without 万 or 亿: 54.77亿元 is 5477000000 元, 1万余家 is 10000 家.
    """

    what: str
    value: float
    unit: str
    evidence: Evidence
    as_written: str = ""
    qualifier: str | None = None  # 近 余 多 超 约 以上
    scope: str | None = None  # 全市, 本市, ...
    upper: float | None = None  # of a range
    as_of: str | None = None
    direction: str | None = None  # 提升 下降 同比增长 ...: of a change, which way
    time: str | None = None  # the period that the figure speaks of, as an ISO year, month or interval: 2024, 2024-06
    status: str | None = None  # target (目标) or achieved (实际); None where the text does not tell
    rule: str = ""
    confidence: float = 1.0
    review: str | None = None


@made_by_slots
@dataclass(frozen=True, slots=True)
class Deadline:
    """What is to be done or handed in by when, and to whom. `date` is the last day, ISO."""

    what: str
    date: str | None
    to: str | None
    evidence: Evidence
    as_written: str = ""
    rule: str = ""
    confidence: float = 1.0
    review: str | None = None


@made_by_slots
@dataclass(frozen=True, slots=True)
class Article:
    """An article of a law or rule: 第三条 with everything under it. `paragraphs` are its 款, half-open spans."""

    number: int
    label: str  # as written: 第三条, 第三条之一
    start: int
    end: int
    chapter: str | None = None
    paragraphs: tuple[tuple[int, int], ...] = ()
    items: tuple[tuple[int, int], ...] = ()  # its 项


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a post that the document itself announces (领导小组组成人员, 任命): public, unlike a contact."""

    name: str
    post: str  # 组长, 副组长, 成员, 主任
    title: str | None  # the person's own office: 副市长, 市教育局局长
    group: str | None  # the body in which the post is held
    evidence: Evidence
    rule: str = ""
    confidence: float = 1.0
    review: str | None = None


@made_by_slots
@dataclass(frozen=True, slots=True)
class Effect:
    """What a law or rule says of its own or another's validity. `act` is 施行, 废止, 修改 or 有效期."""

    act: str
    target: str | None  # the title of the policy that is repealed or changed; None for the document itself
    date: str | None  # from when (施行, 废止) or until when (有效期), ISO
    evidence: Evidence
    rule: str = ""
    confidence: float = 1.0
    review: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact that was read but is not sure enough to be shown as known: to be checked by a person (待核)."""

    kind: str  # activity, responsible, figure, reference, deadline, agency, person
    text: str  # the fact in words: 牵头单位：市教育局
    rule: str
    confidence: float
    evidence: Evidence
    proposal: str = field(default="", repr=False)  # the fact as it would stand, as JSON: what a person confirms


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of the file that was not read, or not surely, and why."""

    part: str  # 表格, 页眉, 图片, 第 3 页
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Personal data: kept for the reader of the document, left out of exports unless asked for."""

    unit: str | None
    persons: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    evidence: Evidence


@made_by_slots
@dataclass(frozen=True, slots=True)
class Notice:
    """Something a careful reader would flag; reported, never silently mended."""

    code: str  # e.g. missing-date
    message: str
    evidence: Evidence | None = None


@made_by_slots
@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """A body that the document names, with all the ways in which it is written there."""

    name: str
    kind: str | None  # Party.category, or 集体 for a collective
    region: str | None  # qualified place name
    as_written: tuple[str, ...]
    parent: str | None = None
    members: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = field(default=(), repr=False)  # where it is named, half-open
    rule: str = ""
    confidence: float = 1.0
    review: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """Everything known of one document. `source` is the path as ingested."""

    id: str
    source: str
    sha256: str
    text: str = field(repr=False)
    title: str = ""
    doc_number: str | None = None
    issuers: tuple[Party, ...] = ()
    kind: str | None = None
    date: str | None = None
    printed_date: str | None = None
    printed_by: str | None = None
    year: int | None = None
    level: Level | None = None
    region: str | None = None  # 青浦区
    region_qualified: str | None = None  # 上海市青浦区
    theme: str | None = None
    recipients: str | None = None
    period: tuple[str, str] | None = None
    header_evidence: dict[str, Evidence] = field(default_factory=dict, repr=False)  # field name -> words
    sections: tuple[Section, ...] = field(default=(), repr=False)
    activities: tuple[Activity, ...] = field(default=(), repr=False)
    policy_references: tuple[PolicyReference, ...] = field(default=(), repr=False)
    works: tuple[Work, ...] = field(default=(), repr=False)
    figures: tuple[Figure, ...] = field(default=(), repr=False)
    agencies: tuple[AgencyEntry, ...] = field(default=(), repr=False)
    places: tuple[Place, ...] = field(default=(), repr=False)
    deadlines: tuple[Deadline, ...] = field(default=(), repr=False)
    contacts: tuple[Contact, ...] = field(default=(), repr=False)
    notices: tuple[Notice, ...] = field(default=(), repr=False)
    articles: tuple[Article, ...] = field(default=(), repr=False)
    persons: tuple[Person, ...] = field(default=(), repr=False)
    effects: tuple[Effect, ...] = field(default=(), repr=False)
    to_check: tuple[Doubt, ...] = field(default=(), repr=False)
    fidelity: tuple[Loss, ...] = field(default=(), repr=False)
    reviews: tuple[Review, ...] = field(default=(), repr=False)
    offsets: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """Offset map: ascending (position in `text`, position in the decoded source) where the distance changes."""

    pages: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """Of formats with pages: ascending (position in `text`, number of the page that begins there)."""

    part: tuple[int, int] | None = None  # of a file that holds several: which one this is, and how many there are

    @property
    def called(self) -> str:
        """The title; of a document that none was read of (a compilation, a fragment) the name of its file."""
        return self.title or shown(self.source)

    def page_of(self, position: int) -> int | None:
        """The page that `text[position]` stands on; None where the format has no pages."""
        return page_at(self.pages, position)

    def source_offset(self, position: int) -> int:
        """The position in the decoded source file that `text[position]` came from."""
        index = bisect_right(self.offsets, (position, 1 << 60)) - 1
        if index < 0:
            return position
        here, there = self.offsets[index]
        return there + (position - here)


@dataclass(frozen=True, slots=True)
class Passage:
    """A citable stretch of a document: `text` is `Document.text[start:end]`."""

    id: str  # <document id>-p<number>
    document_id: str
    number: int
    start: int
    end: int
    heading_path: tuple[str, ...]
    text: str


def page_at(pages: tuple[tuple[int, int], ...], position: int) -> int | None:
    """The page, of those that begin at these positions, on which a position stands; None where there are none."""
    index = bisect_right(pages, (position, 1 << 60)) - 1
    return pages[max(index, 0)][1] if pages else None


def encode(value: Any) -> bytes:
    """Any dataclass of this module as compact JSON."""
    return msgspec.json.encode(value)


def decode_document(data: bytes) -> Document:
    """The inverse of `encode` for a document; raises `msgspec.ValidationError` on a wrong shape."""
    return msgspec.json.decode(data, type=Document)
