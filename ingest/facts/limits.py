"""Limits in time: which dates of a text say by when, from when or within what something is to be done or holds.

A date alone is no limit. What makes it one stands beside it: a label before it (完成时限：), 前 or 止 behind it, 到 or 至
before it, 自…起施行 around it; or it lies ahead of the document and opens a clause (7月2日，区教育局公布录取情况).
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.sentences import Segmentation, Span
from ingest.facts.dates import DateMention, DateReader
from ontology.forms import Forms

_LIST_JOIN = re.compile(r"[ \u3000]?(?:、|和|及|以及|，|与)[ \u3000]?(?:于|在)?")
_CLAUSE_OPENS = re.compile(r"(?:^|[，。；：！？:（(“、\n\t〔【]|[）)])[ \u3000]?(?:(?:请|应|须|将|并|拟|计划|定|其中|同时|自|从)?(?:于|在)|其中|同时|并|拟|将)?[ \u3000]?$")
_AT = re.compile(r"(?:于|在)[ \u3000]?$")
_NOT_A_GOAL = re.compile(r"[ \u3000]?(?:的|为|期|间|来|以来|起|度的|时的|之间)")
_SAID_OF_THE_PAST = re.compile(r"以来|以后|之后|后(?!续)")
_LAW_NOTE = re.compile(r"^[（(]?\s*(?:\d{4}|[一二][〇零○九八七六五四三二一]{3})年")
_RANGE_OF_YEARS = re.compile(r"^[^月日]*$")
_EVERY = re.compile("[每按]个?(?:季度|半年|学期|两周|[年月周季])")
_ARTICLES = re.compile(r"(?m)^[ \u3000#*]{0,8}第[一二三四五六七八九十百千零〇\d]{1,7}条[ \u3000]")
_TERM = re.compile("[\u4e00-\u9fff]{0,12}$")
_LEAST_ARTICLES = 3
_WINDOW_LEFT, _WINDOW_RIGHT = 24, 120
_SOON = 400  # days ahead within which 3月底前 of a paper of November may lie


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
        pattern = forms.pattern
        self._label = re.compile(
            f"{forms.source('deadline.label')}(?:为|是)?[ \u3000]?[：:][ \u3000]?(?:到|于|至|在)?$"
        )
        self._window_label = pattern("deadline.window-labelled")
        self._before, self._within = pattern("deadline.before"), pattern("deadline.within")
        self._until, self._toward, self._as_of = pattern("deadline.until"), pattern("deadline.toward"), pattern("deadline.as-of")
        self._in_force, self._from, self._begun = (
            pattern("deadline.in-force"), pattern("deadline.from"), pattern("deadline.begun"),
        )  # fmt: skip
        self._condition, self._past = pattern("deadline.condition"), pattern("deadline.past")
        self._relative, self._duty = pattern("deadline.relative"), pattern("deadline.duty")
        self._length_only = pattern("deadline.length-only")
        self._since, self._after = pattern("deadline.relative-since"), pattern("deadline.relative-after")
        self._before_term, self._within_term = pattern("deadline.before-term"), pattern("deadline.within-term")
        self._frequency, self._regularly = pattern("deadline.frequency"), pattern("deadline.regularly")
        self._send = pattern("deadline.send")

    def find(
        self, text: str, seg: Segmentation, *, year: int | None, date: str | None, skip: Sequence[tuple[int, int]] = ()
    ) -> list[Limit]:
        """All limits in reading order; `skip` are spans in which none is looked for."""
        skipped = sorted(skip)
        rules = [m.start() for m in _ARTICLES.finditer(text)]
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
                joined = _LIST_JOIN.fullmatch(text, mention.end, later[0].start)
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

    def _of_date(
        self, text: str, d: DateMention, sentence: Span, year: int | None, date: str | None
    ) -> Limit | None:
        left = text[max(sentence.start, d.start - _WINDOW_LEFT) : d.start]
        right = text[d.end : min(sentence.end, d.end + _WINDOW_RIGHT)]
        if _in_title(text, sentence.start, d.start):
            return None
        kind = self._kind(left, right, d)
        if kind is None:
            return None
        rule, stop, features = kind
        day = d.iso_start if rule == "effective" else d.iso_end
        if day is not None and date is not None and d.implied and rule in ("before", "label", "window") and day < date:
            rolled = _next_year(day)
            if (dt.date.fromisoformat(rolled) - dt.date.fromisoformat(date)).days < _SOON and day[5:] < date[5:]:
                day, features = rolled, features | {"rolled-year"}
        features |= _place_in_time(day, year, date)
        if rule in ("effective", "label"):
            features -= {"past"}  # a law of 1998 in force since then; a label says what it says
        if d.implied:
            features |= {"implied-year"}
        line = text.rfind("\n", 0, d.start) + 1
        if not self._can_be(rule, text, d, right, line, features, year):
            return None
        if rule == "before" and self._condition.match(right):
            features |= {"condition"}
        if rule == "effective" and _LAW_NOTE.match(text[line : line + 12]):
            features |= {"law-note"}
        if self._send.search(right[:80]):
            features |= {"sends"}
        return Limit(d.start, d.end, stop, rule, day, sentence, features)

    def _can_be(
        self, rule: str, text: str, d: DateMention, right: str, line: int, features: frozenset[str], year: int | None
    ) -> bool:
        """Whether a date that has the form of a limit can be one, as time goes."""
        begun = d.iso_start is not None and year is not None and int(d.iso_start[:4]) < year
        if rule in ("before", "until", "window") and "past" in features:
            return False
        if rule == "window":
            return "labelled" in features or not begun
        if rule == "toward":
            # 2023年是…之年 in a paper of 2023 names the year; 2025年扩大到… in it looks ahead
            if d.precision == "year" and not text[d.start].isdigit() and text[d.start] not in "一二":
                return False  # 当年, 今年
            ahead = d.iso_end is not None and year is not None and int(d.iso_end[:4]) > year
            return "past" not in features and (ahead or "bare-year" not in features)
        if rule == "until" and text.endswith("截至", 0, d.start):
            return "ahead" in features  # 截至2022年6月底，… has been reached
        if rule == "effective" and text[d.start] in "当本次下翌上":
            return False  # 自办理登记当月起 counts from an event
        if rule != "schedule":
            return True
        if not ({"ahead", "undated"} & features) and d.iso_end is not None:
            return False
        # a date alone on its line, or alone in brackets, is that of a paper
        alone = not text[line : d.start].strip(" （(") and not right.strip(" ）)印发\n")
        noted = text[d.start - 1 : d.start] in ("（", "(") and right[:1] in tuple("）)")
        note = _LAW_NOTE.match(text[line : line + 12]) is not None and text[line : line + 1] in ("（", "(")
        return not (alone or noted or note or ("undated" in features and self._past.match(right)))

    def _kind(self, left: str, right: str, d: DateMention) -> tuple[str, int, frozenset[str]] | None:
        """The rule by which the date is a limit, and where its words end; None where it is none."""
        none: frozenset[str] = frozenset()
        before, within = self._before.match(right), self._within.match(right)
        clock = self._dates.clock(right)
        limit_end = d.end + (before.end() if before else within.end() if within else clock)
        recurring = d.precision == "recurring"
        if self._label.search(left):
            return "label", limit_end, none
        if self._window_label.search(left) and not recurring and not self._begun.match(right):
            return "window", limit_end, frozenset(("labelled",))
        if self._until.search(left):
            as_of = self._as_of.match(right) is not None
            return None if as_of else ("until", limit_end, none)
        told = d.iso_start is not None or recurring
        if (force := self._in_force.match(right)) and told and (self._from.search(left) or right.lstrip().startswith("起")):
            return "effective", d.end + force.end(), none
        if (begun := self._begun.match(right)) and d.iso_start is not None:
            return "effective", d.end + begun.end(), frozenset(("begun",))
        if recurring:
            return "recurring", limit_end, none
        if before:
            return "before", limit_end, none
        opens = _CLAUSE_OPENS.search(left) is not None
        if d.precision == "range":
            if d.iso_start and d.iso_start.endswith("01-01") and d.iso_end and d.iso_end.endswith("12-31") and not within:
                return None  # （2023—2025年）: the years of a plan
            return ("window", limit_end, none) if within or opens or _AT.search(left) else None
        if _SAID_OF_THE_PAST.match(right):
            return None
        if (to := self._toward.search(left)) and to[0].strip() not in ("于", "在", "通过", "用"):
            goal = not _NOT_A_GOAL.match(right) and not self._as_of.match(right)
            return ("toward", limit_end, none) if goal else None
        if within:
            return "before", limit_end, frozenset(("within",))
        if not opens and not _AT.search(left):
            return None
        if d.precision == "year":
            return ("toward", d.end, frozenset(("bare-year",))) if opens and right[:1] not in tuple("的度）)，、") else None
        return "schedule", limit_end, none

    # -- lengths of time and repetitions --------------------------------------------------------------------------------

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
                    stop = start + len(_EVERY.match(text, start)[0])  # type: ignore[index]  # every form begins so
                elif pattern is self._before_term:
                    start -= len(_TERM.search(text[max(sentence.start, start - 12) : start])[0])  # type: ignore[index]
                elif pattern is self._within_term:
                    features.add("uncounted")
                if rule == "relative" and self._duty.match(text, stop):
                    features.add("duty")
                elif rule == "relative" and "since" not in features:
                    features.add("bare-length")
                yield Limit(start, m.end() if rule == "relative" else stop, stop, rule, None, sentence, frozenset(features))


def _next_year(day: str) -> str:
    year = int(day[:4]) + 1
    return f"{year}-02-28" if day[5:] == "02-29" else f"{year}{day[4:]}"


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
