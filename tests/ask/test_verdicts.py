"""183 questions on the five documents, 47 on twelve of other offices. Floors are of whole sets: a single question is allowed to change sides."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from kg.ask import ask
from kg.core.config import Settings
from kg.service import Service
from tests.ask.verdicts import load, query_gives_rows, verdict

FLOORS = {"first.json": 50, "second.json": 44, "third.json": 27}  # of 60, 60, 33; measured 52, 45, 29
FALSE = {"first.json": 0, "second.json": 0, "third.json": 1}  # answers to what no document says
OFFICES = (
    "13南京应急.txt", "06忻州热线联动.txt", "02荆州数字赋能.txt", "05漳州科技局机制.txt", "11新乡免证可办.txt",
    "23保护鸟类通知.txt", "关于印发《上海市技术交易场所管理细则》的通知.md", "*脑机接口未来产业培育行动方案*.md",
    "终端设备直连卫星服务管理规定.md", "*长三角G60科创走廊策源地建设*.md", "广西_2.txt", "陕西_709.txt",
)  # fmt: skip
WORDINGS = 0.6  # of other wordings that are right where the first one is


@pytest.mark.parametrize("name", FLOORS)
def test_questions(name, context):
    found = Counter(verdict(case, context) for case in load(name))
    assert found["right"] >= FLOORS[name], found
    assert found["false"] <= FALSE[name], found


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, real_dir: Path):
    """Twelve documents of offices of several provinces and ministries."""
    files = [next(real_dir.rglob(name)) for name in OFFICES]
    service = Service(dataclasses.replace(Settings.load(home=tmp_path_factory.mktemp("offices")), embedder="none"))
    assert not service.ingest(files)["failed"]
    return service.snapshot()


def test_questions_on_other_offices(offices):
    found = Counter(verdict(case, offices) for case in load("offices.json"))
    assert found["right"] >= 42, found  # of 47; 41 when they were first asked, beside 158 other documents
    assert found["false"] == 0, found


def test_what_no_document_says_is_refused(context):
    answered = [q for q in load("refusals.json")["unanswerable"] if ask(q, context=context).answerable]
    assert answered == []


def test_questions_as_people_type_them(context):
    pairs = load("refusals.json")["answerable"]
    right = [q for q, leaf in pairs if verdict({"question": q, "answer": [leaf]}, context) == "right"]
    assert len(right) >= 17, right  # of 30; measured 19


def test_other_wordings_of_a_question_get_the_same_verdict(context):
    answers = {case["id"]: case for name in FLOORS for case in load(name)}
    verdicts = []
    for case in load("wordings.json"):
        known = answers.get(case["id"])
        if known and verdict(known, context) == "right":
            verdicts += [verdict({**known, "question": wording}, context) == "right" for wording in case["wordings"]]
    assert verdicts
    assert sum(verdicts) / len(verdicts) >= WORDINGS


def test_the_query_that_is_shown_gives_the_rows(context):
    asked = [case["question"] for name in FLOORS for case in load(name)][::3]
    assert [question for question in asked if not query_gives_rows(question, context)] == []
