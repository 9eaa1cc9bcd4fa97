"""政策依据, done by a user in a browser."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from kg.service import Service

OUTLINE = "质量强国建设纲要"


def nodes(page: Page, way: str) -> Any:
    return page.locator(f'[class*="st-key-depth"][class*="-{way}-"]')


def plan_of(service: Service, place: str) -> str:
    return next(item["id"] for item in service.documents() if item["place"] == place)


def test_a_policy_shows_the_documents_from_the_state_down_to_a_district_and_its_activities(page: Page, user: Any):
    user.visits("basis")
    page.get_by_role("button", name=re.compile(rf"^{OUTLINE}（3）")).click()
    page.wait_for_url(re.compile("policy="))
    expect(page.get_by_test_id("root")).to_contain_text("未入库")
    below = nodes(page, "down")
    expect(below).to_have_count(3)
    expect(below.nth(0)).to_contain_text("国家")
    expect(below.nth(0)).to_contain_text("全国“质量月”")
    expect(below.nth(0)).to_contain_text("贯彻落实")
    expect(below.nth(1)).to_contain_text("青浦区2024年")
    expect(below.nth(1)).to_have_class(re.compile("st-key-depth2-"))
    user.waits()
    user.takes_picture("basis")
    below.nth(1).get_by_text("这份文件的 37 项活动").click()
    user.picks_cell(below.nth(1).get_by_test_id("stDataFrame"), below.nth(1).locator("mark").first)


def test_a_document_is_traced_upward_and_each_verb_has_its_sentence(page: Page, user: Any, service: Service):
    user.visits("basis", document=plan_of(service, "青浦区"))
    above = nodes(page, "up")
    expect(above.first).to_contain_text("关于开展2024年全国“质量月”活动的通知")
    expect(above.first).to_contain_text("根据国家市场监管总局发布的")
    expect(page.get_by_role("link", name=OUTLINE, exact=True).first).to_be_visible()
    user.waits()
    user.takes_picture("basis-document")
    above.first.get_by_role("link", name="在文档中查看").click()
    mark = page.locator(".reader mark").first
    user.sees(mark)
    expect(page.locator(".reader mark", has_text="全国“质量月”活动的通知").first).to_be_attached()


def test_who_cites_a_document_is_one_click_away(page: Page, user: Any, service: Service):
    user.visits("basis", document=plan_of(service, "全国"))
    expect(nodes(page, "down")).to_have_count(1)
    nodes(page, "down").get_by_role("link", name=re.compile("青浦区2024年")).click()
    page.wait_for_url(re.compile(plan_of(service, "青浦区")))
    expect(page.get_by_text(re.compile("^库中没有文件以它为依据"))).to_be_visible()


def test_what_is_cited_and_not_held_is_listed_and_downloads(page: Page, user: Any, service: Service):
    user.visits("basis")
    expect(page.get_by_text("共 13 项，引用多的在前")).to_be_visible()
    user.waits()
    user.takes_picture("basis-missing")
    saved = service.sparql(service.saved_query("cited-not-held"))["rows"]
    expected = {
        (row[2] or row[1], row[3]) for row in saved
    }  # one cited by its number has a title here where it is known
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))["补档清单"]
    assert {(row[1] or row[0], row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)} == expected
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 CSV").click()
    rows = list(csv.reader(io.StringIO(started.value.path().read_bytes().decode("utf-8-sig"))))
    assert {(row[1] or row[0], int(row[3])) for row in rows[1:]} == expected


def test_a_line_of_the_list_opens_the_tree(page: Page, user: Any):
    user.visits("basis")
    user.picks_cell(page.get_by_test_id("stDataFrame").first, page.get_by_test_id("root"))
    expect(page.get_by_test_id("root")).to_contain_text(OUTLINE)
    expect(nodes(page, "down")).to_have_count(3)


def test_the_list_of_what_is_missing_can_be_searched(page: Page, user: Any):
    user.visits("basis")
    page.get_by_label("在清单中查找").fill("没有这样的政策")
    page.get_by_label("在清单中查找").press("Enter")
    expect(page.get_by_text("清单中没有符合的")).to_be_visible()
    page.wait_for_url(re.compile("missing-words="))


def test_an_unknown_policy_is_told_kindly(page: Page, user: Any):
    user.visits("basis", policy="质量强国建设大纲")
    expect(page.get_by_role("alert")).to_contain_text(
        "没有这个被引用的政策：质量强国建设大纲。您是不是要找：质量强国建设纲要"
    )
