"""Numbers in both writings: 三十日 and 30日, 第一百二十条 and 第120条, 百分之八十五 and 85%."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_CHINESE = "零一二三四五六七八九"
_WRITTEN = re.compile(r"(?P<a>(?<![\d.])\d{1,4}(?![\d.]))|(?P<c>[一二三四五六七八九十百千零〇两]{1,9})")
# What a number counts; without it 一 and 三 are parts of words (统一, 三农).
_COUNTED = re.compile(r"(?:个)?(?:工作日|周岁|[日天年月岁条项元倍人户家次期届款级小时名])|万|亿")
_PERCENT = re.compile(r"(?P<a>\d{1,3}(?:\.\d{1,2})?)[%％]|百分之(?P<c>[一二三四五六七八九十百零点]{1,8})")
_GREATEST = 10_000


def chinese_to_number(text: str) -> int | None:
    """一百二十 -> 120, 二〇二四 -> 2024; None for what is no number below ten thousand."""
    if text.isdecimal() and text.isascii():
        return int(text)
    if not text or any(char not in _DIGITS and char not in _UNITS for char in text):
        return None
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text)) if len(text) > 1 else _DIGITS[text]
    total = digit = 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


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


def other_writings(text: str) -> Iterator[tuple[str, str]]:
    """Counted numbers of a text with the other way to write them: (七日, 7日)."""
    for match in _WRITTEN.finditer(text):
        counted = _COUNTED.match(text, match.end())
        number = chinese_to_number(match[0]) if counted else None
        if number and number < _GREATEST and counted:
            other = number_to_chinese(number) if match["a"] else str(number)
            yield match[0] + counted[0], other + counted[0]
    for match in _PERCENT.finditer(text):
        if match["a"]:
            whole, _, part = match["a"].partition(".")
            if int(whole) > 0:
                yield (
                    match[0],
                    "百分之"
                    + number_to_chinese(int(whole))
                    + (f"点{''.join(_CHINESE[int(d)] for d in part)}" if part else ""),
                )
        elif (number := chinese_to_number(match["c"])) is not None:
            yield match[0], f"{number}%"
