"""pdf and ofd: lines, paragraphs and tables from places on the page."""

from __future__ import annotations

import pytest

from ingest.readers import LineKind, read
from ingest.readers.fidelity import Why
from ingest.readers.ofd import read_ofd
from ingest.readers.pdf import read_pdf
from ingest.readers.printed import Glyph, glyphs_to_rows
from kg.core.errors import UnreadableDocument
from kg.core.model import Loss

from . import writers
from .writers import Page

BODY = "各单位要高度重视质量月活动，加强组织领导，按照分工抓好落实，及时报送总结，做好宣传，确保各项活动取得实效。"


@pytest.mark.parametrize("make", [writers.pdf, writers.ofd])
def test_paragraphs_over_lines_and_pages(make) -> None:
    paragraphs = [f"{n}．{BODY * 3}" for n in range(1, 16)]
    raw = read(make(writers.printed(paragraphs)), "a.bin.pdf")
    assert [line.text for line in raw.lines] == paragraphs
    assert raw.lines[0].page == 1
    assert (raw.lines[-1].page or 0) >= 4


@pytest.mark.parametrize("make", [writers.pdf, writers.ofd])
def test_objects_in_any_order_are_read_from_top_to_bottom(make) -> None:
    page = Page([(28, 60, 5.6, "第二行"), (100, 40, 5.6, "右"), (28, 40, 5.6, "左")])
    assert [line.text.strip() for line in read(make([page]), "a.pdf").lines] == ["左 右", "第二行"]


@pytest.mark.parametrize("make", [writers.pdf, writers.ofd])
def test_merged_cells_of_a_ruled_table(make) -> None:
    page = Page(
        [(30, 46, 4, "宣传"), (62, 46, 4, "启动仪式"), (122, 46, 4, "市局"), (62, 56, 4, "咨询"), (122, 56, 4, "区局")]
    )
    page.texts += [(30, 36, 4, "类别"), (62, 36, 4, "活动"), (122, 36, 4, "单位")]
    page.rules = [(28, y, 180, y) for y in (30, 40, 60)] + [(60, 50, 180, 50)]
    page.rules += [(x, 30, x, 60) for x in (28, 60, 120, 180)]
    rows = [line.text for line in read(make([page]), "a.pdf").lines if line.kind is LineKind.ROW]
    assert rows == ["类别\t活动\t单位", "宣传\t启动仪式\t市局", "宣传\t咨询\t区局"]


def test_a_template_page_is_part_of_the_page() -> None:
    raw = read_ofd(writers.ofd([Page([(28, 60, 5.6, "正文")])], template=Page([(28, 30, 5.6, "某市文件")])))
    assert [line.text.strip() for line in raw.lines] == ["某市文件", "正文"]


def test_bold_by_printing_twice_is_read_once() -> None:
    page = Page([(28, 40, 5.6, "质量月"), (28.1, 40, 5.6, "质量月")])
    assert [line.text.strip() for line in read_pdf(writers.pdf([page])).lines] == ["质量月"]


@pytest.mark.parametrize("make", [writers.pdf, writers.ofd])
def test_a_page_without_text_is_named_as_such(make) -> None:
    with pytest.raises(UnreadableDocument, match=r"没有文字"):
        read(make([Page(rules=[(10, 10, 50, 50)])]), "a.pdf")


def test_pages_without_text_are_named() -> None:
    raw = read_pdf(writers.pdf([Page([(28, 40, 5.6, "正文")]), Page(rules=[(10, 10, 50, 10)])]))
    assert raw.fidelity == (Loss("第 2 页", 1, Why.NO_TEXT),)


def test_an_encrypted_pdf_is_named_as_such() -> None:
    with pytest.raises(UnreadableDocument, match="已加密"):
        read(writers.pdf([Page([(28, 40, 5.6, "正文")])], password="geheim"), "a.pdf")  # noqa: S106


def test_a_pdf_that_was_cut_off_is_not_read_in_part() -> None:
    data = writers.pdf(writers.printed([BODY] * 40))
    with pytest.raises(UnreadableDocument, match="没有下载完整"):
        read(data[: len(data) * 9 // 10], "a.pdf")


def test_a_raised_character_does_not_tear_its_line() -> None:
    """Boxes of characters differ in height; the raised one is the highest of its line."""
    boxes = [("加", 86.0, 95.6), ("强", 86.3, 95.5), ("f", 86.1, 96.4), ("o", 86.7, 96.4), ("、", 87.0, 95.7)]
    glyphs = [Glyph(char, 10.0 * n, 10.0 * n + 9, top, bottom) for n, (char, top, bottom) in enumerate(boxes)]
    raised = Glyph("1", 49.5, 53.0, 85.5, 91.3)
    below = [Glyph(char, 10.0 * n, 10.0 * n + 9, 100.0, 110.0) for n, char in enumerate("下一行")]
    rows = glyphs_to_rows([*below, raised, *glyphs])
    assert ["".join(sorted(g.char for g in row)) for row in rows] == ["1fo、加强", "一下行"]
