"""The cells of ruled tables on a printed page, filled with what stands in them, as rows."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.readers.base import LineKind
from ingest.readers.pieces import cells_to_row
from ingest.readers.printed import Box, Glyph, PrintedLine, glyphs_to_lines

MAX_CELLS = 3000  # of a table on one page; more are a drawing or squared paper
_MIN_RULES = 3  # upright rules of a table: two columns


def frame_of(cells: Sequence[Box]) -> Box:
    """The box around all cells."""
    x0, top, x1, bottom = zip(*cells, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def holds(box: Box, glyph: Glyph) -> bool:
    """Whether the middle of a character is in a box."""
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
        cell = next((c for c in cells if holds(c, glyph)), None)
        if cell is not None:
            held[cell].append(glyph)
    return {cell: join_wrapped(line.text for line in glyphs_to_lines(held.get(cell, ()))) for cell in cells}


def join_wrapped(lines: Iterable[str]) -> str:
    """The lines of a cell are wrapped by its width: Han goes on without a blank, Latin words keep one."""
    out = ""
    for line in lines:
        both = out[-1:].isascii() and out[-1:].isalnum() and line[:1].isascii() and line[:1].isalnum()
        out += (" " if both else "") + line
    return out
