"""Automatic numbers of a Word 97-2003 file: how the levels of each list count, and where a paragraph stands in one.

[MS-DOC] 2.9.197, 2.9.144, 2.9.150 (lists and their levels), 2.9.195, 2.9.131, 2.9.133 (what numbers a paragraph),
2.9.271, 2.9.260 (styles). Number formats: [MS-OSHARED] 2.2.1.3, in the order of ST_NumberFormat.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.readers.doc_properties import LEVEL, LIST, STYLE, operands
from ingest.readers.numbering import Level, ListOf, Numbering

_LISTS, _OVERRIDES, _STYLES = 0x2E2, 0x2EA, 0xA2  # places of fcPlcfLst, fcPlfLfo, fcStshf
_LIST_BYTES, _OVERRIDE_BYTES, _LEVEL_BYTES, _LEVELS = 28, 16, 28, 9
_SIMPLE, _LEGAL, _STARTS, _FORMATTED = 0x1, 0x4, 0x10, 0x20
_SUFFIXES = ("tab", "space", "nothing")
_PARAGRAPH_STYLE, _NO_BASE = 1, 0xFFF
_MOST_LISTS = 0x7FE
# fmt: off
_FORMATS = (
    "decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "ordinal", "cardinalText", "ordinalText",
    "hex", "chicago", "ideographDigital", "japaneseCounting", "aiueo", "iroha", "decimalFullWidth", "decimalHalfWidth",
    "japaneseLegal", "japaneseDigitalTenThousand", "decimalEnclosedCircle", "decimalFullWidth", "aiueoFullWidth",
    "irohaFullWidth", "decimalZero", "bullet", "ganada", "chosung", "decimalEnclosedFullstop", "decimalEnclosedParen",
    "decimalEnclosedCircleChinese", "ideographEnclosedCircle", "ideographTraditional", "ideographZodiac",
    "ideographZodiacTraditional", "taiwaneseCounting", "ideographLegalTraditional", "taiwaneseCountingThousand",
    "taiwaneseDigital", "chineseCounting", "chineseLegalSimplified", "chineseCountingThousand",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style says of lists; None where it leaves it to its base."""

    base: int
    number: int | None
    level: int | None


class DocLists:
    """The lists of a document; counts them on as its paragraphs are read in order."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self._levels_of_styles: dict[str, dict[int, int]] = {}
        lists = _lists(main, table, self._levels_of_styles)
        self._numbering = Numbering.of(lists)
        self._lists = lists
        self._styles = _styles(main, table)

    def label(self, marks: Mapping[int, int]) -> str | None:
        """The number of the next paragraph as printed, "" for one in no list, None for one whose list is not there."""
        style = marks.get(STYLE, 0)
        number, level = self._of_style(style)
        number = marks.get(LIST, number)
        if not 0 < number <= _MOST_LISTS:
            return ""
        key = str(number)
        if key not in self._lists:
            return None
        if level is None:
            level = self._levels_of_styles.get(key, {}).get(style, 0)
        return self._numbering.label(key, marks.get(LEVEL, level))

    def _of_style(self, style: int) -> tuple[int, int | None]:
        number = level = None
        seen: set[int] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            said = self._styles[style]
            number = said.number if number is None else number
            level = said.level if level is None else level
            style = said.base
        return number or 0, level


def _lists(main: bytes, table: bytes, styles: dict[str, dict[int, int]]) -> dict[str, ListOf]:
    """The number that paragraphs give -> its list, levels, and the levels that it counts anew."""
    start, size = struct.unpack_from("<II", main, _LISTS)
    if not size:
        return {}
    (count,) = struct.unpack_from("<H", table, start)
    known: dict[int, tuple[dict[int, Level], dict[int, int]]] = {}
    at = start + size  # the levels stand behind what the size counts
    for n in range(count):
        head = start + 2 + _LIST_BYTES * n
        (key,) = struct.unpack_from("<i", table, head)
        named = struct.unpack_from(f"<{_LEVELS}H", table, head + 8)
        levels: dict[int, Level] = {}
        for level in range(1 if table[head + 26] & _SIMPLE else _LEVELS):
            levels[level], at = _level(table, at)
        known[key] = levels, {style: level for level, style in enumerate(named) if style != _NO_BASE}
    start, size = struct.unpack_from("<II", main, _OVERRIDES)
    if not size:
        return {}
    (count,) = struct.unpack_from("<I", table, start)
    out: dict[str, ListOf] = {}
    at = start + 4 + _OVERRIDE_BYTES * count
    for n in range(count):
        head = start + 4 + _OVERRIDE_BYTES * n
        (key,) = struct.unpack_from("<i", table, head)
        levels, named_ = known.get(key, ({}, {}))
        levels, restarts = dict(levels), {}
        at += 4
        for _ in range(table[head + 12]):
            first, flags = struct.unpack_from("<iI", table, at)
            at += 8
            level = flags & 0xF
            if flags & _FORMATTED:
                levels[level], at = _level(table, at)
            if flags & _STARTS:
                restarts[level] = levels[level].start if flags & _FORMATTED else first
        if levels:
            out[str(n + 1)] = str(key), levels, restarts
            styles[str(n + 1)] = named_
    return out


def _level(table: bytes, at: int) -> tuple[Level, int]:
    """A level, and where the next one stands."""
    first, format_, flags = struct.unpack_from("<iBB", table, at)
    follow, characters, paragraphs = table[at + 15], table[at + 24], table[at + 25]
    at += _LEVEL_BYTES + characters + paragraphs
    (count,) = struct.unpack_from("<H", table, at)
    units = struct.unpack_from(f"<{count}H", table, at + 2)
    words = "".join(f"%{unit + 1}" if unit < _LEVELS else chr(unit) for unit in units)
    return Level(
        fmt=_FORMATS[format_] if format_ < len(_FORMATS) else "none" if format_ == 0xFF else "decimal",
        text=words,
        start=max(first, 0),
        suffix=_SUFFIXES[min(follow, 2)],
        legal=bool(flags & _LEGAL),
    ), at + 2 + 2 * count


def _styles(main: bytes, table: bytes) -> dict[int, _Style]:
    """Number of a style -> what it says; only paragraph styles."""
    start, size = struct.unpack_from("<II", main, _STYLES)
    if not size:
        return {}
    head, count, base_bytes = struct.unpack_from("<HHH", table, start)
    out: dict[int, _Style] = {}
    at, end = start + 2 + head, start + size
    for number in range(count):
        if at + 2 > end:
            break
        (length,) = struct.unpack_from("<H", table, at)
        style = table[at + 2 : at + 2 + length]
        at += 2 + length + length % 2
        if length > base_bytes + 4 and struct.unpack_from("<H", style, 2)[0] & 0xF == _PARAGRAPH_STYLE:
            out[number] = _style(style, base_bytes)
    return out


def _style(style: bytes, base_bytes: int) -> _Style:
    base = struct.unpack_from("<H", style, 2)[0] >> 4
    (letters,) = struct.unpack_from("<H", style, base_bytes)
    at = base_bytes + 2 + 2 * letters + 2
    length = int.from_bytes(style[at : at + 2], "little")
    said = operands(style[at + 4 : at + 2 + length])  # without the style's own number
    return _Style(base, said.get(LIST), said.get(LEVEL))
