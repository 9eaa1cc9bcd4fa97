"""Whatever is typed gives an answer that can be shown."""

from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.ask import ask

ODD = ["", "   ", "？", "a" * 10_000, "质量开放日" * 2_000, '"' * 500, "《" * 300, "\x00" * 50, "\ud800", "第" * 1_000,
       "SELECT * WHERE { ?s ?p ?o }", "青浦区'; DROP GRAPH <x>; --", "哪些区 } UNION { ?a ?b ?c",
       "第123项由谁负责", "青浦区第100项任务由谁负责", "第0项由谁负责", "第九百九十九项是什么活动", "产品质量法第0条"]  # fmt: skip
SLOWEST = 0.5  # seconds of processor time, of three runs the quickest: the machine is shared
_PIECES = [
    "哪些区",
    "质量开放日",
    "青浦区",
    "多少",
    "谁",
    "2024年",
    "负责",
    '"',
    "\\",
    "}",
    "〔2024〕72号",
    "《",
    "》",
    "？",
]


@pytest.mark.parametrize("question", ODD, ids=range(len(ODD)))
def test_odd_questions(question, context):
    answer = ask(question, context=context)
    json.dumps(answer.to_dict(), ensure_ascii=False)
    assert answer.answer


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=12).map("".join))
def test_any_text(context, question):
    answer = ask(question, context=context)
    assert answer.question == question
    assert isinstance(answer.answerable, bool)


def _random_questions(count: int) -> list[str]:
    """Names, words of grammar, SPARQL and odd characters in any order; the same at each run."""
    chance = random.Random(2024)
    names = [
        "青浦区",
        "浦东",
        "市水务局",
        "团区委",
        "质量开放日",
        "首席质量官",
        "《纲要》",
        "72号文",
        "沪质办〔2022〕902号",
    ]
    asked = ["哪些区", "谁负责", "多少", "什么时候", "依据", "有何变化", "没有办", "既", "又", "而", "和", "有什么联系"]
    years = ["2019年", "2024年", "今年", "历年", "99999年", "2019到2024年"]
    odd = [
        "DROP GRAPH <x>",
        "} UNION {",
        "\\u0000",
        '"""',
        "\x07",
        "\u202e",
        "😀",
        "？",
        "，",
        "火星",
        "<script>",
        "%s{}",
    ]
    pools = (names, asked, years, odd)
    return ["".join(chance.choice(chance.choice(pools)) for _ in range(chance.randrange(1, 10))) for _ in range(count)]


@pytest.mark.long
def test_random_questions(context):
    for question in _random_questions(300):
        answer = ask(question, context=context, previous=ask("那浦东呢", context=context) if "和" in question else None)
        json.dumps(answer.to_dict(), ensure_ascii=False)
        assert answer.answer, question
        if answer.sparql:
            assert answer.sparql.lstrip().startswith("SELECT"), question
            assert "SERVICE" not in answer.sparql.upper(), question


@pytest.mark.parametrize("piece", ["质量开放日", "哪些区，", "青浦区市场监管局和", "火星基地", "a"])
def test_a_very_long_question_is_cut_and_quick(piece, context):
    question = (piece * 10_000)[:10_000]
    ask(question, context=context)  # opens the stores
    best = min(_seconds(question, context) for _ in range(3))
    assert best < SLOWEST
    assert "只读了前" in ask(question, context=context).interpretation


def _seconds(question, context) -> float:
    begun = time.thread_time()
    ask(question, context=context)
    return time.thread_time() - begun
