"""Typing errors in a query: who types by sound writes 一战式 for 一站式.

Where two characters stand side by side that no passage has so, one of them may be written for another of the same
sound: it is taken so where enough passages have the other one between its neighbours, more than have what was written
in part. What was written is looked for as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.core.sounds import homophones
from kg.core.text import CJK

_RUN = re.compile(rf"[{CJK}]{{2,}}")
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|「[^「」]*」|《[^《》]*》")
_FEWEST = 3  # passages that must have what it is read as
_SHARE = 0.25  # of the passages that have the rarer of its pairs
_TIMES = 4  # as many as have the other pair of what was written
_MOST = 3  # errors of one query
_UNKNOWN = 8  # pairs that no passage has; a query with more is of something else
_WINDOW = 3  # a character between its neighbours

Frequencies = Callable[[Iterable[str]], Mapping[str, int]]
"""How many passages hold each of some pairs of characters; many are asked for at once, which a database likes best."""


def corrected(text: str, frequencies: Frequencies, holding: Callable[[str], int]) -> Iterator[tuple[str, str]]:
    """What is misspelt in a text, and how it is read: three characters each.

    `holding` counts the passages that hold a phrase.
    """
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    runs = [
        run.span()
        for run in _RUN.finditer(text)
        if not any(start < run.end() and run.start() < end for start, end in quoted)
    ]
    pairs = [(at, run) for run in runs for at in range(run[0], run[1] - 1)]
    counts = frequencies({text[at : at + 2] for at, _ in pairs})
    unknown = [_readings(text, at, run) for at, run in pairs if not counts[text[at : at + 2]]]
    if not 0 < len(unknown) <= _UNKNOWN:
        return  # most of it is of no document
    windows = {one for several in unknown for _, written, read in several for one in (written, read)}
    counts = frequencies({pair for window in windows for pair in (window[:2], window[1:])})
    found, read_to = 0, 0
    for several in unknown:
        best = max(_likely(several, counts, holding), default=None)
        if best is not None and best[1] >= read_to and found < _MOST:
            _, start, written, read = best
            yield written, read
            found, read_to = found + 1, start + len(read)


def _readings(text: str, at: int, run: tuple[int, int]) -> list[tuple[int, str, str]]:
    """What the pair at a place may have been meant for: where, what is written between its neighbours, what is read."""
    spans = [(place, max(run[0], place - 1), min(run[1], place + 2)) for place in (at, at + 1)]
    return [
        (start, text[start:end], f"{text[start:place]}{other}{text[place + 1 : end]}")
        for place, start, end in spans
        if end - start == _WINDOW  # two characters alone tell too little
        for other in homophones(text[place])
    ]


def _likely(
    several: Iterable[tuple[int, str, str]], counts: Mapping[str, int], holding: Callable[[str], int]
) -> Iterator[tuple[float, int, str, str]]:
    """Those that passages have, with what speaks for each."""
    for start, written, read in several:
        rarer = min(counts[read[:2]], counts[read[1:]])
        least = max(_FEWEST, _SHARE * rarer, _TIMES * max(counts[written[:2]], counts[written[1:]]))
        if rarer >= least and (held := holding(read)) >= least:
            yield held / rarer, start, written, read
