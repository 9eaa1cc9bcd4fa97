"""文档, done by a user in a browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from kg.service import Service


def test_the_list_narrows_by_words_and_filters(page: Page, user: Any):
    user.visits("documents")
    entries = page.locator('[class*="st-key-entry-"]')
    expect(entries).to_have_count(5)
    user.takes_picture("documents")
    page.get_by_label("题名、文号或文件名").fill("青质办")
    page.get_by_label("题名、文号或文件名").press("Enter")
    expect(entries).to_have_count(1)
    expect(page.get_by_text("5 份中的 1 份")).to_be_visible()
    page.wait_for_url(re.compile("name="))
    page.get_by_label("题名、文号或文件名").fill("")
    page.get_by_label("题名、文号或文件名").press("Enter")
    page.get_by_role("combobox", name="年度").click()
    page.get_by_role("option", name="2022").click()
    expect(entries).to_have_count(1)
    expect(entries.first).to_contain_text("通报")


def test_the_list_narrows_by_level_agency_and_words_of_the_text(page: Page, user: Any):
    entries = page.locator('[class*="st-key-entry-"]')
    user.visits("documents", l="国家")
    expect(entries).to_have_count(1)
    expect(entries.first).to_contain_text("全国")
    user.visits("documents", a="青浦区市场监督管理局")
    expect(page.get_by_text(re.compile("5 份中的 [1-4] 份"))).to_be_visible()
    expect(entries.filter(has_text="青浦区2024年")).to_have_count(1)
    user.visits("documents", text="啄木鸟杯")
    expect(entries.filter(has_text="2019年上海市")).to_have_count(1)


def test_a_document_opens_from_the_list_with_outline_and_facts(page: Page, user: Any):
    user.visits("documents")
    page.get_by_role("link", name=re.compile("青浦区2024年")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("青浦区2024年")
    expect(page.locator(".pk-facts").first).to_contain_text("青质办〔2024〕72号")
    expect(page.locator(".reader .body p").first).to_be_visible()
    page.locator(".outline summary").click()
    page.locator(".outline .entries button").last.click()
    expect(page.locator(".outline .entries")).to_be_hidden()
    user.sees(page.locator(".reader .h").last)
    for tab in ("机构", "引用文件", "数字", "提示", "活动"):
        page.get_by_role("tab", name=re.compile(tab)).click()
        expect(page.get_by_role("tab", name=re.compile(tab))).to_have_attribute("aria-selected", "true")
    page.get_by_role("link", name="全部文档").click()
    expect(page.locator('[class*="st-key-entry-"]')).to_have_count(5)


def test_a_link_opens_a_document_at_its_sentence_and_a_fact_moves_there(page: Page, user: Any, service: Service):
    item = next(item for item in service.documents() if item["year"] == 2024 and item["place"] == "青浦区")
    activities = service.document(item["id"])["activities"]
    activity, first = activities[-1]["evidence"], activities[0]["evidence"]
    user.visits("documents", id=item["id"], start=activity["start"], end=activity["end"])
    marks = page.locator(".reader mark")
    user.sees(marks.first)
    user.reads(marks, activity["quote"])
    user.waits()
    user.takes_picture("document")
    moved = page.locator(".reader p:has(mark)").filter(has_text=first["quote"][-12:])
    user.picks_cell(page.get_by_test_id("stDataFrame").first, moved.first)
    user.reads(marks, first["quote"])
    user.sees(marks.first)


def district_plan(service: Service) -> str:
    return next(str(item["id"]) for item in service.documents() if item["place"] == "青浦区")


def test_what_is_named_is_marked_by_type_and_each_type_switches_off(page: Page, user: Any, service: Service):
    user.visits("documents", id=district_plan(service))
    body = page.locator(".reader .body")
    named = page.locator(".reader .e.agency").first
    expect(named).to_have_css("text-decoration-line", "underline")
    styles = set()
    for kind in ("policy", "agency", "place", "date", "series"):
        mark = page.locator(f".reader .e.{kind}").first
        expect(mark).to_have_css("text-decoration-line", "underline")
        styles.add(mark.evaluate("e => (s => s.textDecorationStyle + s.textDecorationThickness)(getComputedStyle(e))"))
    assert len(styles) == 5  # told apart without colour
    switch = page.locator(".reader .switch.agency")
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(switch).to_contain_text("机构")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(named).to_have_css("text-decoration-line", "none")
    expect(body).to_have_class(re.compile("no-agency"))
    page.reload()
    expect(page.locator(".reader .switch.agency")).to_have_attribute("aria-pressed", "false")
    page.locator(".reader .switch.agency").click()
    expect(page.locator(".reader .e.agency").first).to_have_css("text-decoration-line", "underline")


def test_a_click_on_a_name_shows_its_card_and_leads_to_its_page(page: Page, user: Any, service: Service):
    user.visits("documents", id=district_plan(service))
    page.locator(".reader .e.agency", has_text="青浦区质量工作领导小组办公室").first.click()
    card = page.get_by_role("dialog", name="机构：青浦区质量工作领导小组办公室")
    expect(card).to_contain_text("领导小组")
    user.takes_picture("document-card")
    page.keyboard.press("Escape")
    expect(page.locator(".reader .card")).to_be_hidden()
    page.locator(".reader .e.policy", has_text="质量强国建设纲要").first.click()
    with page.expect_popup() as opened:
        page.locator(".reader .card a").click()
    expect(opened.value.get_by_test_id("root")).to_contain_text("质量强国建设纲要")
    opened.value.close()
    page.locator(".reader .e.series").first.click()
    expect(page.locator(".reader .card a")).to_have_attribute("href", re.compile("^evolution[?]series="))


def test_names_are_reached_with_the_keyboard(page: Page, user: Any, service: Service):
    user.visits("documents", id=district_plan(service))
    page.locator('.reader .e[tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".reader .e").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".reader .card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".reader .e").nth(1)).to_be_focused()


def test_related_documents_are_offered(page: Page, user: Any, service: Service):
    user.visits("documents", id=district_plan(service))
    page.get_by_text(re.compile("相关文档（")).click()
    page.get_by_role("link", name=re.compile("2024年全国")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("全国")


def test_an_unknown_document_is_told_kindly(page: Page, user: Any):
    user.visits("documents", id="d-0000000000")
    expect(page.get_by_role("alert")).to_contain_text("没有这个文档")


def test_a_document_opened_from_the_list_stays_open(page: Page, user: Any):
    user.visits("documents")
    page.get_by_role("link", name=re.compile("青浦区2024年")).first.click()
    reader = page.locator(".reader .body")
    expect(reader).to_be_visible()
    expect(page).to_have_url(re.compile(r"documents\?id=d-"))
    page.get_by_role("button", name="原文件").click()
    expect(page.get_by_text("文件与入库时一致")).to_be_visible()
    expect(reader).to_be_visible()
    page.keyboard.press("Escape")
    page.go_back()
    expect(page.get_by_role("heading", name="文档", exact=True)).to_be_visible()


def test_the_original_opens_beside_the_text(page: Page, user: Any, service: Service):
    listed = next(item for item in service.documents() if item["place"] == "青浦区")
    user.visits("documents", id=listed["id"])
    page.get_by_role("button", name="原文件").click()
    expect(page.get_by_text("文件与入库时一致")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("在新标签页打开")).click()
    expect(opened.value.locator("body")).to_contain_text("青浦区质量工作领导小组办公室文件")
    opened.value.close()
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载").click()
    assert saved.value.path().read_bytes() == service.original(listed["id"]).data
