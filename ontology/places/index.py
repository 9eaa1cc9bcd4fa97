"""Names of places at a position of a text: `PlaceIndex(reference).at("青浦区市场监管局")`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg.core.making import made_by_slots
from ontology.places import data, extras
from ontology.places.record import PlaceRecord
from ontology.places.table import flags_of
from ontology.places.towns import Towns

if TYPE_CHECKING:
    from ontology.reference import Reference

_RANK = {"国家": 0, "省": 1, "市": 2, "区": 3, "县": 4}
_TWO = 2


class PlaceMatch(NamedTuple):
    """A place at the beginning of a text, `length` characters long.

    `whole`: its name was written with 市, 区, 县 …, not 青浦 alone. `doubtful`: the name, as written, is a common word
    as well (东方, 和县 in 市和县), so that something else must speak for the place. `rivals`: the other places of
    that name that are as near (鼓楼区 where nothing says of which city).
    """

    place: PlaceRecord
    length: int
    whole: bool
    doubtful: bool = False
    rivals: tuple[PlaceRecord, ...] = ()


@made_by_slots
@dataclass(frozen=True, slots=True)
class Entry:
    """A place that has a name, and what the name says of it."""

    place: PlaceRecord
    whole: bool
    doubtful: bool
    local: bool  # a zone's own name, that others may have: 滨湖新区
    generic: bool  # a common noun, a place only near home: 城区
    standing: int  # an administrative place of today 2, a zone 1, a place of the past 0


class PlaceIndex:
    """Names, bare names and one-character abbreviations of all known places.

    `by_qualified` holds zones, the corps and former places too; `children` only administrative places of today.
    """

    def __init__(self, reference: Reference) -> None:
        self.by_qualified: dict[str, PlaceRecord] = {}
        self.children: dict[str, list[PlaceRecord]] = {}
        self.shorts: dict[str, PlaceRecord] = {}
        self.lengths: dict[str, tuple[int, ...]]  # first two characters -> lengths of the names that begin so
        self._names: dict[str, list[Entry]] = {}
        self._kept: Mapping[str, tuple[int, ...]] = {}  # names whose entries are not made yet
        self._places: tuple[PlaceRecord, ...] = reference.places
        if (table := reference.place_table) is None:
            self._read(reference)
        else:
            self._places += table.more
            self._kept, self.lengths = table.names, table.lengths
            self.by_qualified |= {(p := self._places[number]).qualified: p for number in table.known}
        for place in reference.places:
            if place.parent:
                self.children.setdefault(place.parent, []).append(place)
            for short in (place.short, *(a for a in place.aliases if len(a) == 1)):
                if short and place.level == "省":
                    self.shorts.setdefault(short, place)
        self.towns = Towns(self.by_qualified)

    def _read(self, reference: Reference) -> None:
        self._generic = data.generic()
        self.by_qualified |= {p.qualified: p for p in reference.places}
        for place in reference.places:
            self._add_place(place, 2)
        self._add_extras()
        self.lengths = _lengths(self._names)

    def _add_extras(self) -> None:
        known = dict(self.by_qualified)
        for place in extras.former(known):
            self._add_place(place, 0)
            self.by_qualified[place.qualified] = place
        for place, forms in extras.corps(known):
            self.by_qualified[place.qualified] = place
            for form in forms:
                self._add(form, place, whole=form != place.bare or place.kind == extras.DIVISION, standing=1)
        for place, forms in extras.zones(known):
            self.by_qualified[place.qualified] = place
            over = known[place.parent or ""]
            national = "国家级新区" in place.ranks or place.level == "市"
            for form in (place.qualified, *forms):
                local = not national and not form.startswith((over.bare, over.qualified))
                whole = form[-1] not in "湖岛" and len(form) > _TWO  # 松山湖, 洋浦 say no more than 青浦
                self._add(form, place, whole=whole, standing=0 if place.until else 1, local=local)

    def _add_place(self, place: PlaceRecord, standing: int) -> None:
        self._add(place.name, place, whole=True, standing=standing)
        if place.qualified != place.name:
            self._add(place.qualified, place, whole=True, standing=standing)
        for alias in (place.bare, *place.aliases):
            if len(alias) > 1:
                self._add(alias, place, whole=alias[-1] == place.name[-1] and alias != place.bare, standing=standing)
        if place.kind in ("自治县", "自治旗") and place.bare != place.name:
            self._add(place.bare + place.name[-1], place, whole=True, standing=standing)

    def _add(self, name: str, place: PlaceRecord, *, whole: bool, standing: int, local: bool = False) -> None:
        if (entries := self._names.get(name)) is None:
            entries = self._names[name] = []  # nearly always
        elif any(entry.place is place for entry in entries):
            return
        entries.append(Entry(place, whole, data.is_word(name), local, name in self._generic, standing))

    @cached_property
    def names(self) -> frozenset[str]:
        """Every written form of two characters or more."""
        return frozenset(self._kept or self._names)

    def entries(self, name: str) -> Sequence[Entry]:
        """The places that have a name, in the order of the data."""
        if (found := self._names.get(name)) is not None:
            return found
        if (kept := self._kept.get(name)) is None:
            return ()
        made = [Entry(self._places[kept[at]], *flags_of(kept[at + 1])) for at in range(0, len(kept), 2)]
        self._names[name] = made
        return made

    def path(self, place: PlaceRecord) -> tuple[PlaceRecord, ...]:
        """The place and everything that contains it, innermost first, without the state."""
        out = [place]
        while (parent := self.by_qualified.get(out[-1].parent or "")) and parent.level != "国家":
            out.append(parent)
        return tuple(out)

    def holds(self, outer: PlaceRecord, inner: PlaceRecord) -> bool:
        """Whether one place is another or contains it."""
        return any(step.qualified == outer.qualified for step in self.path(inner))

    def related(self, place: PlaceRecord, near: PlaceRecord | None) -> int:
        """How near two places are: 3 same or one holds the other, 2 same parent, 1 same province, 0 apart."""
        if near is None or near.level == "国家":
            return 0
        mine, theirs = self.path(place), self.path(near)
        if any(p.qualified == place.qualified for p in theirs) or any(p.qualified == near.qualified for p in mine):
            return 3
        if place.parent == near.parent:
            return 2
        return 1 if mine[-1].qualified == theirs[-1].qualified else 0

    def at(self, text: str, near: PlaceRecord | None = None, start: int = 0) -> PlaceMatch | None:
        """The longest place of `text` at `start`; a chain (上海市青浦区) counts as its last member.

        Of homonyms (朝阳区 in Beijing and in Changchun) the one nearest to `near` wins, then what is a place today,
        then the higher level. A common noun (城区) is a place only in or below the city that has one of that name.
        """
        for length in self.lengths.get(text[start : start + 2], ()):
            entries = self.entries(text[start : start + length])
            if not entries or len(text) - start < length:
                continue
            if found := self._choose(entries, near, text, start, length):
                return found
        return None

    def _choose(
        self, entries: Sequence[Entry], near: PlaceRecord | None, text: str, start: int, length: int
    ) -> PlaceMatch | None:
        if len(entries) == 1:  # nearly always
            return self._only(entries[0], near, text, start, length)
        ranked = sorted(
            (
                (related, entry.whole, entry.standing, -_RANK.get(entry.place.level, 9), entry)
                for entry in entries
                if (related := self.related(entry.place, near)) >= (_TWO if entry.generic else 0)
            ),
            key=lambda item: item[:4],
            reverse=True,
        )
        for *_, entry in ranked:  # the first that goes on as a chain, as 朝阳 does in 朝阳双塔区
            if (inner := self._below(text, entry.place, start + length)) is not None:
                return PlaceMatch(inner[0].place, length + inner[1], inner[0].whole)
        if not ranked:
            return None
        best = ranked[0]
        entry = best[4]
        doubtful = entry.doubtful or (entry.local and best[0] == 0)
        rivals = tuple(other.place for *key, other in ranked[1:] if tuple(key) == best[:4])
        return PlaceMatch(entry.place, length, entry.whole, doubtful, rivals)

    def _only(self, entry: Entry, near: PlaceRecord | None, text: str, start: int, length: int) -> PlaceMatch | None:
        """A name that one place alone has."""
        related = self.related(entry.place, near) if entry.generic or entry.local else 0
        if entry.generic and related < _TWO:
            return None
        if (inner := self._below(text, entry.place, start + length)) is not None:
            return PlaceMatch(inner[0].place, length + inner[1], inner[0].whole)
        return PlaceMatch(entry.place, length, entry.whole, entry.doubtful or (entry.local and related == 0))

    def _below(self, text: str, outer: PlaceRecord, start: int) -> tuple[Entry, int] | None:
        """The place inside of another that its name goes on with, and how long that is; each step is a level down."""
        for length in self.lengths.get(text[start : start + 2], ()):
            entries = [
                entry
                for entry in self.entries(text[start : start + length])
                if entry.whole >= entry.doubtful
                and entry.place.qualified != outer.qualified
                and self.holds(outer, entry.place)
            ]
            if entries and len(text) - start >= length:
                entry = max(entries, key=lambda e: (e.whole, e.standing, -_RANK.get(e.place.level, 9)))
                inner = self._below(text, entry.place, start + length)
                return (entry, length) if inner is None else (inner[0], length + inner[1])
        return None

    def bare_at(
        self, text: str, near: PlaceRecord | None = None, longest: PlaceMatch | None = None
    ) -> PlaceMatch | None:
        """The place without its last character, where that belongs to what follows: 太仓|市场监管局.

        `longest` is what stands there with it, where that is known already.
        """
        longest = longest or self.at(text, near)
        if longest is None or not longest.whole or longest.length <= _TWO:
            return None
        shorter = self.at(text[: longest.length - 1], near)
        return shorter if shorter and shorter.length == longest.length - 1 else None

    def chain_at(self, text: str) -> tuple[tuple[PlaceRecord, ...], int]:
        """Two or more one-character abbreviations in a row (苏浙皖赣沪), or nothing."""
        places: list[PlaceRecord] = []
        for char in text:
            if (place := self.shorts.get(char)) is None or place in places:
                break
            places.append(place)
        return (tuple(places), len(places)) if len(places) > 1 else ((), 0)


def _lengths(names: dict[str, list[Entry]]) -> dict[str, tuple[int, ...]]:
    """First two characters -> the lengths of the names that begin so, longest first."""
    found: dict[str, tuple[int, ...]] = {}
    for name in names:
        start, length = name[:2], len(name)
        if (lengths := found.get(start)) is None:
            found[start] = (length,)
        elif length not in lengths:
            found[start] = tuple(sorted((*lengths, length), reverse=True))
    return found
