"""Typing errors: what no document says but sounds like, or differs in one character from, a name that one does."""

from __future__ import annotations

from kg.answer.names import Names
from kg.answer.text import grams, sound

_PAIR = 2
_LONGEST = 10
_LONGEST_NAME = 30
_GRAMMAR = frozenset("给的了在是和有吗由与及将把被过得地着说问谁哪什怎么多少几会要能到从对向办搞做")
_SHORTEST_LOOKALIKE = 4  # 质量开放曰: of two or three characters, one other character makes another word


def mend(text: str, names: Names) -> tuple[str, list[tuple[str, str]]]:
    """The mended text and the pairs (as typed, as understood).

    Only stretches with a pair of characters that is unknown to all held documents are looked at, so a right name
    is never "mended".
    """
    mended: list[tuple[str, str]] = []
    for _ in range(3):
        found = _first(text, names)
        if found is None:
            break
        wrong, right = found
        mended.append(found)
        text = text.replace(wrong, right)
    return text, mended


def _first(text: str, names: Names) -> tuple[str, str] | None:
    named = _named(text, names)
    suspicious = {i for i in range(len(text) - 1) if not (named[i] and named[i + 1]) and _odd(text[i : i + 2], names)}
    if not suspicious:
        return None
    sounds = sound(text).split(" ") if " " not in text else [sound(char) for char in text]
    for size in range(min(_LONGEST, len(text)), 1, -1):
        for at in range(len(text) - size + 1):
            window = text[at : at + size]
            if not any(i in suspicious for i in range(at, at + size - 1)) or window in names.surfaces:
                continue
            if _splits(named, at, at + size):
                continue
            right = names.sounds.get(" ".join(sounds[at : at + size]))
            if right and right != window and (size > _PAIR or _shares(window, right)):
                return window, right
    return _lookalike(text, suspicious, named, names)


def _splits(named: list[int], start: int, end: int) -> bool:
    """Whether a window begins or ends inside a right name: 东质 in 浦东质量."""
    before = start > 0 and named[start] and named[start - 1] == named[start]
    return bool(before or (end < len(named) and named[end] and named[end - 1] == named[end]))


def _named(text: str, names: Names) -> list[int]:
    """The number of the right name to which each character belongs, or 0.

    Where 吴江 meets 市场监管局, the pair 江市 is no error.
    """
    named = [0] * len(text)
    at = count = 0
    while at < len(text):
        size = next(
            (
                length
                for length in range(min(_LONGEST_NAME, len(text) - at), 1, -1)
                if text[at : at + length] in names.surfaces or text[at : at + length] in names.tails
            ),
            0,
        )
        count += bool(size)
        named[at : at + size] = [count] * size
        at += size or 1
    return named


def _odd(pair: str, names: Names) -> bool:
    found = grams(pair)
    return len(found) == 1 and len(found[0]) == _PAIR and pair[0] >= "\u3400" and not names.every.known(found[0])


def _shares(window: str, right: str) -> bool:
    """Of two characters, one must be right: 青蒲 青浦."""
    return any(a == b for a, b in zip(window, right, strict=False))


def _lookalike(text: str, suspicious: set[int], named: list[int], names: Names) -> tuple[str, str] | None:
    near = {name for pair in set(grams(text)) for name in names.spellings.get(pair, ())}
    for name in sorted(near, key=lambda n: (-len(n), n)):
        size = len(name)
        if size < _SHORTEST_LOOKALIKE or name in text:
            continue
        for at in range(len(text) - size + 1):
            window = text[at : at + size]
            other = [a for a, b in zip(window, name, strict=True) if a != b]
            odd = any(i in suspicious for i in range(at, at + size - 1))
            if (
                odd
                and not _splits(named, at, at + size)
                and len(other) == 1
                and other[0] not in _GRAMMAR
                and not other[0].isascii()
            ):
                return window, name
    return None
