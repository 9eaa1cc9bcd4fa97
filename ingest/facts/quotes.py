"""The words that carry a fact, as evidence: its sentence or clause, cut to its surroundings where that is endless."""

from __future__ import annotations

from ingest.sentences import Segmentation, Span
from kg.core.model import Evidence

LONGEST = 800
"""Characters of a quotation; a text without any stop (a list pasted without marks) is one sentence."""


def near(span: Span, start: int, end: int, longest: int = LONGEST) -> Span:
    """The part of a span around `[start, end)`, at most `longest` characters more on each side."""
    return Span(max(span.start, start - longest // 2), min(span.end, max(end, start) + longest // 2))


def sentence_quote(seg: Segmentation, start: int, end: int) -> Evidence:
    """The sentence around a stretch as evidence."""
    return seg.evidence(near(seg.sentence_at(start, end), start, end))


def clause_quote(seg: Segmentation, start: int, end: int) -> Evidence:
    """The clause around a stretch as evidence."""
    return seg.evidence(near(seg.clause_at(start, end), start, end))
