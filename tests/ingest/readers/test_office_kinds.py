"""Sheets, tables as text, and files that are another kind than their name says: kinds from reports of other readers."""

from __future__ import annotations

import codecs

import pytest

from ingest.readers import Line, LineKind, read
from ingest.readers.number_formats import shown_number
from ingest.readers.xlsx import frame_to_lines
from kg.core.errors import UnreadableDocument

from . import writers

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = '<Relationships xmlns="x"><Relationship Id="r1" Type="' + _KINDS + '/{}" Target="{}"/></Relationships>'


def sheet(*rows: str, before: str = "", after: str = "") -> bytes:
    """A workbook of one sheet; a row is its cells (A1=words), separated by blanks."""
    data = ""
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{place}{number}" t="inlineStr"><is><t>{words}</t></is></c>'
            for place, _, words in (cell.partition("=") for cell in row.split())
        )
        data += f'<row r="{number}">{cells}</row>'
    return writers.zipped(
        {
            "_rels/.rels": _RELATION.format("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_KINDS}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _RELATION.format("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f"<worksheet {_MAIN}>{before}<sheetData>{data}</sheetData>{after}</worksheet>",
        }
    )


def lines(data: bytes, name: str) -> tuple[Line, ...]:
    return read(data, name).lines


def texts(data: bytes, name: str) -> list[str]:
    return [line.text for line in lines(data, name)]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (123456, '0!.0,"万元"', "12.3万元"),  # how offices show 万元: one digit more to the left each time
        (1234, '0!.0,"万元"', "0.1万元"),
        (-123456, '0!.0,"万元"', "-12.3万元"),
        (1234567, "0\\.0000", "123.4567"),
        (123, "0\\.0000", "0.0123"),
        (12345678, "0000-0000", "1234-5678"),
        (1234567890, "000-000-0000", "123-456-7890"),
    ],
)
def test_marks_between_digits_stand_where_excel_puts_them(number: int, code: str, shown: str) -> None:
    assert shown_number(number, code) == shown


def test_a_cell_far_to_the_right_does_not_widen_every_row() -> None:
    found = texts(sheet("A=单位 B=数量", "A=甲 B=3", "A=乙 XFD=备注"), "a.xlsx")
    assert [text.split("\t")[0] for text in found] == ["单位", "甲", "乙"]
    assert "备注" in found[2]
    assert max(map(len, found)) < 20
    # a small gap is a part of the table
    assert texts(sheet("A=单位 C=数量", "A=甲 C=3"), "a.xlsx") == ["单位\t\t数量", "甲\t\t3"]


def test_columns_without_width_are_hidden() -> None:
    raw = read(
        sheet("A=单位 B=旧 C=新", "A=甲 B=8 C=3", before='<cols><col min="2" max="2" width="0"/></cols>'), "a.xlsx"
    )
    assert [line.text for line in raw.lines] == ["单位\t新", "甲\t3"]
    assert [loss.part for loss in raw.fidelity] == ["隐藏的列"]


def test_printed_heads_of_sheets() -> None:
    head = (
        "<headerFooter><oddHeader>{}</oddHeader><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>"
    )
    raw = read(sheet("A=单位 B=数量", after=head.format("&amp;C某发〔2024〕5号")), "a.xlsx")
    assert ([line.text for line in raw.lines], raw.fidelity) == (["某发〔2024〕5号", "单位\t数量"], ())
    raw = read(sheet("A=单位 B=数量", after=head.format("&amp;R内部资料")), "a.xlsx")
    assert ([line.text for line in raw.lines], raw.fidelity[0].part) == (["单位\t数量"], "页眉页脚")


def test_the_language_of_printed_heads() -> None:
    assert frame_to_lines('&L&"黑体,常规"&14附件1&C&KFF0000甲&&乙&R&D &T') == ["附件1", "甲&乙"]


TABLE = "<table border=1><tr><td>单位</td><td>数量</td></tr><tr><td>教育局</td><td>3</td></tr></table>"


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.doc"])
@pytest.mark.parametrize("head", ["", "<meta charset=gbk>", "<!-- 导出 --><style>td{color:red}</style>"])
def test_markup_under_the_name_of_an_office_file(name: str, head: str) -> None:
    assert texts((head + TABLE).encode("gbk"), name) == ["单位\t数量", "教育局\t3"]


def test_text_with_tabs_under_the_name_of_a_workbook() -> None:
    found = lines("单位\t数量\n教育局\t3\n民政局\t4\n".encode("gbk"), "a.xls")
    assert [(line.text, line.kind) for line in found][1] == ("教育局\t3", LineKind.ROW)


_XML = '<?xml version="1.0"?><?mso-application progid="x"?><a xmlns="{}"><b>各区应当落实责任。</b></a>'


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (_XML.format("http://schemas.microsoft.com/office/word/2003/wordml").encode(), "a.doc", "Word 2003 XML.*docx"),
        (_XML.format("http://schemas.microsoft.com/office/2006/xmlPackage").encode(), "a.docx", "Word XML.*docx"),
        (_XML.format("urn:schemas-microsoft-com:office:spreadsheet").encode("utf-16"), "a.xls", "Excel 2003 XML.*xlsx"),
        (_XML.format("urn:oasis:names:tc:opendocument:xmlns:office:1.0").encode(), "a.xls", "OpenDocument.*xlsx"),
        (writers.zipped({"mimetype": "x", "content.xml": "<a/>"}), "a.docx", "OpenDocument.*docx"),
        (writers.zipped({"xl/workbook.bin": b"1", "xl/worksheets/sheet1.bin": b"2"}), "a.xlsx", "xlsb.*xlsx"),
        (writers.compound({"__properties_version1.0": b"x"}), "a.doc", "Outlook.*eml"),
    ],
)
def test_known_kinds_that_are_not_read_say_what_to_do(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read(data, name)


def test_what_excel_understands_in_a_table_as_text() -> None:
    assert texts('sep=;\n代码;名称\n="007";"民政;局"\n'.encode("gbk"), "a.csv") == ["代码\t名称", "007\t民政;局"]
    wide = codecs.BOM_UTF16_LE + '代码\t名称\n1\t"教育局\n（基础教育处）"\n'.encode("utf-16-le")
    assert texts(wide, "a.csv") == ["代码\t名称", "1\t教育局 （基础教育处）"]
