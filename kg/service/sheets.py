"""Tables as files (csv, xlsx) for Excel. Text that looks like a formula stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.core.cells import harmless

_XLSX_TEXT = 32_767  # characters of a cell
_XLSX_ROWS = 1_048_575


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, and rows of values; the first row is the header."""

    name: str
    rows: Sequence[Sequence[Any]]


def cell(value: object) -> Any:
    """A value as a table shows it: numbers stay numbers, lists become 、-joined text, nothing is empty."""
    if value is None or isinstance(value, bool | int | float | str):
        return ("是" if value else "否") if isinstance(value, bool) else value
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("title") or "；".join(f"{k}：{v}" for k, v in value.items()))
    if isinstance(value, Iterable):
        return "、".join(str(cell(item)) for item in value)
    return str(value)


def grid(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """Rows of an answer (dicts) in the order of its columns."""
    return [[cell(row.get(name)) for name in columns] for row in rows]


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV for Excel: UTF-8 with BOM; text that Excel would take for a formula gets a leading apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_harmless(name) for name in columns])
    writer.writerows([_harmless(cell(value)) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """A workbook; every text is written as text, so that `=1+1` is no formula and a link no link."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    bold = book.add_format({"bold": True, "bg_color": "#f3f5f9", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for number, row in enumerate(sheet.rows[: _XLSX_ROWS + 1]):
            for column, value in enumerate(map(cell, row)):
                style = wrapped if number else bold
                if isinstance(value, int | float):
                    page.write_number(number, column, value, style)
                else:
                    page.write_string(number, column, str(value or "")[:_XLSX_TEXT], style)
        for column, width in enumerate(_widths(sheet.rows)):
            page.set_column(column, column, width)
        page.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _widths(rows: Sequence[Sequence[Any]]) -> list[int]:
    """Column widths in characters of the default font; a Chinese character takes two."""
    columns = max(map(len, rows), default=0)
    texts = [[str(row[i] or "") for row in rows[:200] if i < len(row)] for i in range(columns)]
    return [min(max(8, *(len(t.encode("gb18030", "replace")) + 2 for t in column)), 60) for column in texts]


def _harmless(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else "" if value is None else value
