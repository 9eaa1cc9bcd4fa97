"""Dates and periods as written in official documents, to ISO dates.

Forms: 2024年9月5日, 二〇二四年九月五日, 2024 年 9月 6日, 9月29日 (year from context), 7月初, 9月中旬, 2024年上半年,
9月1日至30日, 2019—2022年, 2024-09-06, 2024.9.6.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.extract.numerals import parse_number

_B = r"[ \u3000]*"
_HAN = "〇零○ＯO一二三四五六七八九十"
_YEAR = rf"(?:(?:19|20)[0-9]{{2}}|[１２][９０][０-９]{{2}}|[一二][{_HAN}]{{3}})"
_N = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_PART = r"(?:上旬|中旬|下旬|月?初|月?中(?![小央国心])|月?底|月?末)"


def _point(suffix: str) -> str:
    """A date at one end of a range; every element may be absent, the caller demands what it needs."""
    return (
        rf"(?:(?P<y{suffix}>{_YEAR}){_B}年(?:度)?{_B})?"
        rf"(?:(?P<m{suffix}>{_N}){_B}月(?:份)?{_B})?"
        rf"(?:(?P<d{suffix}>{_N}){_B}(?:日|号(?!令|文|公告|、)))?"
        rf"(?P<p{suffix}>{_PART}|[上下]半年|(?:第)?[一二三四1-4]季度|年初|年底|年末)?"
    )


_TO = r"(?:起?至|到|—+|–|－|-|～|~|─)"
_RANGE = re.compile(rf"(?<![0-9.０-９第])(?=[0-9０-９{_HAN}]){_point('1')}(?:{_B}{_TO}{_B}{_point('2')})?(?![0-9])")
_YEARS = re.compile(rf"(?<![0-9])(?P<a>{_YEAR}){_B}(?:年)?{_TO}{_B}(?P<b>{_YEAR}){_B}(?:年|学年)")
_MONTHS = re.compile(
    rf"(?:(?P<y>{_YEAR}){_B}年{_B})?(?<![0-9.])(?P<a>{_N})(?:{_TO}|、)(?P<b>{_N}){_B}月(?:份)?(?!{_B}[0-9])"
)
_ISO = re.compile(
    r"(?<![0-9.\-/])(?P<y>(?:19|20)[0-9]{2})(?P<sep>[-./．])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})"
    r"(?![0-9\-/])"
)
_MONTHS_A_YEAR, _DAYS_A_MONTH = 12, 31
_HINT = re.compile(r"[年月]|(?:19|20)[0-9]{2}[-./．]")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or a period in the text, `text[start:end]`.

    `iso_start` and `iso_end` are the first and the last day that it covers (None when the year is nowhere given);
    `precision` is day, part (上旬, 上半年), month, year or range.
    """

    start: int
    end: int
    iso_start: str | None
    iso_end: str | None
    precision: str


@dataclass(frozen=True, slots=True)
class _Point:
    year: int | None
    month: int | None
    day: int | None
    part: str


def find_dates(text: str, *, year: int | None = None) -> list[DateMention]:
    """All dates and periods in order, without overlaps; `year` completes those that do not name one.

    A year named earlier in the same sentence wins over `year`: 2023年8月1日开始，9月2日结束.
    """
    found: list[DateMention] = []
    offset = 0
    # by sentence, because a year carries over no further; a cheap look first, since most lines hold no date
    for sentence in re.split(r"(?<=[。\n])", text):
        if _HINT.search(sentence):
            found += [
                DateMention(m.start + offset, m.end + offset, m.iso_start, m.iso_end, m.precision)
                for m in _in_sentence(sentence, year)
            ]
        offset += len(sentence)
    return found


def period_of(text: str, year: int | None) -> tuple[str, str] | None:
    """The first range that the words name, or else the span of their first date."""
    mentions = [m for m in find_dates(text, year=year) if m.iso_start and m.iso_end]
    chosen = next((m for m in mentions if m.precision == "range"), mentions[0] if mentions else None)
    if chosen is None or chosen.iso_start is None or chosen.iso_end is None:
        return None
    return chosen.iso_start, chosen.iso_end


def _in_sentence(text: str, year: int | None) -> list[DateMention]:
    found: list[DateMention] = []
    for finder in (_iso_dates, _year_ranges, _month_ranges, _points_and_ranges):
        # a form that is found first keeps its words: the forms go from the strictest to the loosest
        found += [m for m in finder(text, year) if all(m.end <= d.start or d.end <= m.start for d in found)]
    return sorted(found, key=lambda d: d.start)


def _iso_dates(text: str, _year: int | None) -> Iterator[DateMention]:
    for m in _ISO.finditer(text):
        day = _bounds(_Point(int(m["y"]), int(m["m"]), int(m["d"]), ""))
        if day:
            yield DateMention(m.start(), m.end(), day[0], day[1], "day")


def _year_ranges(text: str, _year: int | None) -> Iterator[DateMention]:
    for m in _YEARS.finditer(text):
        a, b = _number(m["a"]), _number(m["b"])
        if a and b and a < b:
            yield DateMention(m.start(), m.end(), f"{a:04d}-01-01", f"{b:04d}-12-31", "range")


def _month_ranges(text: str, year: int | None) -> Iterator[DateMention]:
    for m in _MONTHS.finditer(text):
        a, b, y = _number(m["a"]), _number(m["b"]), _number(m["y"]) or year
        if a and b and 1 <= a < b <= _MONTHS_A_YEAR:
            first, last = _bounds(_Point(y, a, None, "")), _bounds(_Point(y, b, None, ""))
            yield DateMention(m.start(), m.end(), first and first[0], last and last[1], "range")


def _points_and_ranges(text: str, year: int | None) -> Iterator[DateMention]:
    carried = year
    for m in _RANGE.finditer(text):
        left = _to_point(m, "1")
        if m.end() == m.start() or not _is_date(left):
            continue
        right = _to_point(m, "2") if m["y2"] or m["m2"] or m["d2"] else None
        end = m.end()
        if right is None or not _is_date(right, partial=left.day is not None or left.month is not None):
            right, end = None, _end_of_left(m)
        end = m.start() + len(text[m.start() : end].rstrip(" \u3000"))
        start_point = _with(left, carried)
        if left.year and left.month:
            carried = left.year
        first = _bounds(start_point)
        if right is not None:
            last = _end_of_range(start_point, right, first)
            yield DateMention(m.start(), end, first and first[0], last and last[1], "range")
        elif first or not start_point.year:  # 2024年13月 is no date
            yield DateMention(m.start(), end, first and first[0], first and first[1], _precision(left))


def _end_of_range(left: _Point, right: _Point, first: tuple[str, str] | None) -> tuple[str, str] | None:
    """The right end takes what it leaves out from the left one; 12月1日至1月31日 runs into the next year."""
    month = right.month or (left.month if right.day else None)
    full = _Point(right.year or left.year, month, right.day, right.part)
    last = _bounds(full)
    if first and last and last[1] < first[0] and right.year is None and full.year:
        last = _bounds(_Point(full.year + 1, full.month, full.day, full.part))
    return last


def _end_of_left(m: re.Match[str]) -> int:
    ends = [m.end(g) for g in ("y1", "m1", "d1", "p1") if m[g]]
    end = max(ends)
    tail = re.compile(rf"{_B}(?:年度?|月份?|日|号)").match(m.string, end) if m.end("p1") != end else None
    return tail.end() if tail else end


def _to_point(m: re.Match[str], suffix: str) -> _Point:
    return _Point(_number(m["y" + suffix]), _number(m["m" + suffix]), _number(m["d" + suffix]), m["p" + suffix] or "")


def _number(text: str | None) -> int | None:
    if not text:
        return None
    value = parse_number(text.replace("Ｏ", "〇").replace("O", "〇"))
    return None if value is None else int(value)


def _is_date(p: _Point, *, partial: bool = False) -> bool:
    if (p.month is not None and not 1 <= p.month <= _MONTHS_A_YEAR) or (
        p.day is not None and not 1 <= p.day <= _DAYS_A_MONTH
    ):
        return False
    if p.day is not None and p.month is None:
        return partial and p.year is None  # 30日 alone is a length of time
    if p.month is not None:
        return p.day is not None or p.year is not None or p.part != "" or True
    return p.year is not None


def _with(p: _Point, year: int | None) -> _Point:
    return p if p.year else _Point(year, p.month, p.day, p.part)


def _precision(p: _Point) -> str:
    if p.day:
        return "day"
    if p.part:
        return "part"
    return "month" if p.month else "year"


def _bounds(p: _Point) -> tuple[str, str] | None:
    """The first and the last day of a point in time; None without a year or for an impossible date."""
    if not p.year:
        return None
    if p.month and p.day:
        if not 1 <= p.month <= _MONTHS_A_YEAR or p.day > calendar.monthrange(p.year, p.month)[1]:
            return None
        day = f"{p.year:04d}-{p.month:02d}-{p.day:02d}"
        return day, day
    if p.month:
        if not 1 <= p.month <= _MONTHS_A_YEAR:
            return None
        last = calendar.monthrange(p.year, p.month)[1]
        days = {"上": (1, 10), "中": (11, 20), "下": (21, last), "初": (1, 10), "底": (21, last), "末": (21, last)}
        first, final = days.get(p.part.removeprefix("月")[:1], (1, last))
        return f"{p.year:04d}-{p.month:02d}-{first:02d}", f"{p.year:04d}-{p.month:02d}-{final:02d}"
    months = (1, 12)
    if p.part.endswith("半年"):
        months = (1, 6) if p.part[0] == "上" else (7, 12)
    elif p.part.endswith("季度"):
        quarter = _number(p.part[-3]) or 1
        months = (3 * quarter - 2, 3 * quarter)
    elif p.part.endswith(("初", "底", "末")):
        months = (1, 1) if p.part.endswith("初") else (12, 12)
    last = calendar.monthrange(p.year, months[1])[1]
    return f"{p.year:04d}-{months[0]:02d}-01", f"{p.year:04d}-{months[1]:02d}-{last:02d}"
