"""Questions that hold several: parts between commas, and the same question of several years or places."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from kg.ask.question import Question, Span

_CUT = re.compile(r"[，,；;。？?]|(?<=[吗呢])、?")
_CARRIED = ("year", "place", "title", "policy", "body", "series", "kind", "quoted")
_SEVERAL = 2
_MOST = 4


def parts_of(question: Question) -> list[Question]:
    """The parts, each with what it leaves to the parts before it; fewer than two means that there are none."""
    if question.has("op.except"):
        return []  # what is left out may stand in a part of its own
    cuts = [0, *(m.end() for m in _CUT.finditer(question.text)), len(question.text)]
    out: list[Question] = []
    for start, end in pairwise(cuts):
        spans = tuple(span for span in question.spans if start <= span.start < end)
        if not any(span.kind.startswith("ask.") for span in spans):
            continue
        words = tuple(word for word in question.words if start <= word.start < end)
        text = question.text[start:end].strip("，,；;。？? ")
        part = replace(question, text=text, spans=spans, words=words)
        out.append(_completed(part, out, question, start))
    return out[:_MOST] if len(out) >= _SEVERAL else []


def _completed(part: Question, before: list[Question], whole: Question, start: int) -> Question:
    lead = [span for span in whole.spans if span.end <= start]
    own = {span.kind for span in part.spans}
    carried: list[Span] = []
    for kind in _CARRIED:
        if kind not in own:
            carried += [span for span in lead if span.kind == kind]
    if "title" in own or "policy" in own:
        carried = [span for span in carried if span.kind == "year"]
    words = part.words
    subject = words or part.has("series", "quoted", "title", "policy")
    if not subject and before:
        words = (*(word for word in whole.words if word.end <= start), *words)
    return replace(part, spans=tuple(sorted((*carried, *part.spans), key=lambda s: s.start)), words=words)


def each_of(question: Question) -> list[tuple[str, Question]]:
    """The same question of each year or place, where it asks so (分别, 各自); fewer than two means that it does not."""
    if not question.has("op.compare") and "yesno" not in question.asks:
        return []
    for kind in ("place", "year"):
        spans = question.of(kind)
        if len(spans) >= _SEVERAL:
            rest = tuple(span for span in question.spans if span.kind not in (kind, "op.compare"))
            return [(span.text, replace(question, spans=(span, *rest))) for span in spans[:_MOST]]
    return []
