"""The rows of held documents, and which number stands for which: those of a generation, or of the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kg.core.errors import EnvironmentProblem
from kg.core.ids import title_key
from kg.core.segments import Kind, Segments
from kg.passages.keys import Numbers, first_bits

if TYPE_CHECKING:
    from kg.catalogue import Summary


class HeldRow(msgspec.Struct, array_like=True, frozen=True):
    """What a search must know of a document."""

    number: int
    title: str
    place: str
    year: int
    date: str
    edition: str  # the title as titles are compared: what is held under it for one place are editions of one thing


def _terms(row: HeldRow) -> Iterator[bytes]:
    yield _term(row.number)


def _term(number: int) -> bytes:
    return str(number).encode()


HELD = Kind("held", HeldRow, _terms)
"""Rows by the ids of documents."""


class Kept(Numbers):
    """`Numbers` of a generation, each looked up where it is asked for, with what the next one changes of them."""

    def __init__(self, rows: Segments[HeldRow], gone: Iterable[str] = ()) -> None:
        super().__init__()
        self.rows = rows
        self._gone = frozenset(gone)
        self._new: dict[str, int] = {}
        self._taken: dict[int, str] = {}

    def following(self, changed: Iterable[str], removed: Iterable[str]) -> Kept:
        """Those of the next generation: as `Numbers.given` has them for all that is held."""
        found = Kept(self.rows, removed)
        for ident in sorted(key for key in changed if self.rows.get(key) is None):
            found._take(ident)
        return found

    def _take(self, ident: str) -> None:
        self._new[ident] = number = self.free(first_bits(ident), self.is_taken)
        self._taken[number] = ident

    def is_taken(self, number: int) -> bool:
        """Whether it stands for a document."""
        return self._at(number) is not None

    def of(self, document_id: str) -> int:
        """The number of a document; of one that is not there its first forty bits."""
        if document_id in self._new:
            return self._new[document_id]
        row = self.rows.get(document_id) if document_id not in self._gone else None
        return row.number if row is not None else first_bits(document_id)

    def document(self, number: int) -> str:
        """The document of a number."""
        return self._at(number) or f"d-{number:010x}"

    def _at(self, number: int) -> str | None:
        if number in self._taken:
            return self._taken[number]
        found = (key for key, row in self.rows.find(_term(number)) if row.number == number)
        return next((key for key in found if key not in self._gone), None)

    @property
    def table(self) -> list[tuple[int, str]]:
        """(number, id) of all documents, ascending."""
        held = [(row.number, key) for key, row in self.rows.all() if key not in self._gone]
        return sorted([*held, *self._taken.items()])


def open_rows(folder: Path) -> Segments[HeldRow]:
    """Those of a generation. Raises `EnvironmentProblem` where it has none."""
    found = Segments.open(folder, HELD)
    if not found.is_there:
        raise EnvironmentProblem(f"索引 {folder} 不完整（缺 held）。请运行 policykg rebuild 重建")
    return found


def save_held(
    folder: Path, summaries: Iterable[Summary], numbers: Numbers, *, previous: Segments[HeldRow], removed: Iterable[str]
) -> None:
    """Write the rows of the next generation: those of the documents that changed, without those that were removed."""
    changes: dict[str, tuple[str, HeldRow] | None] = dict.fromkeys(removed)
    changes |= {item.id: ("", _row(item, numbers.of(item.id))) for item in summaries}
    previous.save(folder, changes)


def _row(item: Summary, number: int) -> HeldRow:
    place = item.place_qualified or item.place or ""
    return HeldRow(number, item.title, place, item.year or 0, item.date or "", title_key(item.title))
