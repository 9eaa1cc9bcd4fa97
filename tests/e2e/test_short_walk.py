"""A short walk through the app in a browser, on the sample documents: what `make test` runs in any clone.

The pages in depth, on the real documents, are the other files of this folder (`make test-all`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kg.core.config import Settings
from kg.service import Service
from kg.ui.addresses import PAGES
from tests.e2e.conftest import ROOT, free_port, running, sittings

FLAGSHIP = "哪些区开展过质量开放日，历年有何变化？"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The eight samples instead of the five real documents."""
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    assert service.ingest([ROOT / "samples"])["failed"] == []
    return service


@pytest.fixture(scope="module")
def context(service: Service, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    folder = tmp_path_factory.mktemp("elsewhere")
    with running(service.settings.home, free_port(), folder) as address, sittings(browser, address) as context:
        yield context


def test_from_a_question_to_the_sentence_behind_its_answer(page: Page, user: Any):
    user.visits()
    page.get_by_label("问题").fill(FLAGSHIP)
    page.get_by_label("问题").press("Enter")
    for words in ("2024年", "青浦区", "浦东新区"):
        expect(page.get_by_test_id("answer")).to_contain_text(words)
    expect(page.get_by_role("table", name="答案的表格")).to_contain_text("未入库")
    user.waits()  # the chart that comes moves the link away under the mouse
    quote = page.locator(".pk-quote mark").first.text_content() or ""
    assert quote
    page.get_by_role("link", name="在文档中查看").first.click()
    mark = page.locator(".reader mark").first
    expect(mark).to_have_text(re.compile(r"\S"))
    user.sees(mark)
    assert (mark.text_content() or "-").strip() in quote


def test_a_search_opens_its_passage(page: Page, user: Any):
    user.visits("search")
    page.get_by_label("检索内容").fill("质量开放日")
    page.get_by_label("检索内容").press("Enter")
    expect(page.locator(".pk-quote mark").first).to_contain_text("质量开放日")
    page.get_by_role("link", name="在文档中查看").first.click()
    user.sees(page.locator(".reader mark").first)


def test_a_saved_query_runs_and_downloads(page: Page, user: Any):
    user.visits("sparql", saved="documents")
    expect(page.get_by_text(re.compile(r"^8 行 · 用时"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 CSV", exact=True).click()
    assert len(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()) == 9


def test_every_page_opens_without_an_error(page: Page, user: Any):
    for name in PAGES:
        user.visits("" if name == "ask" else name)
        user.waits()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.locator('[data-testid="stAlertContentError"]')).to_have_count(0)
        expect(page.get_by_test_id("stMain")).not_to_be_empty()


def test_on_a_narrow_screen_the_picture_leaves_room_for_the_card_and_its_names_are_whole(page: Page, user: Any):
    page.set_viewport_size({"width": 820, "height": 1180})
    user.visits("agencies", agency="青浦区市场监督管理局")
    page.locator(".network[data-ready]").wait_for()
    user.waits()
    heading = page.locator(".st-key-agency-panel").get_by_role("heading", name="青浦区市场监督管理局")
    box = heading.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 1180
    told = page.evaluate(
        """() => {
            const cy = policykgNetwork;
            const legend = cy.container().parentElement.querySelector(".legend");
            const shown = cy.nodes(":visible").filter((node) => !node.hasClass("quiet"));
            return {
                free: cy.height() - legend.offsetHeight,
                bottoms: shown.map((node) => node.renderedBoundingBox({ includeLabels: true }).y2),
                lines: shown.map((node) => [
                    node.id().length, parseFloat(node.style("text-max-width")) / parseFloat(node.style("font-size")),
                ]),
            };
        }"""
    )
    assert max(told["bottoms"]) <= told["free"] + 2
    last = [length % int(line) for length, line in told["lines"] if length > line]
    assert last, "no name has two lines"
    assert 1 not in last
