"""Pages of properties in a Word 97-2003 file: which stretches carry which marks.

[MS-DOC] 2.8.5, 2.8.6 (where the pages are), 2.9.33, 2.9.175 (what they hold), 2.6 (the marks).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

IN_TABLE, ROW_END = 0x2416, 0x2417  # sprmPFInTable, sprmPFTtp
DELETED, HIDDEN = 0x0800, 0x083C  # sprmCFRMarkDel, sprmCFVanish
SCRIPT, HIGH = 0x2A48, 1  # sprmCIss, and its operand for raised characters
LIST, LEVEL = 0x460B, 0x260A  # sprmPIlfo, sprmPIlvl: the list that numbers a paragraph (0: none does), and its level
STYLE = 0  # no sprm: the number of the paragraph's style
_WANTED = frozenset([SCRIPT, IN_TABLE, ROW_END, DELETED, HIDDEN, LIST, LEVEL])
_NUMBERS = frozenset([LIST, LEVEL])  # wanted where they are 0, too
CHARACTERS, PARAGRAPHS = 0xFA, 0x102  # places of PlcfBteChpx and PlcfBtePapx in the file information block
_PAGE = 512
_PHE = 13  # bytes of an entry of a page of paragraphs
_OPERAND = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes of an operand, by the top three bits of its sprm; 0: counted
_TABLE_DEFINITION = 0xD608  # sprmTDefTable counts its operand in two bytes
_VERTICAL, _VERTICAL_BYTES = 0xD62B, 2  # sprmTVertMerge: which cell, and how
FROM_ABOVE, FROM_LEFT = -1, -2  # no sprms: of a row, a bit for each cell that goes on from another
_MOST_CELLS = 64
_NONE: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of the main stream that carry marks, each with its operand; sorted, without overlaps."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    marks: tuple[Mapping[int, int], ...]

    def at(self, place: int) -> Mapping[int, int]:
        """The marks of the character at a byte of the main stream."""
        n = bisect_right(self.starts, place) - 1
        return self.marks[n] if n >= 0 and place < self.ends[n] else _NONE

    def __bool__(self) -> bool:
        return bool(self.starts)


def read_runs(main: bytes, table: bytes, kind: int) -> Runs:
    """The runs of CHARACTERS or PARAGRAPHS that carry a mark.

    Raises `struct.error` or `IndexError` for broken pages.
    """
    start, size = struct.unpack_from("<II", main, kind)
    plc = table[start : start + size]
    count = max(len(plc) - 4, 0) // 8
    found: list[tuple[int, int, Mapping[int, int]]] = []
    for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ():
        at = (number & 0x3F_FFFF) * _PAGE
        found += _page_runs(main[at : at + _PAGE], kind)
    found.sort(key=lambda run: run[:2])
    return Runs(tuple(r[0] for r in found), tuple(r[1] for r in found), tuple(r[2] for r in found))


def _page_runs(page: bytes, kind: int) -> Iterator[tuple[int, int, Mapping[int, int]]]:
    count = page[_PAGE - 1]
    bounds = struct.unpack_from(f"<{count + 1}I", page, 0)
    width = 1 if kind == CHARACTERS else _PHE
    for n in range(count):
        at = page[4 * (count + 1) + n * width] * 2
        if at and (marks := _marks(page, at, kind)):
            yield bounds[n], bounds[n + 1], marks


def _marks(page: bytes, at: int, kind: int) -> dict[int, int]:
    length = page[at]
    if kind == CHARACTERS:
        return operands(page[at + 1 : at + 1 + length])
    # counted in words, the odd byte being the count itself; after a zero, the next byte counts whole words
    first, length = (at + 2, page[at + 1] * 2) if length == 0 else (at + 1, length * 2 - 1)
    found = operands(page[first + 2 : first + length])
    if style := int.from_bytes(page[first : first + 2], "little"):
        found[STYLE] = style
    return found


def operands(properties: bytes) -> dict[int, int]:
    """The wanted marks that are switched on, with their operands."""
    found: dict[int, int] = {}
    at = 0
    while at + 2 < len(properties):
        (sprm,) = struct.unpack_from("<H", properties, at)
        size = _OPERAND[sprm >> 13]
        if sprm in _WANTED:
            operand = int.from_bytes(properties[at + 2 : at + 2 + size], "little")
            if operand or sprm in _NUMBERS:
                found[sprm] = operand
            else:
                found.pop(sprm, None)
        if sprm == _TABLE_DEFINITION:
            size = int.from_bytes(properties[at + 2 : at + 4], "little") + 1
            found |= _merges(properties[at + 4 : at + 2 + size])
        elif sprm == _VERTICAL and properties[at + 2] == _VERTICAL_BYTES and at + 4 < len(properties):
            cell = min(properties[at + 3], _MOST_CELLS)
            bits = found.get(FROM_ABOVE, 0) & ~(1 << cell)
            found[FROM_ABOVE] = bits | (1 << cell if properties[at + 4] == 1 else 0)
        elif size == 0:
            size = properties[at + 2] + 1
        at += 2 + size
    return found


def _merges(definition: bytes) -> dict[int, int]:
    """Which cells of a row go on from the one above or before (2.9.315, 2.9.318)."""
    count = min(definition[0], _MOST_CELLS) if definition else 0
    first = 1 + 2 * (count + 1)  # behind the edges of the cells
    above = left = 0
    for n in range(count):
        flags = int.from_bytes(definition[first + 20 * n : first + 20 * n + 2], "little")
        above |= (flags & 0x60 == 0x20) << n  # merged with others, and not the first of them
        left |= (flags & 0x03 == 0x02) << n
    return {key: bits for key, bits in ((FROM_ABOVE, above), (FROM_LEFT, left)) if bits}
