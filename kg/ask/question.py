"""A question as it was read: spans of the text with what each may mean, and the words that are left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

INTERROGATIVE = re.compile(r"[几多什何哪谁怎啥吗否]")
"""What a question word has, and a noun that stands for one (时限) has not."""
CLAUSE = re.compile(r"[，。；！？,;!?]")
"""What ends a clause of a question."""


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause begins and ends (before its mark) that a stretch lies in."""
    begun = max((found.end() for found in CLAUSE.finditer(text, 0, start)), default=0)
    stop = CLAUSE.search(text, end)
    return begun, stop.start() if stop else len(text)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the question.

    `kind` is year, past (a year of what the asker tells of himself), day, title, policy, number, body, place, series,
    kind, article, item, quoted, fact, or the name of a form (ask.body, op.only, role.lead, noun.activity).
    """

    start: int
    end: int
    kind: str
    value: Any = None
    text: str = ""

    @property
    def length(self) -> int:
        """Characters."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Question:
    """One question (or one part of it)."""

    text: str
    spans: tuple[Span, ...]
    words: tuple[Span, ...]  # what no span explains: the subject of the question, in its own words
    mended: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    within: frozenset[str] = field(default=frozenset())  # documents to which a follow-up is bound
    implied: frozenset[str] = field(default=frozenset())  # asked without a question word: 领奖时限
    part: bool = False  # one of several parts, or of several things that are asked for together
    lead: str = ""  # of a part of a question: what stands before it
    beside: frozenset[tuple[str, int, int]] = field(default=frozenset())  # what answered the part before

    def of(self, *kinds: str) -> list[Span]:
        """The spans of these kinds."""
        return [span for span in self.spans if span.kind in kinds]

    def has(self, *kinds: str) -> bool:
        """Whether any span is of one of these kinds."""
        return any(span.kind in kinds for span in self.spans)

    @property
    def asks(self) -> frozenset[str]:
        """What is asked for: the kinds of its question words."""
        said = (span.kind.removeprefix("ask.") for span in self.spans if span.kind.startswith("ask."))
        return frozenset(said) | self.implied

    @property
    def years(self) -> tuple[int, ...]:
        """The years that it names, a span (2019到2024) written out."""
        found: dict[int, None] = {}
        for span in self.of("year"):
            found |= dict.fromkeys(span.value)
        return tuple(found)

    @property
    def places(self) -> tuple[str, ...]:
        """Qualified names of the places that it names."""
        return tuple(dict.fromkeys(span.value for span in self.of("place")))

    @property
    def edges(self) -> frozenset[int]:
        """Where one word ends and another begins: 招聘|面试."""
        return frozenset({word.end for word in self.words} & {word.start for word in self.words})
