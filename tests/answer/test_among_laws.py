"""Laws beside the five documents change no answer about the five."""

from __future__ import annotations

import dataclasses
import re

import pytest

from kg.answer import ask
from kg.core.config import Settings
from kg.service import Service
from tests.answer.checking import load, query_gives_rows

EVERY = 60  # of the law files, in order of their names
# those that call themselves 安排, 通知 or 方案 list things as plans of activities do
LIKE_PLANS = re.compile(r"安排\(|通知\(|方案\(")
QUESTIONS = [case["question"] for name in ("questions.json", "second.json") for case in load(name)]
REFUSED = load("refusals.json")["unanswerable"]
# which documents hold a word is asked of all documents: laws may be added
OF_ALL = re.compile(r"哪些文件提到")


@pytest.fixture(scope="module")
def among_laws(tmp_path_factory, corpus_dir, laws_dir):
    service = Service(dataclasses.replace(Settings.load(home=tmp_path_factory.mktemp("among-laws")), embedder="none"))
    laws = sorted(laws_dir.rglob("*.md"), key=str)
    chosen = [law for number, law in enumerate(laws) if number % EVERY == 0 or LIKE_PLANS.search(law.name)]
    assert len(chosen) > 50
    assert not service.ingest([corpus_dir, *chosen])["failed"]
    return service.snapshot()


def _shown(answer) -> list[str]:
    """The rows; where there are none, the text of an answer."""
    rows = [str(list(row.values())) for row in answer.rows]
    return rows or ([answer.answer] if answer.answerable else [])


def test_answers_stay_as_they_are(context, among_laws):
    worse = {}
    for question in QUESTIONS:
        own, beside = ask(question, context=context), ask(question, context=among_laws)
        gone = [row for row in _shown(own) if row not in _shown(beside)]
        more = [] if OF_ALL.search(question) else [row for row in _shown(beside) if row not in _shown(own)]
        if own.answerable != beside.answerable or gone or more:
            worse[question] = (own.answer[:80], beside.answer[:80])
    assert worse == {}


def test_what_is_not_held_stays_refused(among_laws):
    assert [text for text in REFUSED if ask(text, context=among_laws).answerable] == []


def test_queries_still_give_their_rows(among_laws):
    assert [text for text in QUESTIONS[::4] if not query_gives_rows(text, among_laws)] == []
