"""Sentences and clauses with offsets; punctuation inside brackets, quotes and 《》 does not cut.

A line break always ends a sentence, and so does a TAB (the edge of a table cell). Brackets that nobody closes
in their line are ignored, so that one missing 》 cannot swallow the rest of the paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from kg.core.model import Evidence

OPENING = "（(《〈“‘「『【〔[［{"
CLOSING = "）)》〉”’」』】〕]］}"
_PARTNER = dict(zip(CLOSING, OPENING, strict=True))
# （ and ( are often mixed in one pair, and so are the square ones
_ALIKE = {"(": "（", "[": "〔", "［": "〔", "【": "【"}
_SENTENCE_END = "。！？!?"
_CLAUSE_END = "，；,;：:"
_QUOTE_CLOSE = "”’」』"
_BRACKET = re.compile("[" + re.escape(OPENING + CLOSING) + '"\n]')
_EDGE = re.compile(f'[{_SENTENCE_END}{_CLAUSE_END}\n\t{_QUOTE_CLOSE}"]')


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of the span."""
        return text[self.start : self.end]


def bracket_pairs(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Positions (open, close) of the brackets that match, in order of closing; others are ignored.

    >>> bracket_pairs("《关于〈甲〉的请示》")
    [(3, 5), (0, 9)]
    """
    stop = len(text) if end is None else end
    stack: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(text, start, stop):
        i, char = found.start(), found[0]
        if char == '"':
            # straight quotes do not say which side they are on: the second closes the first
            if any(kind == '"' for kind, _ in stack):
                while stack and stack[-1][0] != '"':
                    stack.pop()
                pairs.append((stack.pop()[1], i))
            else:
                stack.append(('"', i))
        elif char in OPENING:
            stack.append((_ALIKE.get(char, char), i))
        elif char in _PARTNER:
            wanted = _ALIKE.get(_PARTNER[char], _PARTNER[char])
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == wanted:
                    pairs.append((stack[depth][1], i))
                    del stack[depth:]
                    break
        elif char == "\n":
            stack.clear()
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
        self.sentences: tuple[Span, ...]
        self.clauses: tuple[Span, ...]
        self.sentences, self.clauses = _segment(text)
        self._sentence_starts = [s.start for s in self.sentences]
        self._clause_starts = [s.start for s in self.clauses]

    def sentence_at(self, start: int, end: int | None = None) -> Span:
        """The sentence around a position, or the run of sentences around a stretch."""
        return _around(self.sentences, self._sentence_starts, start, end)

    def clause_at(self, start: int, end: int | None = None) -> Span:
        """The clause around a position, or the run of clauses around a stretch."""
        return _around(self.clauses, self._clause_starts, start, end)

    def evidence(self, span: Span) -> Evidence:
        """A span as evidence, without the blanks and the comma or semicolon at its edges."""
        start, end = span.start, span.end
        while start < end and (self.text[start].isspace() or self.text[start] in "，；、,;"):
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] in "，；、,;：:"):
            end -= 1
        return Evidence(self.text[start:end], start, end)


def _around(spans: tuple[Span, ...], starts: list[int], start: int, end: int | None) -> Span:
    if not spans:
        return Span(start, start if end is None else end)
    first = spans[max(0, bisect_right(starts, start) - 1)]
    last = spans[max(0, bisect_right(starts, max(start, (end or start + 1) - 1)) - 1)]
    return Span(first.start, max(first.end, last.end))


def _segment(text: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    sentences: list[Span] = []
    clauses: list[Span] = []
    outer, quote_ends = _outermost(text)
    sentence_start = clause_start = next_pair = 0
    for found in _EDGE.finditer(text):
        i, char = found.start(), found[0]
        while next_pair < len(outer) and outer[next_pair][1] < i:
            next_pair += 1
        inside = next_pair < len(outer) and outer[next_pair][0] < i < outer[next_pair][1]
        ends_sentence = char in "\n\t" or (not inside and _ends_sentence(text, i, i in quote_ends))
        if not ends_sentence and (inside or not _ends_clause(text, i)):
            continue
        if text[clause_start : i + 1].strip():
            clauses.append(Span(clause_start, i + 1))
        clause_start = i + 1
        if ends_sentence:
            if text[sentence_start : i + 1].strip():
                sentences.append(Span(sentence_start, i + 1))
            sentence_start = i + 1
    if text[clause_start:].strip():
        clauses.append(Span(clause_start, len(text)))
    if text[sentence_start:].strip():
        sentences.append(Span(sentence_start, len(text)))
    return tuple(sentences), tuple(clauses)


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


def _ends_clause(text: str, i: int) -> bool:
    char, before, following = text[i], text[i - 1 : i], text[i + 1 : i + 2]
    if char not in _CLAUSE_END:
        return False
    # 1,000 and 10:30 are one word
    if char in ",，" and before.isdigit() and text[i + 1 : i + 4].isdigit():
        return False
    return not (char in ":：" and before.isdigit() and following.isdigit())
