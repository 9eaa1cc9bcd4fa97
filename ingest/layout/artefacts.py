"""What pages add to a text: their numbers, and the heads that they repeat."""

from __future__ import annotations

import re
from collections import Counter

from ingest.layout.words import Words
from ingest.readers.base import Line, LineKind

Entry = tuple[Line, Words]
_LONGEST_NUMBER = 30  # characters of 第 12 页 共 120 页 with its dashes
_LONGEST_HEAD = 60
_STARTS = frozenset("-—–－·•#第pP0123456789")  # a line that begins otherwise is not tried
_HAN = re.compile("[\u4e00-\u9fff]{4}")
_GOES_ON = re.compile(r"[\w.．，、（《“-]$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNITS = frozenset("年月日号条款项个%％")
_DIGITS = re.compile(r"\d{1,9}")
_ENOUGH_PAGES = 3  # two pages may begin with the same words by chance


def without_artefacts(lines: list[Entry], page: re.Pattern[str]) -> list[Entry]:
    """The lines without page numbers (`page`), and without heads and feet that stand beside most of these."""
    text_kind = LineKind.TEXT
    likely = [
        i
        for i, (line, words) in enumerate(lines)
        if words.text[0] in _STARTS
        and len(words.text) <= _LONGEST_NUMBER
        and line.kind is text_kind
        and page.fullmatch(words.text)
    ]
    if not likely:
        return lines
    numbers = [i for n, i in enumerate(likely) if _is_page_number(lines, likely, n)]
    gone = {*numbers, *_running_heads(lines, numbers)}
    return [entry for i, entry in enumerate(lines) if i not in gone]


def _is_page_number(lines: list[Entry], likely: list[int], n: int) -> bool:
    """Whether a number in a line of its own is that of a page and not the rest of a wrapped sentence."""
    i = likely[n]
    text = lines[i][1].text
    if not text.isdigit():
        return True
    if _YEAR.fullmatch(text) or (i + 1 < len(lines) and lines[i + 1][1].text[0] in _UNITS):
        return False  # a tool that cuts lines cuts 2023|年 too
    if i == 0:
        return True
    line, words = lines[i - 1]
    if not _GOES_ON.search(words.text):
        return True
    parted = lines[i][0].start - line.start - len(line.text) > 1 and not words.text[-1].isdigit()
    beside = [lines[k][1].text for k in likely[max(0, n - 1) : n + 2]]
    counted = {int(other) for other in beside if other.isdigit()}
    return parted or int(text) - 1 in counted or int(text) + 1 in counted


def _running_heads(lines: list[Entry], numbers: list[int]) -> list[int]:
    """Lines beside page numbers that say the same (but for a number) beside at least half of them."""
    beside: dict[int, str] = {}
    for number in numbers:
        for i in (number - 1, number + 1):
            if 0 <= i < len(lines) and lines[i][0].kind is LineKind.TEXT:
                text = lines[i][1].text
                if len(text) <= _LONGEST_HEAD and text[-1] not in "。；，、" and _HAN.search(text):
                    beside[i] = _DIGITS.sub("#", text)
    counts = Counter(beside.values())
    needed = max(_ENOUGH_PAGES, len(numbers) / 2)
    return [i for i, text in beside.items() if counts[text] >= needed]
