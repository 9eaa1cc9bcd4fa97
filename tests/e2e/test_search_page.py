"""检索, done by a user in a browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect


def test_passages_are_found_with_heading_path_and_marks_and_narrow_by_year(page: Page, user: Any):
    user.visits("search")
    page.get_by_label("检索内容").fill("首席质量官")
    page.get_by_label("检索内容").press("Enter")
    first = page.locator(".pk-quote").first
    expect(first.locator("mark").first).to_have_text("首席质量官")
    expect(page.locator(".pk-path").first).to_be_visible()
    user.takes_picture("search")
    page.get_by_role("combobox", name="年度").click()
    page.get_by_role("option", name="2022").click()
    page.get_by_role("button", name="检索").click()
    expect(page.get_by_text(re.compile("见于 1 份文档"))).to_be_visible()
    page.wait_for_url(re.compile("year=2022"))
    page.get_by_role("link", name="在文档中查看").first.click()
    user.sees(page.locator(".reader mark").first)


def test_a_link_reopens_the_search(page: Page, user: Any):
    user.visits("search", find="质量月", year=2019)
    expect(page.get_by_text(re.compile("见于 1 份文档"))).to_be_visible()


def test_nothing_found_says_what_to_do(page: Page, user: Any):
    user.visits("search", find="zzqqxx")
    expect(page.get_by_text("没有找到相近的段落")).to_be_visible()
