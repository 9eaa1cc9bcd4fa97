"""What stands beside a title: its number or its date in the parentheses after it, or its number before it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.dates import find_dates
from ingest.extract.numbers import NumberMention
from ingest.extract.titles import QuotedTitle

_STANDARD = re.compile(
    r"(?P<code>(?:GB|DB|T|JJF|JJG|HJ|NY|YY|MH|JT|JG|CJ|SN|ISO|IEC|QB|AQ|WS|GA|RB|"
    r"HG|LY|SB|SL|TSG)(?:\s?[0-9]{2}(?=/))?(?:\s?/\s?[A-Z]{1,8})?)\s?(?P<no>[0-9]{1,6}(?:\.[0-9]{1,3})?)"
    r"(?:\s?[-—–－]\s?(?P<year>[0-9]{4}|[0-9]{2}(?![0-9])))?"
)
_OPENING = re.compile(r"[ \u3000\n]?[（(〔\[]")
_LEADING_NUMBER = re.compile(r"\s*(?:文件?)?\s*[）)]?")


_STANDARD_BEFORE = re.compile(_STANDARD.pattern + r"\s?$")


@dataclass(frozen=True, slots=True)
class Beside:
    """`mention` is a document number, `standard` a standard's (GB/T 19580-2012), `end` where all this ends."""

    end: int
    mention: NumberMention | None = None
    standard: str | None = None
    date: str | None = None


def beside_title(text: str, title: QuotedTitle, numbers: Sequence[NumberMention]) -> Beside:
    """《…》（国发〔2015〕43号）, 《…》（GB/T 19580-2012）, 《…》（2020年3月1日）, 国发〔2015〕43号文件《…》."""
    opening = _OPENING.match(text, title.end)
    if opening:
        inside = opening.end() if text[opening.end() - 1] in "（(" else title.end
        mention = next((m for m in numbers if opening.start() <= m.start <= opening.end() + 40), None)
        if mention is not None and not re.search("[）)。\n]", text[opening.end() : mention.start]):
            closed = text[mention.end : mention.end + 1] in ("）", ")")
            return Beside(mention.end + closed, mention=mention)
        close = re.compile("[）)〕\\]]").search(text, inside, inside + 120)
        if close:
            words = text[opening.end() : close.start()]
            standard = _STANDARD.search(words)
            if standard:
                return Beside(close.end(), standard=_standard_number(standard))
            day = next((d for d in find_dates(words) if d.precision == "day" and not words[: d.start].strip()), None)
            if day is not None:
                return Beside(title.end, date=day.iso_start)
    earlier = _STANDARD_BEFORE.search(text, max(0, title.start - 30), title.start)
    if earlier:
        return Beside(title.end, standard=_standard_number(earlier))
    before = bisect_left([m.end for m in numbers], title.start - 4)
    for mention in numbers[before:]:
        if mention.end > title.start:
            break
        if _LEADING_NUMBER.fullmatch(text, mention.end, title.start):
            return Beside(title.end, mention=mention)
    return Beside(title.end)


def _standard_number(m: re.Match[str]) -> str:
    """GB/T19580—2012 -> GB/T 19580-2012."""
    code = re.sub(r"\s", "", m["code"])
    return f"{code} {m['no']}" + (f"-{m['year']}" if m["year"] else "")
