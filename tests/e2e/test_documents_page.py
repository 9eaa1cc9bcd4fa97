"""文档, done by a user in a browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from kg.service import Service


def test_the_list_narrows_by_words_and_filters(page: Page, user: Any):
    user.visits("documents")
    entries = page.locator('[class*="st-key-entry-"]')
    expect(entries).to_have_count(5)
    user.takes_picture("documents")
    page.get_by_label("题名、文号或文件名").fill("青质办")
    page.get_by_label("题名、文号或文件名").press("Enter")
    expect(entries).to_have_count(1)
    expect(page.get_by_text("5 份中的 1 份")).to_be_visible()
    page.wait_for_url(re.compile("name="))
    page.get_by_label("题名、文号或文件名").fill("")
    page.get_by_label("题名、文号或文件名").press("Enter")
    page.get_by_role("combobox", name="年度").click()
    page.get_by_role("option", name="2022").click()
    expect(entries).to_have_count(1)
    expect(entries.first).to_contain_text("通报")


def test_a_document_opens_from_the_list_with_outline_and_facts(page: Page, user: Any):
    user.visits("documents")
    page.get_by_role("link", name=re.compile("青浦区2024年")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("青浦区2024年")
    expect(page.locator(".pk-facts").first).to_contain_text("青质办〔2024〕72号")
    expect(page.locator(".reader .body p").first).to_be_visible()
    page.locator(".outline summary").click()
    page.locator(".outline .entries button").last.click()
    expect(page.locator(".outline .entries")).to_be_hidden()
    for tab in ("机构", "引用文件", "数字", "提示", "活动"):
        page.get_by_role("tab", name=re.compile(tab)).click()
        expect(page.get_by_role("tab", name=re.compile(tab))).to_have_attribute("aria-selected", "true")
    page.get_by_role("link", name="全部文档").click()
    expect(page.locator('[class*="st-key-entry-"]')).to_have_count(5)


def test_a_link_opens_a_document_at_its_sentence_and_a_fact_moves_there(page: Page, user: Any, service: Service):
    item = next(item for item in service.documents() if item["year"] == 2024 and item["place"] == "青浦区")
    activity = service.document(item["id"])["activities"][-1]["evidence"]
    user.visits("documents", id=item["id"], start=activity["start"], end=activity["end"])
    mark = page.locator(".reader mark")
    user.sees(mark.first)
    assert "".join(mark.all_inner_texts()).strip() == activity["quote"].replace("\n", "").strip()
    user.waits()
    user.takes_picture("document")
    before = mark.first.inner_text()
    page.get_by_test_id("data-grid-canvas").first.wait_for(state="attached")
    table = page.get_by_test_id("stDataFrame").first
    table.hover(position={"x": 120, "y": 52})
    page.wait_for_timeout(300)  # the canvas takes a click only where it has seen the mouse before
    table.click(position={"x": 120, "y": 52})
    expect(mark.first).not_to_have_text(before)
    user.sees(mark.first)


def test_an_unknown_document_is_told_kindly(page: Page, user: Any):
    user.visits("documents", id="d-0000000000")
    expect(page.get_by_role("alert")).to_contain_text("没有这个文档")
