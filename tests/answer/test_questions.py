"""Questions of our own on the five documents: every leaf of the expected answer is said, with words that carry it."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from kg.answer import ask
from kg.graph.sparql import run

QUESTIONS = json.loads(Path(__file__).with_name("questions.json").read_text(encoding="utf-8"))
_DROP = re.compile(r"[\s“”\"'‘’《》〈〉，,。．.；;：:、·—\-–…〔〕\[\]【】()（）]+")


def norm(value: object) -> str:
    text = unicodedata.normalize("NFKC", str(value))
    text = re.sub(r"(\d{4})年(\d{1,2})月(\d{1,2})日", lambda m: f"{m[1]}{int(m[2]):02}{int(m[3]):02}", text)
    return _DROP.sub("", text).lower()


def leaves(value: object):
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


@pytest.mark.parametrize("case", QUESTIONS, ids=[case["id"] for case in QUESTIONS])
def test_answer_says_what_the_documents_say(case, context):
    answer = ask(case["question"], context=context).to_dict()
    if case.get("unanswerable"):
        assert not answer["answerable"], answer["answer"]
        return
    assert answer["answerable"], answer["answer"]
    said = norm(answer["answer"]) + "|" + "|".join(norm(cell) for row in answer["rows"] for cell in leaves(row))
    assert [leaf for leaf in leaves(case["answer"]) if norm(leaf) not in said] == []
    quotes = [norm(item["quote"]) for item in answer["evidence"]]
    assert any(norm(words) in quote or quote in norm(words) for words in case["evidence"] for quote in quotes)


@pytest.mark.parametrize("case", QUESTIONS, ids=[case["id"] for case in QUESTIONS])
def test_the_query_shown_gives_the_rows_of_the_answer(case, context):
    answer = ask(case["question"], context=context)
    if answer.sparql is None:
        assert answer.rows == []
        return
    result = run(context.store, answer.sparql)
    plain = [[cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row] for row in result.rows]
    assert sorted(map(str, plain)) == sorted(str(list(row.values())) for row in answer.rows)
    assert list(result.variables) == answer.columns


def test_evidence_is_the_words_of_the_document(context):
    for case in QUESTIONS:
        for item in ask(case["question"], context=context).evidence:
            text = context.catalogue.document(item.document_id).text
            assert text[item.start : item.end] == item.quote
