"""The characters of one line: full-width letters, stray blanks, „2024‟ for 〔2024〕, each with its place in the source.

Most lines need nothing and stay the string that they are. A repaired line is a string and a short list of places
where its positions and those of the source part ways; nothing is kept for each character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ingest.readers.base import Line, LineKind

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# what `str.isspace` holds for a blank, written out: a set of characters is searched faster than the class \s
_SPACE = "\t\n\r\x0b\x0c\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NO_TAB = _SPACE.removeprefix("\t")
_RUN = re.compile(f"[{_SPACE}{INVISIBLE}]+")
_RUN_IN_ROW = re.compile(f"[{_NO_TAB}{INVISIBLE}]+")
_FULL = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_ODD = re.compile(f"[{_SPACE}{INVISIBLE}０-９Ａ-Ｚａ-ｚ]")
_NARROW = {c: c - 0xFEE0 for c in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_BAD_YEAR = re.compile(r"([„‟〔﹝\[［【〈(（])\s?((?:19|20)\d{2})\s?([‟„〕﹞\]］】〉)）])(?=\s?第?\s?\d{1,5}\s?号)")
# 1 846栋: a blank that groups the digits of one number
_GROUPED_DIGITS = re.compile(r"(?<=[\u4e00-\u9fff])\d{1,3}((?: \d{3})+)(?=[\u4e00-\u9fff])")
_ROW_BLANKS = " \u3000\xa0\r\n"


class Words(NamedTuple):
    """The words of a line. `places` are (position in `text`, position in the source), the first at 0."""

    text: str
    places: tuple[tuple[int, int], ...]


class _HanTable(dict[str, bool]):
    """Which characters are set without blanks between them; looked up once each."""

    def __missing__(self, char: str) -> bool:
        self[char] = unicodedata.category(char) == "Lo" or char in "〇、，。；：？！“”‘’《》〈〉（）【】〔〕—…·"
        return self[char]


_IS_HAN = _HanTable()


def line_to_words(line: Line) -> Words | None:
    """The line after repair, without the blanks at its ends; None where nothing is left."""
    text = line.text
    words = text.strip()
    # an empty cell at the edge of a row is a cell
    row = line.kind is LineKind.ROW or "\t" in words
    if row:
        words = text.strip(_ROW_BLANKS)
    if not words:
        return None
    start = line.start if len(words) == len(text) else line.start + text.find(words)
    if _ODD.search(words):
        return _repaired(words, start, row=row, tabs="\t" in words)
    return Words(_with_year_brackets(words) if "号" in words else words, ((0, start),))


def _repaired(text: str, start: int, *, row: bool, tabs: bool) -> Words | None:
    if _FULL.search(text):
        text = text.translate(_NARROW)
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length = at = 0
    ahead: int | None = None  # how far the positions of the source are ahead
    for run in (_RUN_IN_ROW if tabs else _RUN).finditer(text):
        begin, end = run.span()
        if begin > at:
            if at - length != ahead:
                ahead = at - length
                places.append((length, start + at))
            parts.append(text[at:begin])
            length += begin - at
        blanks = [i for i in range(begin, end) if text[i] not in INVISIBLE] if end - begin > 1 else (
            [begin] if text[begin] not in INVISIBLE else []
        )  # fmt: skip
        if blanks and (len(blanks) > 1 or not _is_stray(text, at, begin, end)):
            if blanks[0] - length != ahead:
                ahead = blanks[0] - length
                places.append((length, start + blanks[0]))
            parts.append(" ")
            length += 1
        at = end
    if at < len(text):
        if at - length != ahead:
            places.append((length, start + at))
        parts.append(text[at:])
    out = "".join(parts)
    if out.isspace() or not out:
        return None
    words = Words(_with_year_brackets(out) if "号" in out else out, tuple(places))
    if " " in out:
        words = _with_grouped_digits(words)
    return _stripped(words, row=row)


def _is_stray(text: str, segment: int, begin: int, end: int) -> bool:
    """Whether the one blank in `text[begin:end]` parts nothing; `segment` is where the words before it begin."""
    if not segment < begin or end >= len(text):
        return False
    before, after = text[begin - 1], text[end]
    han = _IS_HAN[before]
    if han is not _IS_HAN[after]:
        # `2024 年`, `QC 小组`, `》 的`: typesetting, not a separator. Latin beside Latin keeps its blank.
        return not (before.isascii() and after.isascii())
    # 教 育 部: three or more single characters in a row. Two Han words of more characters keep their blank.
    return han and (begin - segment == 1 or text[begin - 2] == "\t") and _ends_after(text, end + 1)


def _ends_after(text: str, at: int) -> bool:
    """Whether a blank, or the end, stands at a position."""
    while at < len(text) and text[at] in INVISIBLE:
        at += 1
    return at >= len(text) or text[at].isspace()


def _with_year_brackets(text: str) -> str:
    """国办发[2019]6号 → 国办发〔2019〕6号: character for character, so that no position moves."""
    chars: list[str] | None = None
    for found in _BAD_YEAR.finditer(text):
        chars = chars or list(text)
        chars[found.start(1)], chars[found.start(3)] = "〔", "〕"
    return "".join(chars) if chars else text


def _with_grouped_digits(words: Words) -> Words:
    """1 846栋 → 1846栋."""
    gone = [i for m in _GROUPED_DIGITS.finditer(words.text) for i in range(*m.span(1)) if words.text[i] == " "]
    if not gone:
        return words
    cuts = [-1, *gone, len(words.text)]
    spans = [(a + 1, b) for a, b in pairwise(cuts)]
    return Words("".join(words.text[a:b] for a, b in spans), tuple(_places_of(words.places, spans)))


def _places_of(places: tuple[tuple[int, int], ...], spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The places of the text that is made of `spans`, in order, of a text with these places."""
    length, n = 0, 0
    for start, end in spans:
        while n + 1 < len(places) and places[n + 1][0] <= start:
            n += 1
        here, there = places[n]
        yield length, there + start - here
        while n + 1 < len(places) and places[n + 1][0] < end:
            n += 1
            yield length + places[n][0] - start, places[n][1]
        length += end - start


def _stripped(words: Words, *, row: bool) -> Words | None:
    """Without blanks at the ends; the TABs of a row are its cells."""
    text = words.text
    start, end = 0, len(text)
    while start < end and text[start].isspace() and not (row and text[start] == "\t"):
        start += 1
    while end > start and text[end - 1].isspace() and not (row and text[end - 1] == "\t"):
        end -= 1
    if (start, end) == (0, len(text)):
        return words
    return Words(text[start:end], tuple(_places_of(words.places, [(start, end)])))
