"""Workbooks of Excel 97-2003 and WPS (.xls, .et), by xlrd: formats, merged cells and what is hidden included."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ingest.readers.base import RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, Limits
from ingest.readers.number_formats import GENERAL, shown_number, shown_text
from ingest.readers.pieces import pieces_to_raw
from ingest.readers.sheets import Grid, Sheet, check_merged, check_size, fill_merged, sheets_to_pieces, without

_KIND = "Excel 97-2003"
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5  # xlrd.XL_CELL_…


def read_xls(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A workbook; a formula shows its last result. Raises `RefusedFileError` with a reason."""
    import xlrd

    try:
        # a book's own comments on its oddities would go to the standard output
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise EncryptedFileError(_KIND) from error
        raise DamagedFileError(_KIND) from error
    losses = Losses()
    sheets = list(_sheets(book, losses, limits))
    return pieces_to_raw(sheets_to_pieces(sheets), wrapped=False, encoding="utf-16-le", limits=limits, losses=losses)


def _sheets(book: Any, losses: Losses, limits: Limits) -> Iterator[Sheet]:
    total = 0
    for sheet in book.sheets():
        if sheet.visibility:
            losses.add("隐藏的工作表", Why.HIDDEN)
            continue
        total += sheet.nrows
        check_size(total, max(sheet.ncols, 1), limits)
        # xlrd counts areas with their ends beyond
        areas = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
        check_merged(areas, limits)
        rows: Grid = [[_shown(book, cell) for cell in sheet.row(n)] for n in range(sheet.nrows)]
        fill_merged(rows, areas)
        hidden_rows = {n for n, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
        hidden_columns = {n for n, info in sheet.colinfo_map.items() if info.hidden}
        losses.add("隐藏的行", Why.HIDDEN, sum(n < len(rows) and any(rows[n]) for n in hidden_rows))
        filled = {c for row in rows for c, cell in enumerate(row) if cell} if hidden_columns else set()
        losses.add("隐藏的列", Why.HIDDEN, len(hidden_columns & filled))
        losses.add("批注", Why.COMMENT, len(sheet.cell_note_map))
        yield Sheet(sheet.name, without(rows, hidden_rows, hidden_columns))


def _shown(book: Any, cell: Any) -> str:
    if cell.ctype == _TEXT:
        return shown_text(str(cell.value), _code(book, cell))
    if cell.ctype in (_NUMBER, _DATE):
        return shown_number(float(cell.value), _code(book, cell), since_1904=bool(book.datemode))
    if cell.ctype == _BOOLEAN:
        return "是" if cell.value else "否"
    if cell.ctype == _ERROR:
        import xlrd

        return str(xlrd.error_text_from_code.get(cell.value, ""))
    return ""


def _code(book: Any, cell: Any) -> str:
    """The format code of a cell; xlrd knows the built-in ones."""
    try:
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    except (KeyError, IndexError, TypeError, AttributeError):
        return GENERAL
    return _LOCAL.get(code, str(code) or GENERAL)


_LOCAL = {"m/d/yy": "yyyy/m/d", "m/d/yy h:mm": "yyyy/m/d h:mm"}  # built-in 14 and 22, shown by the machine's language
