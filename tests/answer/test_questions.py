"""Questions of our own on the five documents: every leaf of the expected answer is said, with words that carry it."""

from __future__ import annotations

import pytest

from kg.answer import ask
from tests.answer.checking import load, missing, norm, query_gives_rows

QUESTIONS = load("questions.json")


@pytest.mark.parametrize("case", QUESTIONS, ids=[case["id"] for case in QUESTIONS])
def test_answer_says_what_the_documents_say(case, context):
    assert missing(case, context) == []
    if case.get("unanswerable"):
        return
    quotes = [norm(item.quote) for item in ask(case["question"], context=context).evidence]
    assert any(norm(words) in quote or quote in norm(words) for words in case["evidence"] for quote in quotes)


@pytest.mark.parametrize("case", QUESTIONS, ids=[case["id"] for case in QUESTIONS])
def test_the_query_shown_gives_the_rows_of_the_answer(case, context):
    assert query_gives_rows(case["question"], context)


def test_evidence_is_the_words_of_the_document(context):
    for case in QUESTIONS:
        for item in ask(case["question"], context=context).evidence:
            text = context.catalogue.document(item.document_id).text
            assert text[item.start : item.end] == item.quote
