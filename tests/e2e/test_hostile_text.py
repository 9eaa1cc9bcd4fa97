"""HTML and Markdown in a document's text or a file's name show as text; a new generation shows without a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kg.service import Service

NAME = "<img src=x onerror=alert(1)> ![x](http:⁄⁄example.org) =1+1.txt"  # a fraction slash: / cannot be in a name
TEXT = """松江区质量办文件
松质办〔2031〕1号
关于<script>alert(1)</script>**粗体**![图](http://example.org/a.png)开展2031年质量月活动的通知
各单位：
一、组织<b onmouseover=alert(1)>质量开放日</b>活动
由松江区市场监督管理局负责，详见[链接](http://example.org/)与 $\\frac{1}{2}$、:red[红字]。
松江区质量办
2031年9月1日
"""


@pytest.fixture
def hostile(service: Service, tmp_path: Path) -> Iterator[str]:
    file = tmp_path / NAME
    file.write_text(TEXT, encoding="utf-8")
    service.ingest([file])
    document_id = next(item["id"] for item in service.documents() if item["source"].endswith(NAME))
    yield document_id
    service.remove([document_id])


def test_markup_shows_as_text_on_every_page(page: Page, user: Any, hostile: str):
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    user.visits("documents")
    entry = page.locator(f".st-key-entry-{hostile}")
    expect(entry).to_contain_text("<script>alert(1)</script>**粗体**![图]")
    expect(entry).to_contain_text("<img src=x onerror=alert(1)>")
    user.visits("documents", id=hostile, start=60, end=70)
    expect(page.locator(".reader .body")).to_contain_text("<b onmouseover=alert(1)>质量开放日</b>")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>")
    user.visits("search", find="质量开放日", year=2031)
    expect(page.locator(".pk-path").first).to_contain_text("<b onmouseover=alert(1)>质量开放日</b>")
    expect(page.locator(".pk-quote").first).to_contain_text("[链接](http://example.org/)")
    user.visits("evolution", series="质量开放日", place="松江区", year=2031)
    expect(page.get_by_test_id("cell")).to_contain_text("松江区 2031年")
    expect(page.locator(".pk-source").first).to_contain_text("**粗体**![图](http://example.org/a.png)")
    user.visits("basis", document=hostile)
    expect(page.get_by_test_id("root")).to_contain_text("<script>alert(1)</script>**粗体**![图]")
    user.visits("basis", policy="<img src=x onerror=alert(1)> ![图](http://example.org/b.png)")
    expect(page.get_by_role("alert")).to_contain_text("<img src=x onerror=alert(1)> ![图]")
    user.visits("evolution", series="<img src=x onerror=alert(1)>")
    expect(page.get_by_role("alert")).to_contain_text("<img src=x onerror=alert(1)>")
    user.visits(q="2031年<img src=x onerror=alert(1)>质量开放日由谁负责？")
    expect(page.locator(".pk-answer")).to_be_visible()
    expect(page.locator('[data-testid="stMain"] img')).to_have_count(0)
    assert dialogs == []


def test_markup_shows_as_text_where_documents_are_read_and_compared(
    page: Page, user: Any, hostile: str, service: Service
):
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    plan = next(item["id"] for item in service.documents() if item["place"] == "青浦区")
    user.visits("compare", left=plan, right=hostile, words="开放日")
    expect(page.locator(".pk-compared")).to_contain_text("<script>alert(1)</script>**粗体**![图]")
    expect(page.locator(".pk-quote, .pk-task", has_text="<b onmouseover=alert(1)>质量开放日</b>").first).to_be_visible()
    user.visits("compare", left="<img src=x onerror=alert(1)>", right=plan)
    expect(page.get_by_role("alert")).to_contain_text("<img src=x onerror=alert(1)>")
    user.visits("documents", id=hostile)
    page.locator(".reader .e.series, .reader .e.agency").first.click()
    expect(page.locator(".reader .card")).to_be_visible()
    user.visits("documents", name="<img")
    expect(page.locator(f".st-key-entry-{hostile}")).to_contain_text("<img src=x onerror=alert(1)>")
    user.visits("search", find="质量开放日", year="<img src=x onerror=alert(1)>")
    expect(page.get_by_text("没有找到相近的段落")).to_be_visible()
    user.visits("search", find="质量开放日", year=2031)
    page.locator(".st-key-hit-0").get_by_role("button", name="相似段落").click()
    expect(page.locator(".st-key-hit-0 .pk-source").nth(1)).to_be_visible()
    expect(page.locator('[data-testid="stMain"] img')).to_have_count(0)
    assert dialogs == []
