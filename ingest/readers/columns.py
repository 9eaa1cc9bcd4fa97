"""Columns of a printed page: found where many lines in a row leave the same strip free, with full lines beside it."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.printed import Glyph

_MIN_LINES = 10  # lines beside a gutter; tables and lists without rules are shorter
_EACH_SIDE = 5  # of them with words on the left, and on the right
_FILL = 0.8  # of a column's width: what most of its lines fill, unlike the cells of a table
_FULL = 0.6  # share of the lines that fill their column so far
_GUTTER = 1.0  # em
_MIN_WIDTH = 9.0  # em of a column
_STEPS = 24  # places across the middle of the page that are tried
_MOST = 3  # columns side by side

Row = list[Glyph]


def rows_to_columns(rows: Sequence[Row]) -> list[list[Row]]:
    """The lines of each block in reading order; one block where the page has no columns.

    Above, beside and below: a heading over both columns, the left one, the right one, what follows.
    """
    inked = [[g for g in row if not g.char.isspace()] for row in rows]
    inked = [row for row in inked if row]
    if sum(map(len, inked)) < _MIN_LINES * _MIN_WIDTH:
        return [list(rows)]
    found = _split(inked, 1)
    return [block for block in found if block] if len(found) > 1 else [list(rows)]


def _split(rows: list[Row], depth: int) -> list[list[Row]]:
    if depth >= _MOST or len(rows) < _MIN_LINES:
        return [rows]
    em = statistics.median(g.x1 - g.x0 for row in rows for g in row)
    x0, x1 = min(g.x0 for row in rows for g in row), max(g.x1 for row in rows for g in row)
    if x1 - x0 < 2 * _MIN_WIDTH * em:
        return [rows]
    if sum(_has_gap(row, em) for row in rows) + _short(rows, x1 - x0) < _MIN_LINES:
        return [rows]
    sorted_rows = [sorted(row, key=lambda g: g.x0) for row in rows]
    starts = [[g.x0 for g in row] for row in sorted_rows]
    best: tuple[int, float, int, int] | None = None
    for step in range(_STEPS + 1):
        x = x0 + (x1 - x0) * (0.3 + 0.4 * step / _STEPS)
        first, last = _longest_run([_is_free(row, at, x, em) for row, at in zip(sorted_rows, starts, strict=True)])
        if last - first >= _MIN_LINES and (best is None or last - first > best[0]):
            beside = [_parted(row, x) for row in sorted_rows[first:last]]
            if _are_columns([a for a, _ in beside], x0, x, em) and _are_columns([b for _, b in beside], x, x1, em):
                best = (last - first, x, first, last)
    if best is None:
        return [rows]
    _, x, first, last = best
    beside = [_parted(row, x) for row in sorted_rows[first:last]]
    left, right = [a for a, _ in beside if a], [b for _, b in beside if b]
    return [rows[:first], *_split(left, depth + 1), *_split(right, depth + 1), *_split(rows[last:], depth)]


def _has_gap(row: Row, em: float) -> bool:
    """Whether a line has a gap as wide as a gutter; its characters come from left to right in most files."""
    return len(row) > 1 and any(b.x0 - a.x1 >= _GUTTER * em or b.x0 < a.x0 for a, b in pairwise(row))


def _short(rows: Sequence[Row], wide: float) -> int:
    """How many lines fill at most half of the page: those of columns whose lines are not level with each other."""
    return sum(max(g.x1 for g in row) - min(g.x0 for g in row) < 0.55 * wide for row in rows)


def _is_free(row: Row, starts: list[float], x: float, em: float) -> bool:
    """Whether no character of a line reaches into the strip around x."""
    half = _GUTTER * em / 2
    n = bisect_left(starts, x + half)
    return n == 0 or row[n - 1].x1 <= x - half or max(g.x1 for g in row[max(n - 3, 0) : n]) <= x - half


def _longest_run(free: Sequence[bool]) -> tuple[int, int]:
    best, start = (0, 0), 0
    for n, is_free in enumerate([*free, False]):
        if not is_free:
            if n - start > best[1] - best[0]:
                best = (start, n)
            start = n + 1
    return best


def _parted(row: Row, x: float) -> tuple[Row, Row]:
    return [g for g in row if g.x1 <= x], [g for g in row if g.x1 > x]


def _are_columns(rows: Sequence[Row], x0: float, x1: float, em: float) -> bool:
    """Whether one side is a column of running text: many lines, most of them as wide as it."""
    lines = [row for row in rows if row]
    if len(lines) < _EACH_SIDE or x1 - x0 < _MIN_WIDTH * em:
        return False
    widths = [row[-1].x1 - row[0].x0 for row in lines]
    wide = max(widths)
    dense = [row for row in lines if sum(g.x1 - g.x0 for g in row) > _FILL * (row[-1].x1 - row[0].x0)]
    full = sum(width > _FILL * wide for width in widths)
    return wide > _MIN_WIDTH * em and full >= _FULL * len(lines) and len(dense) >= _FULL * len(lines)
