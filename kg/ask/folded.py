"""All shares folded into one: of each body, policy, place and term what the documents say together, in their order.

The order of the documents decides what comes first, and which of several readings of one name counts. What was folded
when all shares were last put together (the base) is kept as it is to be read. A generation whose documents have changed
since then is that, with the slots that these documents name or named folded anew (`overlaid`): of each claim it is
known which document makes it first, and whoever publishes sees to it that the next one in order is among the later
shares when that document goes (`heirs`). So the result is that of folding all shares, and little of them is read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from kg.ask.shares import Claim, Doc, Event, Share, Slot, claims_of, term_of
from kg.ask.titles import other_names, policy_called_as
from kg.core.segments import Kind, Segments

FILE = "names.msgpack"
_GAP = 20  # bits for documents that come between two of the base, and for the claims of one document
_LISTS = {"body": "bodies", "policy": "policies", "place": "places", "term": "terms"}
"""Kinds of slots whose order is that of their first claims, and where they are in `Folded`."""

Facts = dict[tuple[str, Any], int]
"""What is claimed of a slot -> the place of the first such claim among all."""


class Body(msgspec.Struct, frozen=True, array_like=True):
    """A body or a collective with every way in which a document writes it; `places` are those of the documents."""

    name: str
    place: str | None
    group: bool
    forms: tuple[str, ...]
    places: tuple[str, ...]
    asked: tuple[str, ...] = ()  # other forms under which it is found


class Policy(msgspec.Struct, frozen=True, array_like=True):
    """A policy that a document mentions or that is well known."""

    title: str | None
    number: str | None
    names: tuple[str, ...]
    key: str = ""
    asked: tuple[str, ...] = ()  # the forms under which it is found


class Folded(msgspec.Struct, array_like=True):
    """What all documents say. `firsts` are the places of first claims, by kind of slot, as bytes of integers."""

    documents: list[Doc]
    events: list[Event]
    bodies: list[Body]
    policies: list[Policy]
    places: list[str]
    terms: list[tuple[str, str]]
    series: list[str]
    firsts: dict[str, bytes]


_SLOTS: Kind[list[tuple[str, Any, int]]] = Kind("slots", list[tuple[str, Any, int]])
"""The facts of each slot of the base, as they follow one another."""


def fold(shares: Sequence[Share]) -> tuple[Folded, dict[Slot, Facts]]:
    """All shares, in order, and what was claimed of each slot."""
    slots: dict[Slot, Facts] = {}
    for number, share in enumerate(shares):
        _take(slots, share, _rank(number))
    made: dict[str, list[Any]] = {kind: [] for kind in (*_LISTS, "series")}
    firsts: dict[str, list[int]] = {kind: [] for kind in made}
    for slot, facts in slots.items():
        made[slot[0]].append(_made(slot, facts))
        firsts[slot[0]].append(next(iter(facts.values())))
    events = [event for number, share in enumerate(shares) for event in _events(share, number)]
    return (
        Folded(
            [share.doc for share in shares], events, made["body"], made["policy"], made["place"], made["term"],
            made["series"], {kind: np.array(firsts[kind], "<i8").tobytes() for kind in _LISTS},
        ),
        slots,
    )  # fmt: skip


def save(folder: Path, folded: Folded, slots: Mapping[Slot, Facts]) -> None:
    """Keep a base."""
    (folder / FILE).write_bytes(msgspec.msgpack.encode(folded))
    rows = {_name(slot): ("", [(*fact, first) for fact, first in facts.items()]) for slot, facts in slots.items()}
    Segments(_SLOTS).save(folder, rows)


def files(folder: Path) -> list[Path]:
    """The files of a base."""
    return [folder / FILE, *Segments.open(folder, _SLOTS).paths]


def load(folder: Path, shares: Segments[Share]) -> Folded:
    """What all shares of a folder say. Raises `OSError`, `msgspec.DecodeError`, `EnvironmentProblem`."""
    base = msgspec.msgpack.decode((folder / FILE).read_bytes(), type=Folded)
    return base if shares.is_base else overlaid(base, Segments.open(folder, _SLOTS), shares)


def heirs(shares: Segments[Share], changes: Mapping[str, bytes | None]) -> dict[str, Share]:
    """Documents that are the first to claim something when others change or go; they belong among the later shares.

    `changes` are the shares of documents as they will lie there, None for those that go.
    """

    def is_as_in_base(key: str) -> bool:
        now = changes[key] if key in changes else shares.raw(key)
        return now is not None and now == shares.base_raw(key)

    found: dict[str, Share] = {}
    for key in changes:
        before = shares.base_raw(key)
        if before is None or is_as_in_base(key) or shares.raw(key) != before:
            continue  # new since, or it has gone from the base before
        for claim in claims_of(shares.decode(before)):
            for at, other in enumerate(shares.base_having(term_of(claim))):
                if is_as_in_base(other):
                    if at and not shares.is_later(other):
                        found[other] = shares.decode(shares.base_raw(other) or b"")
                    break
    return found


def overlaid(base: Folded, slots: Segments[list[tuple[str, Any, int]]], shares: Segments[Share]) -> Folded:
    """The base with what came later in place of what it had of the same documents."""
    later = shares.later()
    numbers = {doc.id: number for number, doc in enumerate(base.documents)}
    gone = {numbers[key] for key in later if key in numbers}
    ranks = {_rank(number) for number in gone}
    new = sorted((share for share in later.values() if share is not None), key=attrgetter("order"))
    placed = _placed([(doc.source, doc.id) for doc in base.documents], new)
    asked: dict[Slot, None] = {}
    for key, share in later.items():
        before = shares.base_raw(key)
        for known in (share, shares.decode(before) if before is not None else None):
            asked |= dict.fromkeys(slot for slot, _, _ in claims_of(known)) if known is not None else {}
    old = {slot: {(field, value): first for field, value, first in slots.get(_name(slot)) or ()} for slot in asked}
    fresh: dict[Slot, Facts] = {
        slot: {fact: first for fact, first in facts.items() if first >> _GAP not in ranks}
        for slot, facts in old.items()
    }
    for rank, share in placed:
        _take(fresh, share, rank)
    fresh = {slot: dict(sorted(facts.items(), key=lambda fact: fact[1])) for slot, facts in fresh.items() if facts}
    made = {kind: _renewed(base, kind, old, fresh) for kind in _LISTS}
    series = [label for label in base.series if ("series", label) not in asked]
    series += [slot[1] for slot in fresh if slot[0] == "series" and slot[1] is not None]
    documents, events = _renumbered(base, gone, placed)
    return Folded(documents, events, made["body"], made["policy"], made["place"], made["term"], series, {})


def _renewed(base: Folded, kind: str, old: Mapping[Slot, Facts], fresh: Mapping[Slot, Facts]) -> list[Any]:
    """All of one kind, in their order."""
    items: list[Any] = getattr(base, _LISTS[kind])
    firsts = np.frombuffer(base.firsts[kind], "<i8")
    left = [next(iter(facts.values())) for slot, facts in old.items() if slot[0] == kind and facts]
    stays = np.ones(len(firsts), np.bool_)
    stays[np.searchsorted(firsts, left)] = False
    come = {next(iter(facts.values())): _made(slot, facts) for slot, facts in fresh.items() if slot[0] == kind}
    places = np.concatenate([firsts[stays], np.array(list(come), np.int64)])
    return _in_order([*items, *come.values()], places, stays)


def _in_order(items: Sequence[Any], firsts: Any, stays: Any) -> list[Any]:
    """What stays of the first items, and the others, by their places."""
    numbers = np.concatenate([np.flatnonzero(stays), np.arange(len(stays), len(items))])
    return [items[number] for number in numbers[np.argsort(firsts)].tolist()]


def _renumbered(base: Folded, gone: set[int], placed: Sequence[tuple[int, Share]]) -> tuple[list[Doc], list[Event]]:
    """Documents, and their events under their new numbers."""
    stays = np.ones(len(base.documents), np.bool_)
    stays[list(gone)] = False
    kept = np.flatnonzero(stays)
    ranks = np.concatenate([(kept + 1) << _GAP, np.array([rank for rank, _ in placed], np.int64)])
    documents = _in_order([*base.documents, *(share.doc for _, share in placed)], ranks, stays)
    place = np.empty(len(ranks), np.int64)
    place[np.argsort(ranks)] = np.arange(len(ranks))
    number = np.full(len(base.documents), -1, np.int64)
    number[kept] = place[: len(kept)]
    now = number.tolist()
    events = [
        event if now[event.doc] == event.doc else _numbered(event, now[event.doc])
        for event in base.events
        if now[event.doc] >= 0
    ]
    for at, (_, share) in zip(place[len(kept) :].tolist(), placed, strict=True):
        events += _events(share, at)
    return documents, sorted(events, key=attrgetter("doc"))


def _events(share: Share, number: int) -> list[Event]:
    return [_numbered(event, number) for event in share.events]


def _numbered(event: Event, number: int) -> Event:
    return Event(number, event.title, event.words, event.series, event.section, event.no)


def _placed(orders: Sequence[tuple[str, str]], shares: Sequence[Share]) -> list[tuple[int, Share]]:
    """Shares, in order, with the rank of each among documents of these orders."""
    found: list[tuple[int, Share]] = []
    for share in shares:
        before = bisect_left(orders, share.order) << _GAP  # the rank of the last one that comes before
        found.append((max(before, found[-1][0] if found else 0) + 1, share))
    return found


def _rank(number: int) -> int:
    return (number + 1) << _GAP


def _take(slots: dict[Slot, Facts], share: Share, rank: int) -> None:
    for position, (slot, field, value) in enumerate(claims_of(share), start=rank << _GAP):
        facts = slots.setdefault(slot, {})
        if facts.get((field, value), position) >= position:
            facts[field, value] = position


def _made(slot: Slot, facts: Iterable[tuple[str, Any]]) -> Any:
    """What a reader gets of a slot, from its facts in their order."""
    told: dict[str, list[Any]] = {}
    for field, value in facts:
        told.setdefault(field, []).append(value)
    if slot[0] == "body":
        name, place = str(slot[1]), slot[2]
        forms, group = tuple(told.get("form", ())), told["group"][0]
        return Body(name, place, group, forms, tuple(told.get("in", ())), other_names(name, place, forms, group=group))
    if slot[0] == "policy":
        names, numbers = tuple(told.get("name", ())), told.get("number", [None])
        return Policy(told["title"][0], numbers[0], names, str(slot[1]), policy_called_as(names))
    return (slot[1], told["is"][0]) if slot[0] == "term" else slot[1]


def _name(slot: Slot) -> str:
    return msgspec.json.encode(slot).decode()


def slots_of(shares: Iterable[Share | None]) -> set[Slot]:
    """All that some documents name."""
    claims: Iterable[Claim] = (claim for share in shares if share is not None for claim in claims_of(share))
    return {slot for slot, _, _ in claims}
