"""Workbooks as they are shown, and the formats beside: .xls, .et, .rtf, .pptx, .eml."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import xlsxwriter
import xlwt

from ingest.readers import LineKind, RawDocument, read
from ingest.readers.fidelity import losses_to_notices
from ingest.readers.number_formats import shown_number, shown_text
from ingest.readers.spreadsheet import read_csv
from kg.core.errors import UnreadableDocument

from . import writers

PARAGRAPHS = ["2024年任务表", "序号\t活动\t单位", "1\t现场咨询\t市教育局", "2\t知识竞赛\t市总工会"]


def losses(raw: RawDocument) -> dict[str, int]:
    return {loss.part: loss.count for loss in raw.fidelity}


def texts(raw: RawDocument) -> list[str]:
    return [line.text for line in raw.lines]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.983, "0.0%", "98.3%"),
        (98.25, "0.0", "98.3"),
        (5, '0"元"', "5元"),
        (7, "000", "007"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (0, '0;-0;"—"', "—"),
        (15000, '0!.0,"万"', "1.5万"),
        (88, "[$￥-804]#,##0.00", "￥88.00"),
        (13800001234, "000-0000-0000", "138-0000-1234"),
        (1, '[=1]"是";[=2]"否";0', "是"),
        (12345, "0.00E+00", "1.23E+04"),
        (0.30000000000000004, "General", "0.3"),
        (12.0, "General", "12"),
        (2.5, "0_ ", "3"),
        (45292, "yyyy/m/d", "2024-01-01"),
        (45292, "d/m/yy", "2024-01-01"),
        (45292.75, "yyyy/m/d h:mm", "2024-01-01 18:00"),
        (45292, 'yyyy"年"m"月"d"日"', "2024年1月1日"),
        (45292, 'yyyy"年"m"月"', "2024年1月"),
        (1.5, "[h]:mm", "36:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (-1, "yyyy-mm-dd", "-1"),
        (1e300, "0", "1e+300"),
    ],
)
def test_numbers_as_shown(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_dates_since_1904_and_texts_with_a_format() -> None:
    assert shown_number(0, "yyyy-mm-dd", since_1904=True) == "1904-01-01"
    assert shown_text("教育局", '"市"@') == "市教育局"
    assert shown_text("教育局", "0.00") == "教育局"


def workbook(fill: Any) -> RawDocument:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return read(out.getvalue(), "a.xlsx")


def test_cells_as_shown_and_what_is_hidden() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("一月任务")
        sheet.write_row(0, 0, ["编号", "比例", "金额", "日期"])
        sheet.write(1, 0, 7, book.add_format({"num_format": "000"}))
        sheet.write(1, 1, 0.983, book.add_format({"num_format": "0.0%"}))
        sheet.write(1, 2, 50, book.add_format({"num_format": '0"元"'}))
        sheet.write_datetime(1, 3, dt.datetime(2024, 9, 5), book.add_format({"num_format": "yyyy/m/d"}))  # noqa: DTZ001
        sheet.write_row(2, 0, ["藏", "x", "y", "z"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write(0, 5, "藏列")
        sheet.set_column(5, 5, None, None, {"hidden": True})
        sheet.write_comment(1, 0, "批注")
        sheet.insert_textbox(6, 1, "框内说明")
        hidden = book.add_worksheet("藏页")
        hidden.write(0, 0, "藏")
        hidden.hide()

    raw = workbook(fill)
    assert texts(raw) == ["编号\t比例\t金额\t日期", "007\t98.3%\t50元\t2024-09-05", "框内说明"]
    assert losses(raw) == {"隐藏的行": 1, "隐藏的列": 1, "批注": 1, "隐藏的工作表": 1}
    assert losses_to_notices(raw.fidelity) == []  # what was hidden on purpose is said, and no alarm


def test_a_formula_without_a_result_is_a_notice_and_one_with_is_its_result() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["区", "家数"])
        sheet.write_row(1, 0, ["甲区", 3])
        sheet.write(2, 0, "合计")
        sheet.write_formula(2, 1, "=SUM(B2:B2)", None, 3)
        sheet.write(3, 0, "平均")
        sheet.write_formula(3, 1, "=AVERAGE(B2:B2)", None, "")

    raw = workbook(fill)
    assert texts(raw)[2:] == ["合计\t3", "平均\t"]  # a row, not a caption
    assert losses(raw) == {"公式": 1}
    assert "公式 1 处未读入" in losses_to_notices(raw.fidelity)[0].message


def test_tables_below_and_beside_each_other() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "两张表")
        for r, row in enumerate([["区", "家数"], ["甲", 1], ["乙", 2]]):
            sheet.write_row(3 + r, 0, row)
            sheet.write_row(3 + r, 3, [f"右{cell}" for cell in row])
        sheet.write(8, 0, "注：另有说明")
        sheet.write_row(10, 0, ["项", "数", "注"])

    assert texts(workbook(fill)) == [
        "两张表", "区\t家数", "甲\t1", "乙\t2", "右区\t右家数", "右甲\t右1", "右乙\t右2", "注：另有说明", "项\t数\t注"
    ]  # fmt: skip


def test_sheets_are_told_apart_by_their_names() -> None:
    def fill(book: Any) -> None:
        for name in ("教育局", "Sheet2"):
            book.add_worksheet(name).write_row(0, 0, [f"{name}一", "二"])

    assert texts(workbook(fill)) == ["教育局一\t二", "Sheet2一\t二"]


def xls() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("任务")
    sheet.write_merge(0, 0, 0, 2, "2024年任务表")
    for c, text in enumerate(["序号", "比例", "单位"]):
        sheet.write(1, c, text)
    sheet.write(2, 0, 7, xlwt.easyxf(num_format_str="000"))
    sheet.write(2, 1, 0.983, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write_merge(2, 3, 2, 2, "市教育局")
    sheet.write(3, 0, 8, xlwt.easyxf(num_format_str="000"))
    sheet.write(4, 0, "藏")
    sheet.row(4).hidden = True
    book.add_sheet("藏页").visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.doc", "a.xlsx"])
def test_workbooks_of_the_old_form_by_whatever_name(name: str) -> None:
    raw = read(xls(), name)
    assert texts(raw) == ["2024年任务表", "序号\t比例\t单位", "007\t98.3%\t市教育局", "008\t\t市教育局"]
    assert losses(raw) == {"隐藏的行": 1, "隐藏的工作表": 1}


def test_csv_finds_its_mark_below_a_title_and_tells_a_damaged_quote() -> None:
    assert texts(read_csv("任务表，共两项\n序号|单位\n1|市教育局\n2|市总工会\n".encode())) == [
        "任务表，共两项", "序号\t单位", "1\t市教育局", "2\t市总工会"
    ]  # fmt: skip


def test_rich_text() -> None:
    raw = read(writers.rtf(PARAGRAPHS), "a.rtf")
    assert texts(raw) == PARAGRAPHS
    assert [line.kind for line in raw.lines] == [LineKind.TEXT] + [LineKind.ROW] * 3


def test_rich_text_with_marks_notes_and_what_is_left_out() -> None:
    body = (
        rb"{\rtf1\ansi\ansicpg936{\*\generator x;}{\info{\title y}}{\header z\par}"
        rb"\'c6\'f3\'d2\'b53200{\super 1}\'bc\'d2{\footnote \'d7\'a2}\par {\v q}\uc1\u-10179?\u-8704?\u36890?\par "
        rb"{\pict 00ff}{\deleted w}a\~b\_c\{d\}\par}"
    )
    raw = read(body, "a.rtf")
    assert texts(raw) == ["企业3200家", "😀通", "a b-c{d}", "注"]
    assert losses(raw) == {"页眉页脚": 1, "上标": 1, "隐藏的文字": 1, "图片": 1, "修订": 1}


def test_slides() -> None:
    raw = read(writers.pptx([["工作汇报", "一、进展", "区\t家数", "甲\t1"], ["谢谢"]]), "a.pptx")
    assert [(line.text, line.kind, line.page) for line in raw.lines] == [
        ("工作汇报", LineKind.HEADING, 1),
        ("一、进展", LineKind.TEXT, 1),
        ("区\t家数", LineKind.ROW, 1),
        ("甲\t1", LineKind.ROW, 1),
        ("谢谢", LineKind.HEADING, 2),
    ]


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "gb18030"])
def test_mail(charset: str) -> None:
    raw = read(writers.eml("来文", ["请按时报送。", "市教育局"], charset), "a.eml")
    assert texts(raw) == ["来文", "请按时报送。", "市教育局"]
    assert losses(raw) == {"附件 表.png": 1}
    assert "附件 表.png 1 处未读入" in losses_to_notices(raw.fidelity)[0].message


@pytest.mark.parametrize("suffix", [".xls", ".et", ".pptx", ".rtf", ".eml"])
def test_broken_ones_say_what_to_do(suffix: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(
            {".rtf": b"{\\rtf1}", ".eml": b"To: x\n\n"}.get(suffix, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            f"a{suffix}",
        )
    assert any(word in caught.value.reason for word in ("重试", "没有文字"))
