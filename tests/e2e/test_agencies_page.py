"""机构图谱, done by a user in a browser."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import openpyxl
from playwright.sync_api import Page, expect

BUREAU = "青浦区市场监督管理局"


def drawn(page: Page) -> list[str]:
    """The agencies in the picture, once it stands still."""
    page.locator(".network[data-ready]").wait_for()
    labels: list[str] = page.evaluate("policykgNetwork.nodes().map(node => node.id())")
    return labels


def clicks_on(page: Page, label: str) -> None:
    """On the agency's dot in the picture."""
    still = """label => { const cy = globalThis.policykgNetwork;
        return cy && !cy.destroyed() && !cy.animated() && cy.getElementById(label).nonempty() }"""
    page.wait_for_function(still, arg=label)
    # a run that is not over moves or draws the picture anew under the mouse
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(800)
    page.wait_for_function(still, arg=label)
    page.locator(".network .canvas").scroll_into_view_if_needed()
    at = page.evaluate("label => policykgNetwork.getElementById(label).renderedPosition()", label)
    page.locator(".network .canvas").click(position={"x": at["x"], "y": at["y"]})


def test_many_agencies_show_as_a_neighbourhood_not_a_hairball(page: Page, user: Any):
    user.visits("agencies")
    shown = drawn(page)
    told = page.get_by_text(re.compile(f"周围的 {len(shown)} 个"))
    expect(told).to_be_visible()
    whole = int(re.match(r"\d+", told.text_content() or "")[0])  # type: ignore[index]
    assert 5 < len(shown) <= 40 < whole
    page.get_by_role("button", name="列表").click()
    expect(page.locator(".network .list button")).to_have_count(len(shown))
    colours = page.evaluate("new Set(policykgNetwork.nodes().map(node => node.data('colour'))).size")
    assert colours > 1
    page.get_by_role("button", name="显示方式").click()
    page.get_by_text("显示全部").click()
    expect(page.locator(f'.network[data-ready="{whole}"]')).to_be_attached()


def test_a_click_shows_the_card_and_the_address_reopens_it(page: Page, user: Any):
    user.visits("agencies", year=2024)
    assert BUREAU in drawn(page)
    clicks_on(page, BUREAU)
    card = page.locator(".st-key-agency-panel")
    expect(card.get_by_role("heading", name=BUREAU)).to_be_visible()
    expect(card).to_contain_text("文中写法")
    expect(card).to_contain_text("区市场监管局")
    expect(card.locator(".pk-duties")).to_contain_text("2024年")
    page.wait_for_url(re.compile("agency="))
    user.visits("agencies", agency=BUREAU, year=2024)
    expect(card.get_by_role("heading", name=BUREAU)).to_be_visible()
    drawn(page)
    near = page.evaluate("policykgNetwork.nodes('.near').map(node => node.id())")
    assert BUREAU in near
    assert 1 < len(near) < len(drawn(page))
    user.takes_picture("agencies")
    expect(card.locator(".pk-quote")).to_have_count(0)  # the picture need not wait for what is folded
    card.get_by_text("每项活动的原文").click()
    expect(card.locator(".pk-quote mark").first).to_be_visible()
    card.get_by_role("link", name="在文档中查看").first.click()
    user.sees(page.locator(".reader mark").first)


def test_the_list_works_with_the_keyboard(page: Page, user: Any):
    user.visits("agencies")
    drawn(page)
    page.get_by_role("button", name="列表").press("Enter")
    first = page.locator(".network .list button").first
    name = first.locator("span").text_content() or "-"
    first.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".network .list button").nth(1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-agency-panel").get_by_role("heading", name=name)).to_be_visible()


def test_the_drawing_uses_its_canvas_and_its_names_do_not_cover_each_other(page: Page, user: Any):
    user.visits("agencies", year=2024)
    drawn(page)
    user.waits()
    width, height, canvas, shown, of = page.evaluate(
        """() => { const cy = policykgNetwork, box = cy.nodes(':visible').renderedBoundingBox();
            return [box.w / cy.width(), box.h / cy.height(), cy.width() / innerWidth,
                    cy.nodes(':visible').filter(n => !n.hasClass('quiet')).length, cy.nodes(':visible').length] }"""
    )
    assert width > 0.75, width
    assert height > 0.75, height
    assert canvas > 0.5, canvas  # of the window, the navigation included
    assert shown > 0.8 * of, (shown, of)


def test_the_picture_stands_as_the_server_laid_it_out_the_same_each_time(page: Page, user: Any):
    where = "policykgNetwork.nodes().map(node => [node.id(), node.position(), [node.data('x'), node.data('y')]])"
    seen = []
    for _ in range(2):
        user.visits("agencies", agency=BUREAU)
        drawn(page)
        user.waits()
        seen.append(page.evaluate(where))
    assert seen[0] == seen[1]
    for number, axis in enumerate("xy"):  # names are pushed apart, neighbours may change places; the whole stays
        order = sorted(range(len(seen[0])), key=lambda node: seen[0][node][2][number])
        rank = {node: place for place, node in enumerate(sorted(order, key=lambda node: seen[0][node][1][axis]))}
        moved = [abs(rank[node] - place) for place, node in enumerate(order)]
        assert sum(moved) / len(moved) < 0.15 * len(moved), (axis, moved)


def test_the_picture_follows_its_page_until_somebody_has_touched_it(page: Page, user: Any):
    filled = (
        "(() => { const cy = policykgNetwork; return cy.nodes(':visible').renderedBoundingBox().w / cy.width() })()"
    )
    user.visits("agencies", agency=BUREAU)
    drawn(page)
    user.waits()
    for width in (1000, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        user.waits()
        assert 0.75 < page.evaluate(filled) <= 1.02, width
    page.locator(".network .canvas").click(position={"x": 3, "y": 300})
    page.set_viewport_size({"width": 1000, "height": 900})
    user.waits()
    assert (
        page.evaluate("policykgNetwork.width()") < 0.9 * page.evaluate("policykgNetwork.extent().w")
        or page.evaluate(filled) > 1.02
    )


def test_what_is_hidden_stays_so_while_one_looks_around_and_the_whole_brings_it_back(page: Page, user: Any):
    user.visits("agencies", year=2024, agency=BUREAU)
    first, *_ = [name for name in drawn(page) if name != BUREAU]
    off = "policykgNetwork.nodes('.off').map(node => node.id())"
    ties = "policykgNetwork.edges('.off').filter(edge => edge.data('kind') === 'activity').length"
    page.get_by_role("button", name="隐去").click()
    assert page.evaluate(off) == [BUREAU]
    page.get_by_role("button", name="共同承担活动").click()
    hidden = page.evaluate(ties)
    assert hidden > 0
    page.get_by_role("button", name="列表").click()
    page.locator(".network .list button").filter(has_text=first).first.click()
    expect(page.locator(".st-key-agency-panel").get_by_role("heading", name=first)).to_be_visible()
    user.waits()
    assert page.evaluate("policykgNetwork.nodes('.chosen').map(node => node.id())") == [first]
    if BUREAU in drawn(page):  # the neighbourhood of the other may be another one
        assert page.evaluate(off) == [BUREAU]
    assert page.evaluate(f"policykgNetwork.edges().length && {ties}") > 0
    page.get_by_role("button", name="全图").click()
    assert page.evaluate(off) == []


def test_a_kind_of_tie_is_switched_off_and_a_tie_tells_what_it_rests_on(page: Page, user: Any):
    user.visits("agencies", year=2024)
    drawn(page)
    inferred = "policykgNetwork.edges('.off').filter(e => e.data('kind') === 'inferred').length"
    kinds = page.evaluate("[...new Set(policykgNetwork.edges().map(e => e.data('kind')))]")
    if "inferred" in kinds:
        assert page.evaluate(inferred) > 0  # what no document says is hidden at first
    page.get_by_role("button", name="共同承担活动").click()
    off = "policykgNetwork.edges().filter(e => e.data('kind') === 'activity' && !e.hasClass('off')).length"
    assert page.evaluate(off) == 0
    page.get_by_role("button", name="共同承担活动").click()
    page.evaluate("() => { policykgNetwork.edges().filter(e => e.data('kind') === 'activity')[0].emit('tap') }")
    expect(page.locator('[class*="st-key-step-"]').first).to_be_visible()
    expect(page.locator('[class*="st-key-step-"]').first.get_by_role("link")).not_to_have_count(0)


def test_filters_narrow_and_say_when_nothing_is_left(page: Page, user: Any):
    user.visits("agencies", place="青浦区")
    assert all("青浦" in label or "各" in label or "企业" in label for label in drawn(page))
    page.get_by_role("combobox", name="联系").click()
    page.get_by_role("option", name="联合发文").click()
    expect(page.get_by_text("没有符合条件的机构")).to_be_visible()
    page.wait_for_url(re.compile("tie="))


def test_the_way_between_two_agencies_names_its_documents(page: Page, user: Any):
    user.visits("agencies", agency=BUREAU, part="两机构之间", to="上海市教育委员会")
    steps = page.locator('[class*="st-key-step-"]')
    expect(steps.first).to_contain_text(BUREAU)
    expect(steps.last).to_contain_text("上海市教育委员会")
    expect(steps.first.get_by_role("link")).not_to_have_count(0)
    steps.first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".reader .body")).to_be_visible()


def test_the_table_of_duties_and_the_network_download(page: Page, user: Any):
    user.visits("agencies", agency=BUREAU, year=2024, part="导出")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载任务分工表（Excel）").click()
    book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
    rows = list(book["任务分工"].values)
    assert rows[0][:5] == ("机构", "地区", "年度", "活动", "角色")
    assert {row[0] for row in rows[1:]} == {BUREAU}
    assert {row[2] for row in rows[1:]} == {2024}
    with page.expect_download() as started:
        page.get_by_role("button", name="下载任务分工表（Word）").click()
    report = docx.Document(io.BytesIO(started.value.path().read_bytes()))
    assert [cell.text for cell in report.tables[0].rows[0].cells] == [
        "序号",
        "活动",
        "牵头单位",
        "责任单位",
        "配合单位",
    ]
    assert any(BUREAU in cell.text for row in report.tables[0].rows for cell in row.cells)
    for name in ("GRAPHML", "GEXF"):
        with page.expect_download() as started:
            page.get_by_role("button", name=f"下载 {name}").click()
        assert BUREAU in started.value.path().read_text(encoding="utf-8")
    drawn(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="存为图片").click()
    assert started.value.path().read_bytes().startswith(b"\x89PNG")
