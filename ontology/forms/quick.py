"""A pattern that is tried only where it can match: what each match holds and begins with, the pattern itself tells.

`re` tries an expression with alternatives, look-behinds or a lazy beginning at every position of a text. Nearly all
lines lack the words that it needs (日 of a date, 领导小组 of a group), and nearly no character can open it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_MOST_WORDS = 24  # alternatives that are looked for; more say little
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_ZERO_WIDTH = (op.AT, op.ASSERT, op.ASSERT_NOT)


class Quick:
    """Searches as its pattern does, with the same results."""

    __slots__ = ("_first", "_needed", "_word", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        tree = parser.parse(pattern.pattern, pattern.flags)
        words = needed_words(tree)
        self._word = words[0] if len(words) == 1 else ""
        self._needed = re.compile("|".join(map(re.escape, words))) if len(words) > 1 else None
        self._first = None if _skips(tree) else first_characters(tree)

    def may_match(self, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
        """Whether a stretch holds what every match holds."""
        if self._word:
            return text.find(self._word, start, end) >= 0
        return self._needed is None or self._needed.search(text, start, end) is not None

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match at `start`."""
        return self.pattern.match(text, start, end) if self.may_match(text, start, end) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        return self.pattern.fullmatch(text) if self.may_match(text) else None

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match."""
        return self.pattern.search(text, start, end) if self.may_match(text, start, end) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """All matches, sought at the characters that can open one."""
        if not self.may_match(text, start, end):
            return
        if self._first is None:
            yield from self.pattern.finditer(text, start, end)
            return
        opens, match = self._first.search, self.pattern.match
        while head := opens(text, start, end):
            found = match(text, head.start(), end)
            start = head.start() + 1
            if found is not None:
                yield found
                start = max(start, found.end())


def needed_words(tree: Any) -> tuple[str, ...]:
    """Words of which every match of a parsed pattern holds at least one; none where the pattern does not tell.

    >>> needed_words(parser.parse("(?:市|区).{0,9}(?:领导小组(?:办公室)?|专班)"))
    ('领导小组', '专班')
    """
    return () if tree.state.flags & re.IGNORECASE else _needed(tree)


def _needed(tree: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    """The most telling words of a sequence: the longest, then the fewest, then the last."""
    best: tuple[str, ...] = ()
    run = ""
    for kind, value in (*tree, (op.ANY, None)):
        if kind is op.LITERAL:
            run += chr(value)
            continue
        if run:
            best = _better(best, (run,))
            run = ""
        if kind is op.SUBPATTERN and not value[1] & re.IGNORECASE:
            best = _better(best, _needed(value[3]))
        elif kind is op.ATOMIC_GROUP:
            best = _better(best, _needed(value))
        elif kind is op.ASSERT and value[0] > 0:  # looks ahead; what is looked back at may stand before the stretch
            best = _better(best, _needed(value[1]))
        elif kind in _REPEATS and value[0]:
            best = _better(best, _needed(value[2]))
        elif kind is op.BRANCH:
            ways = [_needed(way) for way in value[1]]
            words = tuple(dict.fromkeys(word for way in ways for word in way))
            if all(ways) and len(words) <= _MOST_WORDS:
                best = _better(best, words)
    return best


def _better(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return other if other and (not one or _tells(other) >= _tells(one)) else one


def _tells(words: tuple[str, ...]) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _skips(tree: Any) -> bool:
    """Whether `re` itself passes over what cannot open a match: where all alternatives begin with a character."""
    from re import _compiler as compiler  # type: ignore[attr-defined]

    flags = tree.state.flags
    try:
        return bool(compiler._get_literal_prefix(tree, flags)[0] or compiler._get_charset_prefix(tree, flags))  # noqa: SLF001
    except AttributeError:  # another Python: it is only a matter of time
        return False


def first_characters(tree: Any) -> re.Pattern[str] | None:
    """What can open a match: its first character, with the second where every match has two; None for anything."""
    found = _opening(tree)
    if found.first is None or found.may_be_empty or tree.state.flags & re.IGNORECASE:
        return None
    second = "" if found.second is None or found.may_be_single else _set(found.second)
    return re.compile(_set(found.first) + second)


def _set(parts: Iterable[str]) -> str:
    return "[" + "".join(dict.fromkeys(parts)) + "]"


class _Opening(NamedTuple):
    """The first and second characters of what a part of a pattern matches, as parts of sets; None for any."""

    first: tuple[str, ...] | None = ()
    second: tuple[str, ...] | None = ()
    may_be_empty: bool = True
    may_be_single: bool = False

    def then(self, other: _Opening) -> _Opening:
        """One behind the other."""
        second = _either(self.second, other.first if self.may_be_single else ())
        return _Opening(
            _either(self.first, other.first if self.may_be_empty else ()),
            _either(second, other.second if self.may_be_empty else ()),
            self.may_be_empty and other.may_be_empty,
            (self.may_be_single and other.may_be_empty) or (self.may_be_empty and other.may_be_single),
        )

    def __or__(self, other: _Opening) -> _Opening:
        """Either of them."""
        return _Opening(
            _either(self.first, other.first),
            _either(self.second, other.second),
            self.may_be_empty or other.may_be_empty,
            self.may_be_single or other.may_be_single,
        )


_NOTHING, _ANYTHING = _Opening(), _Opening(None, None, may_be_single=True)


def _either(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if one is None or other is None else one + other


def _opening(tree: Iterable[tuple[Any, Any]]) -> _Opening:
    """That of a sequence."""
    out = _NOTHING
    for kind, value in tree:
        if kind not in _ZERO_WIDTH:
            out = out.then(_opening_of(kind, value))
            if not out.may_be_empty and not out.may_be_single:
                break  # what comes behind is neither
    return out


def _opening_of(kind: Any, value: Any) -> _Opening:
    if kind is op.LITERAL:
        return _Opening((re.escape(chr(value)),), may_be_empty=False, may_be_single=True)
    if kind is op.IN:
        found = _of_set(value)
        return _Opening(None if found is None else tuple(found), may_be_empty=False, may_be_single=True)
    if kind in (op.ANY, op.NOT_LITERAL):
        return _Opening(None, may_be_empty=False, may_be_single=True)
    if kind is op.SUBPATTERN and not value[1] & re.IGNORECASE:
        return _opening(value[3])
    if kind is op.ATOMIC_GROUP:
        return _opening(value)
    if kind in _REPEATS:
        least, most, repeated = value
        one = _opening(repeated)
        more = one.then(one) if most > 1 else one  # of three the first two count
        return more if least > 1 else one | more if least else _NOTHING | one | more
    if kind is op.BRANCH:
        first, *others = map(_opening, value[1])
        return reduce(or_, others, first)
    return _ANYTHING


_CLASSES = {op.CATEGORY_DIGIT: r"\d", op.CATEGORY_SPACE: r"\s", op.CATEGORY_WORD: r"\w"}


def _of_set(items: Iterable[tuple[Any, Any]]) -> list[str] | None:
    out: list[str] = []
    for kind, value in items:
        if kind is op.LITERAL:
            out.append(re.escape(chr(value)))
        elif kind is op.RANGE:
            out.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif kind is op.CATEGORY and value in _CLASSES:
            out.append(_CLASSES[value])
        else:
            return None
    return out
