"""Glyphs on a page to lines in reading order: what pdf and ofd have in common. Lengths in the page's own unit.

Both formats say only where each character stands. Lines come from heights, blanks from gaps, table cells from
ruling lines. Where one page ends and how lines make paragraphs is the business of `pages`.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.base import LineKind
from ingest.readers.pieces import cells_to_row

Box = tuple[float, float, float, float]  # x0, top, x1, bottom; y grows downwards

_GAP = 0.2  # em more than usual in the line: a blank of the narrower fonts is 0.25
_SPACED_OUT = 1.5  # em: more is a blank, however even
_WIDE_GAP = 1.0  # em, beside punctuation: that is where a line is stretched
_PUNCTUATION = frozenset("，。、；：！？“”‘’（）《》〈〉〔〕【】…—·")
_LINE = 1.2  # em: the height of a box, about
_MAX_CELLS = 3000  # of a table on one page; more are a drawing or squared paper
_MIN_RULES = 3  # upright rules of a table: two columns


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box."""

    char: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the box."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def em(self) -> float:
        """The height."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line, or a table row, as it stands on its page."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    kind: LineKind = LineKind.TEXT
    em: float = 1.0  # the size of the type


def glyphs_to_lines(glyphs: Iterable[Glyph]) -> list[PrintedLine]:
    """Lines from top to bottom, each from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.middle[1]):
        if rows and abs(glyph.middle[1] - rows[-1][0].middle[1]) < 0.5 * max(min(glyph.em, rows[-1][0].em), 0.1):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [line for row in rows if (line := _row_to_line(row))]


def _row_to_line(row: list[Glyph]) -> PrintedLine | None:
    row = sorted(row, key=lambda g: g.x0)
    em = statistics.median(g.em for g in row)
    # Justified lines are spaced out evenly, 教 育 部 too: only what is wider than the rest parts words.
    gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
    usual = min(max(statistics.median(gaps), 0.0), _SPACED_OUT * em) if len(gaps) > 1 else 0.0
    out: list[str] = []
    last: Glyph | None = None
    for glyph in row:
        if last is not None:
            if glyph.char == last.char and abs(glyph.x0 - last.x0) < 0.2 * em and not glyph.char.isspace():
                continue  # printed twice for boldness
            beside = glyph.char in _PUNCTUATION or last.char in _PUNCTUATION
            if glyph.x0 - last.x1 > usual + (_WIDE_GAP if beside else _GAP) * em and not glyph.char.isspace():
                out.append(" ")
        out.append(" " if glyph.char.isspace() else glyph.char)
        last = glyph
    inked = [g for g in row if not g.char.isspace()]
    if not inked:
        return None
    return PrintedLine(
        " ".join("".join(out).split()),
        min(g.x0 for g in inked),
        max(g.x1 for g in inked),
        min(g.top for g in inked),
        max(g.bottom for g in inked),
        em=_size(inked),
    )


def _size(glyphs: Sequence[Glyph]) -> float:
    """The size of the type: a Han character is as wide as it is large; boxes are higher, by the font's own measure."""
    wide = [g.x1 - g.x0 for g in glyphs if "\u4e00" <= g.char <= "\u9fff"]
    return max(statistics.median(wide) if wide else statistics.median(g.em for g in glyphs) / _LINE, 0.1)


def page_to_lines(glyphs: Sequence[Glyph], tables: Iterable[Sequence[Box]] = ()) -> list[PrintedLine]:
    """The lines of a page with the rows of its ruled tables (each given by its cells) in their places."""
    left = list(glyphs)
    rows: list[PrintedLine] = []
    for cells in tables:
        if len(cells) > _MAX_CELLS:
            continue
        frame = _frame(cells)
        inside = [g for g in left if _holds(frame, g)]
        if inside and (found := cells_to_lines(cells, inside)):
            rows += found
            left = [g for g in left if not _holds(frame, g)]
    return sorted(glyphs_to_lines(left) + rows, key=lambda line: line.top)


def _frame(cells: Sequence[Box]) -> Box:
    x0, top, x1, bottom = zip(*cells, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def _holds(box: Box, glyph: Glyph) -> bool:
    x, y = glyph.middle
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def cells_to_lines(cells: Sequence[Box], glyphs: Sequence[Glyph]) -> list[PrintedLine]:
    """The rows of one ruled table; [] where the frame has one column only.

    One row may be a table: a page break often leaves the heading row alone at the bottom of a page.

    A cell that spans rows or columns is repeated in each; a row that is one cell is a line of text.
    """
    tolerance = 0.4 * statistics.median(g.em for g in glyphs)
    columns = _grid([c[0] for c in cells] + [c[2] for c in cells], tolerance)
    rows = _grid([c[1] for c in cells] + [c[3] for c in cells], tolerance)
    if len(columns) < _MIN_RULES:
        return []
    texts = _cell_texts(cells, glyphs)
    out: list[PrintedLine] = []
    for top, bottom in pairwise(rows):
        across = [
            next((c for c in cells if _covers(c, (left + right) / 2, (top + bottom) / 2)), None)
            for left, right in pairwise(columns)
        ]
        kinds = {c for c in across if c is not None}
        box = (columns[0], columns[-1], top, bottom)
        if len(kinds) == 1:
            text = texts[next(iter(kinds))]
            if text and (not out or out[-1].text != text):
                out.append(PrintedLine(text, *box))
        elif any(texts[c] for c in kinds):
            row = cells_to_row(texts[c] if c is not None else "" for c in across)
            out.append(PrintedLine(row.text, *box, kind=LineKind.ROW))
    return out


def _grid(values: list[float], tolerance: float) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > tolerance:
            out.append(value)
    return out


def _covers(cell: Box, x: float, y: float) -> bool:
    return cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]


def _cell_texts(cells: Sequence[Box], glyphs: Sequence[Glyph]) -> dict[Box, str]:
    held: dict[Box, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        cell = next((c for c in cells if _holds(c, glyph)), None)
        if cell is not None:
            held[cell].append(glyph)
    return {cell: _join(line.text for line in glyphs_to_lines(held.get(cell, ()))) for cell in cells}


def _join(lines: Iterable[str]) -> str:
    """The lines of a cell are wrapped by its width: Han goes on without a blank, Latin words keep one."""
    out = ""
    for line in lines:
        both = out[-1:].isascii() and out[-1:].isalnum() and line[:1].isascii() and line[:1].isalnum()
        out += (" " if both else "") + line
    return out
