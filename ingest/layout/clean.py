"""Paragraphs to the clean text with its map back to the source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.layout.words import Words
from ingest.readers.base import Line, LineKind


class Paragraph(NamedTuple):
    """A paragraph of the clean text: `text[start:end]`, with what the reader said of it."""

    start: int
    end: int
    kind: LineKind = LineKind.TEXT
    level: int = 0


@dataclass(frozen=True, slots=True)
class CleanText:
    """The normalised text, its paragraphs, the offset map of `Document.offsets` and the starts of `Document.pages`."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    offsets: tuple[tuple[int, int], ...]
    pages: tuple[tuple[int, int], ...] = ()

    def of(self, paragraph: Paragraph) -> str:
        """The words of a paragraph."""
        return self.text[paragraph.start : paragraph.end]

    def within(self, start: int, end: int) -> tuple[Paragraph, ...]:
        """The paragraphs that begin in a stretch of the text."""
        first = bisect_left(self.paragraphs, start, key=_start)
        return self.paragraphs[first : bisect_left(self.paragraphs, end, first, key=_start)]

    def cut(self, start: int, end: int) -> CleanText:
        """`text[start:end]` as a text of its own, from the beginning of a paragraph on; its map leads where it did."""
        inside = tuple(p._replace(start=p.start - start, end=p.end - start) for p in self.within(start, end))
        return CleanText(
            self.text[start:end],
            inside,
            _from(self.offsets, start, end, runs=True),
            _from(self.pages, start, end, runs=False),
        )


def _from(marks: tuple[tuple[int, int], ...], start: int, end: int, *, runs: bool) -> tuple[tuple[int, int], ...]:
    """What marks say from `start` to `end`; the value at `start` is that of the mark before, run on where it `runs`."""
    before = bisect_right(marks, (start, 1 << 60)) - 1
    out = [(here - start, value) for here, value in marks[before + 1 : bisect_left(marks, (end,))]]
    if before >= 0:
        here, value = marks[before]
        out.insert(0, (0, value + (start - here if runs else 0)))
    return tuple(out)


def _start(paragraph: Paragraph) -> int:
    return paragraph.start


def lines_to_text(lines: Sequence[tuple[Line, Words]], joined: Sequence[str | None] | None = None) -> CleanText:
    """Paragraphs one a line, with the offset map.

    `joined[i]` is what stands between line i-1 and line i where they are one paragraph ("" or a blank), and None
    where a paragraph begins; without it each line is a paragraph.
    """
    out: list[str] = []
    offsets: list[tuple[int, int]] = []
    paragraphs: list[Paragraph] = []
    row, length, start, ahead = LineKind.ROW, 0, 0, -1
    head: Line | None = None
    kind = LineKind.TEXT
    for i, (line, words) in enumerate(lines):
        joint = None if joined is None else joined[i]
        text, places = words
        if joint is None:
            if head is not None:
                out.append("\n")
                paragraphs.append(Paragraph(start, length, kind, head.level))
                length += 1
            head, start = line, length
            kind = row if "\t" in text else line.kind
        elif joint:
            # the blank stands for the line break, and comes from where the next line begins
            if (there := places[0][1] - length) != ahead:
                ahead = there
                offsets.append((length, places[0][1]))
            out.append(joint)
            length += len(joint)
        for here, there in places:
            if there - (length + here) != ahead or not offsets:
                ahead = there - (length + here)
                offsets.append((length + here, there))
        out.append(text)
        length += len(text)
    if head is not None:
        out.append("\n")
        paragraphs.append(Paragraph(start, length, kind, head.level))
    return CleanText("".join(out), tuple(paragraphs), tuple(offsets))


def pages_to_starts(pages: tuple[tuple[int, int], ...], clean: CleanText) -> tuple[tuple[int, int], ...]:
    """Where in the clean text pages begin that begin at these positions of the source; empty ones are left out."""
    sources = [there for _, there in clean.offsets]
    starts: dict[int, int] = {}
    for position, page in pages:
        entry = bisect_right(sources, position) - 1
        here, there = clean.offsets[entry] if entry >= 0 else (0, position)
        until = clean.offsets[entry + 1][0] if entry + 1 < len(clean.offsets) else len(clean.text)
        if (start := min(here + position - there, until)) < len(clean.text):
            starts[start] = page  # of two pages at one place the first holds nothing but what was dropped
    return tuple(starts.items())
