"""Question -> answer: read, compose readings over the schema, try them by how much they explain, else quote."""

from __future__ import annotations

import time
from dataclasses import replace

from kg.ask.library import AnswerContext, Library
from kg.ask.model import Answer
from kg.ask.passages import find_passages
from kg.ask.quoting import passages_to_answer
from kg.ask.reading import read

_MOST_READ = 2_000


def answer(question: str, *, context: AnswerContext, previous: Answer | None = None) -> Answer:
    """Answer a question. Whatever is typed gives an `Answer`, if need be one that says what is missing."""
    begun = time.perf_counter()
    library = Library(context)
    asked = read(question[:_MOST_READ], library)
    found = passages_to_answer(asked, find_passages(asked, library), library)
    return replace(found, question=question, elapsed_ms=round((time.perf_counter() - begun) * 1000, 1))
