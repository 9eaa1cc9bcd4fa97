"""What the pages do with what the service says, without a browser."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kg.core.errors import UsageError
from tests.ui.conftest import summary, topics


def answer(**given: Any) -> dict[str, Any]:
    return {
        "question": "问",
        "answerable": True,
        "answer": "答案一句。",
        "columns": [],
        "rows": [],
        "interpretation": "",
        "sparql": None,
        "evidence": [],
        "chart": None,
        "elapsed_ms": 12.3,
        "next_questions": [],
        **given,
    }


def html(page: Any) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


@pytest.mark.parametrize("name", ["ask", "documents", "search"])
def test_an_empty_home_teaches_how_to_begin(name: str, empty_home: Any, open_page: Any):
    page = open_page(name)
    assert not page.exception
    assert "还没有文档" in page.info[0].value
    assert not page.code  # no command is told to someone in a browser
    assert page.button(key="take-in").disabled
    assert page.button(key="begin-samples")


@pytest.mark.parametrize("name", ["ask", "documents", "search"])
def test_a_failure_inside_is_told_without_a_traceback(name: str, fake: Any, open_page: Any):
    fake(topics=RuntimeError("坏了"), documents=RuntimeError("坏了"))
    page = open_page(name)
    assert not page.exception
    assert "程序内部出错" in page.error[0].value
    assert page.code[0].value == "RuntimeError: 坏了"


def test_an_expected_error_says_what_to_do(fake: Any, open_page: Any):
    fake(ask=UsageError("请把问题写完整"))
    assert open_page("ask", q="问").error[0].value == "请把问题写完整"


def test_the_question_page_offers_examples_until_something_is_asked(fake: Any, open_page: Any):
    fake(topics=topics(agencies=[{"name": "某局", "count": 2}]), ask=answer())
    page = open_page("ask")
    assert [button.label for button in page.button] == ["提问", "某局负责哪些活动？"]
    page.button[1].click().run()
    assert page.text_input[0].value == "某局负责哪些活动？"
    assert "答案一句。" in html(page)
    assert page.session_state["asked"] == [("某局负责哪些活动？", None)]


def test_an_answer_shows_its_parts(fake: Any, open_page: Any):
    fake(
        ask=answer(
            columns=["年", "区"],
            rows=[{"年": 2024, "区": "青浦区"}],
            interpretation="查某事",
            sparql="SELECT 1",
            next_questions=["再问？"],
        )
    )
    page = open_page("ask", q="问")
    assert "理解为：查某事" in html(page)
    table = next(part.proto for part in page.get("bidi_component") if part.proto.component_name == "policykg_grid")
    assert json.loads(table.json)["rows"] == [[2024, "青浦区"]]
    assert page.code[0].value == "SELECT 1"
    assert "再问？" in [button.label for button in page.button]


def test_a_long_answer_is_set_a_sentence_a_line(fake: Any, open_page: Any):
    fake(ask=answer(answer="第一句。" + "第二句（含“引文。”）" * 20 + "。末句。"))
    shown = html(open_page("ask", q="问"))
    assert "pk-long" in shown
    assert "第一句。\n第二句（含“引文。”）" in shown
    assert "。\n末句。</p>" in shown


def test_silence_of_the_documents_looks_different(fake: Any, open_page: Any):
    fake(ask=answer(answerable=False, answer="库中没有。"))
    page = open_page("ask", q="问")
    assert 'data-testid="no-answer"' in html(page)
    assert any("库中全部 1 份文档（2031 年度）" in caption.value for caption in page.caption)


def test_html_in_an_answer_is_escaped(fake: Any, open_page: Any):
    fake(ask=answer(answer="<img src=x>", interpretation="<script>", next_questions=["![x](http://a.cn)"]))
    page = open_page("ask", q="问")
    assert "&lt;img src=x&gt;" in html(page)
    assert "<script>" not in html(page)
    assert "\\!\\[x\\]\\(http\\://a\\.cn\\)" in [button.label for button in page.button]


def test_a_quote_whose_document_is_gone_still_shows(fake: Any, open_page: Any):
    evidence = {"document_id": "d-9", "source": "/a/某通知.txt", "quote": "原句", "start": 1, "end": 3}
    fake(ask=answer(evidence=[evidence]), passage_context=UsageError("没有"))
    assert "<mark>原句</mark>" in html(open_page("ask", q="问"))


def test_long_lists_of_documents_come_in_pages(fake: Any, open_page: Any):
    fake(documents=[summary(f"d-{number:03}") for number in range(45)])
    page = open_page("documents")
    assert html(page).count("pk-facts") == 20
    assert "45 份文档" in [caption.value for caption in page.caption]


def test_a_filter_that_leaves_nothing_says_so(fake: Any, open_page: Any):
    fake()
    assert "没有符合条件的文档" in open_page("documents", name="无此文").info[0].value


def test_a_search_without_hits_says_what_to_do(fake: Any, open_page: Any):
    fake(search=[])
    assert "没有找到" in open_page("search", find="甲").info[0].value
