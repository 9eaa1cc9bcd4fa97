"""Document -> passages: citable stretches of about 80 to 400 characters that follow the heading tree.

A passage never crosses a heading, ends at a sentence end, and knows the headings above it. A table row is a
passage of its own. A heading that stands alone goes into the path; a numbered item whose title runs into its
text (（一）加强宣传。组织……) keeps the title, because facts are quoted from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.core.model import Document, Passage, Section

CHUNK_VERSION = "1"

SHORTEST = 80  # below this a paragraph is joined with the next one of the same section
PREFERRED = 300  # a passage is closed when the next sentence would exceed this
LONGEST = 400  # a single sentence above this is cut at commas, or anywhere
TITLE_IN_TEXT = 2  # headings from this level down lead their first passage; a chapter heading is in the path only
TABLE_BARS = 2  # a line with so many | is a row of a Markdown table

Span = tuple[int, int]

_SENTENCE_END = re.compile(r"[。！？；!?;][”’』」）)》]*|\n")
_CLAUSE_END = re.compile(r"[，、：,:]")
_MATTERS = re.compile(r"\w")


def document_to_passages(document: Document) -> tuple[Passage, ...]:
    """All passages in the order of the text; `text` is exactly `document.text[start:end]`."""
    passages: list[Passage] = []
    for path, region in _regions(document):
        for start, end in region_to_spans(document.text, *region):
            number = len(passages) + 1
            text = document.text[start:end]
            passages.append(
                Passage(f"{document.id}-p{number}", document.id, number, start, end, path, text),
            )
    return tuple(passages)


def _regions(document: Document) -> Iterator[tuple[tuple[str, ...], Span]]:
    """Stretches of text that share a heading path, in order, covering all but the headings that stand alone."""
    text, sections = document.text, document.sections
    paths = [_path(sections, i) for i in range(len(sections))]
    order = sorted(range(len(sections)), key=lambda i: (sections[i].start, -sections[i].end))
    position = 0
    open_: list[int] = []  # sections that contain `position`, outermost first
    for place, index in enumerate(order):
        section = sections[index]
        if section.start < position:  # overlapping headings: the text before stays with the earlier one
            continue
        while open_ and sections[open_[-1]].end <= section.start:
            inner = open_.pop()
            yield from _region(paths[inner], position, sections[inner].end)
            position = max(position, sections[inner].end)
        yield from _region(paths[open_[-1]] if open_ else (), position, section.start)
        open_.append(index)
        following = sections[order[place + 1]].start if place + 1 < len(order) else len(text)
        has_children = following < section.end
        keeps = _keeps_title(text, section, min(following, section.end), has_children=has_children)
        position = section.start if keeps else section.body_start
    while open_:
        inner = open_.pop()
        yield from _region(paths[inner], position, sections[inner].end)
        position = max(position, sections[inner].end)
    yield from _region((), position, len(text))


def _region(path: tuple[str, ...], start: int, end: int) -> Iterator[tuple[tuple[str, ...], Span]]:
    if start < end:
        yield path, (start, end)


def _keeps_title(text: str, section: Section, first_child: int, *, has_children: bool) -> bool:
    """Whether the heading leads the section's first passage instead of being in the path only."""
    body = _MATTERS.search(text, section.body_start, max(section.body_start, first_child))
    if body:
        inline = "\n" not in text[section.start : body.start()]
        return inline or section.level >= TITLE_IN_TEXT
    return not has_children


def _path(sections: tuple[Section, ...], index: int) -> tuple[str, ...]:
    names: list[str] = []
    seen: set[int] = set()
    at: int | None = index
    while at is not None and at not in seen:
        seen.add(at)
        section = sections[at]
        title = section.title.strip()
        label = section.label.strip()
        gap = " " if label.startswith("第") else ""  # 第三章 总则, but 一、总则
        names.append(title if not label or title.startswith(label) else f"{label}{gap}{title}")
        at = section.parent
    return tuple(reversed(names))


def region_to_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut one region: table rows alone, short paragraphs joined, long ones split at sentence ends."""
    current: Span | None = None
    for line_start, line_end in _lines(text, start, end):
        line = text[line_start:line_end]
        if _is_table_row(line):
            if current:
                yield current
                current = None
            yield from _trimmed(text, _split_long(text, line_start, line_end))
            continue
        for piece in _sentences(text, line_start, line_end):
            if current is None:
                current = piece
                continue
            length = current[1] - current[0]
            joined = piece[1] - current[0]
            new_line = "\n" in text[current[1] : piece[0]]
            if (new_line and length >= SHORTEST) or (joined > PREFERRED and length >= SHORTEST) or joined > LONGEST:
                yield current
                current = piece
            else:
                current = (current[0], piece[1])
    if current:
        yield current


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        if _MATTERS.search(text, position, stop):
            yield position, stop
        position = stop + 1


def _is_table_row(line: str) -> bool:
    return "\t" in line.strip() or line.count("|") >= TABLE_BARS


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of one line, trimmed; pieces without a word character (rules, lone brackets) are left out."""
    position = start
    pieces: list[Span] = []
    for match in _SENTENCE_END.finditer(text, start, end):
        pieces += _split_long(text, position, match.end())
        position = match.end()
    pieces += _split_long(text, position, end)
    yield from _trimmed(text, pieces)


def _split_long(text: str, start: int, end: int) -> list[Span]:
    """Cut what exceeds LONGEST at the last clause end that fits, else at LONGEST."""
    pieces: list[Span] = []
    while end - start > LONGEST:
        cut = start + LONGEST
        ends = [m.end() for m in _SENTENCE_END.finditer(text, start + SHORTEST, cut)]
        ends = ends or [m.end() for m in _CLAUSE_END.finditer(text, start + SHORTEST, cut)]
        cut = ends[-1] if ends else cut
        pieces.append((start, cut))
        start = cut
    pieces.append((start, end))
    return pieces


def _trimmed(text: str, spans: list[Span]) -> Iterator[Span]:
    for first, last in spans:
        piece = text[first:last]
        start = last - len(piece.lstrip())
        end = first + len(piece.rstrip())
        if _MATTERS.search(text, start, end):
            yield start, end
