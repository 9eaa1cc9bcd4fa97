"""A compiled pattern as plain values, from which `re` makes the pattern again in a fiftieth of the time.

What `re.compile` takes its time for is a list of numbers for the matcher, which is of one version of Python alone;
`_sre` checks the list before it takes it.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import re
import sys
from array import array
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import msgspec

MADE_FOR = f"{sys.implementation.cache_tag} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}"
"""What the numbers are for: they mean nothing elsewhere."""

_NUMBER = "I"  # an unsigned number of four bytes, as `_sre.CODESIZE` says


class Compiled(msgspec.Struct, array_like=True):
    """What a pattern consists of; `names` are its groups with names."""

    source: str
    flags: int
    numbers: bytes
    groups: int
    names: dict[str, int]


def compiled(source: str) -> Compiled | None:
    """A pattern as values; None where this Python compiles in another way. Raises `re.error` as `re.compile` does."""
    try:
        tree: Any = parser.parse(source, 0)
        numbers = array(_NUMBER, compiler._code(tree, 0))  # noqa: SLF001
        return Compiled(source, tree.state.flags, numbers.tobytes(), tree.state.groups - 1, dict(tree.state.groupdict))
    except AttributeError:
        return None


def restored(kept: Compiled) -> re.Pattern[str]:
    """The pattern that `re.compile` gives for its source."""
    groups: list[str | None] = [None] * (kept.groups + 1)
    for name, number in kept.names.items():
        groups[number] = name
    numbers = array(_NUMBER)
    numbers.frombytes(kept.numbers)
    try:
        pattern: re.Pattern[str] = _sre.compile(
            kept.source, kept.flags, numbers.tolist(), kept.groups, kept.names, tuple(groups)
        )
    except (RuntimeError, ValueError, OverflowError):
        return re.compile(kept.source)
    return pattern
