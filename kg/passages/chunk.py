"""Document -> passages: citable stretches of about 80 to 400 characters that follow the heading tree.

Every sentence of a document is in exactly one passage. A passage never crosses a heading and ends at a sentence end;
it knows the headings above it. An article of a law is one passage with its 款 and 项 (立法法 第六十五条), under its
chapter; a row of a table is one, the head of its columns the last of its headings.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from kg.core.model import Article, Document, Passage
from kg.passages.regions import Path, Region, document_to_regions, join_lists

CHUNK_VERSION = "2"

SHORTEST = 80  # below this a paragraph is joined with the next one of the same section
PREFERRED = 300  # a passage is closed when the next sentence would exceed this
LONGEST = 400  # a single sentence above this is cut at commas, or anywhere
TAIL = 30  # a last line below this (a signature, a date) stays with what is before it
LONGEST_ARTICLE = 1600  # of 148,000 articles none of 1,438 characters and more; above, it is cut between its 款
TABLE_BARS = 2  # a line with so many | is a row of a Markdown table
LONGEST_HEAD = 14  # characters of a cell in the head of a table

Span = tuple[int, int]

_SENTENCE_END = re.compile(r"[。！？；!?;][”’』」）)》]*|\n")
_CLAUSE_END = re.compile(r"[，、：,:]")
_MATTERS = re.compile(r"\w")
_NO_HEAD = re.compile(r"[\d。；;：:]")
_CELLS = re.compile(r"[\t|]")


def document_to_passages(document: Document) -> tuple[Passage, ...]:
    """All passages in the order of the text; `text` is exactly `document.text[start:end]`."""
    passages: list[Passage] = []
    for path, (start, end) in _pieces(document):
        number = len(passages) + 1
        passages.append(
            Passage(
                f"{document.id}-p{number}", document.id, number, start, end, path, document.text[start:end]
            )
        )  # fmt: skip
    return tuple(passages)


def _pieces(document: Document) -> Iterator[tuple[Path, Span]]:
    text = document.text
    regions = document_to_regions(document)
    articles = _apart(document.articles)
    if not articles:
        for region in join_lists(text, regions):
            yield from _cut(text, region)
        return
    pieces: list[tuple[Path, Span]] = []
    for region in _around(regions, articles):
        if not _is_heading(text, region):  # a chapter's: it stands in the path of its articles
            pieces += _cut(text, region)
    for article, path in zip(articles, _article_paths(regions, articles), strict=True):
        pieces += ((path, span) for span in _article_spans(text, article))
    yield from sorted(pieces, key=lambda piece: piece[1])


def _apart(articles: Sequence[Article]) -> list[Article]:
    """In the order of the text, none that overlaps one before it."""
    out: list[Article] = []
    for article in sorted(articles, key=lambda a: a.start):
        if article.end > article.start and (not out or article.start >= out[-1].end):
            out.append(article)
    return out


def _around(regions: Sequence[Region], articles: Sequence[Article]) -> Iterator[Region]:
    """What of the regions lies outside the articles."""
    at = 0
    for region in regions:
        position = region.start
        while at < len(articles) and articles[at].end <= position:
            at += 1
        following = at
        while following < len(articles) and articles[following].start < region.end:
            if articles[following].start > position:
                yield Region(region.path, position, articles[following].start)
            position = max(position, articles[following].end)
            following += 1
        if position < region.end:
            yield Region(region.path, position, region.end)


def _is_heading(text: str, region: Region) -> bool:
    return bool(region.path) and "".join(text[region.start : region.end].split()) == "".join(region.path[-1].split())


def _article_paths(regions: Sequence[Region], articles: Sequence[Article]) -> Iterator[Path]:
    """The headings of each article: its chapter, as the text has it, and 第X条."""
    at = 0
    for article in articles:
        while at + 1 < len(regions) and regions[at].end <= article.start:
            at += 1
        path = regions[at].path if regions and regions[at].start <= article.start < regions[at].end else ()
        own = next((n for n, name in enumerate(path) if name.startswith(article.label)), len(path))
        above = path[:own] or ((article.chapter,) if article.chapter else ())
        yield (*above, article.label)


def _article_spans(text: str, article: Article) -> Iterator[Span]:
    end = article.start + len(text[article.start : article.end].rstrip())
    if end - article.start <= LONGEST_ARTICLE:
        yield article.start, end
        return
    for _, span in _cut(text, Region((), article.start, end)):
        yield span


def _cut(text: str, region: Region) -> Iterator[tuple[Path, Span]]:
    """Cut one region: table rows alone, short paragraphs joined, long ones split at sentence ends."""
    lines = list(_lines(text, region.start, region.end))
    rows = [number for number, line in enumerate(lines) if _is_table_row(text[slice(*line)])]
    head: list[str] = []
    first = 0
    while first < len(lines):
        is_row = _is_table_row(text[slice(*lines[first])])
        last = first
        while last < len(lines) and _is_table_row(text[slice(*lines[last])]) == is_row:
            last += 1
        if is_row:
            at = bisect_left(rows, first)
            following = [_cells(text[slice(*lines[n])]) for n in rows[at : at + 4]]
            starts = _is_head(following)  # a merged cell (行动一：……) may stand between the head and its rows
            head = following[0] if starts else head
            yield from _rows(text, lines[first:last], head, region.path, starts=starts)
        else:
            yield from ((region.path, span) for span in _paragraphs(text, lines[first:last]))
        first = last


def _paragraphs(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    spans: list[Span] = []
    current: Span | None = None
    for line in lines:
        for piece in _sentences(text, *line):
            if current is None:
                current = piece
                continue
            length = current[1] - current[0]
            joined = piece[1] - current[0]
            new_line = "\n" in text[current[1] : piece[0]]
            if (new_line and length >= SHORTEST) or (joined > PREFERRED and length >= SHORTEST) or joined > LONGEST:
                spans.append(current)
                current = piece
            else:
                current = (current[0], piece[1])
    if current:
        spans.append(current)
    if len(spans) > 1 and spans[-1][1] - spans[-1][0] < TAIL and spans[-1][1] - spans[-2][0] <= LONGEST:
        spans[-2:] = [(spans[-2][0], spans[-1][1])]
    yield from spans


def _rows(
    text: str, lines: Sequence[Span], head: Sequence[str], path: Path, *, starts: bool
) -> Iterator[tuple[Path, Span]]:
    """The rows of a table under the head of its columns; where they begin with the head, it goes with the first row."""
    headed = (*path, "、".join(dict.fromkeys(head)))
    if starts and len(lines) > 1 and lines[1][1] - lines[0][0] <= LONGEST:
        lines = [(lines[0][0], lines[1][1]), *lines[2:]]
    for number, line in enumerate(lines):
        fits = bool(head) and abs(len(_cells(text[slice(*line)])) - len(head)) <= 1
        own = headed if fits or (starts and not number) else path
        yield from ((own, span) for span in _trimmed(text, _split_long(text, *line)))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELLS.split(line) if cell.strip()]


def _is_head(rows: Sequence[Sequence[str]]) -> bool:
    """Short words without figures, above rows that are not."""
    if len(rows) < 2 or len(set(rows[0])) < 2:
        return False
    plain = all(len(cell) <= LONGEST_HEAD and not _NO_HEAD.search(cell) for cell in rows[0])
    return plain and any(len(c) > LONGEST_HEAD or c[:1].isdigit() for row in rows[1:4] for c in row)


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
