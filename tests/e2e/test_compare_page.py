"""衔接对照, done by a user in a browser."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import openpyxl
from playwright.sync_api import Locator, Page, expect

from kg.service import Service


def rows(page: Page, state: str) -> Locator:
    row = page.locator('[class*="st-key-row-"]')
    return row.filter(has=page.locator(f'.pk-row[data-state="{state}"]'))


def test_it_begins_with_a_notice_and_the_plan_that_rests_on_it(page: Page, user: Any, service: Service):
    user.visits("compare")
    heads = page.locator(".pk-compared p")
    expect(heads.nth(0)).to_contain_text("2024年全国")
    expect(heads.nth(1)).to_contain_text("青浦区2024年")
    expect(rows(page, "changed").first).to_contain_text("扎实推进《纲要》贯彻落实")
    expect(rows(page, "dropped").first).to_contain_text("后一份文件未提及（不等于没有开展）")
    user.takes_picture("compare")
    compared = service.compare(*(item["id"] for item in service.counterparts()))
    for state, (name, _) in compared["states"].items():
        expect(page.get_by_role("button", name=f"{name} {compared['counts'][state]}")).to_be_visible()


def test_both_quotes_open_their_documents_and_wordings_are_compared(page: Page, user: Any, service: Service):
    held = {item["place"]: item["id"] for item in service.documents() if item["year"] == 2024}
    user.visits("compare", left=held["浦东新区"], right=held["青浦区"], words="质量惠民 便民")
    row = rows(page, "echoed").first
    expect(row).to_contain_text("组织开展质量服务惠民便民活动")
    expect(row).to_contain_text("开展质量惠民活动")
    expect(row).to_contain_text("同一活动系列：质量惠民")
    row.get_by_text("逐句比较表述").click()
    expect(row.locator("ins.pk-only").first).to_be_visible()
    user.takes_picture("compare-words")
    row.get_by_role("link", name="在文档中查看").nth(1).click()
    page.wait_for_url(re.compile(held["青浦区"]))
    mark = page.locator(".reader mark")
    user.sees(mark.first)
    user.reads(mark, "15．开展质量惠民活动。")


def test_states_narrow_and_stay_in_the_address(page: Page, user: Any):
    user.visits("compare")
    page.get_by_role("button", name=re.compile("^未提及 ")).click()
    page.wait_for_url(re.compile("states="))
    expect(rows(page, "changed")).to_have_count(0)
    expect(rows(page, "dropped").first).to_be_visible()
    address = page.url
    page.goto("/documents")
    page.goto(address)
    expect(rows(page, "dropped").first).to_be_visible()
    expect(rows(page, "changed")).to_have_count(0)


def test_the_whole_comparison_downloads(page: Page, user: Any, service: Service):
    compared = service.compare(*(item["id"] for item in service.counterparts()))
    user.visits("compare")
    expect(page.locator(".pk-row").first).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))["衔接对照"]
    assert sheet.max_row == len(compared["rows"]) + 1
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Word").click()
    report = docx.Document(io.BytesIO(started.value.path().read_bytes()))
    assert sum(len(table.rows) - 1 for table in report.tables) == len(compared["rows"])


def test_a_document_offers_its_counterparts(page: Page, user: Any, service: Service):
    plan = next(item["id"] for item in service.documents() if item["place"] == "青浦区")
    user.visits("documents", id=plan)
    page.get_by_role("link", name="与其他文件对照").click()
    page.get_by_role("button", name=re.compile("2024年全国")).click()
    expect(page.locator(".pk-compared p").nth(0)).to_contain_text("2024年全国")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")  # all is drawn
    page.get_by_role("button", name="左右对换").click()
    expect(page.locator(".pk-compared p").nth(0)).to_contain_text("青浦区2024年")


def test_an_unknown_document_is_told_kindly(page: Page, user: Any):
    user.visits("compare", left="d-0", right="d-1")
    expect(page.get_by_role("alert")).to_contain_text("没有这个文档：d-0")
