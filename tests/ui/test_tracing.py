"""政策依据 without a browser."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from kg.ui.course import standing_html
from kg.ui.tracing import STEP, missing_of, missing_rows, relation_html, root_html, tree_rows, tree_xlsx
from tests.ui.conftest import summary


def policy(name: str, **given: Any) -> dict[str, Any]:
    return {
        "name": name,
        "number": None,
        "issuer": None,
        "held": False,
        "documents": 1,
        "mentions": 2,
        "relations": ["贯彻落实"],
        "cited_by": ["某方案"],
        **given,
    }


ACTIVITY = {
    "no": "1",
    "title": "=开放日",
    "status": "planned",
    "responsible": [{"name": "某局", "role": "lead", "members": []}],
    "evidence": {"quote": "开放日", "start": 1, "end": 4},
}


def node(name: str, depth: int = 1, **given: Any) -> dict[str, Any]:
    return {
        "depth": depth,
        "name": name,
        "number": None,
        "issuer": None,
        "document_id": "d-1",
        "held": True,
        "level": "区",
        "place": "乙区",
        "year": 2031,
        "relations": ["根据"],
        "mentions": 1,
        "quotes": [{"document_id": "d-1", "source": "/a.txt", "quote": "根据<b>", "start": 1, "end": 3}],
        "again": False,
        "activities": [],
        **given,
    }


def shown(**given: Any) -> dict[str, Any]:
    return {
        "policies": [policy("<甲>纲要"), policy("*乙*办法", held=True)],
        "root": node("<根>", 0, quotes=[], relations=[]),
        "upward": [],
        "downward": [],
        "left_off": {"upward": 0, "downward": 0},
        "course": None,
        **given,
    }


def html(page: Any) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def captions(page: Any) -> str:
    return "\n".join(item.value for item in page.caption)


def test_only_what_is_not_held_is_to_be_collected():
    missing = missing_of([policy("甲"), policy("乙", held=True)])
    assert missing_rows(missing) == [["甲", None, None, 1, 2, "贯彻落实", "某方案"]]


def test_a_citation_without_a_verb_is_a_mention():
    assert "提到" in relation_html(node("甲", relations=[]), "up")
    assert "根据（3 处）" in relation_html(node("甲", mentions=3), "down")


def test_names_are_escaped():
    assert "<b>&lt;根&gt;</b>" in root_html(shown()["root"])
    assert "未入库" in root_html(node("甲", held=False, level=None, document_id=None))


def test_the_workbook_holds_both_trees_and_the_activities_as_text():
    tree = shown(upward=[node("甲")], downward=[node("乙", activities=[ACTIVITY], relations=[])])
    assert [row[:3] for row in tree_rows(tree)] == [["向上", 1, "甲"], ["向下", 1, "乙"]]
    book = openpyxl.load_workbook(io.BytesIO(tree_xlsx(tree)))
    assert book["依据"]["K2"].value == "根据<b>"
    assert book["依据"]["I3"].value == "提到"
    assert (book["活动"]["C2"].value, book["活动"]["C2"].data_type) == ("=开放日", "s")
    assert book["活动"]["D2"].value == "某局（牵头）"


def test_an_empty_home_teaches_how_to_begin(empty_home: Any, open_page: Any):
    assert "还没有文档" in open_page("basis").info[0].value


def test_documents_without_citations_teach_what_will_be_here(fake: Any, open_page: Any):
    fake(basis=shown(policies=[]))
    page = open_page("basis")
    assert "还没有识别出所引用的政策" in page.info[0].value
    assert "书名号" in captions(page)


def test_the_overview_offers_policies_and_lists_what_is_missing(fake: Any, open_page: Any):
    fake(basis=shown())
    page = open_page("basis")
    assert page.dataframe[0].value["政策"].tolist() == ["<甲>纲要"]
    assert page.button[0].label == "\\<甲\\>纲要（1）"
    page.button[0].click().run()
    assert page.query_params["policy"] == "<甲>纲要"
    assert "&lt;根&gt;" in html(page)


def test_nothing_missing_is_said(fake: Any, open_page: Any):
    fake(basis=shown(policies=[policy("甲", held=True)]))
    assert open_page("basis").success[0].value == "被引用的政策都已入库。"


def test_choosing_a_document_takes_the_policy_out_of_the_address(fake: Any, open_page: Any):
    fake(basis=shown(), documents=[summary("d-1"), summary("d-2")])
    page = open_page("basis", policy="<甲>纲要")
    page.selectbox(key="choice-document").set_value("d-2").run()
    assert page.query_params == {"document": "d-2"}
    assert page.selectbox(key="choice-policy").value is None


def test_a_tree_shows_verbs_quotes_and_activities(fake: Any, open_page: Any):
    fake(basis=shown(upward=[node("甲")], downward=[node("乙", activities=[ACTIVITY])]))
    page = open_page("basis", document="d-1")
    assert not page.exception
    assert "“根据&lt;b&gt;”" in html(page)
    assert page.dataframe[0].value["责任单位"].tolist() == ["某局（牵头）"]


@pytest.mark.parametrize(("document_id", "told"), [("d-1", "没有识别到这份文件所依据的政策"), (None, "正文没有入库")])
def test_an_end_of_the_trace_says_why(document_id: str | None, told: str, fake: Any, open_page: Any):
    fake(basis=shown(root=node("根", 0, document_id=document_id)))
    page = open_page("basis", policy="根")
    assert told in captions(page)
    assert "库中没有文件以它为依据" in captions(page)


def test_a_repealed_rule_says_so_and_shows_its_course_with_the_sentences(fake: Any, open_page: Any):
    quote = {"document_id": "d-2", "quote": "《甲条例》同时*废止*", "start": 3, "end": 9, "page": None}
    step = {"date": "2030-06-01", "act": "废止", "way": "by", "name": "乙条例", "document_id": "d-2", "quote": quote}
    newer = summary("d-3", title="甲条例", date="2029-01-01") | {"later": True}
    course = {"standing": "repealed", "since": "2030-06-01", "day": "2031-01-01", "steps": [step], "texts": [newer]}
    fake(basis=shown(course={**course, "left_off": 0}))
    page = open_page("basis", document="d-1")
    assert not page.exception
    assert "已废止" in html(page)
    assert "自2030年6月1日起；库内有较新的文本（2029年1月1日）" in html(page)
    assert "被废止" in html(page)
    assert "废止" in captions(page)


@pytest.mark.parametrize("stands", ["repealed", "not-yet", "expired", "within", "in-force", "unknown"])
def test_every_standing_has_words(stands: str):
    course = {"standing": stands, "since": "2030-06-01", "day": "2031-01-01", "texts": []}
    assert "看于2031年1月1日" in standing_html(course)


def test_a_long_tree_comes_in_steps_and_says_what_is_left_off(fake: Any, open_page: Any):
    nodes = [node(f"方案{number}") for number in range(STEP + 3)]
    fake(basis=shown(downward=nodes, left_off={"upward": 0, "downward": 9}))
    page = open_page("basis", policy="根")
    assert html(page).count("pk-verb") == STEP
    next(button for button in page.button if button.label == "再多一些").click().run()
    assert html(page).count("pk-verb") == STEP + 3
    assert "另有 9 项没有列出" in captions(page)
