"""Glyphs on a page to lines in reading order: what pdf and ofd have in common. Lengths in the page's own unit.

Both formats say only where each character stands. Lines come from heights, blanks from gaps, raised characters
from both. Columns and tables are the business of `page_layout`, paragraphs and running heads that of `pages`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.base import LineKind
from ingest.readers.scripts import raised

Box = tuple[float, float, float, float]  # x0, top, x1, bottom; y grows downwards

_GAP = 0.2  # em more than usual in the line: a blank of the narrower fonts is 0.25
_SPACED_OUT = 1.5  # em: more is a blank, however even
_WIDE_GAP = 1.0  # em, beside punctuation: that is where a line is stretched
_PUNCTUATION = frozenset("，。、；：！？“”‘’（）《》〈〉〔〕【】…—·")
_SMALL = 0.8  # of the height of the line's type: raised and lowered characters are set at about .6
_SAME_LINE = 0.3  # em: boxes of characters differ in height within a line
_RAISED = 0.15  # em above the foot of the line
_NEAR = 0.6  # em between a raised character and the one before
_MOST_RAISED = 12  # characters: more are a line of their own
_BEFORE = 24  # characters before raised ones that tell what they are
_LINE = 1.2  # em: the height of a box, about


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
    return [line for row in glyphs_to_rows(glyphs) if (line := row_to_line(row))]


def glyphs_to_rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The characters of each line; those that are raised or lowered stand in the line that they belong to."""
    rows: list[list[Glyph]] = []
    first, height = 0.0, -1.0  # twice the middle of the line at hand, by its first character, and its height
    for glyph in sorted(glyphs, key=lambda g: g.top + g.bottom):
        middle, em = glyph.top + glyph.bottom, glyph.bottom - glyph.top
        if height >= 0 and middle - first < max(min(em, height), 0.1):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            first, height = middle, em
    rows = _rejoined(rows)
    if len(rows) < 2:
        return rows
    out: list[list[Glyph]] = []
    for n, row in enumerate(rows):
        if len(row) <= _MOST_RAISED and not row[0].char.isspace():
            if n + 1 < len(rows) and _hangs_on(row, rows[n + 1]):
                rows[n + 1].extend(row)
                continue
            if out and _hangs_on(row, out[-1]):
                out[-1].extend(row)
                continue
        out.append(row)
    return out


def _rejoined(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Lines that a raised character has torn: the highest one begins a line, and takes what stands near its height."""
    out: list[list[Glyph]] = []
    for row in rows:
        begun = out[-1] if out else row
        em = max(g.em for g in begun)
        if begun is not row and begun[0].em <= _SMALL * em:
            gap = _middle(row) - _middle(begun)
            if abs(gap) < _SAME_LINE * em:
                begun.extend(row)
                continue
        out.append(row)
    return out


def _middle(row: Sequence[Glyph]) -> float:
    """The height at which the characters of full size stand."""
    em = max(g.em for g in row)
    return statistics.median((g.top + g.bottom) / 2 for g in row if g.em > _SMALL * em)


def _hangs_on(row: list[Glyph], line: list[Glyph]) -> bool:
    """Whether all of a few small characters follow characters of a line closely, at another height."""
    em = statistics.median(g.em for g in line)
    if any(g.em > _SMALL * em for g in row):
        return False
    if min(g.top for g in row) >= max(g.bottom for g in line) or max(g.bottom for g in row) <= min(g.top for g in line):
        return False
    near = sorted([*line, *row], key=lambda g: g.x0)
    small = {id(g) for g in row}
    return all(id(b) not in small or -_NEAR * em < b.x0 - a.x1 < _NEAR * em for a, b in pairwise(near)) and (
        id(near[0]) not in small
    )


def has_ink(row: Iterable[Glyph]) -> bool:
    """Whether a line holds more than blanks."""
    return any(not g.char.isspace() for g in row)


def row_to_line(row: list[Glyph]) -> PrintedLine | None:
    """The words of a line; None where it has no ink."""
    row = sorted(row, key=lambda g: g.x0)
    em = statistics.median(g.em for g in row)
    small = _small(row, em)
    # Justified lines are spaced out evenly, 教 育 部 too: only what is wider than the rest parts words.
    gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
    usual = min(max(statistics.median(gaps), 0.0), _SPACED_OUT * em) if len(gaps) > 1 else 0.0
    out: list[str] = []
    last: Glyph | None = None
    marks = ""  # raised characters that have not been judged
    for n, glyph in enumerate(row):
        if marks and n not in small:
            out.append(raised(marks, "".join(out[-_BEFORE:])))
            marks = ""
        if last is not None:
            if glyph.char == last.char and abs(glyph.x0 - last.x0) < 0.2 * em and not glyph.char.isspace():
                continue  # printed twice for boldness
            beside = glyph.char in _PUNCTUATION or last.char in _PUNCTUATION
            if glyph.x0 - last.x1 > usual + (_WIDE_GAP if beside else _GAP) * em and not glyph.char.isspace():
                out.append(" ")
        last = glyph
        if n in small:
            marks += glyph.char
        else:
            out.append(" " if glyph.char.isspace() else glyph.char)
    out.append(raised(marks, "".join(out[-_BEFORE:])))
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


def _small(row: list[Glyph], em: float) -> frozenset[int]:
    """Which characters of a line are raised: small, and well above its foot."""
    if all(g.em > _SMALL * em for g in row):
        return frozenset()
    foot = statistics.median(g.bottom for g in row)
    return frozenset(
        n for n, g in enumerate(row) if g.em <= _SMALL * em and foot - g.bottom > _RAISED * em and not g.char.isspace()
    )


def _size(glyphs: Sequence[Glyph]) -> float:
    """The size of the type: a Han character is as wide as it is large; boxes are higher, by the font's own measure."""
    wide = [g.x1 - g.x0 for g in glyphs if "\u4e00" <= g.char <= "\u9fff"]
    return max(statistics.median(wide) if wide else statistics.median(g.em for g in glyphs) / _LINE, 0.1)
