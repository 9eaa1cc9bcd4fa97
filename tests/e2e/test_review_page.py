"""核定, done by a user in a browser: a unit is corrected, bodies are merged, the queue goes by keys."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kg.service import Service


@pytest.fixture
def untouched(service: Service) -> Iterator[Service]:
    """Whatever a test states is taken back."""
    yield service
    for each in service.corrections():
        service.undo_correction(each["id"], publish=False)
    service.publish_corrections()


def plan(service: Service) -> dict[str, Any]:
    found = next(item for item in service.documents() if item["place"] == "青浦区")
    return service.document(found["id"])


def test_a_unit_is_corrected_from_an_answer_in_two_clicks_and_the_answer_changes(
    page: Page, user: Any, untouched: Service
):
    activity = next(a for a in plan(untouched)["activities"] if a["no"] == "10")
    question = "青浦方案第10项由谁负责？"
    user.visits(q=question)
    expect(page.get_by_test_id("answer")).to_contain_text(activity["responsible"][0]["name"])
    main = page.get_by_test_id("stMain")
    main.get_by_role("link", name="核定").first.click()
    card = page.locator('[class*="st-key-fact-"]').filter(has_text="原文写法")
    card.first.get_by_role("button", name="修改").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("机构").fill("青浦区教育局")
    begun = time.monotonic()
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_text(re.compile("已核定（"))).to_be_visible()
    expect(page.locator('[class*="st-key-fact-"]').filter(has_text="青浦区教育局").first).to_contain_text("人工核定")
    took = time.monotonic() - begun
    user.takes_picture("review-sentence")
    user.visits(q=question)
    expect(page.get_by_test_id("answer")).to_contain_text("青浦区教育局")
    expect(page.get_by_text("人工核定").first).to_be_visible()
    assert took < 30, took  # 5 s on an idle machine: tests/service/test_review.py measures the publishing


def test_the_queue_goes_by_keys_and_is_published(page: Page, user: Any, untouched: Service):
    user.visits("review")
    expect(page.get_by_text(re.compile("已核定 0 条，待核"))).to_be_visible()
    item = page.locator(".st-key-queue-item")
    user.takes_picture("review")
    for count, key in enumerate("yynjyynyyy", start=1):
        before = item.inner_text()
        page.keyboard.press(key)
        expect(item).not_to_have_text(before)
        user.waits()
        assert count
    expect(page.get_by_text("本次已记下 9 条")).to_be_visible()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text(re.compile("已核定 9 条"))).to_be_visible()
    assert len(untouched.corrections()) == 9


def test_bodies_are_merged_and_undone(page: Page, user: Any, untouched: Service):
    user.visits("review", part="机构与政策")
    page.get_by_role("combobox", name="机构", exact=False).first.fill("青浦区农业农村委员会")
    page.get_by_role("option").first.click()
    page.get_by_label("另一名称（规范的全称）").fill("青浦区农业农村局")
    page.get_by_label("另一名称（规范的全称）").press("Tab")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text(re.compile("已核定（"))).to_be_visible()
    user.takes_picture("review-bodies")
    assert "青浦区农业农村局" in {entry["name"] for entry in plan(untouched)["agencies"]}
    user.visits("review", part="已核定")
    expect(page.get_by_text("合并：青浦区农业农村委员会 → 青浦区农业农村局")).to_be_visible()
    page.get_by_role("button", name="撤销").first.click()
    expect(page.get_by_text("已撤销，恢复为识别的结果")).to_be_visible()
    assert "青浦区农业农村委员会" in {entry["name"] for entry in plan(untouched)["agencies"]}


def test_what_is_to_be_looked_at_again_says_so_when_there_is_nothing(page: Page, user: Any):
    user.visits("review", part="待复核")
    expect(page.get_by_text(re.compile("没有待复核的"))).to_be_visible()
