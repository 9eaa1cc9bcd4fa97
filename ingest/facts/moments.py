"""Points in time and the days that they cover: 2024年9月 is 2024-09-01 to 2024-09-30."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace

from kg.core.making import made_by_slots
from kg.core.numerals import whole_number

MONTHS_A_YEAR, DAYS_A_MONTH = 12, 31


@made_by_slots
@dataclass(frozen=True, slots=True)
class Point:
    """A year, month, day or part (上旬, 第三季度) as far as said; `every` of 每年…, `own_year` where it is written."""

    year: int | None
    month: int | None
    day: int | None
    part: str = ""
    every: bool = False
    own_year: bool = False  # written, not taken from the context


def number_of(text: str | None) -> int | None:
    """The integer of a numeral in a date: 二〇二四, 29; None for nothing."""
    return whole_number(text) if text else None


def end_of_range(left: Point, right: Point, first: tuple[str, str] | None) -> tuple[str, str] | None:
    """The right end takes what it leaves out from the left one; 12月1日至1月31日 runs into the next year."""
    month = right.month or (left.month if right.day or right.part[:1] in tuple("上中下初底末月") else None)
    if right.part.endswith(("半年", "季度")):
        month = right.month
    full = Point(right.year or left.year, month, right.day, right.part)
    last = bounds_of(full)
    if first and last and last[1] < first[0] and right.year is None and full.year:
        last = bounds_of(replace(full, year=full.year + 1))
    return last


def months_later(day: str, months: int) -> str:
    """The same day of a later month, or its last one: six months after 2023-08-31 is 2024-02-29."""
    year, month, of_month = map(int, day.split("-"))
    year, month = divmod(year * MONTHS_A_YEAR + month - 1 + months, MONTHS_A_YEAR)
    return f"{year:04d}-{month + 1:02d}-{min(of_month, calendar.monthrange(year, month + 1)[1]):02d}"


def precision_of(p: Point) -> str:
    """day, part, month or year: the smallest that the point names."""
    if p.day:
        return "day"
    if p.part:
        return "part"
    return "month" if p.month else "year"


def bounds_of(p: Point) -> tuple[str, str] | None:
    """The first and the last day of a point in time; None without a year or for an impossible date."""
    if not p.year:
        return None
    if p.month and p.day:
        if not 1 <= p.month <= MONTHS_A_YEAR or p.day > calendar.monthrange(p.year, p.month)[1]:
            return None
        day = f"{p.year:04d}-{p.month:02d}-{p.day:02d}"
        return day, day
    if p.month:
        if not 1 <= p.month <= MONTHS_A_YEAR:
            return None
        last = calendar.monthrange(p.year, p.month)[1]
        days = {"上": (1, 10), "中": (11, 20), "下": (21, last), "初": (1, 10), "底": (21, last), "末": (21, last)}
        first, final = days.get(p.part.removeprefix("月")[:1], (1, last))
        return f"{p.year:04d}-{p.month:02d}-{first:02d}", f"{p.year:04d}-{p.month:02d}-{final:02d}"
    months = _months_of(p.part)
    last = calendar.monthrange(p.year, months[1])[1]
    return f"{p.year:04d}-{months[0]:02d}-01", f"{p.year:04d}-{months[1]:02d}-{last:02d}"


def _months_of(part: str) -> tuple[int, int]:
    """The first and the last month of a part of a year."""
    if part.endswith("半年"):
        return (1, 6) if part[0] == "上" else (7, 12)
    if part == "前三季度":
        return 1, 9
    if part.endswith("季度"):
        quarters = [q for q in (number_of(c) for c in part.removeprefix("第").removesuffix("季度")) if q] or [1]
        return 3 * quarters[0] - 2, 3 * quarters[-1]
    if part == "首季":
        return 1, 3
    if part.endswith(("初", "底", "末")):
        return (1, 1) if part.endswith("初") else (12, 12)
    if part.endswith("中"):
        return 6, 7
    return 1, 12
