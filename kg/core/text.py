"""Small text helpers that several packages need. Each is pure and total."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"


def fold(text: str) -> str:
    """NFKC and lower case, one character for one character where NFKC allows it.

    Characters whose NFKC form is longer than one (… ㈠ ½) are left alone, so that offsets stay valid.
    """
    out = []
    for char in text:
        folded = unicodedata.normalize("NFKC", char).lower()
        out.append(folded if len(folded) == 1 else char)
    return "".join(out)


def squeeze(text: str) -> str:
    """Remove every blank between two non-Latin characters; collapse the others to one space."""
    if " " not in (text := " ".join(text.split())):
        return text
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)


def merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches in order, those that touch or overlap made one, empty ones left out."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif start < end:
            out.append((start, end))
    return tuple(out)


def in_order(short: str, name: str) -> bool:
    """Whether the characters of a short form stand in a name in this order: 市场监管总局, 国家市场监督管理总局."""
    rest = iter(name)
    return all(char in rest for char in short)
