"""Typing errors: a stretch that no document has, but that sounds like a name that one does."""

from __future__ import annotations

from kg.ask.library import Names
from kg.core.sounds import sound

_LONGEST, _SHORTEST = 10, 3
_GRAMMAR = frozenset("给的了在是和有吗由与及将把被过得地着说问谁哪什怎么多少几会要能到从对向办搞做")


def mend(text: str, names: Names) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The mended text and the pairs (as typed, as understood): 一战式 is 一站式.

    Only stretches with a pair of characters that no held document has are looked at, so a right name stays.
    """
    mended: list[tuple[str, str]] = []
    for _ in range(3):
        found = _first(text, names)
        if found is None:
            break
        mended.append(found)
        text = text.replace(found[0], found[1], 1)
    return text, tuple(mended)


def _first(text: str, names: Names) -> tuple[str, str] | None:
    odd = [at for at in range(len(text) - 1) if _odd(text[at : at + 2], names)]
    if not odd:
        return None
    sounds = [sound(char) for char in text]
    for size in range(min(_LONGEST, len(text)), _SHORTEST - 1, -1):
        for at in range(len(text) - size + 1):
            window = text[at : at + size]
            if not any(at <= here < at + size - 1 for here in odd):
                continue
            right = names.lexicon.terms.get(" ".join(sounds[at : at + size]))
            if right and right != window and sum(a == b for a, b in zip(window, right, strict=False)) * 2 >= size:
                return window, right
    return None


def _odd(pair: str, names: Names) -> bool:
    return all("\u4e00" <= char <= "\u9fff" for char in pair) and not (
        names.weights.known(pair) or set(pair) & _GRAMMAR
    )
