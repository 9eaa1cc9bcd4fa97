"""Sentences and clauses with offsets; punctuation inside brackets, quotes and 《》 does not cut.

A line break always ends a sentence, and so does a TAB (the edge of a table cell). Brackets that nobody closes
in their line are ignored, so that one missing 》 cannot swallow the rest of the paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from kg.core.model import Evidence

OPENING = "（(《〈“‘「『【〔[［{"
CLOSING = "）)》〉”’」』】〕]］}"
_PARTNER = dict(zip(CLOSING, OPENING, strict=True))
# （ and ( are often mixed in one pair, and so are the square ones
_ALIKE = {"(": "（", "[": "〔", "［": "〔", "【": "【"}
# of each bracket what it is matched as, and whether it opens
_KINDS = {char: (_ALIKE.get(char, char), True) for char in OPENING}
_KINDS |= {char: (_ALIKE.get(partner, partner), False) for char, partner in _PARTNER.items()}
_KINDS['"'] = ('"', False)
_SENTENCE_END = "。！？!?"
_CLAUSE_END = "，；,;：:"
_QUOTE_CLOSE = "”’」』"
_BRACKET = re.compile("[" + re.escape(OPENING + CLOSING) + '"\n]')
_EDGE = re.compile(f'[{_SENTENCE_END}{_CLAUSE_END}\n\t{_QUOTE_CLOSE}"]')


class Span(NamedTuple):
    """A half-open stretch of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of the span."""
        return text[self.start : self.end]


class Bounds(NamedTuple):
    """Where stretches begin and end; spans are made of these when asked for."""

    starts: list[int]
    ends: list[int]


def bracket_pairs(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Positions (open, close) of the brackets that match, in order of closing; others are ignored.

    >>> bracket_pairs("《关于〈甲〉的请示》")
    [(3, 5), (0, 9)]
    """
    stop = len(text) if end is None else end
    stack: list[tuple[str, int]] = []
    # how often each kind is open: what closes nothing is passed over without a look through the stack
    opened: dict[str, int] = {}
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(text, start, stop):
        i, char = found.start(), found[0]
        if char == "\n":
            if stack:
                stack.clear()
                opened.clear()
            continue
        kind, opens = _KINDS[char]
        # straight quotes do not say which side they are on: the second closes the first
        if opens or (char == '"' and not opened.get(kind)):
            stack.append((kind, i))
            opened[kind] = opened.get(kind, 0) + 1
        elif opened.get(kind):
            while True:
                top, at = stack.pop()
                opened[top] -= 1
                if top == kind:
                    break
            pairs.append((at, i))
    return pairs


def quoted_spans(text: str, *, longest: int | None = None) -> list[Span]:
    """The outermost stretches in quotation marks, marks included; `longest` leaves out long quotations."""
    pairs = [(a, b) for a, b in bracket_pairs(text) if text[a] in '“‘「『"']
    out: list[Span] = []
    for a, b in sorted(pairs):
        if (longest is None or b - a - 1 <= longest) and not (out and out[-1].start <= a and b < out[-1].end):
            out.append(Span(a, b + 1))
    return out


class Segmentation:
    """The sentences and clauses of a text, found once and looked up by position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._sentences, self._clauses = _segment(text)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """All sentences, in order."""
        return tuple(map(Span, *self._sentences))

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        """All clauses, in order."""
        return tuple(map(Span, *self._clauses))

    def sentence_at(self, start: int, end: int | None = None) -> Span:
        """The sentence around a position, or the run of sentences around a stretch."""
        return _around(self._sentences, start, end)

    def clause_at(self, start: int, end: int | None = None) -> Span:
        """The clause around a position, or the run of clauses around a stretch."""
        return _around(self._clauses, start, end)

    def evidence(self, span: Span) -> Evidence:
        """A span as evidence, without the blanks and the comma or semicolon at its edges."""
        start, end = span.start, span.end
        while start < end and (self.text[start].isspace() or self.text[start] in "，；、,;"):
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] in "，；、,;：:"):
            end -= 1
        return Evidence(self.text[start:end], start, end)


def _around(bounds: Bounds, start: int, end: int | None) -> Span:
    starts, ends = bounds
    if not starts:
        return Span(start, start if end is None else end)
    first = max(0, bisect_right(starts, start) - 1)
    if end is None or end <= ends[first]:
        return Span(starts[first], ends[first])
    last = max(first, bisect_right(starts, end - 1) - 1)
    return Span(starts[first], ends[last])


def _segment(text: str) -> tuple[Bounds, Bounds]:
    """The starts and ends of the sentences and of the clauses that hold more than blanks."""
    sentences, clauses = Bounds([], []), Bounds([], [])
    outer, quote_ends = _outermost(text)
    outer.append((len(text), len(text)))  # no position is behind it
    opened, closed = outer[0]
    sentence_start = clause_start = next_pair = 0
    for found in _EDGE.finditer(text):
        i, char = found.start(), found[0]
        while closed < i:
            next_pair += 1
            opened, closed = outer[next_pair]
        if char in "\n\t":
            ends_sentence = True
        elif opened < i < closed:
            continue
        elif char in _CLAUSE_END:
            if _is_in_word(text, i, char):
                continue
            ends_sentence = False
        elif _ends_sentence(text, i, i in quote_ends):
            ends_sentence = True
        else:
            continue
        _put(clauses, text, clause_start, i + 1)
        clause_start = i + 1
        if ends_sentence:
            _put(sentences, text, sentence_start, i + 1)
            sentence_start = i + 1
    _put(clauses, text, clause_start, len(text))
    _put(sentences, text, sentence_start, len(text))
    return sentences, clauses


def _put(bounds: Bounds, text: str, start: int, end: int) -> None:
    # nearly all begin with a word: only the others are looked through
    if start < end and not (text[start].isspace() and text[start:end].isspace()):
        bounds.starts.append(start)
        bounds.ends.append(end)


def _outermost(text: str) -> tuple[list[tuple[int, int]], set[int]]:
    """The outermost matched brackets in order, and where quotations among them end."""
    outer: list[tuple[int, int]] = []
    for a, b in sorted(bracket_pairs(text)):
        if not outer or a > outer[-1][1]:
            outer.append((a, b))
    return outer, {b for _, b in outer if text[b] in _QUOTE_CLOSE + '"'}


def _ends_sentence(text: str, i: int, closes_quote: bool) -> bool:
    following = text[i + 1 : i + 2]
    if text[i] in _SENTENCE_END:
        return not following or following not in CLOSING
    # “……。” ends the sentence, unless the sentence goes on: “……！”的口号
    return closes_quote and text[i - 1] in _SENTENCE_END and following not in tuple("，。、；的等")


def _is_in_word(text: str, i: int, char: str) -> bool:
    """Whether the end of a clause is none: 1,000 and 10:30 are one word."""
    if not text[i - 1 : i].isdigit():
        return False
    return text[i + 1 : i + 4 if char in ",，" else i + 2].isdigit() and char not in "；;"
