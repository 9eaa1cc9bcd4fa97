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
    year = page.get_by_role("radiogroup", name="年度")
    expect(year.get_by_role("radio", name=re.compile("^2024（[0-9]+）"))).to_be_visible()
    year.get_by_role("radio", name=re.compile("^2022（[0-9]+）")).click()
    page.wait_for_url(re.compile("year=2022"))
    expect(page.get_by_text(re.compile("见于 1 份文档"))).to_be_visible()
    page.get_by_role("link", name="在文档中查看").first.click()
    user.sees(page.locator(".reader mark").first)


def test_every_facet_has_counts_and_can_be_cleared(page: Page, user: Any):
    user.visits("search", find="首席质量官", place="青浦区")
    for label in ("年度", "地区", "文种", "主题", "机构"):
        expect(page.get_by_role("radiogroup", name=label).get_by_role("radio").first).to_contain_text(
            re.compile("（[0-9]+）")
        )
    chosen = page.get_by_role("radio", name=re.compile("^青浦区（"))
    expect(chosen).to_have_attribute("aria-checked", "true")
    expect(page.get_by_text(re.compile("见于 1 份文档"))).to_be_visible()
    page.get_by_role("button", name="清除条件").click()
    expect(page.get_by_text(re.compile("见于 [2-9] 份文档"))).to_be_visible()


def test_similar_passages_and_related_documents_open(page: Page, user: Any):
    user.visits("search", find="发放质量科普宣传资料")
    first = page.locator(".st-key-hit-0")
    first.get_by_role("button", name="相似段落").click()
    expect(first.locator(".pk-source").nth(1)).to_be_visible()
    expect(first.get_by_role("link", name="在文档中查看").nth(1)).to_be_visible()
    user.takes_picture("search-similar")
    first.get_by_role("button", name="收起相似段落").click()
    expect(first.locator(".pk-source")).to_have_count(1)
    page.get_by_text("与第一段所在文件相关的文档").click()
    expect(page.get_by_text(re.compile("同引《|同属活动系列")).first).to_be_visible()


def test_a_link_reopens_the_search(page: Page, user: Any):
    user.visits("search", find="质量月", year=2019)
    expect(page.get_by_text(re.compile("见于 1 份文档"))).to_be_visible()


def test_nothing_found_says_what_to_do(page: Page, user: Any):
    user.visits("search", find="zzqqxx")
    expect(page.get_by_text("没有找到相近的段落")).to_be_visible()


def test_a_period_and_an_order_narrow_and_sort_and_stay_in_the_address(page: Page, user: Any):
    user.visits("search", find="质量月", since="2022", order="oldest")
    expect(page.get_by_text(re.compile("最早的在前"))).to_be_visible()
    expect(page.get_by_label("成文日期起")).to_have_value("2022")
    dates = [
        text.split("-")[0] for text in page.locator(".pk-source span").all_inner_texts() if re.match(r"\d{4}-", text)
    ]
    assert min(dates) >= "2022"
    assert dates == sorted(dates)
    user.takes_picture("search-period")
    page.get_by_label("成文日期起").fill("2023-01")
    page.get_by_label("成文日期起").press("Enter")
    page.wait_for_url(re.compile("since=2023-01"))
    expect(page.get_by_text(re.compile("见于 1 份文档"))).to_be_visible()
