"""Answers as tables: for the screen (pandas), for Excel (xlsx, csv). Text that looks like a formula stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STATES = {"点名": "#cfe8d5", "推及": "#dbe7f7", "未提及": "#fbe9c6", "未入库": "#e4e6ea"}
"""The four states of (series, place, year) in DESIGN §4, each with the colour of its cell; the text on it is dark."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV injection
_XLSX_TEXT = 32_767  # characters of a cell
_XLSX_ROWS = 1_048_575
_STYLED = 200_000  # cells: styling more would take seconds; pandas' own limit is 262,144


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


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """A `pandas.DataFrame`; whole numbers stay whole beside empty cells, a mixed column becomes text."""
    import pandas as pd  # type: ignore[import-untyped]

    data = {}
    for number, name in enumerate(_distinct(columns)):
        values = [cell(row[number]) for row in rows]
        kinds = {type(value) for value in values if value is not None}
        if kinds <= {int} and kinds:
            data[name] = pd.array(values, dtype="Int64")
        elif kinds <= {int, float} and kinds:
            data[name] = pd.array(values, dtype="Float64")
        else:
            data[name] = pd.array([None if v is None else str(v) for v in values], dtype="object")
    return pd.DataFrame(data)


def coloured(frame: Any) -> Any:
    """The table with the four states in colour as well as in letters; the table itself where it has none."""
    columns = [name for name in frame.columns if frame[name].isin(list(STATES)).any()]
    if not columns or frame.size > _STYLED:
        return frame
    return frame.style.map(
        lambda value: f"background-color: {STATES[value]}; color: #1c2430" if value in STATES else "", subset=columns
    )


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
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else "" if value is None else value


def _distinct(names: Sequence[str]) -> list[str]:
    """Column names, a repeated one numbered: a table cannot have two of the same name."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
