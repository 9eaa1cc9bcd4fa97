"""What a parsed pattern tells of its matches: words that each holds, the characters that it begins and ends with.

All of it holds for every match, whatever else the pattern demands; where the pattern does not tell, nothing is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache, reduce
from operator import or_
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_MOST_WORDS = 24  # alternatives that are looked for; more say little
_MOST_CHARACTERS = 1000  # of a set that begins or ends a match; one of all Han characters says little
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_ZERO_WIDTH = (op.AT, op.ASSERT, op.ASSERT_NOT)


class Held(NamedTuple):
    """Words of which every match holds one, at most `reach` characters behind its beginning."""

    words: tuple[str, ...] = ()
    reach: int = 0


NONE_HELD = Held()


def needed_words(tree: Any) -> tuple[str, ...]:
    """Words of which every match of a parsed pattern holds at least one; none where the pattern does not tell.

    >>> needed_words(parser.parse("(?:市|区).{0,9}(?:领导小组(?:办公室)?|专班)"))
    ('领导小组', '专班')
    """
    return () if tree.state.flags & re.IGNORECASE else held_words(tree, math.inf).words


def held_words(tree: Any, farthest: float) -> Held:
    """The most telling words of a sequence that stand near enough: the longest, then the fewest, then the last."""
    best = NONE_HELD
    run, begun, before = "", 0, 0  # a run of characters, where it begins at most, and where the next part does
    for kind, value in (*tree, (op.ANY, None)):
        if kind is op.LITERAL:
            begun = begun if run else before
            run += chr(value)
            before += 1
            continue
        if run:
            best = _better(best, Held((run,), begun), farthest)
            run = ""
        if kind is op.SUBPATTERN and not value[1] & re.IGNORECASE:
            best = _better(best, _behind(before, held_words(value[3], farthest)), farthest)
        elif kind is op.ATOMIC_GROUP:
            best = _better(best, _behind(before, held_words(value, farthest)), farthest)
        elif kind is op.ASSERT and value[0] > 0:  # looks ahead; what is looked back at may stand before the stretch
            best = _better(best, _behind(before, held_words(value[1], farthest)), farthest)
        elif kind in _REPEATS and value[0]:
            best = _better(best, _behind(before, held_words(value[2], farthest)), farthest)
        elif kind is op.BRANCH:
            ways = [held_words(way, farthest) for way in value[1]]
            words = tuple(dict.fromkeys(word for way in ways for word in way.words))
            if all(way.words for way in ways) and len(words) <= _MOST_WORDS:
                best = _better(best, Held(words, before + max(way.reach for way in ways)), farthest)
        before += _longest_of(tree, kind, value)
    return best


def _behind(before: int, held: Held) -> Held:
    return held._replace(reach=before + held.reach)


def _longest_of(tree: Any, kind: Any, value: Any) -> int:
    """How many characters a part of a pattern matches at most."""
    return 1 if value is None else int(parser.SubPattern(tree.state, [(kind, value)]).getwidth()[1])


def _better(one: Held, other: Held, farthest: float) -> Held:
    if not other.words or other.reach > farthest:
        return one
    return other if not one.words or _tells(other.words) >= _tells(one.words) else one


def _tells(words: tuple[str, ...]) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def skips(tree: Any) -> bool:
    """Whether `re` itself passes over what cannot open a match: where all alternatives begin with a character."""
    from re import _compiler as compiler  # type: ignore[attr-defined]

    flags = tree.state.flags
    try:
        return bool(compiler._get_literal_prefix(tree, flags)[0] or compiler._get_charset_prefix(tree, flags))  # noqa: SLF001
    except AttributeError:  # another Python: it is only a matter of time
        return False


def may_be_empty(tree: Any) -> bool:
    """Whether a match may have no character, as far as the pattern tells."""
    return _opening(tree).may_be_empty


def first_characters(tree: Any) -> re.Pattern[str] | None:
    """What can open a match: its first character, with the second where every match has two; None for anything."""
    found = _opening(tree)
    if found.first is None or found.may_be_empty or tree.state.flags & re.IGNORECASE:
        return None
    second = "" if found.second is None or found.may_be_single else _set(found.second)
    return re.compile(_set(found.first) + second)


def is_at_end(tree: Any) -> bool:
    """Whether every match of a sequence ends where the text does, or at a line end that ends it."""
    if not len(tree) or tree.state.flags & re.MULTILINE:
        return False
    kind, value = tree[-1]
    if kind is op.AT:
        return value in (op.AT_END, op.AT_END_STRING)
    if kind is op.SUBPATTERN and not value[1] & re.MULTILINE:
        return is_at_end(value[3])
    return kind is op.BRANCH and all(map(is_at_end, value[1]))


def ways_of(tree: Any) -> list[Any]:
    """The alternatives of a parsed pattern; it is its own where it has none."""
    while len(tree) == 1 and tree[0][0] is op.SUBPATTERN and not tree[0][1][1]:
        tree = tree[0][1][3]
    return list(tree[0][1][1]) if len(tree) == 1 and tree[0][0] is op.BRANCH else [tree]


def edge_characters(tree: Any, *, backwards: bool = False) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """The first and second characters of a match, or its last and last but one.

    None for too many, and where a match may be empty or, of the second, a single character.
    """
    found = _opening(tree, backwards=backwards)
    if tree.state.flags & re.IGNORECASE or found.may_be_empty:
        return None, None
    return _all_of(found.first), None if found.may_be_single else _all_of(found.second)


def _all_of(parts: Iterable[str] | None) -> frozenset[str] | None:
    out: set[str] = set()
    for part in dict.fromkeys(parts or ()):
        if part in (r"\d", r"\s"):
            out |= _class(part)
        elif span := _SPAN.fullmatch(part):
            out.update(map(chr, range(ord(span[1][-1]), ord(span[2][-1]) + 1)))
        elif part == r"\w":
            return None
        else:
            out.add(part[-1])
        if len(out) > _MOST_CHARACTERS:
            return None
    return None if parts is None else frozenset(out)


_SPAN = re.compile(r"(?s)(\\?.)-(\\?.)")


@cache
def _class(name: str) -> frozenset[str]:
    r"""The characters of \d or \s; no digit and no blank has a higher place than these."""
    return frozenset(re.findall(name, "".join(map(chr, range(0x20000)))))


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


def _opening(tree: Iterable[tuple[Any, Any]], *, backwards: bool = False) -> _Opening:
    """That of a sequence; read backwards what it ends with."""
    out = _NOTHING
    for kind, value in reversed(list(tree)) if backwards else tree:
        if kind not in _ZERO_WIDTH:
            out = out.then(_opening_of(kind, value, backwards=backwards))
            if not out.may_be_empty and not out.may_be_single:
                break  # what comes behind is neither
    return out


def _opening_of(kind: Any, value: Any, *, backwards: bool) -> _Opening:
    if kind is op.LITERAL:
        return _Opening((re.escape(chr(value)),), may_be_empty=False, may_be_single=True)
    if kind is op.IN:
        found = _of_set(value)
        return _Opening(None if found is None else tuple(found), may_be_empty=False, may_be_single=True)
    if kind in (op.ANY, op.NOT_LITERAL):
        return _Opening(None, may_be_empty=False, may_be_single=True)
    if kind is op.SUBPATTERN and not value[1] & re.IGNORECASE:
        return _opening(value[3], backwards=backwards)
    if kind is op.ATOMIC_GROUP:
        return _opening(value, backwards=backwards)
    if kind in _REPEATS:
        least, most, repeated = value
        one = _opening(repeated, backwards=backwards)
        more = one.then(one) if most > 1 else one  # of three the first two count
        return more if least > 1 else one | more if least else _NOTHING | one | more
    if kind is op.BRANCH:
        first, *others = (_opening(way, backwards=backwards) for way in value[1])
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
