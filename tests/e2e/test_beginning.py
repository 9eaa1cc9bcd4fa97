"""An empty home, in a browser: from nothing to a first answer without a command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import User, free_port, running, sittings, watched


@pytest.fixture
def empty(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with (
        running(tmp_path / "home", free_port(), tmp_path) as address,
        sittings(browser, address) as context,
        watched(context) as page,
    ):
        yield page


def test_from_an_empty_home_to_a_first_answer(empty: Page):
    user: Any = User(empty)
    user.visits()
    main = empty.get_by_test_id("stMain")
    expect(main).to_contain_text("还没有文档")
    expect(main).not_to_contain_text("policykg ")
    user.takes_picture("beginning")
    empty.get_by_role("button", name="先用随附的示例文档试一试").click()
    expect(empty.get_by_text("地区 × 年度")).to_be_visible(timeout=240_000)  # eight documents; the machine may be busy
    empty.locator(".st-key-examples button").first.click()
    expect(empty.get_by_test_id("answer")).to_be_visible()


def test_an_upload_into_an_empty_home_tells_what_was_found(empty: Page):
    user: Any = User(empty)
    user.visits("data")
    text = (
        "海城市市场监督管理局文件\n关于开展2031年“质量月”活动的通知\n一、组织“质量开放日”活动\n"
        "由海城市市场监督管理局负责。\n海城市市场监督管理局\n2031年9月1日\n"
    )
    file = {"name": "通知.txt", "mimeType": "text/plain", "buffer": text.encode()}
    empty.locator('input[type="file"]').set_input_files([file])  # type: ignore[list-item]
    empty.get_by_role("button", name="入库 1 个文件").click()
    result = empty.locator(".st-key-job-result")
    expect(result).to_contain_text("新增 1", timeout=240_000)
    expect(result).to_contain_text("活动 1")
    result.get_by_role("link", name="去提问").click()
    expect(empty.get_by_text("可以这样问")).to_be_visible()
