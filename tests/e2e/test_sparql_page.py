"""SPARQL, done by a user in a browser."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from playwright.sync_api import Download, Locator, Page, expect

ROWS = re.compile(r"^\d+ 行 · 用时")
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(autouse=True)
def forgotten(page: Page) -> None:
    """The browser keeps what one writes, from one test to the next too."""
    page.goto("/_stcore/health")
    page.evaluate("localStorage.clear()")


def editor(page: Page) -> Locator:
    box = page.get_by_label("查询语句")
    expect(box).to_be_visible()
    return box


def result(page: Page) -> Locator:
    table = page.get_by_role("table", name="查询结果")
    expect(table).to_be_visible()
    return table


def downloaded(page: Page, name: str) -> Download:
    with page.expect_download() as started:
        page.get_by_role("button", name=f"下载 {name}", exact=True).click()
    return started.value


def test_a_saved_query_fills_the_editor_runs_and_downloads_in_every_format(page: Page, user: Any):
    user.visits("sparql")
    page.get_by_role("combobox", name="现成的查询").click()
    page.get_by_role("option", name="文件清单").click()
    expect(editor(page)).to_contain_text("SELECT ?id ?title")
    expect(page.get_by_text(re.compile(r"^5 行 · 用时"))).to_be_visible()
    expect(result(page)).to_contain_text("青质办〔2024〕72号")
    user.takes_picture("sparql")
    assert downloaded(page, "CSV").path().read_bytes().startswith(b"\xef\xbb\xbfid,")
    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, "Excel").path().read_bytes()))
    assert book["结果"].max_row == 6
    assert dict(book["说明"].iter_rows(values_only=True))["文档数"] == 5
    assert downloaded(page, "TSV").path().read_text(encoding="utf-8").startswith("?id\t?title")
    assert len(json.loads(downloaded(page, "JSON").path().read_bytes())["results"]["bindings"]) == 5
    xml = ET.fromstring(downloaded(page, "XML").path().read_bytes())  # noqa: S314  our own file
    assert len(xml.findall("{*}results/{*}result")) == 5


def test_parameters_are_chosen_from_what_the_documents_hold_and_stay_in_the_address(page: Page, user: Any):
    user.visits("sparql", saved="documents")
    expect(page.get_by_text(re.compile(r"^5 行"))).to_be_visible()
    page.get_by_role("combobox", name="年度").click()
    page.get_by_role("option", name="2024").click()
    expect(page.get_by_text(re.compile(r"^3 行"))).to_be_visible()
    expect(editor(page)).to_contain_text("VALUES ?year_wanted { 2024 }")
    page.wait_for_url(re.compile("year=2024"))
    user.visits("sparql", saved="documents", year=2024, kind="没有 } 的文种")
    expect(page.get_by_text(re.compile(r"^0 行"))).to_be_visible()
    user.visits("sparql", saved="documents", year="24")
    expect(page.get_by_role("alert")).to_contain_text("应为四位年份")


def test_the_keyboard_completes_by_a_chinese_label_and_runs(page: Page, user: Any):
    user.visits("sparql")
    box = editor(page)
    box.click()
    page.keyboard.type("SELECT ?t WHERE { ?d a pkg:Document ; 发文字号")
    expect(page.get_by_role("option", name="eli:id_local")).to_be_visible()
    page.wait_for_timeout(150)  # a list that has just come up does not take a key that was meant for the text
    page.keyboard.press("Enter")
    expect(box).to_contain_text("eli:id_local")
    page.keyboard.type(" ?t")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(result(page)).to_contain_text("沪质办")
    page.wait_for_url(re.compile("query=SELECT"))
    expect(page.locator(".cm-lint-marker")).to_have_count(0)


def test_an_undeclared_prefix_is_marked_while_one_writes(page: Page, user: Any):
    user.visits("sparql")
    editor(page).fill("SELECT * WHERE { ?s foo:bar ?o }")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    page.locator(".cm-lint-marker-error").hover()
    expect(page.get_by_text("前缀 foo: 没有声明")).to_be_visible()


def test_an_error_points_at_its_place_and_is_marked_in_the_editor(page: Page, user: Any):
    user.visits("sparql", query="SELECT * WHERE {\n  ?s ?p\n}")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"第 3 行第 2 列"))
    expect(page.get_by_test_id("stCode").first).to_contain_text("↑")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    editor(page).fill("ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("是", exact=True)).to_be_visible()
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)


def test_results_sort_and_their_iris_lead_to_the_page_of_the_thing(page: Page, user: Any):
    user.visits("sparql", query="SELECT ?d ?year { ?d a pkg:Document ; pkg:activityYear ?year } ORDER BY DESC(?year)")
    table = result(page)
    years = table.locator("tbody td:nth-child(2)")
    expect(years.first).to_have_text("2024")
    table.get_by_role("button", name="year").click()
    expect(years.first).to_have_text("2019")
    with page.context.expect_page() as opened:
        table.get_by_role("link").first.click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("2019年上海市")
    opened.value.close()


def test_numbers_are_drawn_as_a_chart(page: Page, user: Any):
    user.visits("sparql", saved="series-list")
    expect(result(page)).to_contain_text("质量开放日")
    page.get_by_text("画成图").click()
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart).to_be_visible()
    page.wait_for_url(re.compile("chart=true"))
    page.get_by_role("combobox", name="纵轴").scroll_into_view_if_needed()
    page.mouse.wheel(0, 420)
    user.takes_picture("sparql-chart")
    page.get_by_role("combobox", name="图形").click()
    page.get_by_role("option", name="线").click()
    expect(page.get_by_role("combobox", name="图形")).to_have_value("线")
    expect(chart).to_be_visible()


def test_a_long_query_is_stopped_and_the_page_lives_on(page: Page, user: Any):
    user.visits("sparql", query=ENDLESS)
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("alert")).to_contain_text("已停止")
    expect(editor(page)).to_contain_text("COUNT")  # it can be mended
    editor(page).fill("SELECT ?t { ?d dcterms:title ?t } LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"^3 行"))).to_be_visible()


def test_a_query_that_writes_or_leaves_is_refused(page: Page, user: Any):
    for query in ("DELETE WHERE { ?s ?p ?o }", "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"):
        user.visits("sparql", query=query)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_text(ROWS)).to_have_count(0)


def test_a_construct_query_downloads_as_rdf(page: Page, user: Any):
    user.visits("sparql", query="CONSTRUCT { ?d dcterms:title ?t } WHERE { ?d a pkg:Document ; dcterms:title ?t }")
    expect(result(page)).to_contain_text("dcterms:title")
    for name in ("Turtle", "N-Triples", "JSON-LD"):
        assert "title" in downloaded(page, name).path().read_text(encoding="utf-8")


def test_markup_in_a_result_shows_as_text(page: Page, user: Any):
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    bad = "<img src=x onerror=alert(1)>"
    user.visits("sparql", query=f'SELECT ("{bad}" AS ?x) ("=1+1" AS ?y) (<javascript:alert(1)> AS ?z) {{}}')
    table = result(page)
    expect(table).to_contain_text(bad)
    expect(table.get_by_role("link")).to_have_count(0)
    expect(table.locator("img")).to_have_count(0)
    assert "'=1+1" in downloaded(page, "CSV").path().read_text(encoding="utf-8-sig")
    assert dialogs == []


def test_tabs_history_and_own_queries_stay_in_the_browser(page: Page, user: Any):
    first, second = "SELECT (1 AS ?one) {}", "SELECT (2 AS ?two) {}"
    user.visits("sparql")
    editor(page).fill(first)
    page.keyboard.press("Control+Enter")
    expect(result(page)).to_contain_text("1")
    page.get_by_role("button", name="新标签页").click()
    expect(page.get_by_role("tab")).to_have_count(2)
    editor(page).fill(second)
    expect(page.get_by_text("语句已改，运行后更新下面的结果")).to_be_visible()
    page.get_by_role("button", name="收藏", exact=True).click()
    page.get_by_label("收藏的名称").fill("两个")
    page.get_by_label("收藏的名称").press("Enter")
    user.visits("sparql")  # another day
    expect(page.get_by_role("tab", selected=True)).to_have_text("查询 2")
    expect(editor(page)).to_contain_text("?two")
    page.get_by_role("tab", name="查询 1").click()
    expect(editor(page)).to_contain_text("?one")
    expect(result(page)).to_contain_text("1")
    page.get_by_role("button", name="关闭当前标签页").click()
    expect(page.get_by_role("tab")).to_have_count(1)
    page.get_by_role("button", name="我的查询").click()
    menu = page.locator(".menu")
    expect(menu.get_by_role("button", name=re.compile("^[0-9].*SELECT .1 AS"))).to_be_visible()
    menu.get_by_role("button", name="两个", exact=True).click()
    expect(menu).to_be_hidden()
    expect(editor(page)).to_contain_text("?two")
    page.keyboard.press("Control+Enter")
    expect(result(page)).to_contain_text("2")


def test_a_link_does_not_take_the_place_of_what_was_not_run(page: Page, user: Any):
    user.visits("sparql")
    editor(page).fill("SELECT ?unfinished")
    user.visits("sparql", saved="documents")
    expect(editor(page)).to_contain_text("SELECT ?id ?title")
    expect(page.get_by_role("tab")).to_have_count(2)
    page.get_by_role("tab", name="查询 1").click()
    expect(editor(page)).to_contain_text("?unfinished")
