"""What a question must be told, and never with it."""

from __future__ import annotations

from typing import Any

from kg.ask import ask


def assert_told(held: Any, question: str, said: str, never: str = "") -> None:
    """The question is answered, `said` stands in the answer and `never` does not."""
    found = ask(question, context=held)
    assert found.answerable, found.answer
    assert said in found.answer
    assert not never or never not in found.answer


def assert_not_told(held: Any, question: str) -> None:
    """The question is not answered."""
    found = ask(question, context=held)
    assert not found.answerable, found.answer
