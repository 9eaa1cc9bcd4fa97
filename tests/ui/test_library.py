"""Choosing from the list of documents."""

from __future__ import annotations

from kg.ui.library import matching
from kg.ui.querying import pointed
from kg.ui.quotes import citation, context_html


def item(document_id: str, title: str, year: int | None, place: str = "青浦区"):
    return {
        "id": document_id,
        "title": title,
        "year": year,
        "place": place,
        "kind": "通知",
        "level": "市" if place == "浦东新区" else "区",
        "doc_number": "青质办〔2024〕72号",
        "source": "/文件/Plan.txt",
    }


HELD = [item("d-1", "甲通知", 2019), item("d-2", "乙方案", 2024), item("d-3", "丙", None, "浦东新区")]
ALL = {"words": "", "year": None, "place": None, "level": None, "kind": None}


def found(**given) -> list[str]:
    return [entry["id"] for entry in matching(HELD, **{**ALL, **given})]


def test_the_latest_come_first():
    assert found() == ["d-2", "d-1", "d-3"]


def test_words_are_looked_for_in_title_number_and_file_name():
    assert found(words="乙") == ["d-2"]
    assert found(words="72号 plan 甲") == ["d-1"]
    assert found(words="查无此文") == []


def test_filters_hold_together():
    assert found(year=2019, place="青浦区") == ["d-1"]
    assert found(year=2019, place="浦东新区") == []
    assert found(level="市") == ["d-3"]


def test_the_arrow_stands_under_the_column_also_behind_chinese():
    assert pointed("甲a?", 1, 3) == "   1  甲a?\n      \u3000 ↑"
    assert pointed("", 3, 1).endswith("↑")


CONTEXT = {
    "title": "某通知",
    "source": "/a/b.txt",
    "doc_number": "某〔2024〕1号",
    "date": None,
    "heading": "一、<总>",
    "before": "前。",
    "quote": "<原>",
    "after": "后",
    "cut_before": True,
    "cut_after": False,
}


def test_a_citation_can_go_into_a_report():
    assert citation(CONTEXT) == "“<原>”（《某通知》，某〔2024〕1号）"
    assert citation({**CONTEXT, "title": "", "doc_number": None}) == "“<原>”（《b.txt》）"
    assert citation({**CONTEXT, "title": "印发《方案》的通知"}).startswith("“<原>”（印发《方案》的通知，")


def test_a_card_escapes_and_shows_where_words_are_left_out():
    shown = context_html(CONTEXT)
    assert "…前。" in shown
    assert "<mark>&lt;原&gt;</mark>" in shown
    assert "一、&lt;总&gt;" in shown
    assert not shown.endswith("…</span></p>")
