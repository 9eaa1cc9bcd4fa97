"""Typing errors in a query: who types by sound writes 一战式 for 一站式.

Where two characters stand side by side that no passage has so, one of them may be written for another of the same
sound: it is taken so where enough passages have the other one between its neighbours, more than have what was written
in part. What was written is looked for as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kg.core.sounds import homophones
from kg.core.text import CJK

_RUN = re.compile(rf"[{CJK}]{{2,}}")
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|「[^「」]*」|《[^《》]*》")
_FEWEST = 3  # passages that must have what it is read as
_SHARE = 0.25  # of the passages that have the rarer of its pairs
_TIMES = 4  # as many as have the other pair of what was written
_MOST = 3  # errors of one query

Count = Callable[[str], int]
"""How many passages hold a term (two characters), or a phrase."""


def corrected(text: str, frequency: Count, holding: Count) -> Iterator[tuple[str, str]]:
    """What is misspelt in a text, and how it is read: three characters each.

    `frequency` counts passages that hold a pair of characters, `holding` those that hold a phrase.
    """
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    found, read_to = 0, 0
    for run in _RUN.finditer(text):
        if any(start < run.end() and run.start() < end for start, end in quoted):
            continue
        for at in range(run.start(), run.end() - 1):
            if at < read_to or found == _MOST or frequency(text[at : at + 2]):
                continue
            best = max(_readings(text, at, run.span(), frequency, holding), default=None)
            if best is not None:
                _, start, written, read = best
                yield written, read
                found, read_to = found + 1, start + len(read)


def _readings(
    text: str, at: int, run: tuple[int, int], frequency: Count, holding: Count
) -> Iterator[tuple[float, int, str, str]]:
    """What the pair at a place may have been meant for, with what speaks for it."""
    for place in (at, at + 1):
        start, end = max(run[0], place - 1), min(run[1], place + 2)
        if end - start < 3:
            continue  # two characters alone tell too little
        known = max(frequency(text[start : place + 1]), frequency(text[place:end]))
        for other in homophones(text[place]):
            read = f"{text[start:place]}{other}{text[place + 1 : end]}"
            rarer = min(frequency(read[:2]), frequency(read[1:]))
            least = max(_FEWEST, _SHARE * rarer, _TIMES * known)
            if rarer >= least and (held := holding(read)) >= least:
                yield held / rarer, start, text[start:end], read
