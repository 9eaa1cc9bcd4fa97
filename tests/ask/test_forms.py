"""Questions are composed into forms over the schema, and forms into SPARQL that anyone can run."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kg.ask import ask
from kg.ask.compile import compile_form
from kg.ask.compose import question_to_readings
from kg.ask.form import TARGETS
from kg.ask.library import Library
from kg.ask.reading import read
from kg.core import facts
from kg.core.facts import NOTICE
from ontology.forms import load as load_forms


@pytest.fixture(scope="module")
def library(context):
    return Library(context)


def _best(question, library):
    readings = question_to_readings(read(question, library), library)
    assert readings, question
    return readings[0].form


@pytest.mark.parametrize(
    ("question", "target", "constraints"),
    [
        (
            "青浦区2024年质量开放日由谁负责",
            "body",
            {"years": (2024,), "places": ("上海市青浦区",), "series": ("质量开放日",)},
        ),
        (
            "青浦哪些任务是区质量办单独负责的",
            "activity",
            {"only": True, "bodies": (("青浦区质量工作领导小组办公室",),)},
        ),
        ("2019年市公安局、市水务局负责哪些活动", "activity", {"bodies": (("上海市公安局",), ("上海市水务局",))}),
        ("2024年哪几个区安排了质量开放日", "place", {"years": (2024,), "series": ("质量开放日",)}),
        ("青质办〔2024〕72号是谁发给谁的", "header", {}),
        ("哪些文件引用了《质量强国建设纲要》", "document", {}),
    ],
)
def test_a_question_is_a_target_with_constraints(question, target, constraints, library):
    form = _best(question, library)
    assert form.target == target
    assert {name: getattr(form, name) for name in constraints} == constraints


def test_a_form_that_leaves_a_telling_word_unused_is_not_answered_from(library):
    forms = question_to_readings(read("青浦区2024年量子计算质量开放日由谁负责", library), library)
    assert forms == []


@pytest.mark.parametrize(
    "question",
    [
        "青浦区2024年质量开放日由谁负责",
        "哪些区搞过质量开放日",
        "2019年市公安局负责哪些活动",
        "青质办〔2024〕72号是哪天发的",
    ],
)
def test_queries_have_ascii_variables_bound_values_and_an_order(question, library):
    query = compile_form(_best(question, library), library.iris).text
    assert all(name.isascii() for name in re.findall(r"\?([^\s.;,)}]+)", query))
    assert "ORDER BY" in query
    assert not re.search(r"\bd-[0-9a-f]{10}\b", query)


def test_quotes_in_a_question_cannot_leave_their_literal(context):
    assert ask('青浦“" } DROP ALL”由谁负责', context=context).answer


def test_every_target_has_constraints_of_the_schema():
    fields = {"years", "months", "places", "bodies", "partners", "role", "series", "needles", "titles", "kinds", "items", "only",
              "none", "policy"}  # fmt: skip
    for constraints in TARGETS.values():
        assert constraints <= fields


def test_a_new_kind_of_fact_can_be_asked_for_by_its_label(context, monkeypatch):
    """No line of code beside the declaration: its label is the word, its fields are the columns."""
    new = replace(NOTICE, name="remark", label="存疑之处")
    for module in ("kg.ask.entities", "kg.ask.columns"):
        monkeypatch.setattr(f"{module}.KINDS", (*facts.KINDS, new))
    answer = ask("2019年的文件有哪些存疑之处", context=context)
    assert answer.answerable
    assert "提示" in answer.columns
    assert answer.rows
    assert "pkg:Notice" in (answer.sparql or "")


@pytest.mark.parametrize(
    ("question", "answerable"),
    [
        ("存疑之处在哪里？", True),  # nothing narrows it: a field of the kind is what is asked
        ("记号在哪里？", True),
        ("质量月活动的存疑之处在哪里？", True),  # other words are those of the documents' titles
        ("量子计算的存疑之处在哪里？", False),
        ("存疑之处什么时候开始？", False),  # no field of the kind tells it
    ],
)
def test_a_kind_of_fact_answers_what_its_fields_say(question, answerable, context, monkeypatch):
    message = replace(NOTICE.field("message"), answers=("where",))
    new = replace(NOTICE, name="remark", label="存疑之处", called=("记号",), fields=(*NOTICE.fields[:1], message, *NOTICE.fields[2:]))  # fmt: skip
    for module in ("kg.ask.entities", "kg.ask.columns"):
        monkeypatch.setattr(f"{module}.KINDS", (*facts.KINDS, new))
    answer = ask(question, context=context)
    assert ("存疑之处" in answer.interpretation and bool(answer.rows)) is answerable, answer.answer


def test_facts_are_told_in_the_words_of_their_documents(context):
    answer = ask("2022年的数据有哪些", context=context)
    assert "数字共" in answer.answer
    assert "“" in answer.answer.split("：")[1][:1]
    assert "可信度" not in answer.columns
    assert not re.search(r"，0\.\d{2,}\[", answer.answer)


def test_a_kind_of_fact_is_not_dropped_for_its_documents(context):
    answer = ask("2019年的文件有哪些时限", context=context)
    assert "时限" in answer.interpretation


def test_the_examples_of_the_forms_of_questions_hold():
    kinds = ("ask.", "op.", "role.", "noun.", "slot.", "said.", "drop.", "time.", "law.", "verb.", "level.", "issue.")
    assert [failure for failure in load_forms().failures if failure.startswith(kinds)] == []
