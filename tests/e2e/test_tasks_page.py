"""任务台账, done by a user in a browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect


def test_tasks_narrow_show_their_sentence_and_come_as_files(page: Page, user: Any):
    user.visits("tasks", p="青浦区")
    expect(page.get_by_text(re.compile("项任务"))).to_be_visible()
    user.takes_picture("tasks")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载日历（.ics）").click()
    assert download.value.suggested_filename == "任务台账.ics"
    quote = page.get_by_role("link", name="在文档中查看")
    user.picks_cell(page.get_by_test_id("stDataFrame"), quote.first, x=18, y=52)
    expect(page.get_by_text("没有通报不等于没有开展")).to_be_visible()
    page.get_by_role("link", name="就这项任务提问").click()
    expect(page.get_by_label("问题", exact=True)).to_have_value(re.compile("由谁负责？$"))
