"""SPARQL, done by a user in a browser."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect


def test_a_saved_query_fills_the_editor_runs_and_downloads(page: Page, user: Any):
    user.visits("sparql")
    page.get_by_role("combobox", name="现成的查询").click()
    page.get_by_role("option", name="文件清单").click()
    expect(page.get_by_label("查询语句")).to_have_value(re.compile("SELECT"))
    expect(page.get_by_text(re.compile(r"^5 行 · 用时"))).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    user.takes_picture("sparql")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 CSV").click()
    assert started.value.path().read_bytes().startswith(b"\xef\xbb\xbfid,")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Excel").click()
    assert openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes())).active.max_row == 6
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 JSON").click()
    assert len(json.loads(started.value.path().read_bytes())["results"]["bindings"]) == 5


def test_an_error_points_at_its_place(page: Page, user: Any):
    user.visits("sparql", query="SELECT * WHERE {\n  ?s ?p\n}")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"第 3 行第 2 列"))
    expect(page.get_by_test_id("stCode").first).to_contain_text("↑")


def test_a_query_that_writes_is_refused(page: Page, user: Any):
    user.visits("sparql", query="DELETE WHERE { ?s ?p ?o }")
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_construct_query_downloads_as_turtle(page: Page, user: Any):
    user.visits("sparql", query="CONSTRUCT { ?d dcterms:title ?t } WHERE { ?d a pkg:Document ; dcterms:title ?t }")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Turtle").click()
    assert "title" in started.value.path().read_text(encoding="utf-8")
