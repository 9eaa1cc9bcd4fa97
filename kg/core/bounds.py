"""How long a text may be that someone typed or sent; what is longer is refused, never cut in silence.

All that is done with such a text takes time in proportion to its length (tests/test_bounds.py); these bounds keep that
within a second or so on a large library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.core.errors import UsageError

QUESTION = 2_000  # characters
SEARCH = 500  # a sentence or two: every pair of characters is looked up in the full text
QUERY = 200_000  # of SPARQL; a list of two thousand IRIs fits
NAME = 4_000  # of a document (its path), a body, a series; the value of a parameter

STATEMENT = 20_000  # a quote or a value of what people state of a fact


def bounded_within(value: Any, most: int, what: str) -> None:
    """The same of all texts in a value as JSON has it."""
    if isinstance(value, str):
        bounded(value, most, what)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            bounded(str(key), NAME, what)
            bounded_within(item, most, what)
    elif isinstance(value, list | tuple):
        for item in value:
            bounded_within(item, most, what)


def bounded(text: str, most: int, what: str) -> str:
    """`text`, or `UsageError`: too long (413), or with half a character in it, which no UTF-8 can carry (400)."""
    if len(text) > most:
        raise UsageError(f"{what}过长（{len(text):,} 字），上限 {most:,} 字，请缩短后重试", status=413)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{what}含有无效字符（第 {error.start + 1} 个），请改用 UTF-8 编码后重试", status=400
        ) from None
    return text
