"""Titles in 《》: nested marks, marks that nobody closes, titles over a line break."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.core.text import squeeze

_LONGEST = 150
_INNER = re.compile(r"[^《》。；\n\t]{1,150}》")


@dataclass(frozen=True, slots=True)
class QuotedTitle:
    """A title in 《》: `start`/`end` with the marks, `title` without them."""

    start: int
    end: int
    title: str


def titles_in(text: str) -> list[QuotedTitle]:
    """The outermost 《…》, nested marks kept inside; a mark that nobody closes within its paragraph is skipped.

    >>> [t.title for t in titles_in("你们《关于呈报〈甲规划〉的请示》收悉")]
    ['关于呈报〈甲规划〉的请示']
    """
    out: list[QuotedTitle] = []
    position = 0
    while (start := text.find("《", position)) >= 0:
        end = _closing(text, start)
        if end is None:
            position = start + 1
            continue
        out.append(QuotedTitle(start, end + 1, squeeze(text[start + 1 : end])))
        position = end + 1
    return out


def _closing(text: str, start: int) -> int | None:
    depth = breaks = 0
    for i in range(start, min(len(text), start + _LONGEST)):
        char = text[i]
        if char == "《":
            depth += 1
        elif char == "》":
            depth -= 1
            if depth == 0:
                return i
        elif char == "\n" and text[start:i].rstrip(" \u3000")[-1:] != "\n":
            breaks += 1  # blank lines between the halves of a title are one break
            if breaks > 1:
                break
        elif char in "。；\t":
            break
    # 《A《B》 with one mark missing: the nearest 》 closes, unless another title opens before it
    inner = _INNER.match(text, start + 1)
    return inner.end() - 1 if inner else None
