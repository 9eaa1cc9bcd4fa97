"""活动演变, done by a user in a browser."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
from playwright.sync_api import Page, expect

from kg.service import Service

SERIES = "质量开放日"
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_series_is_chosen_and_shows_its_matrix_legend_and_years_in_words(page: Page, user: Any):
    user.visits("evolution")
    page.get_by_role("combobox", name="活动系列").click()
    page.get_by_role("combobox", name="活动系列").fill(SERIES)
    page.get_by_role("option", name=re.compile(rf"^{SERIES}（6 项，3 份文件")).click()
    page.wait_for_url(re.compile("series="))
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_test_id("timeline")).to_contain_text("2024年点名 2 个：浦东新区、青浦区")
    for state in ("点名", "推及", "未提及", "未入库"):
        expect(page.get_by_test_id("legend")).to_contain_text(state)


def test_a_series_on_offer_is_opened_by_a_click(page: Page, user: Any):
    user.visits("evolution")
    page.get_by_role("button", name=SERIES, exact=True).click()
    page.wait_for_url(re.compile("series="))
    expect(page.get_by_test_id("timeline")).to_be_visible()


def test_a_click_on_a_cell_shows_the_facts_and_leads_to_the_sentence(page: Page, user: Any):
    user.visits("evolution", series=SERIES)
    page.get_by_test_id("data-grid-canvas").first.wait_for(state="attached")
    user.waits()
    table = page.get_by_test_id("stDataFrame").first
    # the second row (上海市), the first year (2019)
    user.picks_cell(table, page.get_by_test_id("cell").get_by_text("上海市 2019年"), x=120, y=33 * 2 + 16)
    page.wait_for_url(re.compile(r"place=.*year=2019"))
    cited = page.locator(".pk-quote mark").first
    expect(cited).to_be_visible()
    quote = cited.text_content() or ""  # not inner_text(), which is empty while the page is hidden
    page.get_by_role("link", name="在文档中查看").first.click()
    mark = page.locator(".reader mark").first
    user.sees(mark)
    assert (mark.text_content() or "-").strip() in quote


def test_a_link_opens_a_cell_with_activities_carriers_and_quotes(page: Page, user: Any):
    user.visits("evolution", series=SERIES, place="青浦区", year=2024)
    expect(page.get_by_test_id("cell")).to_contain_text("点名")
    expect(page.get_by_text("组织“质量开放日”活动", exact=True)).to_be_visible()
    expect(page.get_by_text("青浦区各街镇").first).to_be_visible()
    expect(page.locator(".pk-quote mark")).to_have_count(3)
    user.waits()
    user.takes_picture("evolution")


def test_places_and_years_can_be_chosen_by_keyboard_instead_of_the_table(page: Page, user: Any):
    user.visits("evolution", series=SERIES)
    page.get_by_role("combobox", name="地区").fill("黄浦")
    page.keyboard.press("Enter")
    cells = page.get_by_test_id("cell")
    expect(cells).to_have_count(3)
    expect(cells.nth(0)).to_contain_text("推及")
    expect(page.get_by_text("各区市场监管局", exact=False).first).to_be_visible()
    expect(cells.nth(1)).to_contain_text("未提及")
    expect(page.get_by_role("link", name=re.compile("2022年上海市"))).to_be_visible()
    expect(cells.nth(2)).to_contain_text("未入库")
    expect(page.get_by_role("link", name="看看补档清单里有没有这份文件")).to_be_visible()


def test_the_matrix_downloads_as_workbook_and_as_picture(page: Page, user: Any, service: Service):
    user.visits("evolution", series=SERIES)
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
    assert book.sheetnames == ["矩阵", "依据", "说明"]
    saved = service.sparql(service.saved_query("series-by-place-and-year", series=SERIES))
    expected = {(row[2], str(row[1])): row[4] for row in saved["rows"]}
    header, *rows = book["矩阵"].iter_rows(values_only=True)
    assert {(row[0], year): row[i] for row in rows for i, year in enumerate(header[1:], start=1)} == expected
    with page.expect_download() as started:
        page.get_by_role("button", name="下载图片 PNG").click()
    data = started.value.path().read_bytes()
    assert data.startswith(PNG)
    assert len(data) > 20_000  # letters on it, not an empty sheet
    assert started.value.suggested_filename == f"{SERIES}-各地历年情况.png"
    with page.expect_download() as started:
        page.get_by_role("button", name="下载图片 SVG").click()
    picture = ET.fromstring(started.value.path().read_text(encoding="utf-8"))  # noqa: S314  our own
    assert "青浦区" in "".join(picture.itertext())


def test_an_unknown_series_is_told_kindly(page: Page, user: Any):
    user.visits("evolution", series="质量开放月")
    expect(page.get_by_role("alert")).to_contain_text("没有这个活动系列：质量开放月。您是不是要找：质量开放日")
