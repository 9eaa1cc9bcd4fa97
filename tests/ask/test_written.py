"""The questions that the trees were fitted on: well formed, and of texts that are there."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from written import SHARED, articles, hash_of, read_written  # noqa: E402

from kg.ask.windows import sentences_of  # noqa: E402

QUESTIONS = list(read_written())


def test_every_question_is_whole():
    assert len(QUESTIONS) > 15_000
    kinds = Counter(q.kind for q in QUESTIONS)
    assert set(kinds) == {"s", "f", "k", "n"}
    assert min(kinds.values()) > 1_000
    for q in QUESTIONS:
        assert q.text.strip(), q
        assert q.source, q
        assert bool(q.gold) == (q.kind != "n"), q


def test_the_documents_are_there():
    files = {q.source.partition("#")[0] for q in QUESTIONS}
    assert not [name for name in files if not (SHARED / name).is_file()]


def test_the_sentences_that_answer_are_those_of_the_articles():
    some = random.Random(4).sample([q for q in QUESTIONS if q.of_articles and q.gold], 300)
    for q in some:
        text = articles()[q.source.partition("#")[2]][2]
        held = {hash_of(text[a:b]) for a, b in sentences_of(text)} | {hash_of(text)}
        assert q.gold <= held, q
