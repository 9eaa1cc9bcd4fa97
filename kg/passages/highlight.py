"""Which characters of a passage answer the query."""

from __future__ import annotations

import re

from kg.core.text import CJK
from kg.passages.tokens import normalise_aligned

_RUN = re.compile(rf"[{CJK}]+|[a-z]+|\d+(?:\.\d+)?")


def highlights(query: str, text: str) -> list[tuple[int, int]]:
    """Half-open spans of `text`, ascending and disjoint: runs of two or more characters that the query also has.

    >>> highlights("质量开放日", "组织百家企业“质量开放日”活动")
    [(7, 12)]
    """
    folded = normalise_aligned(text)
    units: set[str] = set()
    for run in _RUN.findall(normalise_aligned(query)):
        single = run[0].isascii() or len(run) == 1
        units |= {run} if single else {run[i : i + 2] for i in range(len(run) - 1)}
    spans: list[tuple[int, int]] = []
    for unit in units:
        at = folded.find(unit)
        while at >= 0:
            spans.append((at, at + len(unit)))
            at = folded.find(unit, at + 1)
    return _merged(spans)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
