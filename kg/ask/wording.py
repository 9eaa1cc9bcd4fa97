"""One place where answers are put into words: short titles, folded lists, numbered sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.ask.library import Library
from kg.ask.model import Citation
from kg.core.model import Document

_FOLD = 12  # members of a list that are written out
_ENDS = "。！？；\n\t"
LONGEST_QUOTE = 300
_FILE = re.compile(r"\.[A-Za-z]{2,5}$")


def listed(names: Iterable[str], *, unit: str = "", fold: int = _FOLD) -> str:
    """甲、乙、丙; a long list as its first members and how many there are, which is the complete number."""
    every = list(dict.fromkeys(name for name in names if name))
    if len(every) <= fold:
        return "、".join(every)
    return f"{'、'.join(every[:fold])}等{len(every)}{unit or '项'}"


def titled(title: str) -> str:
    """A title as it is written the first time; the name of a file that has none."""
    if _FILE.search(title):
        return f"文件“{title}”"
    return title if title.startswith("《") else f"《{title}》" if "《" not in title else title


def dated(iso: str) -> str:
    """2024-09-05 as 2024年9月5日."""
    parts = iso.split("-")
    units = ("年", "月", "日")
    return (
        "".join(f"{int(part)}{unit}" for part, unit in zip(parts, units, strict=False)) if parts[0].isdigit() else iso
    )


class Sources:
    """The quotes behind an answer, numbered in the order in which they are first cited."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.citations: list[Citation] = []

    def cite(self, document_id: str, start: int, end: int, *, whole: bool = True) -> str:
        """The mark [n] of a stretch of a document; the sentence around it is quoted unless it is `whole` already."""
        document = self._library.document(document_id)
        if whole:
            start, end = sentence_around(document.text, start, end)
        for number, known in enumerate(self.citations, 1):
            if known.document_id == document_id and known.start <= start and end <= known.end:
                return f"[{number}]"
        self.citations.append(_citation(document, start, end))
        return f"[{len(self.citations)}]"

    def cite_all(self, places: Sequence[tuple[str, int, int]], *, most: int = 3, whole: bool = True) -> str:
        """The marks of several stretches."""
        return "".join(dict.fromkeys(self.cite(*place, whole=whole) for place in places[:most]))


def _citation(document: Document, start: int, end: int) -> Citation:
    return Citation(document.id, document.source, document.text[start:end], start, end, document.page_of(start))


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence (or table cell, or line) that holds a stretch of text; at most `LONGEST_QUOTE` longer."""
    low, high = start, end
    while low > 0 and text[low - 1] not in _ENDS and start - low < LONGEST_QUOTE:
        low -= 1
    while high < len(text) and text[high - 1] not in _ENDS and high - end < LONGEST_QUOTE:
        high += 1
    while low < start and text[low].isspace():
        low += 1
    while high > end and text[high - 1].isspace():
        high -= 1
    return low, high
