"""A name of bodies taken apart at what ties its pieces."""

from __future__ import annotations

import re
from functools import lru_cache

_OPEN, _CLOSE = "（(〈<《“〔【", "）)〉>》”〕】"
_MARKS = re.compile(rf"[{_OPEN}{_CLOSE}、，,；;/\n\t ]")


def pieces_of(text: str) -> list[str]:
    """The pieces between separators outside brackets."""
    return [text[a:b] for a, b in piece_spans(text)]


@lru_cache(maxsize=1024)  # a list is looked at from several sides
def piece_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The same as half-open stretches, blanks at the edges left out."""
    out: list[tuple[int, int]] = []
    depth = begin = 0
    for mark in _MARKS.finditer(text):
        char = mark[0]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0:
            _put(out, text, begin, mark.start())
            begin = mark.end()
    _put(out, text, begin, len(text))
    return tuple(out)


def _put(out: list[tuple[int, int]], text: str, a: int, b: int) -> None:
    while a < b and text[a] in " \u3000\n。：:":
        a += 1
    while b > a and text[b - 1] in " \u3000\n。：:":
        b -= 1
    if b > a:
        out.append((a, b))
