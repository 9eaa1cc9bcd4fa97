"""What of a Word document stands outside its plain paragraphs, and what is said of what is left out."""

from __future__ import annotations

import pytest

from ingest.readers import LineKind, RawDocument
from ingest.readers.docx import read_docx
from ingest.readers.equations import equation_to_text
from ingest.readers.package import bytes_to_xml
from ingest.readers.scripts import raised
from ingest.readers.symbols import symbol

from . import writers


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def made(body: str, section: str = "", **parts: tuple[str, str | bytes]) -> RawDocument:
    return read_docx(writers.word_parts(body, parts, section))


def texts(raw: RawDocument) -> list[str]:
    return [line.text for line in raw.lines]


def losses(raw: RawDocument) -> dict[str, int]:
    return {loss.part: loss.count for loss in raw.fidelity}


# -- headers and footers


SECTION = '<w:sectPr><w:headerReference w:type="{}" r:id="h"/><w:footerReference w:type="{}" r:id="f"/>{}</w:sectPr>'


def framed(kind: str, header: str, footer: str, *, special: bool) -> RawDocument:
    section = SECTION.format(kind, kind, "<w:titlePg/>" if special else "")
    return made(p(r("正文")), section, h=("header1.xml", p(r(header))), f=("footer1.xml", p(r(footer))))


def test_the_first_pages_header_and_footer_are_text() -> None:
    raw = framed("first", "某某市教育局", "联系电话见附件", special=True)
    assert texts(raw) == ["某某市教育局", "正文", "联系电话见附件"]


def test_a_header_of_a_first_page_that_is_not_special_is_not_printed() -> None:
    assert texts(framed("first", "某某市教育局", "x", special=False)) == ["正文"]


def test_what_is_on_every_page_is_text_only_if_it_is_of_the_document() -> None:
    raw = framed("default", "内部资料 注意保存", "第 1 页 共 5 页", special=False)
    assert texts(raw) == ["正文"]
    assert losses(raw) == {"页眉": 1}  # a page number is no loss
    assert texts(framed("default", "某教〔2025〕3号", "某某市教育局办公室2025年3月1日印发", special=False)) == [
        "某教〔2025〕3号",
        "正文",
        "某某市教育局办公室2025年3月1日印发",
    ]


def test_a_header_that_the_body_repeats_is_read_once() -> None:
    assert texts(framed("first", "正文", "- 1 -", special=True)) == ["正文"]


def test_each_sections_header_stands_where_the_section_begins() -> None:
    first = '<w:sectPr><w:headerReference w:type="first" r:id="a"/><w:titlePg/></w:sectPr>'
    second = '<w:sectPr><w:headerReference w:type="first" r:id="b"/><w:titlePg/></w:sectPr>'
    raw = made(
        p(r("甲")) + p(r("乙"), properties=first) + p(r("丙")),
        second,
        a=("header1.xml", p(r("一部分"))),
        b=("header2.xml", p(r("二部分"))),
    )
    assert texts(raw) == ["一部分", "甲", "乙", "二部分", "丙"]


# -- runs


HIGH = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    ("before", "high", "shown"),
    [
        ("企业3200", "1", ""),
        ("企业3200", "[2]", ""),
        ("企业3200", "①", ""),
        ("共10", "2", ""),
        ("面积10", "4", "⁴"),
        ("约3×10", "2", "²"),
        ("10", "-3", "⁻³"),
        ("面积12m", "2", "²"),
        ("面积12km", "2", "²"),
        ("体积5米", "3", "³"),
        ("文本", "注1", ""),
        ("第1", "st", "st"),
        ("", "1", "1"),
    ],
)
def test_raised_characters(before: str, high: str, shown: str) -> None:
    assert raised(high, before) == shown
    assert texts(made(p(r(before or "　"), r(high, HIGH), r("末"))))[0].strip() == f"{before}{shown}末"


def test_lowered_characters_and_styles() -> None:
    styles = '<w:style w:type="character" w:styleId="Mark"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    raw = made(
        p(
            r("CO"),
            r("2", '<w:vertAlign w:val="subscript"/>'),
            r("排放3200"),
            r("1", '<w:rStyle w:val="Mark"/>'),
            r("吨"),
        ),
        s=("styles.xml", styles),
    )
    assert texts(raw) == ["CO2排放3200吨"]
    assert losses(raw) == {"上标": 1}


def test_symbol_fonts() -> None:
    boxes = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r><w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
    wingdings = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'
    raw = made(p(boxes, r("R", wingdings), r("是否", wingdings), r("R")))
    assert texts(raw) == ["☑□☑是否R"]
    assert symbol("Wingdings", 0xF0EE) == "▯"
    assert symbol("Symbol", 0xF0B3) == "≥"
    assert symbol("宋体", ord("章")) == "章"


def test_form_fields_of_the_old_kind_and_what_nobody_filled_in() -> None:
    box = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{}</w:checkBox></w:ffData></w:fldChar></w:r>'
    chosen = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="公开"/>'
        '<w:listEntry w:val="不公开"/></w:ddList></w:ffData></w:fldChar></w:r>'
    )
    empty = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处输入文字。')}</w:sdtContent></w:sdt>"
    )
    raw = made(p(box.format("<w:checked/>"), r("是"), box.format('<w:default w:val="0"/>'), r("否"), chosen, empty))
    assert texts(raw) == ["☑是□否不公开"]


MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def t(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (f"<m:f><m:num>{t('2')}</m:num><m:den>{t('3')}</m:den></m:f>", "2/3"),
        (f"<m:f><m:num>{t('a+b')}</m:num><m:den>{t('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:sSup><m:e>{t('x')}</m:e><m:sup>{t('2')}</m:sup></m:sSup>", "x²"),
        (f"<m:sSup><m:e>{t('x')}</m:e><m:sup>{t('k+1')}</m:sup></m:sSup>", "x^k+1"),
        (f"<m:rad><m:deg/><m:e>{t('a+b')}</m:e></m:rad>", "√(a+b)"),
        (f"<m:d><m:e>{t('x')}</m:e></m:d>", "(x)"),
        (f"<m:sSub><m:e>{t('a')}</m:e><m:sub>{t('1')}</m:sub></m:sSub>{t('=3')}", "a1=3"),
    ],
)
def test_equations_on_one_line(inside: str, text: str) -> None:
    root = bytes_to_xml(f"<m:oMath {MATH}>{inside}</m:oMath>".encode(), "Word", "x")
    assert equation_to_text(root) == text


def test_a_fraction_does_not_run_into_the_number_before() -> None:
    fraction = f"<m:oMath><m:f><m:num>{t('2')}</m:num><m:den>{t('3')}</m:den></m:f></m:oMath>"
    assert texts(made(p(r("共1"), fraction, r("倍")))) == ["共1 2/3倍"]


# -- tracked changes


def test_a_deleted_paragraph_mark_joins_and_is_told() -> None:
    gone = '<w:rPr><w:del w:id="1"/></w:rPr>'
    raw = made(p(r("甲"), properties=gone) + p(r("乙"), properties=gone) + p(r("丙")) + p(r("丁")))
    assert texts(raw) == ["甲乙丙", "丁"]
    assert losses(raw) == {"修订": 2}


def test_moved_text_stands_once() -> None:
    body = p(f"<w:moveFrom>{r('移')}</w:moveFrom>", r("甲")) + p(f"<w:moveTo>{r('移')}</w:moveTo>", r("乙"))
    assert texts(made(body)) == ["甲", "移乙"]


def test_a_deleted_mark_at_the_end_loses_nothing() -> None:
    assert texts(made(p(r("甲"), properties='<w:rPr><w:del w:id="1"/></w:rPr>'))) == ["甲"]


# -- parts in other formats


def test_an_imported_word_document_and_one_that_cannot_be_read() -> None:
    inner = writers.word_parts(p(r("内")), {})
    raw = made(
        p(r("前")) + '<w:altChunk r:id="a"/><w:altChunk r:id="b"/>' + p(r("后")),
        a=("afchunk1.docx", inner),
        b=("afchunk2.bin", b"\x00\xff" * 50),
    )
    assert texts(raw) == ["前", "内", "后"]
    assert losses(raw) == {"引入的部分": 1}


def test_imports_within_imports_end() -> None:
    data = writers.word_parts(p(r("底")), {})
    for n in range(6):
        data = writers.word_parts(p(r(f"第{n}层")) + '<w:altChunk r:id="a"/>', {"a": ("afchunk1.docx", data)})
    raw = read_docx(data)
    assert texts(raw) == ["第5层", "第4层", "第3层", "第2层"]
    assert losses(raw) == {"引入的部分": 1}


def test_objects_and_comments_are_said() -> None:
    drawing = (
        "<w:r><w:drawing><wp:inline><wp:extent cx='{}' cy='{}'/><a:graphic><a:blip r:embed='x'/></a:graphic></wp:inline>"
        "</w:drawing></w:r>"
    )
    chart = "<w:r><w:drawing><wp:inline><a:graphic><c:chart r:id='c'/></a:graphic></wp:inline></w:drawing></w:r>"
    ole = "<w:r><w:object><o:OLEObject ProgID='Excel.Sheet.12'/><v:shape><v:imagedata/></v:shape></w:object></w:r>"
    comments = '<w:comment w:id="1"><w:p/></w:comment>'
    raw = made(
        p(r("甲"), drawing.format(360_000, 360_000), drawing.format(5_760_000, 3_600_000), chart, ole),
        c=("comments.xml", comments),
    )
    assert texts(raw) == ["甲"]
    assert losses(raw) == {"批注": 1, "图片": 1, "图表": 1, "嵌入对象": 1}
    reasons = [loss.reason for loss in raw.fidelity if loss.part == "图片"]
    assert len(set(reasons)) == 2  # a seal, and what may be a page


def test_hidden_text_is_left_out_and_said() -> None:
    raw = made(p(r("甲"), r("密", "<w:vanish/>"), r("乙", '<w:vanish w:val="0"/>')))
    assert (texts(raw), losses(raw)) == (["甲乙"], {"隐藏的文字": 1})


# -- tables


def cell(inside: str) -> str:
    return f"<w:tc>{inside}</w:tc>"


def test_a_table_inside_a_cell_keeps_its_rows() -> None:
    inner = (
        "<w:tbl>" + "".join(f"<w:tr>{cell(p(r(a)))}{cell(p(r(b)))}</w:tr>" for a, b in ("子丑", "寅卯")) + "</w:tbl>"
    )
    raw = made(f"<w:tbl><w:tr>{cell(p(r('一')))}{cell(p(r('外')) + inner)}</w:tr></w:tbl>")
    assert [(line.kind, line.text) for line in raw.lines] == [
        (LineKind.ROW, "一\t外"),
        (LineKind.ROW, "子\t丑"),
        (LineKind.ROW, "寅\t卯"),
    ]
