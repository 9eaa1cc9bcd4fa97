"""What stands beside a title: its number or its date in the brackets after it, or its number before it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.facts.dates import DateReader
from ingest.facts.numbers import NumberMention
from ingest.facts.titles import QuotedTitle
from ontology.forms import Forms

_OPENING = re.compile(r"[ \u3000\n]?[（(〔\[]")
_CLOSING = re.compile("[)）〕\\]]")
_BROKEN = re.compile("[）)。\n]")
_LEADING_NUMBER = re.compile(r"\s{0,3}(?:文件?)?\s{0,3}[）)]?")
_FAR = 40


@dataclass(frozen=True, slots=True)
class Beside:
    """`mention` is a document number, `standard` a standard's (GB/T 19580-2012), `end` where all this ends."""

    end: int
    mention: NumberMention | None = None
    standard: str | None = None
    date: str | None = None


class BesideReader:
    """Reads what stands beside titles; `numbers` are the numbers of the text in order."""

    def __init__(self, forms: Forms) -> None:
        self._standard = forms.pattern("number.standard")
        self._standard_before = re.compile(forms.source("number.standard") + r"\s?$")
        self._dates = DateReader(forms)

    def read(
        self,
        text: str,
        title: QuotedTitle,
        numbers: Sequence[NumberMention],
        starts: Sequence[int],
        year: int | None = None,
    ) -> Beside:
        """《…》（国发〔2015〕43号）, 《…》（GB/T 19580-2012）, 《…》（2020年3月1日）, 国发〔2015〕43号文件《…》."""
        opening = _OPENING.match(text, title.end)
        if opening:
            inside = opening.end() if text[opening.end() - 1] in "（(" else title.end
            n = bisect_left(starts, opening.start())
            mention = numbers[n] if n < len(numbers) and numbers[n].start <= opening.end() + _FAR else None
            if mention is not None and not _BROKEN.search(text[opening.end() : mention.start]):
                closed = text[mention.end : mention.end + 1] in ("）", ")")
                return Beside(mention.end + closed, mention=mention)
            close = _CLOSING.search(text, inside, inside + 120)
            if close:
                words = text[opening.end() : close.start()]
                if standard := self._standard.search(words):
                    return Beside(close.end(), standard=standard_number(standard))
                day = next(
                    (
                        d
                        for d in self._dates.find(words, year=year)
                        if d.precision == "day" and not words[: d.start].strip()
                    ),
                    None,
                )
                if day is not None:
                    return Beside(title.end, date=day.iso_start)
        if earlier := self._standard_before.search(text, max(0, title.start - 30), title.start):
            return Beside(title.end, standard=standard_number(earlier))
        n = bisect_left(starts, title.start) - 1
        for mention in reversed(numbers[max(0, n - 1) : n + 1]):
            if mention.end >= title.start - 8 and _LEADING_NUMBER.fullmatch(text, mention.end, title.start):
                return Beside(title.end, mention=mention)
        return Beside(title.end)


def standard_number(m: re.Match[str]) -> str:
    """GB/T19580—2012 -> GB/T 19580-2012."""
    code = re.sub(r"\s", "", m["code"])
    return f"{code} {m['no']}" + (f"-{m['year']}" if m["year"] else "")
