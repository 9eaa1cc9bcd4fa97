"""What a question of key words asks for, though no question word says it: 领奖时限, 牵头部门."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kg.ask.question import Question, Span
from ontology.forms import Forms


def with_implied(question: Question, forms: Forms) -> Question:
    """What the nouns ask for of a question without a question word: 领奖时限, 年度限额, 每班人数.

    A noun that says no more than how it is counted (`light`) is a question word then, and no longer a word of the text.
    """
    if question.asks:
        return question
    implied: set[str] = set()
    asked: list[Span] = []
    for row, found in asking_nouns(question.text, forms):
        noun = found[0].rstrip()
        implied.add(row["ask"])
        if row.get("light"):
            unit = found.groupdict().get("unit") or row.get("unit")
            asked.append(Span(found.start(), found.start() + len(noun), f"ask.{row['ask']}", unit, noun))
    words = [word for word in question.words if not any(one.start <= word.start < one.end for one in asked)]
    cut = [_cut_off(word, next((one for one in asked if word.start < one.start < word.end), None)) for word in words]
    spans = tuple(sorted((*question.spans, *asked), key=lambda span: span.start))
    return replace(question, implied=frozenset(implied), spans=spans, words=tuple(cut))


def asking_nouns(text: str, forms: Forms) -> Iterator[tuple[Mapping[str, Any], re.Match[str]]]:
    """The nouns at the ends of key words that ask for something, each with its row of `implied.asks`."""
    for row in forms.rows("implied.asks"):
        for found in re.finditer(row["said"], text):
            yield row, found


def _cut_off(word: Span, noun: Span | None) -> Span:
    """A word without the noun at its end."""
    return replace(word, end=noun.start, text=word.text[: noun.start - word.start]) if noun else word
