"""What Word prints and its XML does not spell out."""

from __future__ import annotations

import pytest

from ingest.readers import LineKind, read
from ingest.readers.docx import read_docx
from ingest.readers.numbering import number_to_text

from . import writers


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def texts(body: str, **parts: str) -> list[str]:
    return [line.text for line in read_docx(writers.word(body, **parts)).lines]


def numbered(list_id: int, at: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{list_id}"/></w:numPr>'


def level(at: int, fmt: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/><w:lvlText w:val="{text}"/>{extra}</w:lvl>'
    )


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>')
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimal", "（%4）")
    + level(4, "decimal", "%3.%5")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "bullet", "\uf06c")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    + '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    + "</w:lvlOverride></w:num>"
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>'
    '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="H1x"><w:basedOn w:val="H1"/></w:style>'
)


def test_automatic_numbers_as_printed() -> None:
    body = "".join(
        p(text, numbered(1, at))
        for text, at in [("总", 0), ("甲", 1), ("子", 2), ("丑", 2), ("寅", 3), ("乙", 1), ("2024年", 2), ("分", 0)]
    )
    assert texts(body, numbering=NUMBERING) == [
        "一、总",
        "（一）甲",
        "1. 子",
        "2. 丑",
        "（1）寅",
        "（二）乙",
        "1. 2024年",
        "二、分",
    ]


def test_numbers_of_a_style_and_of_the_one_that_it_is_based_on() -> None:
    body = p("主题", '<w:pStyle w:val="H1"/>') + p("时间", '<w:pStyle w:val="H1x"/>')
    body += p("无号", '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    raw = read_docx(writers.word(body, numbering=NUMBERING, styles=STYLES))
    assert [line.text for line in raw.lines] == ["一、主题", "二、时间", "无号"]
    assert {(line.kind, line.level) for line in raw.lines} == {(LineKind.HEADING, 1)}


def test_a_list_that_starts_anew_and_bullets() -> None:
    body = p("甲", numbered(1, 0)) + p("乙", numbered(3, 0)) + p("丙", numbered(3, 0)) + p("丁", numbered(2, 0))
    assert texts(body, numbering=NUMBERING) == ["一、甲", "一、乙", "二、丙", "丁"]


@pytest.mark.parametrize(
    ("number", "fmt", "text"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCounting", "十二"),
        (20, "chineseCountingThousand", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (110, "chineseCountingThousand", "一百一十"),
        (2024, "ideographDigital", "二〇二四"),
        (3, "ideographTraditional", "丙"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (14, "upperRoman", "XIV"),
        (28, "lowerLetter", "bb"),
        (5, "unknownFormat", "5"),
    ],
)
def test_number_formats(number: int, fmt: str, text: str) -> None:
    assert number_to_text(number, fmt) == text


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def wide(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


BEGINS, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_merged_cells_are_repeated_so_that_each_row_reads_alone() -> None:
    table = (
        f"<w:tbl><w:tr>{cell('活动安排表', wide(3))}</w:tr>"
        f"<w:tr>{cell('类别')}{cell('活动内容')}{cell('责任单位')}</w:tr>"
        f"<w:tr>{cell('宣传', BEGINS)}{cell('启动仪式')}{cell('市局')}</w:tr>"
        f"<w:tr>{cell('', GOES_ON)}{cell('咨询', wide(2))}</w:tr></w:tbl>"
    )
    raw = read_docx(writers.word(p("前") + table + p("后")))
    assert [(line.kind, line.text) for line in raw.lines] == [
        (LineKind.TEXT, "前"),
        (LineKind.TEXT, "活动安排表"),
        (LineKind.ROW, "类别\t活动内容\t责任单位"),
        (LineKind.ROW, "宣传\t启动仪式\t市局"),
        (LineKind.ROW, "宣传\t咨询\t咨询"),
        (LineKind.TEXT, "后"),
    ]


def test_tracked_changes_as_if_accepted() -> None:
    body = (
        "<w:p><w:r><w:t>举办</w:t></w:r><w:del><w:r><w:delText>三</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>五</w:t></w:r></w:ins><w:r><w:t>场</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r></w:p>"
    )
    assert texts(body) == ["举办五场"]


def test_content_controls_are_read_and_contents_tables_are_not() -> None:
    contents = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = f"{contents}<w:sdtContent>{p('目录')}</w:sdtContent></w:sdt><w:sdt><w:sdtContent>{p('正文')}"
    body += "</w:sdtContent></w:sdt><w:p><w:sdt><w:sdtContent><w:r><w:t>文号</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    assert texts(body) == ["正文", "文号"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('某市文件')}</w:txbxContent>"
    body = (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent><w:t>正文</w:t></w:r></w:p>"
    )
    assert texts(body) == ["某市文件", "正文"]


def test_a_footnote_follows_its_paragraph() -> None:
    body = '<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>' + p("乙")
    notes = f'<w:footnote w:id="0" w:type="separator">{p("线")}</w:footnote><w:footnote w:id="2">{p("注")}</w:footnote>'
    assert texts(body, footnotes=notes) == ["甲", "注", "乙"]


def test_breaks_tabs_and_fields() -> None:
    body = (
        "<w:p><w:r><w:t>关于</w:t><w:br/><w:t>通知</w:t><w:tab/><w:t>2024</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>网</w:t></w:r></w:hyperlink></w:p>"
    )
    assert texts(body) == ["关于", "通知 2024网"]


def test_positions_are_those_in_the_text_of_lines() -> None:
    raw = read(writers.docx(["第一段。", "甲\t乙", "第二段。"]), "a.docx")
    text = "\n".join(line.text for line in raw.lines)
    assert [text[line.start : line.start + len(line.text)] for line in raw.lines] == ["第一段。", "甲\t乙", "第二段。"]
    assert not raw.wrapped
