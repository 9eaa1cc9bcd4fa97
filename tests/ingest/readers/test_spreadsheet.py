"""Tables kept as .xlsx and .csv."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from ingest.readers import LineKind, read
from ingest.readers.limits import Limits
from kg.core.errors import UnreadableDocument

ROWS = [["序号", "活动内容", "牵头单位"], [1, "启动仪式", "市局"], [2.0, "咨询", None]]


def workbook(*merged: str, title: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
    for row in ROWS:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_numbers_and_merged_cells() -> None:
    raw = read(workbook("A1:C1", "C3:C4", title="2024年活动安排表"), "a.xlsx")
    assert [(line.kind, line.text) for line in raw.lines] == [
        (LineKind.TEXT, "2024年活动安排表"),
        (LineKind.ROW, "序号\t活动内容\t牵头单位"),
        (LineKind.ROW, "1\t启动仪式\t市局"),
        (LineKind.ROW, "2\t咨询\t市局"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv(encoding: str, mark: str) -> None:
    text = f'安排表{mark}{mark}\r\n序号{mark}活动{mark}单位\r\n1{mark}"启动{mark}仪式"{mark}市局\r\n'
    raw = read(text.encode(encoding), "a.csv")
    cell = "启动 仪式" if mark == "\t" else f"启动{mark}仪式"
    assert [(line.kind, line.text) for line in raw.lines] == [
        (LineKind.TEXT, "安排表"),
        (LineKind.ROW, "序号\t活动\t单位"),
        (LineKind.ROW, f"1\t{cell}\t市局"),
    ]


def test_too_many_rows_are_refused_with_both_numbers() -> None:
    with pytest.raises(UnreadableDocument, match=r"行数为 3，超过上限 2"):
        read(workbook(), "a.xlsx", Limits(rows=2))
