"""Automatic numbers of a .docx as they are printed: 一、（一）1. （1） come from numbering.xml.

ISO/IEC 29500-1 §17.9 (lists), §17.18.59 (number formats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.readers.package import attribute, child, children

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_SMALL = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_MAX_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its number format, its text with %1 for the number, and where it starts."""

    fmt: str = "decimal"
    text: str = "%1."
    start: int = 1
    suffix: str = "tab"
    style: str | None = None
    legal: bool = False
    restart: int | None = None  # the level (from 1) after which it begins anew: 0 never, None after any above it


ListOf = tuple[str, dict[int, Level], dict[int, int]]
"""A list as paragraphs name it: what it counts together with, its levels, and the levels that it begins anew with."""


class Numbering:
    """The lists of a document and how far each has counted."""

    @classmethod
    def of(cls, lists: Mapping[str, ListOf]) -> Numbering:
        """Those of a format that says them otherwise than by numbering.xml."""
        made = cls(None)
        made._lists.update(lists)
        return made

    def __init__(self, root: Any | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, ListOf] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        links: dict[str, str] = {}
        by_style: dict[str, str] = {}
        for node in children(root, "abstractNum"):
            key = attribute(node, "abstractNumId") or ""
            self._abstract[key] = dict(_level(lvl) for lvl in children(node, "lvl"))
            if (link := child(node, "styleLink")) is not None:
                by_style[attribute(link, "val") or ""] = key
            if (link := child(node, "numStyleLink")) is not None:
                links[key] = attribute(link, "val") or ""
        for node in children(root, "num"):
            key = _value(node, "abstractNumId") or ""
            key = by_style.get(links.get(key, ""), key)
            levels = dict(self._abstract.get(key, {}))
            restarts: dict[int, int] = {}
            for override in children(node, "lvlOverride"):
                at = _int(attribute(override, "ilvl"))
                if (own := child(override, "lvl")) is not None:
                    levels[at] = _level(own)[1]
                if (start := _value(override, "startOverride")) is not None:
                    restarts[at] = _int(start, 1)
            self._lists[attribute(node, "numId") or ""] = (key, levels, restarts)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style; 0 where none says so."""
        levels = self._lists.get(list_id, ("", {}, {}))[1]
        return next((at for at, level in levels.items() if level.style == style), 0)

    def label(self, list_id: str, at: int) -> str:
        """Count one item and return its number as printed, with the blank that parts it from the text; "" for none."""
        if list_id not in self._lists or not 0 <= at < _MAX_LEVELS:
            return ""
        key, levels, restarts = self._lists[list_id]
        counters = self._counters.setdefault(key, {})
        if at in restarts and (list_id, at) not in self._begun:
            counters.pop(at, None)
        self._begun.add((list_id, at))
        level = levels.get(at, Level())
        first = restarts.get(at, level.start)
        counters[at] = counters[at] + 1 if at in counters else first
        for deeper in [n for n in counters if n > at]:
            restart = levels.get(deeper, Level()).restart
            if restart is None or at < restart:
                del counters[deeper]
        if level.fmt in ("none", "bullet"):
            return ""  # a bullet is a mark, not text: most are characters of a symbol font

        def number(found: re.Match[str]) -> str:
            n = int(found[1]) - 1
            shown = levels.get(n, Level())
            return number_to_text(counters.get(n, shown.start), "decimal" if level.legal else shown.fmt)

        words = re.sub(r"%([1-9])", number, level.text)
        # 1. or 1 before 2024年: without a blank the two numbers would run together
        return f"{words} " if words and words[-1].isascii() and level.suffix != "nothing" else words


def number_to_text(n: int, fmt: str) -> str:
    """A number in a format of ST_NumberFormat; decimal for those not known.

    number_to_text(12, "chineseCounting")  # 十二
    """
    make = _FORMATS.get(fmt)
    return make(n) if make and n >= 0 else str(n)


def _chinese(n: int) -> str:
    if not 0 < n < 10 ** len(_UNITS):
        return _digitwise(n)
    out, gap = "", False
    for place in range(3, -1, -1):
        digit = n // 10**place % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + _UNITS[place]
            gap = False
        else:
            gap = True
    return out.removeprefix("一") if 10 <= n < 20 else out


def _digitwise(n: int) -> str:
    return "".join(_DIGITS[int(d)] for d in str(n))


def _roman(n: int) -> str:
    out = ""
    for value, letters in (*_ROMAN, *_ROMAN_SMALL) if n < 4000 else ():
        out += letters * (n // value)
        n %= value
    return out or str(n)


def _letter(n: int) -> str:
    return chr(ord("A") + (n - 1) % 26) * ((n - 1) // 26 + 1) if 0 < n < 1000 else str(n)


def _circled(n: int) -> str:
    return chr(0x2460 + n - 1) if 1 <= n <= 20 else str(n)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": _digitwise,
    "japaneseDigitalTenThousand": _digitwise,
    "taiwaneseDigital": _digitwise,
    "chineseLegalSimplified": lambda n: _chinese(n).translate(_LEGAL),
    "ideographLegalTraditional": lambda n: _chinese(n).translate(_LEGAL),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: _BRANCHES[(n - 1) % 12],
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda n: f"({n})",
    "decimalEnclosedFullstop": lambda n: f"{n}.",
    "decimalFullWidth": lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "decimalZero": lambda n: f"{n:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda n: _letter(n).lower(),
}


def _level(node: Any) -> tuple[int, Level]:
    legal = child(node, "isLgl")
    return _int(attribute(node, "ilvl")), Level(
        fmt=_value(node, "numFmt") or "decimal",
        text=_value(node, "lvlText") or "",
        start=_int(_value(node, "start"), 1),
        suffix=_value(node, "suff") or "tab",
        style=_value(node, "pStyle"),
        restart=None if (restart := _value(node, "lvlRestart")) is None else _int(restart, 9),
        legal=legal is not None and attribute(legal, "val") not in ("0", "false"),
    )


def _value(node: Any, name: str) -> str | None:
    found = child(node, name)
    return None if found is None else attribute(found, "val")


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default
