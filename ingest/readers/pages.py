"""Pages of printed lines to a document: running heads taken out, wrapped lines joined where the page shows it.

Where paragraphs are indented, the page itself tells them apart: a line goes on the one above that reached the right
margin, unless it is indented. Elsewhere `layout` decides by the words, as for text files.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.framing import is_of_the_document, is_page_number, only_counts
from ingest.readers.pieces import Piece, pieces_to_raw
from ingest.readers.printed import PrintedLine

_EDGE_LINES = 3  # lines at the top and the bottom of a page that may be running heads
_SAME_PLACE = 0.6  # of a line's height
_REPEATED = 0.4  # of the pages: odd and even pages may differ
_MIN_PAGES = 3
_FEW = 2
_HEAD_ROWS = 2  # rows of a table's heading that may be printed again on the next page
_INDENT = 1.2  # em: more is no slack of the margin
_FIRST_LINE = (1.5, 2.6)  # em: paragraphs are indented by two; titles and signatures stand anywhere
_SLACK = 0.4  # em: what margins measured from printed characters may be off
_OTHER_SIZE = 0.15  # em: another size of type is another element
_INDENTED = 0.08  # share of lines; below it, paragraphs are set without indents
_MIN_LINES = 8
_NUMBER = re.compile(r"\d+|第\s{0,3}[一二三四五六七八九十百]{1,5}(?=\s{0,3}页)")
_SMALL = 0.8  # of the text's type: a head above it is set smaller
_APART = 1.5  # lines that it stands off
# What is never divided: a Latin word, number or address, or one Han character, with the punctuation around it.
_WORD = re.compile(r"[“‘（《〈〔【]*(?:[!-~]+|.)[”’）》〉〕】，。、；：！？]*")
_HYPHENATED = re.compile(r"[A-Za-z][a-z]+-\Z")
_LATIN = 0.55  # em: the width of half-width characters, about


def pages_to_raw(pages: Sequence[Sequence[PrintedLine]], losses: Losses | None = None) -> RawDocument:
    """All lines of all pages, numbered from 1, without running heads and page numbers."""
    losses = losses or Losses()
    heads = running_heads(pages)
    if len(heads) == sum(map(len, pages)):
        heads = set()  # nothing else stands on them
    losses.add("页眉页脚", Why.REPEATED, sum(not _only_counts(pages[page][i].text) for page, i in heads))
    lines = [
        (number + 1, line)
        for number, page in enumerate(pages)
        for i, line in enumerate(page)
        if (number, i) not in heads
    ]
    lines = _whole_rows(_without_repeated_heads(lines))
    plain = [line for _, line in lines if line.kind is LineKind.TEXT]
    left, right = _margins(plain)
    indented = sum(_FIRST_LINE[0] < (line.x0 - left) / line.em < _FIRST_LINE[1] for line in plain)
    if len(plain) < _MIN_LINES or indented < _INDENTED * len(plain):
        pieces = [Piece(line.text, line.kind, page=page) for page, line in lines]
        return pieces_to_raw(pieces, wrapped=True, losses=losses)
    size = statistics.median(line.em for line in plain)
    return pieces_to_raw(_joined(lines, left, right, size), wrapped=False, losses=losses)


def _without_repeated_heads(lines: Iterable[tuple[int, PrintedLine]]) -> Iterator[tuple[int, PrintedLine]]:
    """Without the headings of a table that goes on over a page, printed again at its top."""
    head: list[str] = []  # the first rows of the table at hand
    count = again = page_before = 0
    for page, line in lines:
        if line.kind is not LineKind.ROW:
            head, count, page_before = [], 0, 0
            yield page, line
            continue
        if page_before and page == page_before + 1:
            again = 0
        elif page != page_before:
            head, count, again = [], 0, _HEAD_ROWS
        page_before = page
        if count >= _HEAD_ROWS and again < min(len(head), _HEAD_ROWS) and line.text == head[again]:
            again += 1
            continue
        again = _HEAD_ROWS
        count += 1
        # the second level of a heading repeats the cells that go over both
        if not head or (len(head) < _HEAD_ROWS and count == 2 and _shared(head[0], line.text)):
            head.append(line.text)
        yield page, line


def _shared(row: str, other: str) -> bool:
    return bool((set(row.split("\t")) & set(other.split("\t"))) - {""})


def _whole_rows(lines: Iterable[tuple[int, PrintedLine]]) -> list[tuple[int, PrintedLine]]:
    """Table rows that a page break has cut in two, whole again; they stand on the page on which they begin."""
    out: list[tuple[int, PrintedLine]] = []
    for page, line in lines:
        above = _cut_row(out, page, line) if line.kind is LineKind.ROW else None
        if above is None:
            out.append((page, line))
            continue
        begun = out[above][1]
        cells = zip(begun.text.split("\t"), line.text.split("\t"), strict=True)
        out[above] = (out[above][0], replace(begun, text="\t".join(a + _latin_blank(a, b) + b for a, b in cells)))
    return out


def _cut_row(before: Sequence[tuple[int, PrintedLine]], page: int, line: PrintedLine) -> int | None:
    """The row that `line` goes on: the last one of the page before, of whose cells the numbers are not repeated."""
    at = len(before) - 1
    while at >= 0 and before[at][0] == page and _is_repeated(before, at):
        at -= 1  # the heading of the table, printed again
    if at < 0 or before[at][0] != page - 1 or before[at][1].kind is not LineKind.ROW:
        return None
    begun, cells = before[at][1].text.split("\t"), line.text.split("\t")
    if len(begun) != len(cells) or all(cells):
        return None
    numbers = [n for n, cell in enumerate(begun) if cell.strip(".．、 ").isdecimal()]
    return at if numbers and not any(cells[n] for n in numbers) else None


def _is_repeated(lines: Sequence[tuple[int, PrintedLine]], at: int) -> bool:
    words = lines[at][1].text
    return lines[at][1].kind is LineKind.ROW and any(line.text == words for _, line in lines[:at])


def _latin_blank(before: str, after: str) -> str:
    ends = before[-1:] + after[:1]
    return " " if len(ends) == 2 and ends.isascii() and ends.isalnum() else ""


def _joined(lines: Iterable[tuple[int, PrintedLine]], left: float, right: float, size: float) -> list[Piece]:
    """Paragraphs; one that goes on over a page knows where. `size` is that of the text's type."""
    out: list[Piece] = []
    last: PrintedLine | None = None
    for page, line in lines:
        if last is not None and _goes_on(last, line, left, right, size):
            ends = out[-1].text[-1:] + line.text[:1]
            both = ends.isascii() and ends.isalnum()
            broken = _HYPHENATED.search(out[-1].text) is not None and line.text[:1].islower()
            text = out[-1].text[:-1] if broken else out[-1].text + (" " if both else "")
            here = out[-1].turns[-1][1] if out[-1].turns else out[-1].page
            turns = out[-1].turns if page == here else (*out[-1].turns, (len(text), page))
            out[-1] = Piece(text + line.text, page=out[-1].page, turns=turns)
        else:
            out.append(Piece(line.text, line.kind, page=page))
        last = line
    return out


def _goes_on(last: PrintedLine, line: PrintedLine, left: float, right: float, size: float) -> bool:
    if LineKind.ROW in (last.kind, line.kind) or abs(line.em - last.em) > _OTHER_SIZE * last.em:
        return False
    # The line is full if what the next one begins with had no room in it.
    word = _WORD.match(line.text)
    wide = sum(_LATIN if c.isascii() else 1.0 for c in word[0]) if word else 0.0
    if line.em > (1 + _OTHER_SIZE) * size and _is_centred(last, left, right) and _is_centred(line, left, right):
        # a title: what is free stands on both sides
        return (right - last.x1) + (last.x0 - left) < wide * last.em
    return not _is_indented(line, left) and right - last.x1 < (wide + _SLACK) * last.em


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


def _is_centred(line: PrintedLine, left: float, right: float) -> bool:
    return abs((line.x0 - left) - (right - line.x1)) < line.em


def _only_counts(text: str) -> bool:
    return is_page_number(text) or only_counts(text)


def running_heads(pages: Sequence[Sequence[PrintedLine]]) -> set[tuple[int, int]]:
    """(page, line), from 0: page numbers, and what stands at the same place of many pages."""
    places: dict[str, list[tuple[int, int, PrintedLine]]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for page, lines in enumerate(pages):
        for i, line in enumerate(lines):
            if line.kind is LineKind.TEXT and (i < _EDGE_LINES or i >= len(lines) - _EDGE_LINES):
                places[_NUMBER.sub("#", line.text)].append((page, i, line))
                if i in (0, len(lines) - 1) and is_page_number(line.text):
                    found.add((page, i))
    for entries in places.values():
        middle = statistics.median(line.top for _, _, line in entries)
        same = [e for e in entries if abs(e[2].top - middle) <= _SAME_PLACE * (e[2].bottom - e[2].top)]
        if len(pages) == _FEW and not all(i in (0, len(pages[page]) - 1) for page, i, _ in same):
            continue  # of two pages only the outermost lines are compared
        if len({page for page, _, _ in same}) >= max(min(_MIN_PAGES, len(pages)), _REPEATED * len(pages), _FEW):
            found |= {(page, i) for page, i, _ in same}
    return found | _head_of_one(pages)


def _head_of_one(pages: Sequence[Sequence[PrintedLine]]) -> set[tuple[int, int]]:
    """The head of a single page, which nothing repeats: set smaller than all text below, and well apart from it."""
    if len(pages) != 1 or len(pages[0]) < _FEW:
        return set()
    head, *below = pages[0]
    apart = below[0].top - head.bottom >= _APART * below[0].em
    small = head.em <= _SMALL * min(line.em for line in below[:-1] or below)
    return {(0, 0)} if apart and small and head.kind is LineKind.TEXT and not is_of_the_document(head.text) else set()
