"""Numbers in both writings: 三十日 and 30日, 第一百二十条 and 第120条, 百分之八十五 and 85%."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.core.numerals import number_to_chinese, parse_number

_CHINESE = "零一二三四五六七八九"
_WRITTEN = re.compile(r"(?P<a>(?<![\d.])\d{1,4}(?![\d.]))|(?P<c>[一二三四五六七八九十百千零〇两]{1,9})")
# What a number counts; without it 一 and 三 are parts of words (统一, 三农).
_COUNTED = re.compile(r"(?:个)?(?:工作日|周岁|[日天年月岁条项元倍人户家次期届款级小时名])|万|亿")
_PERCENT = re.compile(r"(?P<a>\d{1,3}(?:\.\d{1,2})?)[%％]|百分之(?P<c>[一二三四五六七八九十百零点]{1,8})")
_GREATEST = 10_000  # beyond it `number_to_chinese` writes nothing


def other_writings(text: str) -> Iterator[tuple[str, str]]:
    """Counted numbers of a text with the other way to write them: (七日, 7日)."""
    for match in _WRITTEN.finditer(text):
        counted = _COUNTED.match(text, match.end())
        number = int(parse_number(match[0]) or 0) if counted else 0
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
        elif (share := parse_number(match["c"])) is not None:
            yield match[0], f"{share:g}%"
