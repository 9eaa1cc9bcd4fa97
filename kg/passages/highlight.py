"""Which characters of a passage answer the query."""

from __future__ import annotations

import re
from operator import add

from kg.core.text import CJK
from kg.passages.tokens import normalise_aligned

_RUN = re.compile(rf"[{CJK}]+|[a-z]+|\d+(?:\.\d+)?")


class Highlighter:
    """Marks what passages share with one query."""

    def __init__(self, query: str) -> None:
        self._units: set[str] = set()  # bigrams of Han characters; whole Latin words, numbers, lone characters
        for run in _RUN.findall(normalise_aligned(query)):
            if run[0].isascii() or len(run) == 1:
                self._units.add(run)
            else:
                self._units.update(map(add, run, run[1:]))

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Half-open spans of a text, ascending and disjoint; `folded` is the text as `normalise_aligned` gives it.

        >>> Highlighter("质量开放日").spans("组织百家企业“质量开放日”活动")
        [(7, 12)]
        """
        spans = []
        for unit in [unit for unit in self._units if unit in folded]:
            at = folded.find(unit)
            while at >= 0:
                spans.append((at, at + len(unit)))
                at = folded.find(unit, at + 1)
        return _merged(sorted(spans))


def highlights(query: str, text: str) -> list[tuple[int, int]]:
    """Spans of one text as it is written: `Highlighter`."""
    return Highlighter(query).spans(normalise_aligned(text))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order of their start, those that touch made one."""
    merged: list[tuple[int, int]] = []
    first = last = -1
    for start, end in spans:
        if start > last:
            if last >= 0:
                merged.append((first, last))
            first, last = start, end
        elif end > last:
            last = end
    if last >= 0:
        merged.append((first, last))
    return merged
