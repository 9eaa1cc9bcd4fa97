"""Questions that hold several: parts between commas, and the same question of several years or places."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.ask.question import Question, Span
from kg.ask.words import only_acts

_CUT = re.compile(r"[，,；;。？?]|(?<=[吗呢])、?")
_CARRIED = ("year", "place", "title", "policy", "body", "series", "kind", "quoted")
_SEVERAL = 2
_MOST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question: with all that was named before it, and with its own words where they are enough."""

    whole: Question
    alone: Question


def parts_of(question: Question) -> list[Part]:
    """The parts, each with what it leaves to the parts before it; fewer than two means that there are none."""
    if question.has("op.except"):
        return []  # what is left out may stand in a part of its own
    cuts = [0, *(m.end() for m in _CUT.finditer(question.text)), len(question.text)]
    out: list[Part] = []
    for start, end in pairwise(cuts):
        spans = tuple(span for span in question.spans if start <= span.start < end)
        if not any(span.kind.startswith("ask.") or span.kind == "op.validity" for span in spans):
            continue
        words = tuple(word for word in question.words if start <= word.start < end)
        text = question.text[start:end].strip("，,；;。？? ")
        part = replace(question, text=text, spans=spans, words=words)
        out.append(_completed(part, question, start, first=not out))
    return out[:_MOST] if len(out) >= _SEVERAL else []


def _completed(part: Question, whole: Question, start: int, *, first: bool) -> Part:
    lead = [span for span in whole.spans if span.end <= start]
    own = {span.kind for span in part.spans}
    carried: list[Span] = []
    for kind in _CARRIED:
        if kind not in own:
            carried += [span for span in lead if span.kind == kind]
    if "title" in own or "policy" in own:
        carried = [span for span in carried if span.kind == "year"]
    alone = replace(part, spans=tuple(sorted((*carried, *part.spans), key=lambda s: s.start)))
    if first or {"title", "policy", "quoted"} & own:
        return Part(alone, alone)
    before = tuple(word for word in whole.words if word.end <= start and not only_acts(word.text))
    full = replace(alone, words=(*before, *part.words))
    tells = any(word.length > 1 and not only_acts(word.text) for word in part.words) or part.has("series")
    return Part(full, alone if tells else full)


def each_of(question: Question) -> list[tuple[str, Question]]:
    """The same question of each year, place or body, where it asks so (分别, 各自); fewer than two: it does not."""
    if not question.has("op.compare") and "yesno" not in question.asks:
        return []
    for kind in ("place", "year", "body"):
        spans = question.of(kind)
        if len(spans) >= _SEVERAL:
            rest = tuple(span for span in question.spans if span.kind not in (kind, "op.compare"))
            return [(span.text, replace(question, spans=(span, *rest))) for span in spans[:_MOST]]
    return []
