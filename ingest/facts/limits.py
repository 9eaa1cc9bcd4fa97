"""Limits in time: which dates of a text say by when, from when or within what something is to be done or holds.

A date alone is no limit. What makes it one stands beside it: a label before it (完成时限：), 前 or 止 behind it, 到 or
至 before it, 自…起施行 around it; or it lies ahead of the document and opens a clause (7月2日，区教育局公布录取情况).
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.facts.dates import DateMention, DateReader
from ingest.facts.limit_kinds import LimitKinds, Sight
from ingest.facts.moments import MONTHS_A_YEAR, months_later
from ingest.sentences import Segmentation, Span
from kg.core.making import made_by_slots
from kg.core.replacing import replace
from ontology.forms import Forms

_LEAST_ARTICLES = 3
_LINE = 200  # characters before a date in which its line begins
_WINDOW_LEFT, _WINDOW_RIGHT = 24, 120
_SOON = 400  # days ahead within which 3月底前 of a paper of November may lie
_TERM = re.compile("[\u4e00-\u9fff]{0,12}$")


@made_by_slots
@dataclass(frozen=True, slots=True)
class Limit:
    """A time that limits something: `text[start:end]` are the words of the time, `stop` where 前 or 起施行 ends.

    `rule` is label, window, before, until, effective, toward, schedule, recurring, relative, frequency or open; `date`
    the last day as far as the words tell one (of effective the first).
    """

    start: int
    end: int
    stop: int
    rule: str
    date: str | None
    sentence: Span
    features: frozenset[str] = frozenset()


class LimitReader:
    """Finds all limits of a text by the forms `deadline.*`."""

    def __init__(self, forms: Forms, dates: DateReader) -> None:
        self._dates = dates
        self._kinds = LimitKinds(forms, dates)
        form, quick = forms.pattern, forms.quick
        self._condition, self._send = form("deadline.condition"), form("deadline.send")
        self._length_only, self._duty = form("deadline.length-only"), form("deadline.duty")
        self._since, self._after = form("deadline.relative-since"), form("deadline.relative-after")
        self._relative, self._before_term = form("deadline.relative"), quick("deadline.before-term")
        self._within_term, self._frequency = quick("deadline.within-term"), quick("deadline.frequency")
        self._regularly, self._every = quick("deadline.regularly"), form("deadline.every")
        self._join, self._article = form("deadline.list-join"), form("deadline.article-line")

    def find(
        self, text: str, seg: Segmentation, *, year: int | None, date: str | None, skip: Sequence[tuple[int, int]] = ()
    ) -> list[Limit]:
        """All limits in reading order; `skip` are spans in which none is looked for."""
        skipped = sorted(skip)
        rules = [m.start() for m in self._article.finditer(text)]
        ruled = rules[0] if len(rules) >= _LEAST_ARTICLES else len(text)  # from here on the text states rules
        dated = [
            (d, seg.sentence_at(d.start, d.end))
            for d in self._dates.find(text, year=year, date=date)
            if not _inside(d.start, skipped)
        ]
        out: list[Limit] = []
        following: Limit | None = None
        later: tuple[DateMention, Span] | None = None
        for mention, sentence in reversed(dated):  # backwards: 6月15日、9月15日、12月5日前 take what the last one is
            limit = self._of_date(text, mention, sentence, year, date)
            if limit is None and following is not None and later is not None and later[1] == sentence:
                joined = self._join.fullmatch(text, mention.end, later[0].start)
                if joined and following.rule in ("before", "label", "recurring", "schedule"):
                    limit = Limit(
                        mention.start, mention.end, following.stop, following.rule, mention.iso_end, sentence,
                        following.features | {"listed"},
                    )  # fmt: skip
            following, later = limit, (mention, sentence)
            if limit is not None:
                out.append(limit)
        found = sorted(_first_of_each(out, self._undated(text, seg, skipped)), key=lambda x: (x.start, x.end))
        return [x if x.start < ruled else replace(x, features=x.features | {"article"}) for x in found]

    # -- dates ---------------------------------------------------------------------------------------------------------

    def _of_date(self, text: str, d: DateMention, sentence: Span, year: int | None, date: str | None) -> Limit | None:
        if _in_title(text, sentence.start, d.start):
            return None
        left = text[max(sentence.start, d.start - _WINDOW_LEFT) : d.start]
        right = text[d.end : min(sentence.end, d.end + _WINDOW_RIGHT)]
        floor = max(0, d.start - _LINE)
        line = text.rfind("\n", floor, d.start) + 1 or floor
        if not text[line : d.start].strip() and line > floor:
            left = (
                text[floor:line].rstrip().rpartition("\n")[2][-_WINDOW_LEFT:].rstrip("：:") + "："
            )  # the heading above
        sight = Sight(text, d, left, right, line, year)
        kind = self._kinds.kind(sight)
        if not kind.rule:
            return None
        rule, features = kind.rule, kind.features
        day = d.iso_start if rule == "effective" else d.iso_end
        if d.implied and rule in ("before", "label", "window") and (rolled := _rolled(day, date)):
            day, features = rolled, features | {"rolled-year"}
        # a law of 1998 is in force since then, and a label says what it says
        features |= _place_in_time(day, year, date) - ({"past"} if rule in ("effective", "label") else set())
        if date is not None and d.iso_end is not None and d.iso_end < date:
            features |= {"over"} if rule == "effective" else set()
        if not self._kinds.possible(rule, sight, features):
            return None
        seen = {
            "implied-year": d.implied,
            "condition": rule == "before" and self._condition.match(right) is not None,
            "law-note": rule == "effective" and self._kinds.is_law_note(sight),
            "sends": self._send.search(right[:80]) is not None,
        }
        features |= {name for name, holds in seen.items() if holds}
        return Limit(d.start, d.end, kind.stop, rule, day, sentence, features)

    # -- lengths of time and repetitions -------------------------------------------------------------------------------

    def _undated(self, text: str, seg: Segmentation, skipped: list[tuple[int, int]]) -> Iterator[Limit]:
        for rule, pattern in (
            ("relative", self._before_term), ("relative", self._relative), ("relative", self._within_term),
            ("frequency", self._frequency), ("frequency", self._regularly),
        ):  # fmt: skip
            for m in pattern.finditer(text):
                if _inside(m.start(), skipped):
                    continue
                start, stop = m.span()
                sentence = seg.sentence_at(start, stop)
                features = set()
                if pattern is self._relative:
                    head = text[max(sentence.start, start - 60) : start]
                    if self._length_only.search(head):
                        continue
                    if since := self._since.search(head) or self._after.search(head):
                        start -= len(head) - since.start()
                        features.add("since")
                elif pattern is self._regularly:
                    features.add("regularly")
                    every = self._every.match(text, start)
                    stop = every.end() if every else stop
                elif pattern is self._before_term:
                    start -= len(_TERM.search(text[max(sentence.start, start - 12) : start])[0])  # type: ignore[index]
                elif pattern is self._within_term:
                    features.add("uncounted")
                if rule == "relative" and self._duty.match(text, stop):
                    features.add("duty")
                elif rule == "relative" and "since" not in features:
                    features.add("bare-length")
                yield Limit(
                    start, m.end() if rule == "relative" else stop, stop, rule, None, sentence, frozenset(features)
                )


def _rolled(day: str | None, date: str | None) -> str | None:
    """The same day a year later, where 3月底前 stands in a paper of November; None where the day lies ahead."""
    if day is None or date is None or day >= date or day[5:] >= date[5:]:
        return None
    later = months_later(day, MONTHS_A_YEAR)
    return later if 0 <= (dt.date.fromisoformat(later) - dt.date.fromisoformat(date)).days < _SOON else None


def _place_in_time(day: str | None, year: int | None, date: str | None) -> frozenset[str]:
    """Whether the day lies ahead of the document, has passed, or cannot be told."""
    if day is None:
        return frozenset()
    if date is not None:
        return frozenset(("ahead",)) if day >= date else frozenset(("past",))
    if year is not None:
        return frozenset(("undated",)) if int(day[:4]) >= year else frozenset(("past",))
    return frozenset(("undated",))


def _in_title(text: str, sentence: int, at: int) -> bool:
    begin = max(sentence, at - 80)
    return text.rfind("《", begin, at) > text.rfind("》", begin, at)


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    n = bisect_right(spans, (position, 1 << 60)) - 1
    return n >= 0 and position < spans[n][1]


def _first_of_each(dated: list[Limit], undated: Iterator[Limit]) -> list[Limit]:
    """The dated limits, and of the others those that share no word with one that comes before them in rank."""
    out = list(dated)
    taken = sorted((x.start, x.stop) for x in dated)
    for limit in undated:
        n = bisect_right(taken, (limit.stop, -1)) - 1
        if n < 0 or taken[n][1] <= limit.start:
            out.append(limit)
            insort(taken, (limit.start, limit.stop))
    return out
