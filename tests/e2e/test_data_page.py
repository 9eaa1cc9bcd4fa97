"""数据, done by a user in a browser: a file comes in, is answered from, and goes again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kg.service import Service

NAME = "崇明区2032年质量月通知.txt"
TEXT = """崇明区市场监督管理局文件
崇市监质〔2032〕7号
关于开展2032年崇明区“质量月”活动的通知
各乡镇：
一、组织“质量开放日”活动
由崇明区市场监督管理局负责，崇明区教育局配合。
崇明区市场监督管理局
2032年9月1日
"""


@pytest.fixture
def clean(service: Service) -> Iterator[Service]:
    """The library as it was, whatever a test leaves behind."""
    before = {item["id"] for item in service.documents()}
    yield service
    left = [item["id"] for item in service.documents() if item["id"] not in before]
    if left:
        service.discard(left)


def results(page: Page) -> Any:
    return page.locator(".st-key-job-result")


def test_a_file_comes_in_is_answered_from_and_goes_again(page: Page, user: Any, clean: Service):
    user.visits("data")
    files = [
        {"name": NAME, "mimeType": "text/plain", "buffer": TEXT.encode()},
        {"name": "空.txt", "mimeType": "text/plain", "buffer": b" "},
    ]
    page.locator('input[type="file"]').set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="入库 2 个文件").click()
    expect(results(page)).to_contain_text("新增 1、失败 1", timeout=60_000)
    user.takes_picture("data")
    folder = clean.settings.home / "uploads"
    assert [path.name for path in folder.iterdir()] == [NAME]  # what could not be read is not kept
    user.visits(q="2032年崇明区的质量开放日由谁负责？")
    expect(page.locator(".pk-answer")).to_contain_text("崇明区市场监督管理局")
    user.visits("data", part="移除")
    page.get_by_role("combobox", name="要移除的文档").fill("崇明区2032")
    page.get_by_role("option").first.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="移除…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(NAME)
    assert clean.documents() != []
    dialog.get_by_role("button", name="确认移除").click()
    expect(results(page)).to_contain_text("已移除 1 份文档，删除上传的文件 1 个", timeout=60_000)
    assert list(folder.iterdir()) == []
    assert len(clean.documents()) == 5


def test_the_same_file_again_is_unchanged_and_a_name_cannot_leave_the_folder(page: Page, user: Any, clean: Service):
    user.visits("data")
    evil = {"name": "..\\..\\坏.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    for outcome in ("新增 1", "未变 1"):
        page.locator('input[type="file"]').set_input_files([evil])  # type: ignore[list-item]
        page.get_by_role("button", name="入库 1 个文件").click()
        expect(results(page)).to_contain_text(outcome, timeout=60_000)
    kept = [item["source"] for item in clean.documents() if item["source"].endswith("坏.txt")]
    assert [Path(source).parent for source in kept] == [clean.settings.home / "uploads"]


def test_notices_of_all_documents_narrow_by_kind(page: Page, user: Any):
    user.visits("data", part="质量提示")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_role("combobox", name="种类").click()
    page.get_by_role("option").first.click()
    user.waits()
    table = page.get_by_test_id("stDataFrame")
    table.hover(position={"x": 18, "y": 52})
    page.wait_for_timeout(300)  # the canvas takes a click only where it has seen the mouse before
    table.click(position={"x": 18, "y": 52})
    page.get_by_role("link", name="在文档中查看").click()
    expect(page.locator(".reader .body")).to_be_visible()


def test_facts_of_the_index_and_the_check(page: Page, user: Any):
    user.visits("data", part="索引与核对")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("5", timeout=60_000)  # a busy machine
    page.get_by_role("button", name="核对", exact=True).click()
    expect(results(page)).to_contain_text("核对：", timeout=60_000)


def test_the_reference_files_are_listed(page: Page, user: Any):
    user.visits("data", part="本体")
    expect(page.get_by_text("没有自有本体文件")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
