"""Years in a question: written, abbreviated, ranges, or relative to the newest year that is held."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE = re.compile(r"[二一][〇零一二三四五六七八九]{3}(?=年)")
_RANGE = re.compile(r"((?:19|20)\d\d)年?(?:[-—~～至]+|到)((?:19|20)\d\d)")
_FULL = re.compile(r"(?<![\d〔\[])((?:19|20)\d\d)(?!\d)(?:年度?)?")
_SHORT = re.compile(r"(?<!\d)([0-2]\d)年(?!度?[级版])")
_RELATIVE = ((re.compile(r"今年|本年度?"), 0), (re.compile(r"去年|上一?年度?(?!半)"), 1), (re.compile(r"前年"), 2))
_SPAN = re.compile(r"这几年|近几年|近年来?|历年|逐年|每年|几年来|各年|这些年|哪几?年")


@dataclass(frozen=True, slots=True)
class Years:
    """The years asked about (none: not said); `note` tells what was assumed; `rest` is the text without them."""

    years: tuple[int, ...]
    note: str
    rest: str
    span: bool


def find_years(text: str, held: Iterable[int]) -> Years:
    """Years of a question.

    >>> find_years("苏浙皖赣沪在2019和2022年做了什么", [2024]).years
    (2019, 2022)
    """
    newest = max(held, default=None)
    text = _CHINESE.sub(lambda m: m[0].translate(_DIGITS), text)
    found: list[int] = []
    for match in _RANGE.finditer(text):
        low, high = sorted((int(match[1]), int(match[2])))
        found += range(low, min(high, low + 60) + 1)
    rest = _RANGE.sub(" ", text)
    found += [int(match[1]) for match in _FULL.finditer(rest)]
    rest = _FULL.sub(" ", rest)
    found += [2000 + int(match[1]) for match in _SHORT.finditer(rest)]
    rest = _SHORT.sub(" ", rest)
    note = ""
    for pattern, back in _RELATIVE:
        if said := pattern.search(rest):
            if not found and newest is not None:
                found.append(newest - back)
                note = f"“{said[0]}”按库内最新年度推算为{newest - back}年"
            rest = pattern.sub(" ", rest)
    span = bool(_SPAN.search(rest))
    return Years(tuple(dict.fromkeys(found)), note, _SPAN.sub(" ", rest), span)
