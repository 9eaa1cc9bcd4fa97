"""The index of places as plain values, to be kept: making it from the records takes a twentieth of a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ontology.places.record import PlaceRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.places.index import Entry, PlaceIndex


class PlaceTable(msgspec.Struct, array_like=True, frozen=True):
    """What a `PlaceIndex` holds. A place is a number: of the reference data's in their order, then of `more`."""

    more: tuple[PlaceRecord, ...]
    known: tuple[int, ...]  # the places of `by_qualified`, in its order
    names: dict[str, tuple[int, ...]]  # of each place that has a name: its number, then what the name says as bits
    lengths: dict[str, tuple[int, ...]]


def table_of(index: PlaceIndex, places: Sequence[PlaceRecord]) -> PlaceTable:
    """The table of an index that was made of these records."""
    numbers = {id(place): number for number, place in enumerate(places)}
    more: list[PlaceRecord] = []

    def number_of(place: PlaceRecord) -> int:
        if id(place) not in numbers:
            numbers[id(place)] = len(places) + len(more)
            more.append(place)
        return numbers[id(place)]

    names = {
        name: tuple(value for entry in index.entries(name) for value in (number_of(entry.place), _bits(entry)))
        for name in sorted(index.names)
    }
    known = tuple(number_of(place) for place in index.by_qualified.values())
    return PlaceTable(tuple(more), known, names, index.lengths)


def _bits(entry: Entry) -> int:
    return entry.whole | entry.doubtful << 1 | entry.local << 2 | entry.generic << 3 | entry.standing << 4


def flags_of(bits: int) -> tuple[bool, bool, bool, bool, int]:
    """`whole`, `doubtful`, `local`, `generic`, `standing` of an entry."""
    return bool(bits & 1), bool(bits & 2), bool(bits & 4), bool(bits & 8), bits >> 4
