"""Dates and periods as written in official documents, to ISO intervals with their precision.

Forms: 2024年9月5日, 二〇二四年九月五日, 2024 年 9月 6日, 9月29日 (year from context), 7月初, 9月中旬, 2024年上半年,
第三季度, 年底, 本月底, 每年5月底, 9月1日至30日, 2019—2022年, 6月27日10：00—7月1日15:00, 2024-09-06, 2024.9.6,
“十四五”末, 国庆节前.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.facts.moments import DAYS_A_MONTH, MONTHS_A_YEAR, Point, bounds_of, end_of_range, number_of, precision_of
from kg.core.making import made_by_slots
from kg.core.numerals import parse_number
from ontology.forms import Forms, load

_FIVE_YEAR_PLANS = 1951  # the first began in 1953, but from the sixth on each begins in a year that ends in 1 or 6
_BLANKS = " \u3000"
_YEAR_OF_HEADING = re.compile(r"((?:19|20)\d\d)年")


@made_by_slots
@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or a period in the text, `text[start:end]`.

    `iso_start` and `iso_end` are the first and the last day that it covers (None when the year is nowhere given, or
    when it recurs); `precision` is day, part (上旬, 上半年), month, year, range or recurring (每年5月底); `implied`
    says that the year is not written, but taken from the context.
    """

    start: int
    end: int
    iso_start: str | None
    iso_end: str | None
    precision: str
    implied: bool = False


@made_by_slots
@dataclass(frozen=True, slots=True)
class _Clock:
    """The document's own time, which completes what the words leave out."""

    year: int | None
    month: int | None


class DateReader:
    """Finds the dates of a text by the forms `date.*`."""

    def __init__(self, forms: Forms) -> None:
        self._point = forms.pattern("date.point")
        self._anchor = forms.pattern("date.anchor")
        self._held = forms.pattern("date.held")
        self._bare = forms.pattern("date.bare-part")
        self._clock = forms.pattern("date.clock")
        self._join = forms.pattern("date.range-join")
        self._iso = forms.pattern("date.iso")
        self._dotted = forms.pattern("date.dotted-month")
        self._heading = forms.pattern("date.heading")
        self._plan = forms.pattern("date.five-year-plan")
        self._years = {row["word"]: int(row["years"]) for row in forms.rows("date.relative-year")}
        self._months = {row["word"]: int(row["months"]) for row in forms.rows("date.relative-month")}
        self._feasts = {row["word"]: row for row in forms.rows("date.feast")}
        words = "|".join(sorted(map(re.escape, self._feasts), key=len, reverse=True))
        self._feast = re.compile(f"(?P<feast>{words})”?节?(?:假期|长假|假日)?(?=前|期间|前后)")

    def find(self, text: str, *, year: int | None = None, date: str | None = None) -> list[DateMention]:
        """All dates and periods in order, without overlaps.

        `year` completes those that do not name one, the ISO `date` of the document those that speak of 本月. A year
        named earlier in the same sentence wins over `year`: 2023年8月1日开始，9月2日结束; one in 《》 does not.
        """
        month = int(date[5:7]) if date else None
        default = year if year is not None else (int(date[:4]) if date else None)
        headed = self._headed_years(text, default)
        heads = [at for at, _ in headed]
        fixed = sorted([*self._iso_dates(text), *self._plans(text), *self._feast_days(text, default)])
        taken = [m[0] for m in fixed]
        found = [mention for _, _, mention in fixed]
        at = sentence = looked = 0
        carried = default
        for anchor in self._anchors(text):
            start = anchor.start()
            if start < at:
                continue
            n = bisect_left(taken, start + 1) - 1
            if n >= 0 and start < fixed[n][1]:
                continue
            point = self._point.match(text, start)
            if point is None or point.end() == start:  # all of it is optional
                continue
            if (stop := _last_stop(text, looked, start)) >= 0:
                below = bisect_left(heads, start + 1) - 1
                carried, sentence = headed[below][1] if below >= 0 else default, stop
            looked = start
            read = self._read(text, point, _Clock(carried, month))
            if read is None:
                continue
            mention, named = read
            at = mention.end
            if n + 1 < len(fixed) and mention.end > fixed[n + 1][0]:
                continue
            found.append(mention)
            if named is not None and not _in_title(text, sentence, start):
                carried = named
        return sorted(found, key=lambda m: m.start)

    def _anchors(self, text: str) -> Iterator[re.Match[str]]:
        """Where a date may begin: in the lines that hold what each date holds, which are few."""
        end = -1
        for held in self._held.finditer(text):
            if held.start() < end:
                continue
            begin = text.rfind("\n", max(end, 0), held.start()) + 1 or max(end, 0)
            end = text.find("\n", held.end())
            end = len(text) if end < 0 else end
            yield from self._anchor.finditer(text, begin, end)

    def _headed_years(self, text: str, default: int | None) -> list[tuple[int, int | None]]:
        """(position, year) from where on a heading's one year completes dates: 二、2024年重点任务."""
        if not any(
            self._heading.match(text, text.rfind("\n", 0, y.start()) + 1) for y in _YEAR_OF_HEADING.finditer(text)
        ):
            return []  # no heading has a year, as in most texts
        out: list[tuple[int, int | None]] = []
        top: int | None = default
        for m in self._heading.finditer(text):
            years = {int(y[1]) for y in _YEAR_OF_HEADING.finditer(m["words"])}
            named = next(iter(years)) if len(years) == 1 else None
            if m["top"]:
                top = named or default
            out.append((m.start(), named or top))
        return out

    def whole(self, words: str, *, year: int | None, date: str | None = None) -> DateMention | None:
        """The one date that all the words are (2023年12月, 6月底, 2023.12), or None."""
        bare = words.strip()
        if m := self._dotted.fullmatch(bare):
            bounds = bounds_of(Point(int(m["y"]), int(m["m"]), None))
            return bounds and DateMention(0, len(bare), bounds[0], bounds[1], "month")
        found = self.find(bare, year=year, date=date)
        return found[0] if len(found) == 1 and found[0].start == 0 and found[0].end == len(bare) else None

    def clock(self, words: str) -> int:
        """The length of the weekday and the time of day that the words begin with: （星期二）下午5时; 0 for none."""
        m = self._clock.match(words)
        return len(m[0].rstrip(_BLANKS)) if m else 0

    # -- forms that need no context ------------------------------------------------------------------------------------

    def _iso_dates(self, text: str) -> Iterator[tuple[int, int, DateMention]]:
        last: DateMention | None = None
        for m in self._iso.finditer(text):
            day = bounds_of(Point(int(m["y"]), int(m["m"]), int(m["d"])))
            if not day:
                continue
            if last is not None and self._join.fullmatch(text, last.end, m.start()):
                last = replace(last, end=m.end(), iso_end=day[1], precision="range")
                continue
            if last is not None:
                yield last.start, last.end, last
            last = DateMention(m.start(), m.end(), day[0], day[1], "day")
        if last is not None:
            yield last.start, last.end, last

    def _plans(self, text: str) -> Iterator[tuple[int, int, DateMention]]:
        if "五" not in text:
            return
        for m in self._plan.finditer(text):
            first = _FIVE_YEAR_PLANS + 5 * (10 + int(parse_number(m["no"]) or 0))
            begin = f"{first + 4}-01-01" if m["end"] else f"{first}-01-01"
            start = m.start() - text.endswith("“", 0, m.start())
            yield start, m.end(), DateMention(start, m.end(), begin, f"{first + 4}-12-31", "range")

    def _feast_days(self, text: str, year: int | None) -> Iterator[tuple[int, int, DateMention]]:
        for m in self._feast.finditer(text):
            row = self._feasts[m["feast"]]
            said = re.search(r"((?:19|20)\d\d)年$", text[max(0, m.start() - 5) : m.start()])
            own = int(said[1]) if said else year
            days = [f"{own}-{row['day']}"] if "day" in row and own else row.get("days", ())
            day = next((d for d in days if own and d.startswith(str(own))), None)
            yield m.start(), m.end(), DateMention(m.start(), m.end(), day, day, "day", said is None)

    # -- points and ranges ---------------------------------------------------------------------------------------------

    def _read(self, text: str, m: re.Match[str], clock: _Clock) -> tuple[DateMention, int | None] | None:
        """The date that begins with a point, and the year that it names for what follows; None for no date."""
        start = m.start()
        left = self._to_point(m, clock)
        if left is None or not (_is_date(left, m) or self._bare.match(text, start)):
            return None
        end = start + len(text[start : m.end()].rstrip(_BLANKS + "的"))
        named = left.year if left.own_year else None
        first = None if left.every else bounds_of(left)
        right = self._right(text, end, left)
        if right is not None:
            until, point = right
            last = None if left.every else end_of_range(left, point, first)
            begin = first[0] if first else None
            if first is None and last is not None and point.own_year:  # 6月1日至2024年9月30日
                first = bounds_of(replace(left, year=point.year))
                begin = first[0] if first else None
            precision = "recurring" if left.every else "range"
            mention = DateMention(start, until, begin, last and last[1], precision, not left.own_year)
            return mention, point.year if point.own_year else named
        if first is None and left.year and not left.every:
            return None  # 2024年13月 is no date
        precision = "recurring" if left.every else precision_of(left)
        return DateMention(start, end, first and first[0], first and first[1], precision, not left.own_year), named

    def _right(self, text: str, end: int, left: Point) -> tuple[int, Point] | None:
        """The other end of a range that begins before `end`, and where it ends."""
        clock = self._clock.match(text, end)
        join = self._join.match(text, clock.end() if clock else end)
        comma = re.compile(r"、(?=[0-9]{1,2}月)").match(text, end) if text[end - 1 : end].isdigit() else None
        join = join or comma
        if join is None:
            return None
        m = self._point.match(text, join.end())
        if m is None or m.end() == m.start() or not (m["y"] or m["ry"] or m["m"] or m["rm"] or m["d"] or m["p"]):
            return None
        point = self._to_point(m, _Clock(None, None), left)
        if point is None or not _is_date(point, m, partial=left.day is not None or left.month is not None):
            return None
        return m.start() + len(m[0].rstrip(_BLANKS + "的")), point

    def _to_point(self, m: re.Match[str], clock: _Clock, left: Point | None = None) -> Point | None:
        year, own = number_of(m["y"]), True
        if m["ry"]:
            base = clock.year if left is None else left.year
            year = None if base is None else base + self._years.get(m["ry"].removesuffix("度"), 0)
        elif year is None:
            year, own = clock.year, False
        month = number_of(m["m"])
        if m["rm"]:
            month = None if clock.month is None else clock.month + self._months[m["rm"]]
            if month is not None and year is not None:
                year, month = year + (month - 1) // MONTHS_A_YEAR, (month - 1) % MONTHS_A_YEAR + 1
            if month is None:
                year = None
        part = m["p"] or ""
        if part.startswith("月") and month is None:
            month = clock.month  # 月底前: the document's month
            if month is None:
                year = None
        return Point(year, month, number_of(m["d"]), part, bool(m["every"]), own)


def _last_stop(text: str, start: int, end: int) -> int:
    return max(text.rfind("。", start, end), text.rfind("\n", start, end))


def _in_title(text: str, sentence: int, at: int) -> bool:
    return text.rfind("《", max(sentence, at - 80), at) > text.rfind("》", max(sentence, at - 80), at)


def _is_date(p: Point, m: re.Match[str], *, partial: bool = False) -> bool:
    """Whether the words are a date at all: 30日 alone is a length of time, 一季度 needs no year."""
    if (p.month is not None and not 1 <= p.month <= MONTHS_A_YEAR) or (
        p.day is not None and not 1 <= p.day <= DAYS_A_MONTH
    ):
        return False
    if p.every:
        return bool(m["m"] or m["d"] or m["p"])
    if p.day is not None and not (m["m"] or m["rm"]):
        return partial and m["y"] is None
    return bool(m["m"] or m["rm"] or m["y"] or m["ry"] or (partial and m["p"]))


@lru_cache(maxsize=2)
def date_reader(forms: Forms) -> DateReader:
    """The reader over the forms of a run."""
    return DateReader(forms)


def find_dates(
    text: str, *, year: int | None = None, date: str | None = None, forms: Forms | None = None
) -> list[DateMention]:
    """All dates and periods of a text, by the forms of a run (else the project's own); see `DateReader.find`."""
    return date_reader(forms or load()).find(text, year=year, date=date)


def period_of(text: str, year: int | None, forms: Forms | None = None) -> tuple[str, str] | None:
    """The first range that the words name, or else the span of their first date."""
    mentions = [m for m in find_dates(text, year=year, forms=forms) if m.iso_start and m.iso_end]
    chosen = next((m for m in mentions if m.precision == "range"), mentions[0] if mentions else None)
    if chosen is None or chosen.iso_start is None or chosen.iso_end is None:
        return None
    return chosen.iso_start, chosen.iso_end
