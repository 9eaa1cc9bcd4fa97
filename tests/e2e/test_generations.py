"""Two browsers read while a third takes files in: nobody sees an error or a mixture, and both are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kg.service import Service
from tests.e2e.conftest import User, watched
from tests.e2e.test_data_page import NAME, TEXT, results

FILES = 12
LONG = 120_000  # milliseconds: four programs share two cores here, and perhaps a neighbour


@pytest.fixture
def others(context: BrowserContext) -> Iterator[list[User]]:
    """Two more sittings, watched like the first."""
    with watched(context) as first, watched(context) as second:
        yield [User(first), User(second)]


def generation(page: Page) -> int:
    """What the side bar says that the page shows."""
    caption = page.get_by_test_id("stSidebar").get_by_text(re.compile("第 [0-9]+ 代索引"))
    expect(caption).to_be_visible()
    return int(re.search("第 ([0-9]+) 代", caption.text_content() or "")[1])  # type: ignore[index]


def test_two_read_while_a_third_takes_files_in(page: Page, user: Any, others: list[User], clean: Service):
    reading, looking = others
    reading.visits("documents")
    looking.visits("agencies", agency="青浦区市场监督管理局")
    looking.page.locator(".network[data-ready]").wait_for()
    before = generation(reading.page)
    assert generation(looking.page) == before
    user.visits("data")
    files = [
        {"name": f"{number}{NAME}", "mimeType": "text/plain", "buffer": TEXT.replace("7号", f"{number}号").encode()}
        for number in range(FILES)
    ]
    page.locator('input[type="file"]').set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name=f"入库 {FILES} 个文件").click()
    # Both go on working meanwhile.
    reading.page.get_by_role("link", name=re.compile("青浦区2024年")).first.click()
    expect(reading.page.locator(".reader .body")).to_be_visible(timeout=LONG)
    looking.page.get_by_role("combobox", name="年度").click()
    looking.page.get_by_role("option", name="2024", exact=True).click()
    looking.page.locator(".network[data-ready]").wait_for(timeout=LONG)
    expect(results(page)).to_contain_text(f"新增 {FILES}", timeout=LONG)
    newest = clean.newest()
    for other in others:
        # Whoever clicked after the files were in has the new data already; the other is told of them.
        side = other.page.get_by_test_id("stSidebar")
        told = side.get_by_text(re.compile("有更新的数据（第 [0-9]+ 代）"))
        expect(told.or_(side.get_by_text(f"第 {newest} 代索引"))).to_be_visible(timeout=LONG)
        expect(other.page.get_by_test_id("stAlertContentError")).to_have_count(0)
        expect(other.page.get_by_test_id("stException")).to_have_count(0)
        if told.is_visible():
            other.page.get_by_role("button", name="刷新").click()
        expect(told).to_have_count(0, timeout=LONG)
        expect(other.page.get_by_test_id("stSidebar")).to_contain_text(f"库中 {5 + FILES} 份文档", timeout=LONG)
        assert generation(other.page) > before
