"""数据, done by a user in a browser: a file comes in, is answered from, and goes again."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from kg.service import Service
from kg.service.additions import own_files

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

OWN = """@base <https://w3id.org/policykg/id/> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<series/质量夜市> a schema:EventSeries, skos:Concept ; skos:prefLabel "质量夜市"@zh ; pkg:titlePattern "质量夜市" .
"""


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
    source = page.get_by_role("link", name="在文档中查看")
    user.picks_cell(page.get_by_test_id("stDataFrame"), source, x=18, y=52)
    source.click()
    expect(page.locator(".reader .body")).to_be_visible()


def test_facts_of_the_index_and_the_check(page: Page, user: Any):
    user.visits("data", part="索引与核对")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("5", timeout=60_000)  # a busy machine
    page.get_by_role("button", name="核对", exact=True).click()
    expect(results(page)).to_contain_text("核对：", timeout=60_000)


def test_an_archive_comes_in_file_by_file(page: Page, user: Any, clean: Service):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"通知/{NAME}", TEXT)
        archive.writestr("通知/说明.xyz", "不是公文")
    user.visits("data")
    file = {"name": "2032年.zip", "mimeType": "application/zip", "buffer": buffer.getvalue()}
    page.locator('input[type="file"]').set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="入库 1 个文件").click()
    expect(results(page)).to_contain_text("新增 1、跳过 1", timeout=60_000)
    assert (clean.settings.home / "uploads" / "2032年" / "通知" / NAME).is_file()


def test_a_vocabulary_of_ones_own_is_checked_and_taken_in(page: Page, user: Any, service: Service):
    user.visits("data", part="本体")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=60_000)

    def sends(name: str, text: str) -> None:
        user.waits()  # the box is a new one after each file
        file = {"name": name, "mimeType": "text/turtle", "buffer": text.encode()}
        page.locator('input[type="file"]').set_input_files([file])  # type: ignore[list-item]
        page.get_by_role("button", name="检查并加入").click()

    sends("坏.ttl", "<a> b c .")
    expect(page.get_by_text(re.compile("坏.ttl 没有加入：.*第 1 行"))).to_be_visible(timeout=60_000)
    sends("夜市.ttl", OWN)
    expect(page.get_by_text("夜市.ttl 已加入：活动系列 1")).to_be_visible(timeout=60_000)
    assert [path.name for path in own_files(service.settings)] == ["夜市.ttl"]
    page.get_by_role("button", name="移除 夜市.ttl").click()
    expect(page.get_by_text("夜市.ttl 已移除")).to_be_visible(timeout=60_000)
    assert own_files(service.settings) == []
