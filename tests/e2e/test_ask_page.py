"""问答, done by a user in a browser."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

FLAGSHIP = "哪些区开展过质量开放日，历年有何变化？"


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("问题")
    box.fill(question)
    box.press("Enter")


def clipboard(page: Page, beginning: str, *, before: str = "") -> str:
    """What was copied, as soon as it begins so and is no longer what was copied before."""
    page.wait_for_function(
        "([beginning, before]) => navigator.clipboard.readText().then((t) => t.startsWith(beginning) && t !== before)",
        arg=[beginning, before],
    )
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_question_is_answered_with_table_chart_evidence_and_query(page: Page, user: Any):
    user.visits()
    expect(page.get_by_text("可以这样问")).to_be_visible()
    ask(page, FLAGSHIP)
    answer = page.get_by_test_id("answer")
    expect(answer).to_contain_text("2019年")
    user.sees(answer)
    expect(page.get_by_test_id("interpretation")).to_contain_text("质量开放日")
    table = page.get_by_role("table", name="答案的表格")
    expect(table).to_contain_text("青浦区")
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(page.locator(".pk-quote mark", has_text="开放日").first).to_be_visible()
    user.takes_picture("ask")
    page.get_by_text("查询语句（SPARQL）").click()
    expect(page.get_by_test_id("stCode").first).to_contain_text("SELECT")
    user.waits()  # what unfolds moves the link away under the mouse
    page.get_by_role("link", name="在高级查询页打开").click()
    expect(page.get_by_text(re.compile(r"\d+ 行 · 用时"))).to_be_visible()
    expect(page.get_by_label("查询语句")).to_contain_text("SELECT")


def test_the_table_sorts_and_is_copied_as_a_table(page: Page, user: Any):
    user.visits(q=FLAGSHIP)
    table = page.get_by_role("table", name="答案的表格")
    years = table.locator("tbody td:nth-child(2)")
    expect(years.first).to_have_text("2019")
    table.get_by_role("button", name="年份").click()
    table.get_by_role("button", name="年份").click()  # downwards
    expect(years.first).to_have_text("2024")
    expect(years.last).to_have_text("2019")
    page.get_by_role("button", name="复制表格").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    lines = clipboard(page, "系列\t年份\t").splitlines()
    assert lines[0].split("\t")[:4] == ["系列", "年份", "地区", "级别"]
    assert lines[1].startswith("质量开放日\t2024\t")
    html = "navigator.clipboard.read().then(([one]) => one.getType('text/html')).then((blob) => blob.text())"
    assert "<td>2024</td>" in page.evaluate(html)


def test_a_link_reopens_the_same_answer(page: Page, user: Any):
    user.visits(q=FLAGSHIP)
    expect(page.get_by_label("问题")).to_have_value(FLAGSHIP)
    expect(page.get_by_test_id("answer")).to_contain_text("质量开放日")


def test_an_example_question_is_asked_by_a_click_and_stays_in_the_address_and_in_the_history(page: Page, user: Any):
    user.visits()
    example = page.locator(".st-key-examples button").first
    expect(example).to_contain_text("？")
    question = (example.text_content() or "").strip()
    example.click()
    expect(page.get_by_test_id("answer")).to_be_visible()
    expect(page.get_by_label("问题")).to_have_value(question)
    page.wait_for_url(re.compile(r"\?q="))
    ask(page, "历年活动主题有何变化？")
    expect(page.locator(".st-key-history a:visible")).to_have_count(2)
    page.locator(".st-key-history a:visible").nth(1).click()
    expect(page.get_by_label("问题")).to_have_value(question)


def test_what_the_documents_do_not_say_looks_different_and_names_what_was_searched(page: Page, user: Any):
    user.visits(q="2024年普陀区质量月的活动主题是什么？")
    none = page.get_by_test_id("no-answer")
    expect(none).to_contain_text("库中文档未能回答")
    expect(page.get_by_test_id("answer")).to_have_count(0)
    expect(page.get_by_text("查过的范围：库中全部 5 份文档")).to_be_visible()
    user.takes_picture("ask-unanswered")
    page.locator(".st-key-instead button").first.click()
    expect(page.get_by_test_id("answer")).to_be_visible()


def test_the_evidence_leads_to_the_sentence_in_the_document(page: Page, user: Any):
    user.visits(q=FLAGSHIP)
    cited = page.locator(".pk-quote mark").first
    expect(cited).to_be_visible()
    user.waits()  # cards come in any order, and the chart that comes moves the link away under the mouse
    # not inner_text(), which is empty while the page that is leaving or coming is hidden
    quote = cited.text_content() or ""
    assert quote
    page.get_by_role("link", name="在文档中查看").first.click()
    mark = page.locator(".reader mark").first
    expect(mark).to_have_text(re.compile(r"\S"))
    user.sees(mark)
    assert (mark.text_content() or "-").strip() in quote


def test_answer_and_citation_can_be_copied(page: Page, user: Any):
    user.visits(q=FLAGSHIP)
    answer = page.get_by_test_id("answer")
    expect(answer).to_contain_text("2019年")
    shown = (answer.text_content() or "").replace("\n", "")
    page.get_by_role("button", name="复制答案").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = clipboard(page, shown[:5])
    assert copied.splitlines()[0] == shown
    assert all(re.match(r"\[\d+\] “.+”（.+）", line) for line in copied.splitlines()[1:])
    page.get_by_role("button", name="复制引文").first.click()
    assert re.fullmatch(r"“.+”（.*《.+》.*）", clipboard(page, "“", before=shown), re.DOTALL)


def test_the_answer_downloads_as_word_with_footnotes_as_workbook_and_as_csv_for_excel(page: Page, user: Any):
    user.visits(q=FLAGSHIP)
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Word").click()
    assert started.value.suggested_filename == "哪些区开展过质量开放日，历年有何变化.docx"
    with zipfile.ZipFile(started.value.path()) as archive:
        notes = archive.read("word/footnotes.xml").decode()
        body = archive.read("word/document.xml").decode()
    assert "青质办〔2024〕72号" in notes
    assert body.count("w:footnoteReference ") == notes.count("<w:footnote ") - 2 > 3
    assert "5 份文档" in body
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
    assert book.sheetnames == ["答案", "表", "依据"]
    assert book["答案"]["B2"].value == FLAGSHIP
    assert book["表"].max_row > 2
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 CSV").click()
    data = started.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows.index([]) == book["表"].max_row
    assert ["文档数", "5"] in rows


def test_a_follow_up_keeps_what_was_asked_and_the_thread_leads_back(page: Page, user: Any):
    user.visits(q="上海市2019年开展了哪些质量开放日活动？")
    expect(page.get_by_test_id("answer")).to_be_visible()
    box = page.get_by_label("接着问").first
    box.fill("那2024年呢")
    box.press("Enter")
    page.wait_for_url(re.compile("after="))
    expect(page.get_by_test_id("interpretation")).to_contain_text("接上一问")
    thread = page.locator(".st-key-thread")
    expect(thread).to_contain_text("上海市2019年开展了哪些质量开放日")
    page.reload()
    expect(page.get_by_test_id("interpretation")).to_contain_text("接上一问")
    thread.get_by_role("link").first.click()
    expect(page.get_by_label("问题", exact=True)).to_have_value("上海市2019年开展了哪些质量开放日活动？")


def test_a_number_opens_its_sentence(page: Page, user: Any):
    user.visits(q="青浦方案第10项由谁负责？")
    page.get_by_test_id("answer").get_by_role("link", name="[1]").click()
    expect(page.locator(".reader mark").first).to_be_visible()


def test_a_question_is_kept_told_what_is_new_and_let_go(page: Page, user: Any, clean: Any, tmp_path: Any):
    user.visits(q="哪些区开展过质量开放日？")
    expect(page.get_by_test_id("answer")).to_be_visible()
    page.get_by_role("button", name="收藏").click()
    page.get_by_label("名称（可不填）").fill("开放日")
    page.get_by_label("名称（可不填）").press("Tab")
    page.get_by_role("button", name="收藏这个问题").click()
    expect(page.get_by_text("已收藏")).to_be_visible()
    path = tmp_path / "崇明区2031年通知.txt"
    path.write_text(
        "崇明区市场监督管理局文件\n关于开展2031年“质量月”活动的通知\n一、组织“质量开放日”活动\n"
        "由崇明区市场监督管理局负责。\n崇明区市场监督管理局\n2031年9月1日\n"
    )
    clean.ingest([path])
    user.visits()
    page.get_by_role("button", name="有新数据，重问 1 个").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("崇明区")
    user.takes_picture("home")
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("我的问题")).to_have_count(0)
