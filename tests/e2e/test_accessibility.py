"""Every page before axe-core: no serious finding that is ours, light and dark; and what the eye of a machine misses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kg.service import Service

GRAVE = ("serious", "critical")
BUREAU = "青浦区市场监督管理局"
STATES = {
    "问答": ("", {}),
    "答案": ("", {"q": "哪些区开展过质量开放日，历年有何变化？"}),
    "文档": ("documents", {}),
    "阅读": ("documents", {"id": "青浦区2024年质量月活动方案.txt"}),
    "检索": ("search", {"find": "首席质量官"}),
    "活动演变": ("evolution", {"series": "质量开放日", "place": "青浦区"}),
    "政策依据": ("basis", {}),
    "机构图谱": ("agencies", {"agency": BUREAU}),
    "导出": ("agencies", {"part": "导出"}),
    "任务台账": ("tasks", {}),
    "待核": ("review", {}),
    "核定一句": ("review", {"document": "青浦区2024年质量月活动方案.txt", "start": 0, "end": 2400}),
    "机构与政策": ("review", {"part": "机构与政策"}),
    "SPARQL": ("sparql", {}),
    "点选": ("sparql", {"steps": '{"tie":"schema:Event","lines":[{"tie":"pkg:activityYear","least":"2020"}]}'}),
    "上传": ("data", {}),
    "移除": ("data", {"part": "移除"}),
    "质量提示": ("data", {"part": "质量提示"}),
    "索引与核对": ("data", {"part": "索引与核对"}),
    "本体": ("data", {"part": "本体"}),
}
"""What is looked at: all pages, in the states that show most of what is ours."""

IN_THE_DARK = ("问答", "答案", "阅读", "待核", "机构图谱", "导出", "SPARQL", "点选", "上传")

NOT_OURS = {
    ("color-contrast", '<kbd class="">'): "the shortcut that st.button writes on itself, 4.0 : 1 in the dark theme",
}
"""(rule, beginning of the element's HTML) of findings inside Streamlit's own widgets, with the reason why they stay."""


def findings(page: Page) -> list[str]:
    """Serious findings: rule, element, why."""
    response = Axe().run(page).response
    assert len(response["passes"]) > 5, "axe did not look at anything"
    grave = [(rule["id"], node) for rule in response["violations"] if rule["impact"] in GRAVE for node in rule["nodes"]]
    return [
        f"{rule}: {node['html'][:200]}: {node.get('failureSummary')}"
        for rule, node in grave
        if not any(rule == name and node["html"].startswith(html) for name, html in NOT_OURS)
    ]


@pytest.mark.parametrize(
    ("state", "scheme"), [*((state, "light") for state in STATES), *((state, "dark") for state in IN_THE_DARK)]
)
def test_no_serious_finding(page: Page, user: Any, service: Service, state: str, scheme: Any):
    page.emulate_media(color_scheme=scheme)
    path, address = STATES[state]
    for name in {"id", "document"} & set(address):
        (held,) = [d["id"] for d in service.documents() if d["source"].endswith(address[name])]
        address = {**address, name: held}
    user.visits(path, **address)
    expect(page.get_by_text("代索引")).to_be_visible()  # the end of a run
    if path == "agencies":
        page.locator(".network[data-ready]").wait_for()
    user.waits()
    assert findings(page) == []


def test_the_search_for_findings_can_find_something(page: Page, user: Any):
    user.visits("data")
    expect(page.get_by_text("代索引")).to_be_visible()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<button id=bare></button>')")
    assert any(re.match("button-name: .*bare", line) for line in findings(page))


def test_the_keyboard_reaches_every_page_and_the_content_of_the_graph(page: Page, user: Any):
    user.visits("agencies", agency=BUREAU)
    page.locator(".network[data-ready]").wait_for()
    user.waits()
    reached: set[str] = set()
    for _ in range(180):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            return (e?.getAttribute('aria-label') || e?.title || e?.textContent || '').trim().slice(0, 40) }"""
        )
        if at.startswith("显出或隐去机构列表") and at not in reached:
            page.keyboard.press("Enter")
        reached.add(at)
    words = "\n".join(reached)
    for wanted in ("问答", "数据", "放大", "下载 PNG 图片", "显示方式"):
        assert wanted in words
    assert any(line.startswith(BUREAU) for line in reached), "the list of agencies"
