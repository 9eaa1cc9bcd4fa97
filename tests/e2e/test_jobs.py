"""Twelve jobs of an office, each from beginning to end in a browser, on one home that begins empty.

Each job stands alone: what it needs is put in if no job before it has. Nothing outside loopback is asked for, and no
page reports an error (`watched`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from kg.core.config import Settings
from kg.service import Service
from tests.e2e.conftest import User, free_port, running, sittings, watched

SERIES = "哪些区开展过质量开放日，历年有何变化？"
RULE, NEWER = "海城市河道管理条例", "海城市水环境条例"
FILES = {
    "通知.txt": "海城市市场监督管理局文件\n海市监〔2031〕7号\n关于开展2031年“质量月”活动的通知\n各区市场监督管理局：\n"
    "一、组织“质量开放日”活动\n由海城市市场监督管理局负责，海城市教育局配合。\n二、举办质量讲堂\n"
    "由海城市教育局负责。\n海城市市场监督管理局\n2031年9月1日\n",
    "河道.md": f"# {RULE}\n\n2001年3月2日海城市第十届人民代表大会常务委员会第二十次会议通过\n\n"
    f"2010年5月6日海城市第十二届人民代表大会常务委员会第九次会议《关于修改〈{RULE}〉的决定》第一次修正\n\n"
    "## 第一章 总则\n\n第一条 为了加强河道管理，制定本条例。\n\n第二条 本市行政区域内的河道适用本条例。\n\n"
    "第三条 本条例自2001年5月1日起施行。\n",
    "水环境.md": f"# {NEWER}\n\n2021年3月2日海城市第二十届人民代表大会常务委员会第三次会议通过\n\n## 第一章 总则\n\n"
    "第一条 为了保护水环境，制定本条例。\n\n第二条 本市行政区域内的水体适用本条例。\n\n"
    f"第三条 本条例自2021年6月1日起施行。《{RULE}》同时废止。\n",
    "清理.txt": f"海城市水务局文件\n关于开展河道清理的通知\n各区水务局：\n根据《{RULE}》，现就河道清理通知如下。\n"
    "一、清理河道\n由海城市水务局负责。\n海城市水务局\n2020年9月1日\n",
}
LATER = (
    "海城市市场监督管理局文件\n海市监〔2032〕9号\n关于开展2032年“质量月”活动的通知\n各区市场监督管理局：\n"
    "一、举办质量夜市\n由海城市市场监督管理局负责。\n海城市市场监督管理局\n2032年9月1日\n"
)


@dataclass
class Office:
    """A home, the app that runs on it, and a browser that has been there before."""

    service: Service
    context: BrowserContext

    def has(self, name: str) -> bool:
        """Whether a file of that name is held; an empty home holds none."""
        return self.service.newest() is not None and any(
            item["source"].endswith(name) for item in self.service.documents()
        )


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with running(folder / "home", free_port(), folder) as address, sittings(browser, address) as context:
        service = Service(Settings(home=folder / "home", embedder="none"))
        yield Office(service, context)
        service.close()


@pytest.fixture
def page(office: Office) -> Iterator[Page]:
    with watched(office.context) as page:
        yield page


@pytest.fixture
def filled(office: Office) -> Service:
    """The samples and the files of Haicheng are held, and nobody has stated anything."""
    if not office.has("标准化条例-摘编.md"):
        office.service.ingest_samples()
    if missing := [(name, text.encode()) for name, text in FILES.items() if not office.has(name)]:
        office.service.upload(missing)
    if stated := office.service.corrections():
        for each in stated:
            office.service.undo_correction(each["id"], publish=False)
        office.service.publish_corrections()
    return office.service


def files_of(texts: dict[str, str]) -> Any:
    return [{"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in texts.items()]


def row(page: Page, *words: str) -> Locator:
    """A row of the table that the steps gave."""
    rows = page.get_by_role("table", name="点选结果").locator("tbody tr")
    for word in words:
        rows = rows.filter(has_text=word)
    return rows.first


def test_1_from_an_empty_home_to_a_first_answer(office: Office, page: Page, user: User):
    user.visits()
    if not office.has("标准化条例-摘编.md"):  # the second try of a job begins where the first one ended
        page.get_by_role("button", name="先用随附的示例文档试一试").click()
    expect(page.get_by_text("地区 × 年度")).to_be_visible(timeout=240_000)
    page.locator(".st-key-examples button").first.click()
    expect(page.get_by_test_id("answer")).to_be_visible()


def test_2_an_upload_shows_its_facts(office: Office, page: Page, user: User):
    if not office.has("标准化条例-摘编.md"):
        office.service.ingest_samples()
    user.visits("data")
    page.locator('input[type="file"]').set_input_files(files_of(FILES))
    page.get_by_role("button", name="入库 4 个文件").click()
    result = page.locator(".st-key-job-result")
    expect(result).to_contain_text(re.compile("新增 4|未变 4"), timeout=240_000)
    expect(result).to_contain_text("活动 2")
    result.get_by_role("link", name="关于开展2031年“质量月”活动的通知").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("关于开展2031年")
    expect(page.locator(".pk-facts").first).to_contain_text("海市监〔2031〕7号")
    expect(page.get_by_role("tab", name=re.compile("活动"))).to_contain_text("2")
    expect(page.locator(".reader .body p").first).to_be_visible()


def test_3_an_answer_is_asked_on_cited_and_taken_along(filled: Service, page: Page, user: User):
    user.visits()
    box = page.get_by_label("问题", exact=True)
    box.fill(SERIES)
    box.press("Enter")
    answer = page.get_by_test_id("answer")
    expect(answer).to_contain_text("2019年")
    more = page.get_by_label("接着问", exact=True)
    more.fill("那2024年呢")
    more.press("Enter")
    page.wait_for_url(re.compile("after="))
    expect(answer).to_contain_text("2024年")
    expect(answer).not_to_contain_text("2019年")
    expect(page.locator(".st-key-thread")).to_contain_text("哪些区开展过")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Word").click()
    assert started.value.path().read_bytes().startswith(b"PK")
    page.get_by_role("button", name="复制答案").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => /^\\[1\\] “/m.test(text))")
    user.waits()
    answer.get_by_role("link", name="[1]").first.click()
    user.sees(page.locator(".reader mark").first)


def test_4_a_corrected_unit_changes_the_answer_within_seconds(filled: Service, page: Page, user: User):
    question = "海城市2031年质量讲堂由谁负责？"
    user.visits(q=question)
    expect(page.get_by_test_id("answer")).to_contain_text("海城市教育局")
    page.get_by_test_id("stMain").get_by_role("link", name="核定").first.click()
    card = page.locator('[class*="st-key-fact-"]').filter(has_text="原文写法").first
    card.get_by_role("button", name="修改").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("机构").fill("海城市科学技术局")
    dialog.get_by_role("button", name="保存").click()
    said = page.get_by_text(re.compile(r"已核定（[0-9.]+ 秒"))
    expect(said).to_be_visible()
    seconds = re.search(r"[0-9.]+", said.text_content() or "")
    assert seconds
    assert float(seconds[0]) <= 5
    user.visits(q=question)
    expect(page.get_by_test_id("answer")).to_contain_text("海城市科学技术局")
    expect(page.get_by_text("人工核定").first).to_be_visible()


def test_5_merged_bodies_stay_merged_when_all_is_read_again(filled: Service, page: Page, user: User):
    user.visits("review", part="机构与政策")
    page.get_by_role("combobox", name="机构", exact=False).first.fill("海城市教育局")
    page.get_by_role("option").first.click()
    page.get_by_label("另一名称（规范的全称）").fill("海城市教育委员会")
    page.get_by_label("另一名称（规范的全称）").press("Tab")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text(re.compile("已核定（"))).to_be_visible()
    path = next(filled.settings.home.joinpath("uploads").glob("通知*"))
    path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")  # other bytes, the same words
    user.visits("data", part="索引与核对")
    page.get_by_role("button", name="全部重新识别").click()
    expect(page.locator(".st-key-job-result")).to_contain_text("更新 1", timeout=240_000)
    user.visits(q="海城市2031年质量讲堂由谁负责？")
    expect(page.get_by_test_id("answer")).to_contain_text("海城市教育委员会")
    labels = {item["name"] for item in filled.agencies()["agencies"]}
    assert "海城市教育委员会" in labels
    assert "海城市教育局" not in labels


def test_6_what_was_stated_is_undone(filled: Service, page: Page, user: User):
    filled.correct([{"action": "merge", "kind": "body", "name": "海城市教育局", "other": "海城市教育委员会"}])
    user.visits("review", part="已核定")
    expect(page.get_by_text("合并：海城市教育局 → 海城市教育委员会")).to_be_visible()
    page.get_by_role("button", name="撤销").first.click()
    expect(page.get_by_text("已撤销，恢复为识别的结果")).to_be_visible()
    user.visits(q="海城市2031年质量讲堂由谁负责？")
    expect(page.get_by_test_id("answer")).to_contain_text("海城市教育局")


def test_7_ten_doubts_are_answered_by_keys(filled: Service, page: Page, user: User):
    user.visits("review")
    item = page.locator(".st-key-queue-item")
    expect(page.get_by_text(re.compile("已核定 0 条，待核"))).to_be_visible()
    user.waits()  # a key that is pressed while the page is drawn is nobody's
    noted = 0
    for key in "ynyjyynyyy":
        before = item.inner_text()
        page.keyboard.press(key)
        expect(item).not_to_have_text(before)
        noted += key != "j"
        expect(page.get_by_text(f"本次已记下 {noted} 条")).to_be_visible()
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text(re.compile("已核定 9 条"))).to_be_visible()
    assert len(filled.corrections()) == 9


def test_8_the_graph_is_opened_followed_hidden_and_kept(filled: Service, page: Page, user: User):
    user.visits("agencies", year=2024)
    graph = page.locator(".network[data-ready]")
    graph.wait_for()
    user.waits()
    page.get_by_role("button", name="列表").click()
    listed = page.locator(".network .list button")
    listed.filter(has_text="青浦区质量工作领导小组办公室").first.click()
    expect(page.locator(".st-key-agency-panel").get_by_role("heading").first).to_contain_text("质量工作领导小组办公室")
    user.waits()
    before = page.evaluate("policykgNetwork.nodes().length")
    page.get_by_role("button", name="展开").click()
    page.wait_for_url(re.compile("open="))
    user.waits()
    assert page.evaluate("policykgNetwork.nodes().length") >= before
    near = "policykgNetwork.edges(':visible').filter(e => e.data('kind') === 'activity')[0]"
    page.evaluate(f"() => {{ {near}.emit('tap') }}")  # what it gives back is the whole picture: not to be sent
    step = page.locator('[class*="st-key-step-"]').first
    expect(step.get_by_role("link").first).to_be_visible()  # the documents behind the tie
    page.wait_for_function("policykgNetwork.nodes('.way').length >= 2")  # drawn in the picture too
    user.waits()
    page.get_by_role("button", name="钉住").click()
    hidden = page.evaluate("policykgNetwork.nodes('.chosen').map(n => n.id())")
    page.get_by_role("button", name="隐去").click()
    assert page.evaluate("policykgNetwork.nodes('.off').map(n => n.id())") == hidden
    page.get_by_role("button", name="视图").click()
    page.get_by_label("视图的名称").fill("青浦")
    page.get_by_label("视图的名称").press("Enter")
    expect(page.get_by_text("已保存在这个浏览器里")).to_be_visible()
    at = page.evaluate("policykgNetwork.nodes(':visible')[0].id()")
    user.visits("agencies")
    graph.wait_for()
    user.waits()
    page.get_by_role("button", name="视图").click()
    page.get_by_role("button", name="青浦", exact=True).click()
    page.wait_for_url(re.compile("open="))
    graph.wait_for()
    user.waits()
    assert page.evaluate("policykgNetwork.nodes('.off').map(n => n.id())") == hidden
    assert page.evaluate("policykgNetwork.nodes('.pinned').length") == 1
    assert page.evaluate("id => policykgNetwork.getElementById(id).nonempty()", at)


def test_9_a_law_shows_what_rests_on_it_and_its_repeal(filled: Service, page: Page, user: User):
    user.visits("basis")
    page.get_by_role("combobox", name="文件").fill(RULE)
    page.get_by_role("option").first.click()
    standing = page.get_by_test_id("standing")
    expect(standing).to_contain_text("已废止")
    expect(standing).to_contain_text("2021年6月1日")
    course = page.locator(".st-key-course")
    for told in ("通过", "施行", "第一次修正", "被废止"):
        expect(course).to_contain_text(told)
    below = page.locator('[class*="st-key-depth"][class*="-down-"]')
    expect(below).to_have_count(1)
    expect(below).to_contain_text("河道清理的通知")
    course.get_by_role("link", name=NEWER).click()
    expect(page.get_by_test_id("root")).to_contain_text(NEWER)
    expect(page.get_by_test_id("standing")).to_contain_text("已施行")
    expect(course).to_contain_text("废止另一文件")
    course.get_by_role("link", name="看原句").last.click()
    expect(page.locator(".reader mark", has_text="废止").first).to_be_attached()


def test_10_a_search_within_a_period_is_taken_along(filled: Service, page: Page, user: User):
    user.visits("search")
    box = page.get_by_label("检索内容")
    expect(box).to_have_attribute("list", re.compile("policykg"))  # names are offered while one types
    box.fill("质量开放日")
    box.press("Enter")
    first = page.locator(".pk-quote mark").first
    expect(first).to_be_visible()
    page.get_by_label("成文日期起").fill("2024-09")
    page.get_by_label("成文日期起").press("Enter")
    page.get_by_label("止", exact=True).fill("2024-09-30")
    page.get_by_label("止", exact=True).press("Enter")
    page.wait_for_url(re.compile("until=2024-09-30"))
    expect(page.get_by_text(re.compile("见于 [12] 份文档"))).to_be_visible()
    user.waits()
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))["检索结果"]
    header, *rows = sheet.iter_rows(values_only=True)
    dates = {str(line[header.index("成文日期")]) for line in rows}
    assert dates
    assert all(date.startswith("2024-09") for date in dates)
    page.get_by_role("radio", name="只看题名").click()
    page.wait_for_url(re.compile("mode=title"))
    expect(page.get_by_text("没有找到相近的段落")).to_be_visible()


def test_11_a_query_grows_by_clicks_into_a_table_and_into_text(filled: Service, page: Page, user: User):
    user.visits("sparql")
    page.get_by_role("radio", name="点选，不用写语句").click()
    page.get_by_role("button", name="活动", exact=True).click()
    panel = page.locator(".st-key-step-panel")
    panel.get_by_role("button", name="责任单位", exact=True).click()
    expect(page.get_by_role("table", name="点选结果")).to_contain_text("责任单位")
    panel.get_by_role("button", name="管辖地", exact=True).click()
    # drawn after the panel: that of the step before has a box of the same name, which may offer 青浦区 too
    expect(page.get_by_role("table", name="点选结果")).to_contain_text("管辖地")
    panel.get_by_role("combobox", name=re.compile("^是（名称）")).click()
    page.get_by_role("option", name=re.compile("^青浦区（[0-9]+）")).click()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("%E9%9D%92%E6%B5%A6"))
    expect(row(page, "海城市教育局")).to_have_count(0)
    expect(row(page, "青浦区市场监督管理局")).to_be_visible()
    page.locator(".st-key-step-tree").get_by_role("button", name="活动", exact=True).click()
    expect(panel.get_by_role("button", name="去掉这一行")).to_have_count(0)  # the first step's: it cannot be taken away
    panel.get_by_text("计数", exact=True).click()
    expect(page.get_by_role("table", name="点选结果")).to_contain_text("活动（个数）")
    expect(page.get_by_test_id("stCode")).to_contain_text("COUNT(DISTINCT ?event)")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
    assert [cell.value for cell in book["结果"][1]] == ["责任单位", "管辖地", "活动（个数）"]
    assert {line[1] for line in book["结果"].iter_rows(min_row=2, values_only=True)} == {"青浦区"}
    page.get_by_role("button", name="改成查询语句").click()
    expect(page.get_by_label("查询语句")).to_contain_text("COUNT(DISTINCT ?event)")
    expect(page.get_by_text(re.compile(r"^\d+ 行 · 用时"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("table", name="点选结果")).to_be_visible()


def test_12_a_standing_question_tells_what_a_new_document_changes(filled: Service, page: Page, user: User):
    question = "海城市市场监督管理局负责哪些活动？"
    for kept in filled.kept_questions():
        filled.drop_question(kept["id"])
    if held := [item["id"] for item in filled.documents() if "2032年" in (item["title"] or "")]:
        filled.discard(held)
    user.visits(q=question)
    expect(page.get_by_test_id("answer")).to_contain_text("质量开放日")
    page.get_by_role("button", name="收藏", exact=True).click()
    page.get_by_label("名称（可不填）").fill("海城的活动")
    page.get_by_role("button", name="收藏这个问题").click()
    expect(page.get_by_text("已收藏")).to_be_visible()
    user.visits("data")
    page.locator('input[type="file"]').set_input_files(files_of({"通知2032.txt": LATER}))
    page.get_by_role("button", name="入库 1 个文件").click()
    expect(page.locator(".st-key-job-result")).to_contain_text("新增 1", timeout=240_000)
    user.visits()
    page.get_by_role("button", name="有新数据，重问 1 个").click()
    expect(page.get_by_text(re.compile("新增 .*质量夜市"))).to_be_visible()
    page.get_by_role("link", name="海城的活动").click()
    expect(page.get_by_test_id("answer")).to_contain_text("质量夜市")
