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
    assert page.locator('[data-testid="stMain"] img').count() == 0
    assert dialogs == []
