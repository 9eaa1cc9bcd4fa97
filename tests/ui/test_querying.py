"""The SPARQL page's logic, without a browser and without a store."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kg.core.errors import PolicyKGError, QuerySyntaxError, RefusedQuery
from kg.graph.rdf import Literal
from kg.graph.results import QueryResult
from kg.ui import querying
from kg.ui.parameters import offered
from kg.ui.querying import pointed
from tests.ui.conftest import topics

BASE = "https://w3id.org/policykg/id/"
SAVED = {
    "name": "which",
    "title": "哪些文件",
    "description": "按年度",
    "parameters": {"year": "2031"},
    "inputs": [{"name": "year", "type": "year", "label": "年度", "default": "2031"}],
    "text": "SELECT ?d WHERE { VALUES ?year { 2031 } }",
}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Call it with what queries give; the queries that ran."""

    def install(outcome: QueryResult | PolicyKGError) -> list[str]:
        ran: list[str] = []

        class Running:
            def __init__(self, service: Any, query: str) -> None:
                ran.append(query)

            def wait(self, seconds: float) -> bool:
                return True

            def result(self) -> QueryResult:
                if isinstance(outcome, PolicyKGError):
                    raise outcome
                return outcome

            def stop(self) -> None: ...

        monkeypatch.setattr(querying, "RunningQuery", Running)
        return ran

    return install


def component(page: Any, name: str) -> dict[str, Any]:
    found = next(part.proto for part in page.get("bidi_component") if part.proto.component_name == f"policykg_{name}")
    return json.loads(found.json)


def test_a_syntax_error_points_at_its_place_and_marks_it_in_the_editor(fake: Any, open_page: Any, runs: Any):
    fake()
    runs(QuerySyntaxError("expected }", line=2, column=3))
    page = open_page("sparql", query="SELECT *\n{ ?s")
    assert "第 2 行第 3 列" in page.error[0].value
    assert page.code[0].value.splitlines()[-1].index("↑") == 6 + 2
    assert component(page, "editor")["fault"] == {"line": 2, "column": 3, "message": "解析器：expected }"}


def test_an_ask_query_says_yes_or_no(fake: Any, open_page: Any, runs: Any):
    fake()
    runs(QueryResult("ask", ("ask",), ((Literal("false", "http://www.w3.org/2001/XMLSchema#boolean"),),)))
    assert open_page("sparql", query="ASK {}").success[0].value == "否"


def test_a_limit_is_told_in_words(fake: Any, open_page: Any, runs: Any):
    fake()
    runs(RefusedQuery("查询超过 20 秒时限，已终止", limit="time"))
    page = open_page("sparql", query="SELECT * {}")
    assert page.error[0].value == "查询超过 20 秒时限，已终止"
    assert component(page, "editor")["fault"] is None


def test_nothing_runs_until_there_is_a_query(fake: Any, open_page: Any, runs: Any):
    fake()
    ran = runs(RefusedQuery("不该运行"))
    page = open_page("sparql")
    assert not page.exception
    assert ran == []
    assert "时限 20 秒" in component(page, "editor")["note"]


def test_iris_become_links_and_literals_that_look_like_one_do_not(fake: Any, open_page: Any, runs: Any):
    fake()
    terms = ((f"{BASE}document/d-1", Literal("https://example.org/")), (f"{BASE}series/质量", Literal("<b>")))
    runs(QueryResult("select", ("a", "b"), terms))
    rows = component(open_page("sparql", query="SELECT ?a ?b {}"), "grid")["rows"]
    assert rows[0][0]["href"] == "documents?id=d-1"
    assert rows[0][1] == "https://example.org/"
    assert rows[1] == [
        {"text": "series/质量", "href": "evolution?series=%E8%B4%A8%E9%87%8F", "title": f"{BASE}series/质量"},
        "<b>",
    ]


def test_the_same_query_runs_once_while_one_looks_at_its_result(fake: Any, open_page: Any, runs: Any):
    fake()
    ran = runs(QueryResult("select", ("a",), ((Literal("甲"),),)))
    page = open_page("sparql", query="SELECT ?a {}")
    page.run()
    assert ran == ["SELECT ?a {}"]


def test_a_saved_query_asks_for_its_parameters_and_runs_with_them(fake: Any, open_page: Any, runs: Any):
    service = fake(saved_queries=[SAVED], topics=topics(years=[2031, 2030]))
    given: list[dict[str, str]] = []
    service._replies["saved_query"] = None
    service.saved_query = lambda name, **values: given.append(values) or f"# title: 甲\nSELECT {values['year']}"
    ran = runs(QueryResult("select", ("a",), ()))
    page = open_page("sparql", saved="which", year="2030")
    assert [box.label for box in page.selectbox] == ["现成的查询", "年度"]
    assert page.selectbox[1].value == "2030"
    assert (given[-1], ran[-1]) == ({"year": "2030"}, "SELECT 2030")
    page.selectbox[1].select("2031").run()
    assert given[-1] == {"year": "2031"}
    assert "year" not in page.query_params


def test_what_is_offered_for_a_parameter_comes_from_the_documents():
    held = topics(years=[2024, 2019], kinds=["通知"], agencies=[{"name": "某局", "count": 2}])
    assert offered("year", held) == ["2024", "2019"]
    assert offered("kind", held) == ["通知"]
    assert offered("agency", held) == ["某局"]
    assert offered("text", held) == []


def test_the_arrow_stands_under_full_width_signs():
    shown = pointed("SELECT *\n{ ?年 ?", 2, 5).splitlines()
    assert shown[:2] == ["   1  SELECT *", "   2  { ?年 ?"]
    assert shown[2] == "         \u3000↑"
