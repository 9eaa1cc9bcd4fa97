"""Numbers as written to their values, and back: 十二, 两, 三百二十, 1.1万, 1,000, ２０, 百余, 四分之三, 三成五.

`parse_number` reads one numeral; the strings below are the parts of which `quantities` composes its pattern. No part
can match more than a few dozen characters, so that a text that is one run of digits is still read in linear time.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

DIGITS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
}
# the zero between Chinese digits as it is typed: a digit, a circle, a Latin, Greek or Cyrillic O
_ZEROS = str.maketrans(dict.fromkeys("0○◯OОΟ", "〇"))
_HAN_DIGIT = re.compile("[一二三四五六七八九]")
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}

# 壹, 陆, 伍 … are also parts of names (陆家嘴): a numeral in running text does not begin with them
PLAIN_HAN = "〇零○一二两三四五六七八九十百千万亿"
_D = "[0-9０-９]"
# a number begins where no digit stands before it, and is never cut short: 1234567890123 is not 3
ARABIC = (
    rf"(?<![0-9０-９.．])(?:{_D}{{1,3}}(?:[,，]{_D}{{3}}){{1,4}}+(?![0-9０-９])(?:[.．]{_D}{{1,6}}+)?"
    rf"|{_D}{{1,12}}+(?:[.．]{_D}{{1,6}}+)?(?![0-9０-９]))"
)
HAN_NUMBER = rf"(?<![{PLAIN_HAN}])[{PLAIN_HAN}]{{1,12}}+(?:点[{PLAIN_HAN}]{{1,6}}+)?(?![{PLAIN_HAN}])"

_ARABIC_WITH_MULTIPLIER = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,12})?)([十百千万亿]{0,4})")
_BLANKS = re.compile(r"[\s,，]")
_HEDGES = re.compile(r"[余多来]")
_TENTH = 10.0
_IN_LABEL = re.compile(r"[0-9]{1,9}|[〇零一二三四五六七八九十百千两]{1,9}")
_CHINESE = "零一二三四五六七八九"
_GREATEST = 10_000


@lru_cache(maxsize=8192)
def parse_number(text: str) -> float | None:
    """The value of a numeral as written, or None when it is not one exact numeral (数百, 几十, 一二).

    A hedge inside the numeral (百余, 1万多, 10余万) is passed over: the value is the bound that it names.
    Four or more digits in a row without multipliers are read one by one (二〇二四 = 2024).
    """
    plain = _HEDGES.sub("", unicodedata.normalize("NFKC", _BLANKS.sub("", text)))
    plain = plain.translate(_ZEROS) if _HAN_DIGIT.search(plain) else plain
    arabic = _ARABIC_WITH_MULTIPLIER.fullmatch(plain)
    if arabic:
        value = float(arabic[1])
        for char in arabic[2]:
            value *= TENS.get(char) or MYRIADS[char]
        # 1.1 * 10000 is 11000.000000000002 in binary; no written numeral has more than six decimals
        return round(value, 6)
    whole, dot, fraction = plain.partition("点")
    value_or_none = _han_integer(whole)
    if value_or_none is None or not dot:
        return value_or_none
    if not fraction or any(c not in DIGITS for c in fraction):
        return None
    return float(f"{value_or_none:.0f}." + "".join(str(DIGITS[c]) for c in fraction))


def whole_number(text: str) -> int | None:
    """A numeral as an integer (一百二十, 120, 二〇二四); None where it is none."""
    value = parse_number(text)
    return None if value is None else int(value)


def label_number(label: str) -> int | None:
    """The number of a label (第二十三条之一 23, （三） 3, 12. 12, ⑫ 12, ⑶ 3); None where it has none."""
    found = _IN_LABEL.search(unicodedata.normalize("NFKC", label))
    return whole_number(found[0]) if found else None


def number_to_chinese(number: int) -> str:
    """120 -> 一百二十, 15 -> 十五; `ValueError` beyond 1 to 9,999."""
    if not 0 < number < _GREATEST:
        raise ValueError(f"{number} is not between 1 and {_GREATEST - 1}")
    out, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if pending else "") + _CHINESE[digit] + name
            pending = False
        elif out and number:
            pending = True
    return out.removeprefix("一") if out.startswith("一十") else out


def parse_fraction(numerator: str, denominator: str) -> float | None:
    """四分之三, 2/3 as a share in per cent, to two decimals; None where it is none (分母 0, or larger than one).

    >>> parse_fraction("三", "四")
    75.0
    """
    above, below = parse_number(numerator), parse_number(denominator)
    if above is None or not below or above > below:
        return None
    return round(100 * above / below, 2)


def parse_tenths(tenths: str, half: str | None = None) -> float | None:
    """三成 -> 30, 三成五 -> 35, 两成半 -> 25 (per cent); None above ten tenths."""
    value = parse_number(tenths)
    rest = 0.5 * _TENTH if half == "半" else float(DIGITS.get(half or "", 0))
    return None if value is None or not 0 < value <= _TENTH else value * _TENTH + rest


def _han_integer(text: str) -> float | None:
    """十二 -> 12; None for anything that is not a well-formed integer."""
    if not text or any(c not in DIGITS and c not in TENS and c not in MYRIADS for c in text):
        return None
    if all(c in DIGITS for c in text):
        if len(text) in (2, 3) and "〇" not in text and "零" not in text:
            return None  # 一二, 两三: a guess, not a number
        return float("".join(str(DIGITS[c]) for c in text))
    total = section = 0.0
    digit: float | None = None
    last_unit = 10_000.0
    for char in text:
        if char in DIGITS:
            if digit not in (None, 0.0):
                return None  # 十二三
            digit = float(DIGITS[char])
        elif char in TENS:
            unit = float(TENS[char])
            if unit >= last_unit:
                return None  # 十百 is no order of magnitude
            section += (1.0 if digit is None else digit) * unit
            digit, last_unit = None, unit
        else:
            unit = float(MYRIADS[char])
            section += digit or 0.0
            if section == 0.0 and total == 0.0:
                section = 1.0
            total = (total + section) * unit if char == "亿" else total + section * unit
            section, digit, last_unit = 0.0, None, 10_000.0
    return total + section + (digit or 0.0)
