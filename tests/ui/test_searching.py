"""检索 without a browser, and lists that are too long to be sent."""

from __future__ import annotations

from typing import Any

from kg.ui.choosing import MOST
from kg.ui.reader import destination
from kg.ui.searching import offered, whole
from kg.ui.tracing import found_in
from tests.ui.conftest import summary
from tests.ui.test_tracing import policy, shown

HIT = {
    "document_id": "d-1",
    "source": "/a/<甲>.txt",
    "title": "<题>",
    "passage_id": "d-1-p1",
    "heading": "一、<总>",
    "text": "举办<b>琴会",
    "score": 1.0,
    "start": 1,
    "end": 5,
    "highlights": [[0, 2]],
    "similar": [{"passage_id": "d-2-p1", "document_id": "d-2", "title": "*题*"}],
}
FACETS = {"year": {"2031": 7, "2030": 2}, "place": {"*乙*区": 9}, "kind": {}, "theme": {}, "agency": {}}
ANSWERS = {
    "search": [HIT],
    "search_facets": FACETS,
    "search_note": None,
    "related_documents": [],
    "similar_passages": [{**HIT, "title": "另一份", "document_id": "d-2"}],
}


def html(page: Any) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def test_facets_carry_counts_and_keep_what_is_chosen():
    counts = {str(number): number for number in range(20)}
    assert list(offered(counts, None))[:2] == ["19", "18"]
    assert len(offered(counts, None)) == 8
    assert offered(counts, "3")["3"] == 3
    assert offered({}, "没有") == {"没有": 0}


def test_a_year_that_is_no_number_finds_nothing():
    assert (whole(None), whole("2031"), whole("某年"), whole("٣"), whole("9" * 30)) == (None, 2031, 0, 0, 0)


def test_a_facet_narrows_the_search(fake: Any, open_page: Any):
    fake(**ANSWERS)
    page = open_page("search", find="琴会")
    groups = {group.label: group.options for group in page.button_group}
    assert groups.pop("找法") == ["按意思和字面", "只按字面", "只看题名"]
    assert groups == {"年度": ["2031（7）", "2030（2）"], "地区": ["\\*乙\\*区（9）"]}
    page.button_group[1].set_value("2030").run()
    assert page.query_params["year"] == "2030"
    assert "清除条件" in [button.label for button in page.button]


def test_similar_passages_open_under_a_passage(fake: Any, open_page: Any):
    fake(**ANSWERS)
    page = open_page("search", find="琴会")
    assert "另一份" not in html(page)
    next(button for button in page.button if button.label == "相似段落").click().run()
    assert "另一份" in html(page)
    assert "另有 1 段相同" in [expander.label for expander in page.expander]


def test_html_of_a_passage_is_escaped(fake: Any, open_page: Any):
    fake(**ANSWERS)
    shown = html(open_page("search", find="琴会"))
    assert "&lt;题&gt;" in shown
    assert "一、&lt;总&gt;" in shown
    assert "<mark>举办</mark>&lt;b&gt;琴会" in shown


def test_thousands_of_choices_are_not_sent_but_can_be_found(fake: Any, open_page: Any):
    fake(
        basis=shown(policies=[policy(f"办法{number}") for number in range(MOST * 3)]),
        documents=[summary(f"d-{number:04}") for number in range(MOST * 4)],
    )
    page = open_page("basis")
    assert [len(box.options) for box in page.selectbox] == [MOST, MOST]
    assert f"共 {MOST * 3} 项" in page.selectbox[0].placeholder
    page.text_input(key="find-policy").set_value("办法25").run()
    assert len(page.selectbox[0].options) == 11  # 25 and 250 to 259
    page.text_input(key="find-policy").set_value("没有这个").run()
    assert "没有符合的" in page.selectbox[0].placeholder


def test_a_chosen_value_stays_when_the_list_is_narrowed(fake: Any, open_page: Any):
    fake(basis=shown(policies=[policy(f"办法{number}") for number in range(MOST * 3)]))
    page = open_page("basis", policy="办法299")
    assert page.selectbox[0].value == "办法299"
    page.text_input(key="find-policy").set_value("办法25").run()
    assert page.selectbox[0].value == "办法299"


def test_the_list_of_what_is_missing_can_be_searched():
    missing = [policy("甲纲要", number="某〔2031〕1号"), policy("乙办法", cited_by=["甲地方案"])]
    assert [item["name"] for item in found_in(missing, "甲")] == ["甲纲要", "乙办法"]
    assert [item["name"] for item in found_in(missing, "甲 2031")] == ["甲纲要"]


def test_what_is_named_leads_to_its_page():
    def thing(kind: str, **given: Any) -> dict[str, Any]:
        return {"kind": kind, "name": "甲", "document_id": None, **given}

    assert destination(thing("policy"), {}) == ("basis", {"policy": "甲"})
    assert destination(thing("policy", document_id="d-1"), {}) == ("documents", {"id": "d-1"})
    assert destination(thing("agency"), {"甲": "甲（市）"}) == ("agencies", {"agency": "甲（市）"})
    assert destination(thing("agency"), {}) == ("search", {"find": "甲"})
    assert destination(thing("series"), {}) == ("evolution", {"series": "甲"})
    assert destination(thing("date"), {}) is None
