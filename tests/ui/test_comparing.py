"""衔接对照 without a browser."""

from __future__ import annotations

from typing import Any

from kg.core.errors import UnknownName
from kg.service.comparison import MEANINGS, STATES
from kg.ui.comparing import PER_PAGE, diff_html, fitting, side_html, state_html
from tests.ui.conftest import summary


def side(title: str, **given: Any) -> dict[str, Any]:
    evidence = {"quote": title, "start": 1, "end": 4}
    return {
        "no": "1",
        "title": title,
        "heading": "一、总",
        "text": title,
        "units": [],
        "status": "planned",
        "evidence": evidence,
    } | given


def row(state: str, left: str | None, right: str | None, **given: Any) -> dict[str, Any]:
    sides = {"left": side(left) if left else None, "right": side(right) if right else None}
    return {
        "state": state,
        **sides,
        "likeness": 0.5,
        "reasons": [],
        "changes": [],
        "units": None,
        "diff": None,
        **given,
    }


def compared(rows: list[dict[str, Any]]) -> dict[str, Any]:
    def head(id_: str) -> dict[str, Any]:
        return {"id": id_, "title": f"<题>{id_}", "doc_number": None, "date": None, "source": "/a", "tasks": 3}

    return {
        "left": head("d-1"),
        "right": head("d-2"),
        "by": "activities",
        "counts": {state: sum(r["state"] == state for r in rows) for state in STATES},
        "states": {state: [name, MEANINGS[state]] for state, name in STATES.items()},
        "rows": rows,
    }


def html(page: Any) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


ROWS = [row("echoed", "举办<b>琴会", "举办琴会"), row("dropped", "评选乐师", None), row("added", None, "建设琴房")]
HELD = [summary("d-1"), summary("d-2")]


def test_rows_narrow_by_state_and_words():
    assert fitting(ROWS, states=[], words="") == ROWS
    assert fitting(ROWS, states=["dropped"], words="") == [ROWS[1]]
    assert fitting(ROWS, states=[], words="琴 举办") == [ROWS[0]]


def test_what_documents_say_is_escaped():
    shown = compared(ROWS)
    assert "举办&lt;b&gt;琴会" in side_html(side("举办<b>琴会"))
    assert "<i>" not in diff_html([["<i>", False], ["同", True]])
    assert '<ins class="pk-only">&lt;i&gt;</ins>同' in diff_html([["<i>", False], ["同", True]])
    assert "同一名称：&lt;b&gt;" in state_html({**ROWS[0], "reasons": ["同一名称：<b>"]}, shown)


def test_the_number_is_not_said_twice():
    article = side("", no="第一条", text="第一条 为了民乐", heading="")
    assert side_html(article).count("第一条") == 1


def test_bodies_are_shown_by_where_they_stand():
    shown = state_html({**ROWS[0], "units": {"both": ["文化局"], "left": [], "right": ["教育局"]}}, compared(ROWS))
    assert "共同：文化局；只在后一份：教育局" in shown


def test_an_address_opens_a_comparison_that_says_what_unmentioned_means(fake: Any, open_page: Any):
    fake(documents=HELD, compare=compared(ROWS))
    page = open_page("compare", left="d-1", right="d-2")
    shown = html(page)
    assert "后一份文件未提及（不等于没有开展）" in shown
    assert "前一份文件没有写到" in shown
    assert "未开展" not in shown
    assert "&lt;题&gt;d-1" in shown
    assert [button.label for button in page.button] == ["左右对换"]


def test_sides_change_places(fake: Any, open_page: Any):
    fake(documents=HELD, compare=compared(ROWS))
    page = open_page("compare", left="d-1", right="d-2")
    page.button[0].click().run()
    assert (page.query_params["left"], page.query_params["right"]) == ("d-2", "d-1")


def test_long_comparisons_come_in_pages(fake: Any, open_page: Any):
    fake(documents=HELD, compare=compared(ROWS * 20))
    page = open_page("compare", left="d-1", right="d-2")
    assert html(page).count('class="pk-row"') == PER_PAGE
    assert any("60 行中的 60 行，第 1/4 页" in caption.value for caption in page.caption)


def test_without_a_choice_it_begins_with_a_pair_that_belongs_together(fake: Any, open_page: Any):
    fake(documents=HELD, compare=compared(ROWS), counterparts=[{"id": "d-1"}, {"id": "d-2"}])
    page = open_page("compare")
    assert (page.query_params["left"], page.query_params["right"]) == ("d-1", "d-2")
    assert "pk-row" in html(page)


def test_one_document_is_offered_its_counterparts(fake: Any, open_page: Any):
    offered = [{"id": "d-1", "title": "<通知>", "year": 2030, "place": "甲市", "why": "本文件根据它", "before": True}]
    fake(documents=HELD, compare=compared(ROWS), counterparts=offered)
    page = open_page("compare", right="d-2")
    assert page.button[0].label == "\\<通知\\>"
    page.button[0].click().run()
    assert (page.query_params["left"], page.query_params["right"]) == ("d-1", "d-2")


def test_errors_are_told(fake: Any, open_page: Any):
    fake(documents=HELD, compare=UnknownName("文档", "d-2"))
    assert "同一份文件" in open_page("compare", left="d-1", right="d-1").warning[0].value
    assert "没有这个文档" in open_page("compare", left="d-0", right="d-2").error[0].value
    assert "没有这个文档" in open_page("compare", left="d-1", right="d-2").error[0].value


def test_one_document_alone_teaches(fake: Any, open_page: Any):
    fake()
    assert "两份以上文件" in open_page("compare").info[0].value


def test_an_empty_home_teaches_how_to_begin(empty_home: Any, open_page: Any):
    assert "还没有文档" in open_page("compare").info[0].value
