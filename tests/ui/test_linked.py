"""Where the cells of an answer's table lead."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from kg.ui.grids import Link
from kg.ui.linked import compared, linked_grid, titles_of

DOCUMENTS: list[dict[str, Any]] = [
    {"id": "d-2", "title": "今年的通知", "year": 2024, "date": "2024-09-01"},
    {"id": "d-1", "title": "去年的通知", "year": 2023, "date": None},
    {"id": "d-3", "title": "批复", "year": 2024, "date": None},
    {"id": "d-4", "title": "批复", "year": 2024, "date": None},
]
COLUMNS = ["系列", "年份", "地区", "状态", "承担单位", "文件", "所引文件"]


def led(row: dict[str, Any]) -> dict[str, str]:
    """Each linked cell's column and where it leads: 页 参数."""
    (cells,) = linked_grid(COLUMNS, [row], titles_of(DOCUMENTS))
    found = {}
    for name, value in zip(COLUMNS, cells, strict=True):
        if isinstance(value, Link):
            address = urlsplit(value.href)
            found[name] = f"{address.path} {' '.join(part[0] for part in parse_qs(address.query).values())}"
    return found


def test_a_body_a_document_a_policy_and_a_place_of_a_series_lead_to_their_pages():
    row = {
        "系列": "质量开放日",
        "年份": 2024,
        "地区": "青浦区",
        "状态": "点名",
        "承担单位": "甲局",
        "文件": "今年的通知",
    }
    assert led(row | {"所引文件": "纲要"}) == {
        "系列": "evolution 质量开放日",
        "地区": "evolution 质量开放日 青浦区 2024",
        "承担单位": "agencies 甲局",
        "文件": "documents d-2",
        "所引文件": "basis 纲要",
    }


def test_several_bodies_an_unknown_title_and_one_of_two_documents_are_no_links():
    assert led({"地区": "青浦区", "承担单位": "甲局、乙局", "文件": "别的通知"}) == {}
    assert led({"文件": "批复"}) == {}


def test_two_documents_that_a_question_compares_stand_side_by_side_the_earlier_on_the_left():
    evidence = [{"document_id": "d-2"}, {"document_id": "d-1"}, {"document_id": "d-2"}]
    answer = {"question": "两份通知有什么不同？", "evidence": evidence}
    assert compared(answer, DOCUMENTS) == {"left": "d-1", "right": "d-2"}
    assert compared(answer | {"evidence": [*evidence, {"document_id": "d-3"}]}, DOCUMENTS) is None
