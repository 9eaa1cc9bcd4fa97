"""A sheet of cells to lines: tables apart from each other, merged cells filled, captions and notes as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers.base import LineKind
from ingest.readers.garbled import with_signs
from ingest.readers.limits import LimitError, Limits
from ingest.readers.pieces import Piece, cells_to_row

Grid = list[list[str]]
_WIDEST_GAP = 20  # empty columns between two cells of one table
NO_RESULT = " "
"""A cell whose formula has no stored result: nothing to read, but its row is no caption."""
Area = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0, all within


@dataclass(slots=True)
class Sheet:
    """What a sheet shows: `rows` from its first one, without hidden ones; `spans` are merged areas among them."""

    name: str
    rows: Grid = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # text boxes
    heads: list[str] = field(default_factory=list)  # printed above, and part of the document


def check_size(rows: int, columns: int, limits: Limits) -> None:
    """Raises `LimitError` for more rows or cells than are read."""
    if rows > limits.rows:
        raise LimitError("表格行数", rows, limits.rows)
    if rows * columns > limits.cells:
        raise LimitError("表格单元格数", rows * columns, limits.cells)


def check_merged(areas: Iterable[Area], limits: Limits) -> None:
    """Raises `LimitError` for merged areas of more cells than are read."""
    total = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in areas)
    if total > limits.cells:
        raise LimitError("合并单元格数", total, limits.cells)


def fill_merged(rows: Grid, areas: Iterable[Area]) -> None:
    """Repeat the words of each merged area in all its cells, within the rows and columns in use."""
    last_column = max(map(len, rows), default=0) - 1
    for top, left, bottom, right in areas:
        if not 0 <= top < len(rows) or left > last_column:
            continue
        words = rows[top][left] if left < len(rows[top]) else ""
        if not words:
            continue
        wide = min(right, last_column) + 1
        for row in rows[top : bottom + 1]:
            row.extend([""] * (wide - len(row)))
            row[left:wide] = [words] * (wide - left)


def without(rows: Grid, hidden_rows: set[int], hidden_columns: set[int]) -> Grid:
    """The rows and columns that are shown."""
    if not hidden_rows and not hidden_columns:
        return rows
    return [
        [cell for c, cell in enumerate(row) if c not in hidden_columns]
        for r, row in enumerate(rows)
        if r not in hidden_rows
    ]


def sheets_to_pieces(sheets: Sequence[Sheet]) -> Iterator[Piece]:
    """All sheets; the name of each above it where there are several."""
    filled = [s for s in sheets if s.notes or any(cell.strip() for row in s.rows for cell in row)]
    for sheet in filled:
        if len(filled) > 1 and any("\u4e00" <= c <= "\u9fff" for c in sheet.name) and not _says(sheet):
            yield Piece(sheet.name.strip())
        for head in sheet.heads:
            yield from _lines(head)
        yield from rows_to_pieces(sheet.rows)
        for note in sheet.notes:
            yield from _lines(note)


def _says(sheet: Sheet) -> bool:
    """Whether the head of a sheet says its name already, or the name is the program's own."""
    if sheet.name.startswith(("工作表", "表格")):
        return True
    return any(sheet.name.strip() in cell for row in sheet.rows[:3] for cell in row)


def rows_to_pieces(rows: Sequence[Sequence[str]]) -> Iterator[Piece]:
    """The lines of a sheet: tables parted by empty rows, or side by side by empty columns."""
    block: list[Sequence[str]] = []
    for row in [*rows, []]:
        if any(cell.strip() for cell in row):
            block.append([with_signs(cell) for cell in row])
        elif block:
            yield from _block(block)
            block = []


def _block(rows: Sequence[Sequence[str]]) -> Iterator[Piece]:
    rows = _near(rows)
    width = max((n for row in rows for n, cell in enumerate(row, start=1) if cell.strip()), default=0)
    for start, end in _side_by_side(rows, width):
        yield from _table([[*row[start:end], *[""] * (end - start - len(row[start:end]))] for row in rows])


def _near(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows without wide empty stretches: one cell far to the right must not widen every row to where it stands."""
    used = sorted({n for row in rows for n, cell in enumerate(row) if cell.strip()})
    if not used or used[-1] < len(used) + _WIDEST_GAP:
        return rows
    kept: list[int] = []
    for n in used:
        first = kept[-1] + 1 if kept else 0
        kept += range(first, n + 1) if n - first <= _WIDEST_GAP else (n - 1, n)
    return [[row[n] for n in kept if n < len(row)] for row in rows]


def _side_by_side(rows: Sequence[Sequence[str]], width: int) -> list[tuple[int, int]]:
    """The columns of each table: parted where a column is empty and both sides are tables."""
    used = [0] * width
    for row in rows:
        for n, cell in enumerate(row[:width]):
            used[n] += bool(cell.strip())
    spans: list[tuple[int, int]] = []
    start = 0
    for n in range(width + 1):
        if n == width or not used[n]:
            if n > start:
                spans.append((start, n))
            start = n + 1
    if len(rows) < 2 or any(end - start < 2 for start, end in spans):
        return [(0, width)]
    return spans


def _table(rows: Grid) -> Iterator[Piece]:
    """A row with one text, or one merged over its whole width, is a caption or a note; the others are rows."""
    width = max(map(len, rows), default=0)
    for row in rows:
        words = list(dict.fromkeys(cell.strip() for cell in row if cell.strip()))
        if (
            len(words) == 1
            and NO_RESULT not in row
            and (row.count(row[0]) == width or sum(bool(c.strip()) for c in row) == 1)
        ):
            yield from _lines(words[0])
        elif words:
            yield cells_to_row(row)


def _lines(text: str) -> Iterable[Piece]:
    return (Piece(line.replace("\t", " "), LineKind.TEXT) for line in text.splitlines())
