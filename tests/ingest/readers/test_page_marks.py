"""Web pages: what styles hide, what browsers print beside the text, what is shown and is no text."""

from __future__ import annotations

import pytest

from ingest.readers import LineKind, RawDocument
from ingest.readers.html import read_html
from tests.clock import growth

from .test_webpage import MENU

SAID = "。各区人民政府应当按照职责分工落实安全生产责任制，加强检查督导，确保取得实效。"
TITLE = "关于做好某市防汛工作的通知"


def read(body: str, head: str = "") -> RawDocument:
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return read_html(page.encode())


def text(body: str, head: str = "") -> str:
    return "\n".join(line.text for line in read(body, head).lines)


def losses(body: str, head: str = "") -> dict[str, int]:
    return {loss.part: loss.count for loss in read(body, head).fidelity}


STYLES = [
    (".hide{display:none}", True),
    ("div .hide, .x{color:red;display : none !important}", True),
    ("/* .hide{} */ p.hide { display:none } .y{a:b}", True),
    ("@charset 'utf-8'; @import url(x); .hide{display:none}", True),
    ("@media screen{.hide{display:none}}", True),
    (".hide{display:none} p.hide{display:block}", False),
    ("p.hide{display:block} .hide{display:none}", False),  # the more precise one wins, wherever it stands
    ("p.hide{display:block} .hide{display:none!important}", True),
    ("@media print{.hide{display:none}}", False),
    ("@media (max-width:600px){.a{color:red} .hide{display:none}} .b{color:red}", False),
    (".hide:hover{display:none}", False),
    (".hide{display:none", False),
    ("p::>>{display:none} .hide{display:none}", True),
    (".hide{list-display:none}", False),
]


@pytest.mark.parametrize(("styles", "hides"), STYLES)
def test_style_sheets_hide_what_a_browser_would(styles: str, hides: bool) -> None:
    body = f'<div><p>一、加强领导{SAID}</p><p class="hide">旧稿{SAID}</p><p>二、落实责任{SAID}</p></div>'
    assert ("旧稿" not in text(body, f"<style>{styles}</style>")) is hides


def test_an_elements_own_style_overrules_the_sheet() -> None:
    body = f'<p>一、加强领导{SAID}</p><p class="hide" style="display:block">新稿{SAID}</p>'
    assert "新稿" in text(body, "<style>.hide{display:none}</style>")


def test_a_text_that_only_a_script_would_show_is_read() -> None:
    assert "加强领导" in text(f'<div class="c"><p>一、加强领导{SAID}</p></div>', "<style>.c{display:none}</style>")


@pytest.mark.parametrize("style", ["font-size:0", "font-size: 0px;color:red", "position:absolute;left:-9999px"])
def test_what_is_too_small_or_outside_the_window_is_not_shown(style: str) -> None:
    assert "旧稿" not in text(f'<p>一、加强领导{SAID}</p><p style="{style}">旧稿{SAID}</p>')
    assert "旧稿" in text(f'<p>一、加强领导{SAID}</p><p style="font-size:0.9em;margin-left:-10px">旧稿{SAID}</p>')


def test_style_sheets_are_bounded() -> None:
    def page(length: int) -> bytes:
        rules = "".join(f".a{n} .b{n}{{display:none}}" for n in range(300))
        return f"<style>{rules}</style>{'<div class=a1>' * length}{f'<p>{SAID}</p>' * length}".encode()

    assert growth(lambda length: lambda: read_html(page(length)), 300) <= 20


LISTS = [
    ('<ol type="a" start="3"><li>甲</li><li>乙</li></ol>', ["c. 甲", "d. 乙"]),
    ('<ol type="I"><li>甲</li><li value="4">乙</li><li>丙</li></ol>', ["I. 甲", "IV. 乙", "V. 丙"]),
    ('<ol style="list-style-type:cjk-ideographic"><li>甲</li><li>乙</li></ol>', ["一、甲", "二、乙"]),
    ('<ol style="list-style: inside upper-roman"><li>甲</li></ol>', ["I. 甲"]),
    ("<ol reversed><li>甲</li><li>乙</li></ol>", ["2. 甲", "1. 乙"]),
    ('<ol style="list-style:none"><li>甲</li></ol>', ["甲"]),
    ('<ol type="x" start="y"><li value="z">甲</li></ol>', ["1. 甲"]),
    ("<ul><li>甲</li></ul>", ["甲"]),
    ("<ol><li><p>甲</li><li><div><p>乙</li></ol>", ["1. 甲", "2. 乙"]),
]


@pytest.mark.parametrize(("markup", "shown"), LISTS)
def test_numbers_of_lists_are_those_that_are_printed(markup: str, shown: list[str]) -> None:
    found = text(f"<p>措施如下{SAID}</p>{markup.replace('</li>', SAID + '</li>')}").split("\n")
    assert found[2:] == [item + SAID for item in shown]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("其中<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>用于培训", "其中1/2用于培训"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><annotation>x^2</annotation></math>为面积", "x²为面积"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
        ("<math><msqrt><mn>2</mn></msqrt></math>", "√2"),
        ("<ruby>兖<rp>(</rp><rt>yǎn</rt><rp>)</rp></ruby>州区", "兖州区"),
        ("开展<q>质量月</q>活动", "开展“质量月”活动"),
    ],
)
def test_formulas_readings_and_quotations(markup: str, shown: str) -> None:
    assert f"{shown}{SAID}" in text(f"<p>一、加强领导{SAID}</p><p>{markup}{SAID}</p>")


def rows(table: str) -> list[str]:
    raw = read(f"<p>安排如下{SAID}</p>{table}<p>二、保障{SAID}</p>")
    return [line.text for line in raw.lines if line.kind is LineKind.ROW]


TABLE = "<tr><th>单位</th><th>数量</th></tr>{}<tr><td>教育局</td><td>3</td></tr>"


def test_hidden_rows_and_cells_of_tables() -> None:
    hidden = '<tr style="display:none"><td>旧单位</td><td>9</td></tr>'
    assert rows(f"<table>{TABLE.format(hidden)}</table>") == ["单位\t数量", "教育局\t3"]
    cell = "<tr><td>民政局</td><td hidden>8</td><td>4</td></tr>"
    assert rows(f"<table>{TABLE.format(cell)}</table>")[1] == "民政局\t4"


@pytest.mark.parametrize("span", ["3", "0"])
def test_a_cell_beside_one_that_spans_rows_is_no_caption(span: str) -> None:
    table = f"<table><tr><td rowspan={span}>宣传</td><td>甲</td></tr><tr><td>乙</td></tr><tr><td>丙</td></tr></table>"
    assert rows(table) == ["宣传\t甲", "宣传\t乙", "宣传\t丙"]


def test_a_table_of_data_inside_one_of_layout() -> None:
    inner = f"<p>一、加强领导{SAID}</p><table>{TABLE.format('')}</table><p>二、保障{SAID}</p>"
    page = f"<table><tr><td><a href=1>首页</a></td><td><table><tr><td>{inner}</td></tr></table></td></tr></table>"
    assert "教育局\t3" in text(page)


OBJECTS = [
    ('<img src="a.png" width="800" height="1100px">', {"图片": 1}),
    ('<img src="a.png">', {"图片": 1}),
    ('<img src="a.gif" width=1 height=1>', {}),
    ('<img src="a.png" style="display:none">', {}),
    ('<iframe src="annex.html"></iframe>', {"嵌入的页面": 1}),
    ('<iframe src="counter.html" width=0 height=0></iframe>', {}),
    ('<object data="a.pdf"></object>', {"嵌入的文件": 1}),
    ("<video src=a.mp4></video>", {"音频、视频": 1}),
    (f"<textarea>{SAID}</textarea>", {"表单域": 1}),
    ("<textarea>请输入</textarea>", {}),
]


@pytest.mark.parametrize(("markup", "said"), OBJECTS)
def test_what_is_shown_and_is_no_text_is_said(markup: str, said: dict[str, int]) -> None:
    assert losses(f"<p>一、加强领导{SAID}</p><p>{markup}</p><p>二、落实责任{SAID}</p>") == said


def test_pictures_of_the_sites_furniture_are_not_said() -> None:
    body = f'<ul><li><img src="logo.png"></li>{MENU}</ul><div><p>一、加强领导{SAID}</p><p>二、保障{SAID}</p></div>'
    assert losses(body + '<div><img src="party.png"> 版权所有</div>') == {}


def test_a_page_of_pictures_alone_says_that_they_may_hold_the_text() -> None:
    raw = read(f"<h1>{TITLE}</h1><p><img src=1.jpg></p><p><img src=2.jpg></p>")
    assert [(loss.part, loss.count, loss.reason[:4]) for loss in raw.fidelity] == [("图片", 2, "图片较大")]


def test_what_saved_pages_keep_in_roots_of_their_own() -> None:
    shown = f"<x-a><template shadowrootmode=open><p>一、加强领导{SAID}</p></template></x-a>"
    found = text(
        f"{shown}<template><p>模板{SAID}</p></template><dialog><p>弹窗{SAID}</p></dialog><p>二、保障{SAID}</p>"
    )
    assert "加强领导" in found
    assert "二、保障" in found
    assert "模板" not in found
    assert "弹窗" not in found
