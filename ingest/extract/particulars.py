"""When an activity takes place and for whom, from the words that tell of it."""

from __future__ import annotations

import re

from ingest.extract.dates import find_dates

# 6月30日前 is a deadline, 截至6月 a state of affairs: neither is when something is held
_NOT_HELD_THEN = re.compile(r"(?:截至|截止|自|始于|发布于|印发|\d{4}年度)$")
_DEADLINE = re.compile(r"^\s*(?:前|之前|以前|底前|止)")
_AUDIENCES = (
    re.compile(r"面向(?P<who>[^，。；、“”（）]{2,24}?)(?=，|。|；|提供|开展|举办|组织|普及|征集|宣传|发放|公开|$)"),
    re.compile(
        r"(?<![一-龥]方)向(?P<who>(?:广大|社会|全市|全区|全社会|本市)[^，。；、“”（）]{0,20}?)(?=宣传|展示|提供|普及|征集|公开|发放|宣讲|讲解|介绍)"
    ),
    re.compile(
        r"为(?P<who>(?:广大|全市|全区|辖区|中小|小微|老年|青少年)[^，。；“”（）]{1,20}?)(?=提供|开展|免费|解决|送上)"
    ),
)


def period_in(words: str, year: int | None) -> tuple[str, str] | None:
    """The first date or period of a day, part of a month or month that says when; None where only deadlines stand."""
    for date in find_dates(words, year=year):
        if date.precision == "year" or date.iso_start is None or date.iso_end is None:
            continue
        if _NOT_HELD_THEN.search(words[: date.start]) or _DEADLINE.match(words[date.end :]):
            continue
        return date.iso_start, date.iso_end
    return None


def audience_in(words: str) -> str | None:
    """Whom it is for, as written: 面向中小企业…, 向广大市民宣传…."""
    for pattern in _AUDIENCES:
        if found := pattern.search(words):
            return found["who"].removesuffix("的")
    return None
