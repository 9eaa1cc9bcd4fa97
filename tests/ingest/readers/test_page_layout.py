"""Printed pages beyond plain lines: columns, turned and open tables, raised characters, what nobody sees."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from ingest.readers import LineKind, RawDocument, ocr
from ingest.readers.fidelity import Why
from ingest.readers.pdf import read_pdf
from ingest.readers.printed import PrintedLine
from kg.core.model import Loss

from . import writers

WORDS = "各单位要高度重视安全生产活动，加强组织领导，按照分工抓好落实，及时报送总结，做好宣传，确保各项活动取得实效。"
ROWS = [["序号", "活动名称", "责任单位"], ["1", "现场咨询", "市教育局"], ["2", "知识竞赛", "市总工会"]]
SIZE = (595.0, 842.0)


def drawn(draw: Callable[[Any], None], pages: int = 1) -> RawDocument:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, SIZE, invariant=1)
    for _ in range(pages):
        canvas.setFont(writers._font(), 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return read_pdf(out.getvalue())


def texts(raw: RawDocument) -> list[str]:
    return [line.text for line in raw.lines]


def rows(raw: RawDocument) -> list[list[str]]:
    return [line.text.split("\t") for line in raw.lines if line.kind is LineKind.ROW]


def ruled(canvas: Any, x: float, y: float) -> None:
    for r, row in enumerate(ROWS):
        for c, text in enumerate(row):
            canvas.rect(x + c * 120, y - r * 24, 120, 24)
            canvas.drawString(x + c * 120 + 4, y - r * 24 + 7, text)


def wrapped(text: str, width: int) -> list[str]:
    return [text[n : n + width] for n in range(0, len(text), width)]


@pytest.mark.parametrize("lower", [0, 7], ids=["level lines", "lines at other heights"])
def test_columns_are_read_one_after_the_other(lower: int) -> None:
    text = "".join(f"第{n}条{WORDS}" for n in range(12))
    lines = wrapped(text, 20)
    half = (len(lines) + 1) // 2

    def draw(canvas: Any) -> None:
        canvas.drawString(180, 800, "关于做好安全生产活动的通告")
        for n, line in enumerate(lines):
            canvas.drawString(50 if n < half else 310, 770 - n % half * 18 - lower * (n >= half), line)

    found = texts(drawn(draw))
    assert found[0] == "关于做好安全生产活动的通告"
    assert "".join(found[1:]) == text


def test_a_page_without_columns_has_none_however_wide_its_blanks() -> None:
    def draw(canvas: Any) -> None:
        for n in range(16):
            canvas.drawString(50, 780 - n * 20, f"第{n}项")
            canvas.drawString(330, 780 - n * 20, "市教育局")

    assert texts(drawn(draw))[3].split() == ["第3项", "市教育局"]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_table_that_is_turned_on_its_page(angle: int) -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 810, "附件：任务表")
        canvas.translate({90: 450, 180: 500, 270: 150}[angle], {90: 100, 180: 300, 270: 600}[angle])
        canvas.rotate(angle)
        ruled(canvas, 0, 90)

    raw = drawn(draw)
    assert texts(raw)[0] == "附件：任务表"
    assert rows(raw) == ROWS


@pytest.mark.parametrize(("turn", "angle"), [(90, 90), (270, 270), (180, 180), (0, 0)])
def test_a_page_that_is_turned(turn: int, angle: int) -> None:
    def draw(canvas: Any) -> None:
        canvas.translate({0: 50, 90: 400, 180: 500, 270: 150}[angle], {0: 400, 90: 100, 180: 400, 270: 560}[angle])
        canvas.rotate(angle)
        ruled(canvas, 0, 90)
        canvas._pageRotation = turn  # not setPageRotation: that exchanges the sides of the page

    assert rows(drawn(draw)) == ROWS


def test_a_slanted_watermark_is_left_out_and_said() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 800, "正文在此，共有若干字。")
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料请勿外传")

    raw = drawn(draw)
    assert texts(raw) == ["正文在此，共有若干字。"]
    assert [(loss.part, loss.count) for loss in raw.fidelity] == [("斜排的字符", 8)]


def open_table(canvas: Any, *, heads: list[tuple[float, float, str]], level: list[float]) -> None:
    canvas.drawString(60, 800, WORDS[:30])
    for y in level:
        canvas.line(60, y, 530, y)
    for x, y, text in heads:
        canvas.drawString(x, y, text)
    for n, row in enumerate([("姑苏区", "320", "98.2%", "市教育局"), ("吴江区", "415", "97.6%", "市总工会")]):
        for x, text in zip((80, 210, 310, 420), row, strict=True):
            canvas.drawString(x, 675 - n * 24, text)
    canvas.drawString(60, 600, WORDS[:30])


def test_a_three_line_table() -> None:
    heads = [(80, 705, "地区"), (200, 705, "检查（家）"), (300, 705, "合格率"), (420, 705, "单位")]
    raw = drawn(lambda canvas: open_table(canvas, heads=heads, level=[725, 697, 640]))
    assert rows(raw) == [
        ["地区", "检查（家）", "合格率", "单位"],
        ["姑苏区", "320", "98.2%", "市教育局"],
        ["吴江区", "415", "97.6%", "市总工会"],
    ]
    assert texts(raw)[0] == texts(raw)[-1] == WORDS[:30]


def test_headings_of_two_levels_are_repeated_over_their_columns() -> None:
    heads = [
        (80, 712, "地区"),
        (210, 722, "检查情况及合格率情况"),
        (200, 704, "企业"),
        (310, 704, "比例"),
        (420, 712, "单位"),
    ]
    raw = drawn(lambda canvas: open_table(canvas, heads=heads, level=[740, 697, 640]))
    upper = "检查情况及合格率情况"
    assert rows(raw)[:2] == [["地区", upper, upper, "单位"], ["地区", "企业", "比例", "单位"]]


def test_the_rules_of_the_imprint_make_no_table() -> None:
    def draw(canvas: Any) -> None:
        for y in (200, 176, 152):
            canvas.line(60, y, 530, y)
        canvas.drawString(66, 182, "抄送：市委办公室，市人大常委会办公室，市政协办公室，市法院，市检察院。")
        canvas.drawString(66, 158, "某某市人民政府办公室")
        canvas.drawString(390, 158, "2025年3月12日印发")

    assert rows(drawn(draw)) == []


def test_columns_of_numbers_without_any_rule() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 800, WORDS[:30])
        for n, row in enumerate([("地区", "检查", "合格"), ("姑苏区", "320", "98.2"), ("吴江区", "415", "97.6")]):
            for x, text in zip((80, 240, 400), row, strict=True):
                canvas.drawString(x, 770 - n * 20, text)

    assert rows(drawn(draw)) == [["地区", "检查", "合格"], ["姑苏区", "320", "98.2"], ["吴江区", "415", "97.6"]]


def test_names_side_by_side_are_no_table() -> None:
    def draw(canvas: Any) -> None:
        for n in range(4):
            for x, text in zip((80, 240, 400), ("市教育局", "市公安局", "市财政局"), strict=True):
                canvas.drawString(x, 770 - n * 20, text)

    assert rows(drawn(draw)) == []


def test_raised_and_lowered_characters() -> None:
    def draw(canvas: Any) -> None:
        at = 60.0
        for text, size, rise in (
            ("检查企业3200", 14, 0), ("1", 8, 6), ("家，占地12m", 14, 0), ("2", 8, 6), ("，二氧化碳CO", 14, 0), ("2", 8, -3), ("减排", 14, 0)
        ):  # fmt: skip
            canvas.setFont(writers._font(), size)
            canvas.drawString(at, 700 + rise, text)
            at += canvas.stringWidth(text, writers._font(), size)

    assert texts(drawn(draw)) == ["检查企业3200家，占地12m²，二氧化碳CO2减排"]


# -- what nobody sees


def test_white_on_white_is_hidden_and_white_on_dark_is_not() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(0.1, 0.1, 0.5)
        canvas.rect(50, 790, 300, 30, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(60, 800, "深色底上的标题")
        canvas.drawString(60, 700, "藏起来的字")

    raw = drawn(draw)
    assert texts(raw) == ["深色底上的标题"]
    assert [(loss.part, loss.count) for loss in raw.fidelity] == [("看不见的字符", 5)]


def test_the_text_layer_of_a_scan_is_read() -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    page = writers.pdf([writers.Page([(28, 60, 5.6, "关于做好安全生产活动的通知")])])
    (picture,) = writers.pictures(page)
    out = io.BytesIO()
    canvas = Canvas(out, SIZE)
    canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, *SIZE)
    layer = canvas.beginText(28 * 72 / 25.4, SIZE[1] - 60 * 72 / 25.4)
    layer.setTextRenderMode(3)
    layer.setFont(writers._font(), 5.6 * 72 / 25.4)
    layer.textOut("关于做好安全生产活动的通知")
    canvas.drawText(layer)
    canvas.showPage()
    canvas.save()
    assert texts(read_pdf(out.getvalue())) == ["关于做好安全生产活动的通知"]


@pytest.mark.parametrize("installed", [True, False])
def test_a_page_number_over_a_scan_does_not_pass_for_its_text(installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    (picture,) = writers.pictures(writers.pdf([writers.Page([(28, 60, 5.6, WORDS[:20])])]))
    out = io.BytesIO()
    canvas = Canvas(out, SIZE)
    canvas.setFont(writers._font(), 12)
    canvas.drawString(60, 800, WORDS)
    canvas.showPage()
    canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, *SIZE)
    canvas.setFont(writers._font(), 12)
    canvas.drawString(500, 30, "收文12号")
    canvas.showPage()
    canvas.save()
    monkeypatch.setattr(ocr, "is_available", lambda: installed)
    monkeypatch.setattr(ocr, "picture_to_lines", lambda *_: [PrintedLine("认出的文字有许多", 60, 300, 50, 62)])
    raw = read_pdf(out.getvalue())
    assert texts(raw)[1] == ("认出的文字有许多" if installed else "收文12号")
    assert raw.fidelity[-1] == Loss("第 2 页", 1, Why.RECOGNISED if installed else Why.NO_TEXT)


@pytest.mark.parametrize("installed", [True, False])
def test_a_title_whose_font_says_nothing_is_recognised_alone_or_said(
    installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("title", writers.FONT, subfontIndex=1))
    out = io.BytesIO()
    canvas = Canvas(out, SIZE, pageCompression=0)
    canvas.setFont("title", 20)
    canvas.drawString(100, 780, "安全生产活动的通知")
    canvas.setFont(writers._font(), 14)
    for n in range(6):
        canvas.drawString(60, 720 - n * 22, f"第{n}条{WORDS[:20]}")
    canvas.showPage()
    canvas.save()
    data = out.getvalue()
    start = data.index(b"/ToUnicode")  # of the first font
    data = data[:start] + b" " * len(b"/ToUnicode 4 0 R") + data[start + len(b"/ToUnicode 4 0 R") :]
    seen = PrintedLine("安全生产活动的通知", 100, 280, SIZE[1] - 800, SIZE[1] - 776, em=20)
    monkeypatch.setattr(ocr, "is_available", lambda: installed)
    monkeypatch.setattr(ocr, "picture_to_lines", lambda *_: [seen, PrintedLine("认错的正文", 60, 300, 115, 130)])
    raw = read_pdf(data)
    body = [f"第{n}条{WORDS[:20]}" for n in range(6)]
    assert texts(raw) == ([seen.text, *body] if installed else body)
    assert [(loss.part, loss.count) for loss in raw.fidelity] == [("无法读出的字符", 9)]


# -- over pages


def test_the_heading_of_a_table_that_is_printed_again_is_read_once() -> None:
    raw = drawn(lambda canvas: ruled(canvas, 60, 700), pages=3)
    assert [row[0] for row in rows(raw)] == ["序号", "1", "2", "1", "2", "1", "2"][: len(rows(raw))]
    assert sum(row == ROWS[0] for row in rows(raw)) == 1


def test_running_heads_of_two_pages() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 815, "某某市安全生产活动方案")
        canvas.drawString(60, 760, f"{WORDS[:30]}{canvas.getPageNumber()}")
        canvas.drawString(290, 30, f"— {canvas.getPageNumber()} —")

    raw = drawn(draw, pages=2)
    assert texts(raw) == [f"{WORDS[:30]}1", f"{WORDS[:30]}2"]
    assert [(loss.part, loss.count) for loss in raw.fidelity] == [("页眉页脚", 2)]
