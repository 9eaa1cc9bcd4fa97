"""A question that leans on the one before: what it says takes the place of what was said, all else stays."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.ask.library import Library
from kg.ask.question import Question, Span
from kg.ask.reading import read

_LONGEST = 24
_OPENS = re.compile(r"^(?:那么?|还有|再问|换成|如果是|改成|同样|那要是|只看|只要|只说|再看)[,，]?")
_CLOSES = re.compile(r"呢[?？。!！]*$")
_REPLACED = ("year", "place", "body", "title", "kind", "article")
_SUBJECT = ("series", "quoted", "policy")


def follow(text: str, previous: str, library: Library) -> tuple[Question, bool] | None:
    """The whole question, and whether it stays with the documents of the answer before; None where it stands alone."""
    said = text.strip()
    if not said or not previous.strip() or len(said) > _LONGEST:
        return None
    opened = bool(_OPENS.search(said) or _CLOSES.search(said))
    now, before = read(_OPENS.sub("", said), library), read(previous, library)
    subject = bool(now.words or now.has(*_SUBJECT))
    if subject and now.asks and not opened:
        return None
    if now.has("body", "title") and now.asks and not opened:
        return None
    if not subject and not now.asks and not now.has(*_REPLACED):
        return None
    return _merged(now, before, text, previous, subject=subject)


def _merged(now: Question, before: Question, text: str, previous: str, *, subject: bool) -> tuple[Question, bool]:
    gone = {kind for kind in _REPLACED if now.has(kind)}
    if subject:
        gone |= set(_SUBJECT)
    kept = [
        span
        for span in before.spans
        if span.kind not in gone and not (now.asks and span.kind.startswith(("ask.", "role.")))
    ]
    if subject:  # 参加的企业呢: another thing is counted, in another unit
        kept = [replace(s, value=None) if s.kind == "ask.amount" else s for s in kept if s.kind != "noun.activity"]
    if "place" in gone and "place" in before.asks:
        kept = [span for span in kept if span.kind != "ask.place"] + [Span(0, 1, "ask.yesno", None, "有没有")]
    spans = (*kept, *now.spans)
    words = now.words if subject else before.words
    asked = text if now.asks else f"{previous}{text}"
    stays = subject and not gone & {"year", "place", "title"}
    return Question(asked, spans, words, (*before.mended, *now.mended), (f"接上一问“{previous}”",)), stays
