"""Pages of printed lines to a document: running heads taken out, wrapped lines joined where the page shows it.

Where paragraphs are indented, the page itself tells them apart: a line goes on the one above that reached the right
margin, unless it is indented. Elsewhere `layout` decides by the words, as for text files.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.pieces import Piece, pieces_to_raw
from ingest.readers.printed import PrintedLine

_EDGE_LINES = 3  # lines at the top and the bottom of a page that may be running heads
_SAME_PLACE = 0.6  # of a line's height
_REPEATED = 0.4  # of the pages: odd and even pages may differ
_MIN_PAGES = 3
_INDENT = 1.2  # em: more is no slack of the margin
_FIRST_LINE = (1.5, 2.6)  # em: paragraphs are indented by two; titles and signatures stand anywhere
_SLACK = 0.4  # em: what margins measured from printed characters may be off
_OTHER_SIZE = 0.15  # em: another size of type is another element
_INDENTED = 0.08  # share of lines; below it, paragraphs are set without indents
_MIN_LINES = 8
_PAGE_NUMBER = re.compile(r"[-—–－·•\s]*\d{1,4}[-—–－·•\s]*")
# What is never divided: a Latin word, number or address, or one Han character, with the punctuation around it.
_WORD = re.compile(r"[“‘（《〈〔【]*(?:[!-~]+|.)[”’）》〉〕】，。、；：！？]*")
_LATIN = 0.55  # em: the width of half-width characters, about


def pages_to_raw(pages: Sequence[Sequence[PrintedLine]], metadata: dict[str, str] | None = None) -> RawDocument:
    """All lines of all pages, numbered from 1, without running heads and page numbers."""
    heads = running_heads(pages)
    lines = [
        (number + 1, line)
        for number, page in enumerate(pages)
        for i, line in enumerate(page)
        if (number, i) not in heads
    ]
    plain = [line for _, line in lines if line.kind is LineKind.TEXT]
    left, right = _margins(plain)
    indented = sum(_FIRST_LINE[0] < (line.x0 - left) / line.em < _FIRST_LINE[1] for line in plain)
    if len(plain) < _MIN_LINES or indented < _INDENTED * len(plain):
        pieces = [Piece(line.text, line.kind, page=page) for page, line in lines]
        return pieces_to_raw(pieces, wrapped=True, metadata=metadata)
    return pieces_to_raw(_joined(lines, left, right), wrapped=False, metadata=metadata)


def _joined(lines: Iterable[tuple[int, PrintedLine]], left: float, right: float) -> list[Piece]:
    """Paragraphs; one that goes on over a page keeps the page that it begins on."""
    out: list[Piece] = []
    last: PrintedLine | None = None
    for page, line in lines:
        if last is not None and _goes_on(last, line, left, right):
            ends = out[-1].text[-1:] + line.text[:1]
            both = ends.isascii() and ends.isalnum()
            out[-1] = Piece(out[-1].text + (" " if both else "") + line.text, page=out[-1].page)
        else:
            out.append(Piece(line.text, line.kind, page=page))
        last = line
    return out


def _goes_on(last: PrintedLine, line: PrintedLine, left: float, right: float) -> bool:
    if LineKind.ROW in (last.kind, line.kind) or _is_indented(line, left):
        return False
    if abs(line.em - last.em) > _OTHER_SIZE * last.em:
        return False
    # The line is full if what the next one begins with had no room in it.
    word = _WORD.match(line.text)
    wide = sum(_LATIN if c.isascii() else 1.0 for c in word[0]) if word else 0.0
    return right - last.x1 < (wide + _SLACK) * last.em


def _margins(lines: Sequence[PrintedLine]) -> tuple[float, float]:
    """The left edge that most lines share, and the right one that full lines reach."""
    if not lines:
        return 0.0, 0.0
    lefts = Counter(round(line.x0) for line in lines)
    often = [x for x, n in lefts.items() if n >= max(2, 0.1 * len(lines))]
    rights = sorted(line.x1 for line in lines)
    return min(often or lefts), rights[int(0.9 * (len(rights) - 1))]


def _is_indented(line: PrintedLine, left: float) -> bool:
    return line.x0 - left > _INDENT * line.em


def running_heads(pages: Sequence[Sequence[PrintedLine]]) -> set[tuple[int, int]]:
    """(page, line), from 0: page numbers, and what stands at the same place of many pages."""
    places: dict[str, list[tuple[int, int, PrintedLine]]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for page, lines in enumerate(pages):
        for i, line in enumerate(lines):
            if line.kind is LineKind.TEXT and (i < _EDGE_LINES or i >= len(lines) - _EDGE_LINES):
                places[re.sub(r"\d+", "#", line.text)].append((page, i, line))
                if i in (0, len(lines) - 1) and _PAGE_NUMBER.fullmatch(line.text):
                    found.add((page, i))
    for entries in places.values():
        middle = statistics.median(line.top for _, _, line in entries)
        same = [e for e in entries if abs(e[2].top - middle) <= _SAME_PLACE * (e[2].bottom - e[2].top)]
        if len({page for page, _, _ in same}) >= max(_MIN_PAGES, _REPEATED * len(pages)):
            found |= {(page, i) for page, i, _ in same}
    return found
