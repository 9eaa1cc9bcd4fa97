"""The questions that the trees were fitted on: well formed, and of texts that are there."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from written import SHARED, read_written  # noqa: E402

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


def test_the_sentences_that_answer_are_those_of_their_documents():
    laws = [q for q in QUESTIONS if q.source.endswith(".md") and "/laws" in q.source]
    for some, least in ((([q for q in QUESTIONS if q.of_articles]), 1.0), (laws, 0.97)):
        asked = random.Random(4).sample([q for q in some if q.gold], 300)
        found = 0
        for q in asked:
            text = "" if q.of_articles else (SHARED / q.source).read_text(encoding="utf-8")
            found += len(q.answering(text)) == len(q.gold)
        assert found >= least * len(asked)
