"""Tables of activities kept as .xlsx or .csv: every sheet's rows, merged cells filled, captions as text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ingest.readers.base import RawDocument
from ingest.readers.limits import LIMITS, DamagedFileError, LimitError, Limits
from ingest.readers.package import Package
from ingest.readers.pieces import Piece, cells_to_row, pieces_to_raw
from ingest.readers.text import decode

_DELIMITERS = ",\t;，"


def read_xlsx(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A workbook; a formula shows its last result. Raises `RefusedFileError` with a reason."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    package = Package(data, "Excel", limits)
    for name in package.names():  # openpyxl parses without these checks
        if name.endswith((".xml", ".rels")):
            _check_merged(package.xml(name), limits)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        zipfile.BadZipFile,
    ) as error:
        raise DamagedFileError("Excel") from error
    return pieces_to_raw(_sheets(book, limits), wrapped=False, limits=limits)


def read_csv(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A .csv file, separated by comma, TAB or semicolon, in any encoding of text files."""
    text, encoding = decode(data)
    head = text[:5000].partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DamagedFileError("CSV", str(error)) from error
    _check(len(rows), max(map(len, rows), default=0), limits)
    return pieces_to_raw(_rows_to_pieces(rows), wrapped=False, encoding=encoding, limits=limits)


def _sheets(book: Any, limits: Limits) -> Iterator[Piece]:
    total = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        total += sheet.max_row or 0
        _check(total, sheet.max_column or 0, limits)
        filled = _merged(sheet)
        yield from _rows_to_pieces(
            [
                [filled.get((r, c), _shown(value)) for c, value in enumerate(row, start=1)]
                for r, row in enumerate(sheet.iter_rows(values_only=True), start=1)
            ]
        )


def _check(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows:
        raise LimitError("表格行数", rows, limits.rows)
    if rows * columns > limits.cells:
        raise LimitError("表格单元格数", rows * columns, limits.cells)


def _check_merged(root: Any, limits: Limits) -> None:
    """Before openpyxl makes a cell for every place of every merged area."""
    from openpyxl.utils.cell import range_boundaries

    total = 0
    for node in root.iter("{*}mergeCell"):
        left, top, right, bottom = (n or 0 for n in range_boundaries(node.get("ref", "")))
        total += (right - left + 1) * (bottom - top + 1)
    if total > limits.cells:
        raise LimitError("合并单元格数", total, limits.cells)


def _merged(sheet: Any) -> dict[tuple[int, int], str]:
    """(row, column) -> the text of the merged cell that covers it, within the rows and columns in use."""
    out: dict[tuple[int, int], str] = {}
    last_row, last_column = sheet.max_row, sheet.max_column  # openpyxl looks at all cells to tell
    for area in sheet.merged_cells.ranges:
        words = _shown(sheet.cell(area.min_row, area.min_col).value)
        for row in range(area.min_row, min(area.max_row, last_row) + 1):
            for column in range(area.min_col, min(area.max_col, last_column) + 1):
                out[row, column] = words
    return out


def _rows_to_pieces(rows: Sequence[Sequence[str]]) -> Iterator[Piece]:
    """A row with one text, or one merged over its whole width, is a caption or a note; the others are rows."""
    width = max((n for row in rows for n, cell in enumerate(row, start=1) if cell.strip()), default=0)
    for row in rows:
        cells = [*row[:width], *[""] * (width - len(row))]
        words = list(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))
        if len(words) == 1 and (cells.count(cells[0]) == width or sum(bool(c.strip()) for c in cells) == 1):
            yield from _lines(words[0])
        elif words:
            yield cells_to_row(cells)


def _lines(text: str) -> Iterable[Piece]:
    return (Piece(line.replace("\t", " ")) for line in text.splitlines())


def _shown(value: Any) -> str:
    """A value as a reader of the sheet sees it: 12 and not 12.0, a date as 2024-09-01."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return str(value)
