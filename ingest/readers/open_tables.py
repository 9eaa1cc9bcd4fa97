"""Tables without upright rules: three-line tables (三线表), and columns of numbers without any rule.

Cells are parted by strips that no line of the table fills. What spans several columns is repeated in each.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.readers.base import LineKind
from ingest.readers.pieces import cells_to_row
from ingest.readers.printed import Box, Glyph, PrintedLine, glyphs_to_rows, has_ink, row_to_line
from ingest.readers.printed_tables import join_wrapped

_SAME = 0.03  # of a rule's length: what its ends may be off from the next one's
_MIN_LENGTH = 8.0  # em of a rule of a table
_STRIP = 0.7  # em free of ink between two columns
_CHUNK = 0.7  # em between two cells of a line
_MIN_ROWS = 2
_UNRULED_ROWS, _UNRULED_COLUMNS = 3, 3
_NUMERIC = 0.6  # share of cells with a digit in a table that has no rules at all
_MOST_ROWS = 400  # lines of a page that are looked at together
_SHORT = 12  # characters of a cell, about: longer ones are sentences

Row = list[Glyph]
Span = tuple[float, float]


def level_tables(rules: Sequence[Box], glyphs: Sequence[Glyph]) -> Iterator[tuple[Box, list[PrintedLine]]]:
    """The frame and the rows of each table between level rules of one length."""
    if len(rules) < 2 or not glyphs:
        return
    em = statistics.median(g.em for g in glyphs)
    for group in _same_ends(rules, em):
        ys = _apart(sorted((r[1] + r[3]) / 2 for r in group), 0.3 * em)
        x0, x1 = min(r[0] for r in group), max(r[2] for r in group)
        start = 0
        while start + 1 < len(ys):
            end, rows = _longest_table(glyphs, ys, start, (x0, x1), em)
            if rows:
                yield (x0 - em, ys[start], x1 + em, ys[end]), rows
                start = end
            else:
                start += 1


def _same_ends(rules: Sequence[Box], em: float) -> list[list[Box]]:
    groups: list[list[Box]] = []
    for rule in sorted(rules, key=lambda r: (round(r[0]), r[1])):
        wide = rule[2] - rule[0]
        if rule[3] - rule[1] > 0.4 * em or wide < _MIN_LENGTH * em:
            continue
        slack = max(_SAME * wide, 0.3 * em)
        for group in groups[-8:]:
            if abs(group[0][0] - rule[0]) < slack and abs(group[0][2] - rule[2]) < slack:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) > 1]


def _apart(values: Sequence[float], least: float) -> list[float]:
    """Values without those that repeat the one before: double rules."""
    out: list[float] = []
    for value in values:
        if not out or value - out[-1] > least:
            out.append(value)
    return out


def _longest_table(
    glyphs: Sequence[Glyph], ys: Sequence[float], start: int, across: Span, em: float
) -> tuple[int, list[PrintedLine]]:
    """From the rule `start` down to the last one with which the lines between still make columns."""
    best: tuple[int, list[PrintedLine]] = (start, [])
    bands: list[list[Row]] = []
    for end in range(start + 1, len(ys)):
        inside = [
            g
            for g in glyphs
            if ys[end - 1] <= g.middle[1] < ys[end] and across[0] - em <= g.middle[0] <= across[1] + em
        ]
        bands.append([row for row in glyphs_to_rows(inside) if has_ink(row)])
        if sum(map(len, bands)) > _MOST_ROWS:
            break
        rows = _bands_to_rows(bands, across, em)
        if rows is None:
            break
        if sum(line.kind is LineKind.ROW for line in rows) >= _MIN_ROWS:
            best = (end, rows)
    return best


def _bands_to_rows(bands: Sequence[Sequence[Row]], across: Span, em: float) -> list[PrintedLine] | None:
    """The rows of a table, or None where its lines leave no strip free."""
    if len(bands) < 2:
        return []
    columns = _columns([_chunks(row, em) for band in bands[1:] for row in band])
    if len(columns) < 2:
        return None
    out: list[PrintedLine] = []
    for n, band in enumerate(bands):
        if n == 0:
            out += _head(band, columns, across, em)
            continue
        for row in band:
            chunks = _chunks(row, em)
            texts = _texts(chunks, [_in_columns(c, columns) for c in chunks], len(columns))
            out += _as_line(texts, row, across)
    return out


def _as_line(texts: Sequence[str], glyphs: Row, across: Span) -> list[PrintedLine]:
    """A row, or a line of text where one cell goes over all columns."""
    if not any(texts):
        return []
    box = (across[0], across[1], min(g.top for g in glyphs), max(g.bottom for g in glyphs))
    if len(set(texts)) == 1:
        return [PrintedLine(texts[0], *box)]
    return [PrintedLine(cells_to_row(texts).text, *box, kind=LineKind.ROW)]


def _head(band: Sequence[Row], columns: Sequence[Span], across: Span, em: float) -> list[PrintedLine]:
    """The headings between two rules: wrapped in their cells, or in two levels of which the upper spans columns."""
    chunks = _clusters([g for row in band for g in row], em)
    if not chunks:
        return []
    own = [""] * len(columns)
    above = [""] * len(columns)
    for chunk in sorted(chunks, key=lambda c: min(g.top for g in c)):
        over = _in_columns(chunk, columns)
        line = row_to_line(chunk)
        for n in over if line else ():
            part = above if len(over) > 1 else own
            part[n] = join_wrapped([part[n], line.text]) if part[n] and line else line.text if line else ""
    glyphs = [g for chunk in chunks for g in chunk]
    upper = _as_line([a or o for a, o in zip(above, own, strict=True)], glyphs, across) if any(above) else []
    return upper + (_as_line([o or a for o, a in zip(own, above, strict=True)], glyphs, across) if any(own) else [])


def _clusters(glyphs: Sequence[Glyph], em: float) -> list[Row]:
    """Characters on one base line and close to each other; headings of neighbouring cells are at any heights."""
    out: list[Row] = []
    for glyph in sorted((g for g in glyphs if not g.char.isspace()), key=lambda g: g.x0):
        near = [
            row
            for row in out
            if abs(row[-1].bottom - glyph.bottom) < 0.25 * em and -0.3 * em < glyph.x0 - row[-1].x1 < _CHUNK * em
        ]
        if near:
            min(near, key=lambda row: abs(row[-1].bottom - glyph.bottom)).append(glyph)
        else:
            out.append([glyph])
    return out


def _chunks(row: Row, em: float) -> list[Row]:
    """The cells of a line, parted by wide gaps."""
    out: list[Row] = []
    for glyph in sorted((g for g in row if not g.char.isspace()), key=lambda g: g.x0):
        if out and glyph.x0 - max(g.x1 for g in out[-1][-2:]) < _CHUNK * em:
            out[-1].append(glyph)
        else:
            out.append([glyph])
    return out


def _columns(rows: Sequence[Sequence[Row]]) -> list[Span]:
    """The stretches that the cells of all lines fill together; a line with fewer cells may span several."""
    most = max((len(row) for row in rows), default=0)
    spans = sorted((c[0].x0, max(g.x1 for g in c)) for row in rows if len(row) * 2 > most for c in row)
    em = statistics.median([g.em for row in rows for c in row for g in c] or [1.0])
    out: list[Span] = []
    for x0, x1 in spans:
        if out and x0 - out[-1][1] < _STRIP * em:
            out[-1] = (out[-1][0], max(out[-1][1], x1))
        else:
            out.append((x0, x1))
    return out


def _in_columns(chunk: Row, columns: Sequence[Span]) -> list[int]:
    x0, x1 = chunk[0].x0, max(g.x1 for g in chunk)
    over = [n for n, (a, b) in enumerate(columns) if min(x1, b) - max(x0, a) > 0]
    if over:
        return over
    middle = (x0 + x1) / 2
    return [min(range(len(columns)), key=lambda n: abs((columns[n][0] + columns[n][1]) / 2 - middle))]


def _texts(chunks: Sequence[Row], at: Sequence[Sequence[int]], count: int) -> list[str]:
    words = [""] * count
    for chunk, columns in zip(chunks, at, strict=True):
        line = row_to_line(chunk)
        for n in columns if line else ():
            words[n] = f"{words[n]} {line.text}".strip() if line else ""
    return words


def aligned_tables(rows: Sequence[Row]) -> list[PrintedLine]:
    """Lines; those that make columns of numbers, one below the other, as rows of a table."""
    lines = [line for row in rows if (line := row_to_line(row))]
    if len(rows) != len(lines):  # pragma: no cover - callers leave out lines without ink
        return lines
    # a blank is set where there is a gap: a line without two of them is no row
    chunks = [
        _chunks(row, line.em) if line.text.count(" ") + 1 >= _UNRULED_COLUMNS else []
        for row, line in zip(rows, lines, strict=True)
    ]
    out: list[PrintedLine] = []
    n = 0
    while n < len(lines):
        end = n
        while end < len(lines) and len(chunks[end]) >= _UNRULED_COLUMNS and _is_next(lines, n, end):
            end += 1
        table = _unruled(chunks[n:end]) if end - n >= _UNRULED_ROWS else None
        if table is None:
            end = max(end, n + 1)
            out += lines[n:end]
        else:
            for line, words in zip(lines[n:end], table, strict=True):
                row = cells_to_row(words).text
                out.append(PrintedLine(row, line.x0, line.x1, line.top, line.bottom, LineKind.ROW, line.em))
        n = end
    return out


def _is_next(lines: Sequence[PrintedLine], first: int, at: int) -> bool:
    return at == first or lines[at].top - lines[at - 1].bottom < 2.5 * max(lines[at].em, lines[at - 1].em)


def _unruled(chunks: Sequence[Sequence[Row]]) -> list[list[str]] | None:
    columns = _columns(chunks)
    if len(columns) < _UNRULED_COLUMNS:
        return None
    at = [[_in_columns(c, columns) for c in row] for row in chunks]
    if any(len(n) > 1 for row in at for n in row):
        return None
    table = [_texts(row, n, len(columns)) for row, n in zip(chunks, at, strict=True)]
    cells = [cell for row in table[1:] for cell in row[1:] if cell]
    numeric = sum(any(c.isdigit() for c in cell) and len(cell) <= _SHORT for cell in cells)
    return table if cells and numeric >= _NUMERIC * len(cells) and _is_even(table) else None


def _is_even(table: Sequence[Sequence[str]]) -> bool:
    """Whether most lines fill most columns."""
    return all(sum(map(bool, row)) * 2 > len(row) for row in table) or any(
        sum(map(bool, a)) == sum(map(bool, b)) == len(a) for a, b in pairwise(table)
    )
