"""Words of a text that are found again in a later version of it (W3C Web Annotation: quote, context and position)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTEXT = 32  # characters kept on either side, as the Web Annotation clients do
_LONGEST = 4_000  # characters of a quote that is looked for with other blanks in it
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quote with what stood around it, and where."""

    quote: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """The anchor of `text[start:end]`."""
    return Anchor(text[start:end], start, end, text[max(start - _CONTEXT, 0) : start], text[end : end + _CONTEXT])


def locate(anchor: Anchor, text: str) -> tuple[int, int] | None:
    """Where the words stand in a text now; None where they do not.

    Of several places the one whose surroundings agree best, then the nearest to where they stood. Blanks and line
    breaks may differ: a reader that joins lines better changes nothing that a person said.
    """
    found = _exact(anchor.quote, text) or _but_for_blanks(anchor.quote, text)
    if not found:
        return None
    return min(found, key=lambda span: (-_agreement(anchor, text, *span), abs(span[0] - anchor.start), span))


def _exact(quote: str, text: str) -> list[tuple[int, int]]:
    if not quote:
        return []
    found, at = [], text.find(quote)
    while at >= 0:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def _but_for_blanks(quote: str, text: str) -> list[tuple[int, int]]:
    letters = _BLANKS.sub("", quote)
    if not letters or len(letters) > _LONGEST:
        return []
    pattern = re.compile(r"\s*".join(map(re.escape, letters)))
    return [match.span() for match in pattern.finditer(text)]


def _agreement(anchor: Anchor, text: str, start: int, end: int) -> int:
    """How many characters before and after are as they were."""
    before = text[max(start - len(anchor.prefix), 0) : start]
    after = text[end : end + len(anchor.suffix)]
    return _common(anchor.prefix[::-1], before[::-1]) + _common(anchor.suffix, after)


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
