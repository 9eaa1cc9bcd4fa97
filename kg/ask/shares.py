"""What one document gives to the names of a generation: its share, and the claims that the share consists of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from kg.ask.text import plain
from kg.ask.titles import other_titles
from kg.core.ids import number_key, title_key
from kg.core.model import Document, Party, PartyKind
from kg.core.segments import Kind
from kg.core.sounds import sound

_QUOTED = re.compile(r"[“《]([^“”《》\n]{2,16})[”》]")
_WORDS = 240  # characters of an activity's own words

Slot = tuple[str, ...] | tuple[str, str, str | None]
"""A thing that documents name: its kind, and what tells it from others of the kind."""
Claim = tuple[Slot, str, Any]
"""What a document says of a slot: a field, and a value of it."""


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
    asked: tuple[str, ...] = ()  # other forms in which its title is asked for
    plain: str = ""  # its title in plain form

    @property
    def undated(self) -> bool:
        """Whether neither its text nor its name tells of which year it is."""
        return self.year is None and not self.date


class Event(msgspec.Struct, frozen=True, array_like=True):
    """An activity: `doc` indexes `Lexicon.documents`."""

    doc: int
    title: str
    words: str
    series: str | None
    section: str | None
    no: str | None


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A body as one document writes it."""

    name: str
    place: str | None
    group: bool
    forms: tuple[str, ...]


class Cited(msgspec.Struct, frozen=True, array_like=True):
    """A policy as one document names it."""

    title: str | None
    number: str | None
    names: tuple[str, ...]


class Share(msgspec.Struct, frozen=True, array_like=True):
    """What one document gives to the lexicon."""

    doc: Doc
    bodies: tuple[Named, ...]
    policies: tuple[Cited, ...]
    events: tuple[Event, ...]
    series: tuple[str, ...]
    places: tuple[str, ...]
    terms: dict[str, str]

    @property
    def order(self) -> tuple[str, str]:
        """Where its document stands among all, as the catalogue lists them."""
        return self.doc.source, self.doc.id


def claims_of(share: Share) -> list[Claim]:
    """All that a document claims, in its order, each claim once."""
    return list(dict.fromkeys(_claims(share)))


def _claims(share: Share) -> Iterator[Claim]:
    place = share.doc.place
    for body in share.bodies:
        slot = ("body", body.name, body.place)
        yield slot, "group", body.group
        for form in body.forms:
            yield slot, "form", form
        if place:
            yield slot, "in", place
    for policy in share.policies:
        if key := policy_key(policy.title, policy.number):
            yield from policy_claims(key, policy.title, policy.number, policy.names)
    for name in share.places:
        yield ("place", name), "is", name
    for label in share.series:
        yield ("series", label), "is", label
    for heard, term in share.terms.items():
        yield ("term", heard), "is", term


def policy_claims(key: str, title: str | None, number: str | None, names: Iterable[str]) -> Iterator[Claim]:
    """What is claimed of a policy."""
    slot = ("policy", key)
    yield slot, "title", title
    if number:
        yield slot, "number", number
    for name in (title, *names):
        if name and len(name) > 2:
            yield slot, "name", name


def policy_key(title: str | None, number: str | None) -> str:
    """By what a policy is told from others: its title, or else its number."""
    return title_key(title) if title else number_key(number or "")


_pack = msgspec.msgpack.Encoder().encode


def term_of(claim: Claim) -> bytes:
    """The term by which the documents of a claim are found."""
    return _pack(claim)


def slot_term(slot: Slot) -> bytes:
    """The term by which the documents of a slot are found."""
    return _pack(slot)


def _terms(share: Share) -> Iterator[bytes]:
    claims = claims_of(share)
    yield from map(term_of, claims)
    yield from map(slot_term, {slot for slot, _, _ in claims})


SHARES = Kind("shares", Share, _terms)
"""Shares by the ids of documents, in the order of the catalogue."""


def share_of(document: Document) -> Share:
    """All names of one document."""
    place = document.region_qualified or document.region
    doc = Doc(
        document.id, document.source, document.called, title_key(document.called), document.doc_number,
        document.kind, document.year, document.date or document.printed_date, place,
        tuple(issuer.name for issuer in document.issuers), len(document.activities),
        other_titles(document.called, place or ""), plain(document.called),
    )  # fmt: skip
    bodies: list[Named] = []
    for party in (*document.issuers, *(p for a in document.activities for p in a.responsible)):
        bodies += _party(party)
    for entry in document.agencies:
        bodies.append(_named(entry.name, entry.region, (entry.name, *entry.as_written), group=bool(entry.members)))
    activities = document.activities
    events = (Event(0, a.title, a.evidence.quote[:_WORDS], a.series, a.section, a.no) for a in activities)
    policies = (
        Cited(title, reference.number, tuple(name for name in (title, reference.as_written.strip("《》")) if name))
        for reference in document.policy_references
        for title in [reference.alias_of or reference.title]
    )
    terms: dict[str, str] = {}
    for found in _QUOTED.findall(document.text):
        terms.setdefault(sound(plain(found)), plain(found))
    series = tuple(dict.fromkeys(a.series for a in activities if a.series))
    places = tuple(dict.fromkeys([*([place] if place else []), *(name for a in activities for name in a.places)]))
    return Share(doc, _each_once(bodies), tuple(dict.fromkeys(policies)), tuple(events), series, places, terms)


def _each_once(bodies: Iterable[Named]) -> tuple[Named, ...]:
    """Those of one document: one for each body, as it is first named, with all forms."""
    known: dict[tuple[str, str | None], tuple[Named, dict[str, None]]] = {}
    for body in bodies:
        known.setdefault((body.name, body.place), (body, {}))[1].update(dict.fromkeys(body.forms))
    return tuple(msgspec.structs.replace(body, forms=tuple(forms)) for body, forms in known.values())


def _party(party: Party) -> Iterator[Named]:
    if party.kind is not PartyKind.PLACE:
        group = party.kind is PartyKind.GROUP
        yield _named(party.name, party.place, (party.name, party.as_written), group=group)
    for member in party.members:  # 各区市场监管局 is how the collective is written, not each member
        yield _named(member.name, member.place, (member.name,), group=False)


def _named(name: str, place: str | None, forms: Iterable[str], *, group: bool) -> Named:
    return Named(name, place, group, tuple(dict.fromkeys(plain(form) for form in forms if len(form) > 1)))
