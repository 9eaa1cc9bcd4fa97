"""Labels inside an unbroken text: which of 一、 （一） 1. （1） 第X条 begin a paragraph, by their order."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from kg.core.numerals import label_number

_CN = "一二三四五六七八九十百"
_LABEL = re.compile(
    rf"(?P<a>[{_CN}]{{1,4}}、)|(?P<b>[（(][{_CN}]{{1,4}}[)）])|(?P<c>(?<![\d.．])\d{{1,3}}\s?(?:、|[.．](?:(?!\d)|(?=(?:19|20)\d\d年))))|"
    rf"(?P<d>[（(]\d{{1,2}}[)）])|(?P<e>第[{_CN}千零〇\d]{{1,8}}[编章节条](?:之[{_CN}])?)|(?P<f>[①-⑳])"
)
# chapters, sections, articles; 一、 （一） 1. （1） ①
_LEVEL = {"e": 0, "h": 0, "g": 1, "a": 2, "b": 3, "c": 4, "d": 5, "f": 6}
_WHOLE_TEXT = frozenset("aegh")  # what is numbered through a whole text
_CLOSED = frozenset("。；！？：”）)》】;:!?… \u3000\xa0\t")
_HEADING = 60  # characters of a heading that the first label below it stands behind
_AHEAD = 4000  # characters in which the second of a series stands
_COUNTED = frozenset("级季产批期类个年月日名线审次把带是方来")
_DIGITS = frozenset("一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class _Label:
    style: str
    number: int
    start: int
    end: int
    closed: bool  # what stands before it has ended


def label_cuts(text: str, article: re.Pattern[str]) -> set[int]:
    """The starts of the labels that begin a paragraph; `article` says which 第X条 may."""
    labels = [_label(text, found) for found in _LABEL.finditer(text)]
    later = _closed_by_number(labels)
    last: dict[str, int] = {}
    above: dict[str, int] = {}  # of the parent before: numbers may go on over headings
    out: set[int] = set()
    heading: _Label | None = None  # the label that was taken last
    for label in labels:
        before = last.get(label.style, 0)
        first = label.number == 1 and (before == 0 or label.style not in _WHOLE_TEXT or label.closed)
        # one label may be miswritten; behind a stop the next but one goes on too
        reach = 2 if label.closed else 1
        goes_on = any(0 < number < label.number <= number + reach for number in (before, above.get(label.style, 0)))
        if label.closed:
            fits = (first and (label.style != "a" or before == 0 or _second(later, label))) or goes_on
        elif label.number == 1:
            # 工作1.恢复植被…。2.实施…: behind a heading that has no stop, and a second one follows behind a stop
            near = _behind_heading(text, heading, label)
            fits = first and (near or (before == 0 and label.style in _WHOLE_TEXT)) and _second(later, label)
        else:
            fits = goes_on and (label.style == "a" or _behind_heading(text, heading, label))
        if not fits or not _is_label(text, label, article):
            continue
        out.add(label.start)
        last[label.style] = label.number
        heading = label
        for style, level in _LEVEL.items():
            if level > _LEVEL[label.style] and label.style not in "eh":
                above[style] = last.pop(style, above.get(style, 0))
    return out


def _label(text: str, found: re.Match[str]) -> _Label:
    style = found.lastgroup or ""
    if style == "e":
        style = {"条": "g", "节": "h"}.get(found[0].rstrip("之一二三四五六七八九十")[-1:], "e")
    start = found.start()
    return _Label(style, label_number(found[0]) or 0, start, found.end(), start == 0 or text[start - 1] in _CLOSED)


def _closed_by_number(labels: list[_Label]) -> dict[str, list[int]]:
    """Where second labels of each style stand behind a stop."""
    out: dict[str, list[int]] = {}
    for label in labels:
        if label.number == 2 and label.closed:
            out.setdefault(label.style, []).append(label.start)
    return out


def _second(later: dict[str, list[int]], label: _Label) -> bool:
    starts = later.get(label.style, [])
    n = bisect_right(starts, label.start)
    return n < len(starts) and starts[n] - label.start <= _AHEAD


def _has_stop(text: str, start: int, end: int) -> bool:
    return any(text.find(stop, start, end) >= 0 for stop in "。；")


def _behind_heading(text: str, heading: _Label | None, label: _Label) -> bool:
    """第二章申请条件第五条, 三、优化环境（十九）: behind a heading of a higher level that has no stop."""
    near = heading is not None and _LEVEL[heading.style] <= _LEVEL[label.style] and heading.style != label.style
    return (
        heading is not None
        and (near or label.style in "egh")
        and label.start - heading.end <= _HEADING
        and not _has_stop(text, heading.end, label.start)
    )


def _is_label(text: str, label: _Label, article: re.Pattern[str]) -> bool:
    """Not 三、四级 or 第三条规定的."""
    following = text[label.end : label.end + 2]
    if label.style == "a" and not label.closed and following[:1] in _DIGITS and following[1:2] in _COUNTED:
        return False
    if label.style == "g":
        return bool(article.match(text, label.start))
    return bool(following)
