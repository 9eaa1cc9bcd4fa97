"""Characters that only look like those that are meant, and text that another program has spoiled: kinds from reports."""

from __future__ import annotations

import io
import re

import pytest

from ingest.pipeline import read_document
from ingest.readers import RawDocument, read
from ingest.readers.lookalikes import as_meant
from ontology.reference import load_reference

from . import writers

LETTER = "苏州市教育局关于加强学校管理的通知\n各县级市、区教育局：\n一、由市教育局负责，市财政局配合。\n"
CLAUSE = "一、由市教育局负责，市财政局配合。"
SPOILED = "由市⻓负责，⻋辆⻚数⽴即报⺠政局"
MEANT = "由市长负责，车辆页数立即报民政局"


def texts(raw: RawDocument) -> list[str]:
    return [line.text for line in raw.lines]


def said(raw: RawDocument) -> dict[str, int]:
    return {loss.part: loss.count for loss in raw.fidelity}


# -- radicals and compatibility ideographs


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (SPOILED.encode(), "a.txt"),
        (writers.docx([SPOILED]), "a.docx"),
        (writers.xlsx([SPOILED]), "a.xlsx"),
        (writers.rtf([SPOILED]), "a.rtf"),
        (writers.eml("x", [SPOILED], "utf-8"), "a.eml"),
        (f"<p>{SPOILED}</p>".encode(), "a.html"),
        (writers.ofd([writers.Page([(20, 50, 5, SPOILED)])]), "a.ofd"),
    ],
    ids=["txt", "docx", "xlsx", "rtf", "eml", "html", "ofd"],
)
def test_radicals_are_read_as_the_words_that_they_are(data: bytes, name: str) -> None:
    assert MEANT in "".join(texts(read(data, name)))


def test_one_character_for_one_so_that_positions_stay() -> None:
    assert as_meant("\uf967得⾷品，⻓江") == "不得食品，长江"
    assert as_meant("长江（①㎡）") == "长江（①㎡）"  # nothing else is touched
    raw = read(f"{SPOILED}\n{CLAUSE}".encode(), "a.txt")
    assert raw.lines[1].start == len(SPOILED) + 1


def test_what_a_page_says_of_itself_is_read_so_too() -> None:
    head = '<meta name="ArticleTitle" content="苏州市⼈⺠政府关于⾷品安全的通知">'
    raw = read(f"<head>{head}</head><p>一、加强领导。</p>".encode(), "a.html")
    assert raw.metadata["title"] == "苏州市人民政府关于食品安全的通知"


def _mapped(words: str, codes: dict[str, int]) -> bytes:
    """A PDF whose font says of some characters that they are others."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=0)
    canvas.setFont(writers._font(), 16)
    canvas.drawString(80, 700, words)
    canvas.save()
    data = out.getvalue()
    for char, code in codes.items():
        data = re.sub(b"<%04X>" % ord(char), b"<%04X>" % code, data)
    return data


def test_radicals_that_the_font_of_a_pdf_names() -> None:
    data = _mapped(MEANT, {"长": 0x2ED3, "车": 0x2ECB, "页": 0x2EDA, "民": 0x2EA0, "立": 0x2F74})
    assert texts(read(data, "a.pdf")) == [MEANT]


@pytest.mark.parametrize(
    "words", ["co\ufb03ce", "work\ufb02ow", "ba\ufb04e", "o\ufb00ice", "all steel", "fill jjj"], ids=ascii
)
def test_the_letters_of_one_glyph_are_not_printed_twice(words: str) -> None:
    from pathlib import Path

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    font = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if not font.is_file():
        pytest.skip("a font with ligatures is not installed")
    pdfmetrics.registerFont(TTFont("latin", str(font)))
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setFont("latin", 16)
    canvas.drawString(80, 700, words)
    canvas.save()
    plain = words.replace("\ufb00", "ff").replace("\ufb02", "fl").replace("\ufb03", "ffi").replace("\ufb04", "ffl")
    assert texts(read(out.getvalue(), "a.pdf")) == [plain]


# -- text that was decoded wrongly


@pytest.mark.parametrize(
    "text",
    [
        LETTER.encode().decode("latin-1"),
        LETTER.encode("gbk").decode("latin-1"),
        "苏州市教育局关于".encode().decode("gb18030"),
    ],
    ids=["UTF-8 as Western", "GBK as Western", "UTF-8 as GBK"],
)
def test_one_wrong_decoding_is_undone(text: str) -> None:
    assert "".join(texts(read(text.encode(), "a.txt"))).startswith("苏州市教育局关于")


def test_pages_and_tables_too() -> None:
    page = f"<p>{LETTER}</p>".encode().decode("latin-1")
    assert CLAUSE in "".join(texts(read(page.encode(), "a.html")))
    table = "任务,单位\n开放日,市教育局\n".encode().decode("latin-1")
    assert texts(read(table.encode(), "a.csv")) == ["任务\t单位", "开放日\t市教育局"]


@pytest.mark.parametrize(
    "text",
    ["Über die Straße – café «déjà vu», Grüße aus Köln.", "嘌呤、嘧啶、胞嘧啶、鸟嘌呤、噻唑、吡啶、咔唑", LETTER],
)
def test_what_is_in_order_stays(text: str) -> None:
    assert "".join(texts(read(text.encode(), "a.txt"))) == text.replace("\n", "")


def test_what_was_lost_before_is_told_in_every_format() -> None:
    words = "关于锟斤拷锟斤拷学校管理的通知"
    assert said(read(words.encode(), "a.txt")) == {"字节": 2}
    document = read_document(
        writers.docx([words, CLAUSE]), source="a.docx", document_id="d-0123456789", reference=load_reference("")
    )
    assert any("锟斤拷" in notice.message and "原文件" in notice.message for notice in document.notices)


def test_signs_that_a_database_wrote_as_entities() -> None:
    assert texts(read("任务,单位\n开放日&nbsp;活动,&ldquo;市&rdquo;教育局 A&B\n".encode(), "a.csv"))[1] == (
        "开放日 活动\t“市”教育局 A&B"
    )
    page = "<p>投入&amp;ldquo;五&amp;rdquo;亿元，A&amp;B。</p><table><tr><td>甲&amp;#12288;局</td><td>乙</td></tr>"
    found = texts(read((page + "<tr><td>丙</td><td>丁</td></tr></table>").encode(), "a.html"))
    assert found == ["投入“五”亿元，A&B。", "甲局\t乙", "丙\t丁"]
