"""What a search must know of the documents held: title, place, year, date, and whether a later edition is held.

Read whole when a generation is opened: a hundred bytes a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.core.collector import paused
from kg.passages.asked import NONE, UNKNOWN, Laws, law_key
from kg.passages.distinct import distinct
from kg.passages.facets import place_terms
from kg.passages.keys import NUMBER_BITS, Numbers
from kg.passages.numbering import open_rows
from kg.passages.ranking import Keys
from kg.passages.tokens import normalise, normalise_aligned

NATION = "全国"
_LONGEST_PLACE = 20

Bools = NDArray[np.bool_]


class Held:
    """The documents of a generation, by the numbers in the keys of their passages (ascending)."""

    def __init__(self, rows: Sequence[Sequence[Any]], places: Sequence[str], ids: Sequence[str] = ()) -> None:
        self.numbers = np.array([row[0] for row in rows], np.int64)
        self.numbering = Numbers(list(zip((row[0] for row in rows), ids, strict=True)) if ids else ())
        self._titles = [str(row[1]) for row in rows]
        self._places = np.array([row[2] for row in rows], np.int32)
        self._years = np.array([row[3] for row in rows], np.int32)
        self.dates = [str(row[4]) for row in rows]
        self._superseded = np.array([row[5] for row in rows], np.bool_)
        self._names = list(places)
        self._folded: dict[int, str] = {}
        self._asked: tuple[Laws, NDArray[np.float64]] = (NONE, np.zeros(0))  # of documents seen so far; else nan

    @classmethod
    def open(cls, folder: Path) -> Held:
        """Those of a generation. Raises `EnvironmentProblem` where it has none."""
        with paused():
            held = sorted(open_rows(folder).all(), key=lambda item: item[1].number)
            values = [row for _, row in held]
            places = {place: number for number, place in enumerate(sorted({row.place for row in values}))}
            latest: dict[tuple[str, str], str] = {}
            for row in values:
                edition = row.edition, row.place
                if latest.setdefault(edition, row.date) < row.date:
                    latest[edition] = row.date
            rows = [
                (row.number, row.title, places[row.place], row.year, row.date, is_superseded)
                for row in values
                for is_superseded in [row.date != "" and row.date < latest[row.edition, row.place]]
            ]
            return cls(rows, list(places), [key for key, _ in held])

    def places_of(self, keys: Keys) -> NDArray[np.int64]:
        """The position in `numbers` of the document of each passage, -1 where it is not there."""
        owners = keys >> NUMBER_BITS
        at = np.searchsorted(self.numbers, owners)
        at[at == len(self.numbers)] = 0
        if not len(self.numbers):
            return np.full(len(keys), -1, np.int64)
        return np.where(self.numbers[at] == owners, at, -1)

    def title(self, at: int) -> str:
        """The title of a document, as `normalise_aligned` folds it."""
        if at < 0:
            return ""
        if at not in self._folded:
            self._folded[at] = normalise_aligned(self._titles[at])
        return self._folded[at]

    def named_places(self, text: str) -> NDArray[np.int32]:
        """The places of held documents that a normalised text names or that lie in one that it names."""
        found: set[int] = set()
        position = 0
        while position < len(text):
            if text[position] not in self._starts:
                position += 1
                continue
            for length in range(min(_LONGEST_PLACE, len(text) - position), 1, -1):
                if (places := self._by_name.get(text[position : position + length])) is not None:
                    found |= places
                    position += length - 1
                    break
            position += 1
        return np.array(sorted(found), np.int32)

    def of_places(self, at: NDArray[np.int64], places: NDArray[np.int32]) -> tuple[Bools, Bools]:
        """Which documents are of some places, and which are of no place or the whole country."""
        own = np.where(at >= 0, self._places[at], -1) if len(self._places) else np.full(len(at), -1)
        return np.isin(own, places), np.isin(own, self._nowhere)

    def of_years(self, at: NDArray[np.int64], years: Sequence[int]) -> Bools:
        """Which documents are of some years."""
        own = np.where(at >= 0, self._years[at], 0) if len(self._years) else np.zeros(len(at), np.int32)
        return np.isin(own, np.array(years, np.int32))

    def superseded(self, at: NDArray[np.int64]) -> Bools:
        """Of which documents a later edition under the same title is held."""
        if not len(self._superseded):
            return np.zeros(len(at), np.bool_)
        return np.where(at >= 0, self._superseded[at], np.False_)

    def asked(self, at: NDArray[np.int64], laws: Laws) -> NDArray[np.float64]:
        """How much is asked about documents by their titles, `UNKNOWN` about those not in `laws`."""
        known, values = self._asked
        if known is not laws:
            values = np.full(len(self._titles) + 1, np.nan)  # one more, the last, for -1
            values[-1] = 0.0
            self._asked = (laws, values)
        found = values[at]
        unseen = at[np.isnan(found)]
        if len(unseen):
            for number in distinct(unseen).tolist():
                values[number] = laws.get(law_key(self._titles[number]), UNKNOWN)
            found = values[at]
        return found

    @cached_property
    def _by_name(self) -> dict[str, set[int]]:
        names: dict[str, set[int]] = {}
        for number, place in enumerate(self._names):
            for name in place_terms(place):
                if name != NATION:
                    names.setdefault(normalise(name), set()).add(number)
        return names

    @cached_property
    def _starts(self) -> frozenset[str]:
        """The first characters of the names: most places in a text begin none."""
        return frozenset(name[:1] for name in self._by_name)

    @cached_property
    def _nowhere(self) -> NDArray[np.int32]:
        return np.array([n for n, place in enumerate(self._names) if place in ("", NATION)] + [-1], np.int32)
