"""What a reader of documents needs beside the facts: where a quote stands, and the outline of a text."""

from __future__ import annotations

import re
from typing import Any

from kg.core.model import Document, Section

Json = dict[str, Any]

_BOUNDARY = re.compile(r"[。！？；\n]")  # where a sentence or a paragraph ends
REACH = 110  # characters on each side of a quote: about two lines of the app at 1366 px


def passage_context(document: Document, start: int, end: int, *, reach: int = REACH) -> Json:
    """The words around `text[start:end]`, cut at the ends of sentences where there are any within `reach`.

    `{"document_id", "source", "title", "doc_number", "date", "heading", "before", "quote", "after",
    "cut_before", "cut_after", "start", "end", "page"}`; `before + quote + after` is one stretch of the text. Positions
    outside the text are drawn in; `page` is None in formats without pages.
    """
    text = document.text
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    left, right = _left(text, start, reach), _right(text, end, reach)
    return {
        "document_id": document.id,
        "source": document.source,
        "title": document.title,
        "doc_number": document.doc_number,
        "date": document.date,
        "heading": " > ".join(section.label + section.title for section in _path(document.sections, start)),
        "before": text[left:start],
        "quote": text[start:end],
        "after": text[end:right],
        "cut_before": left > 0 and text[left - 1] != "\n",
        "cut_after": right < len(text) and text[right] != "\n",
        "start": start,
        "end": end,
        "page": document.page_of(start),
    }


def _left(text: str, start: int, reach: int) -> int:
    limit = max(start - reach, 0)
    if limit == 0:
        return 0
    first = _BOUNDARY.search(text, limit, start)
    return first.end() if first else limit


def _right(text: str, end: int, reach: int) -> int:
    limit = min(end + reach, len(text))
    if limit == len(text):
        return limit
    ends = [found.end() for found in _BOUNDARY.finditer(text, end, limit)]
    return ends[-1] - (text[ends[-1] - 1] == "\n") if ends else limit


def _path(sections: tuple[Section, ...], position: int) -> list[Section]:
    """The headings above a position, outermost first."""
    inside = [section for section in sections if section.start <= position < section.end]
    return sorted(inside, key=lambda section: (section.level, section.start))


def reading(document: Document) -> Json:
    """A text to read: `{"id", "text", "outline": [{"label", "title", "level", "start", "end"}], "pages"}`.

    The ends are those of headings; `pages` are `[position, number]` of formats with pages, else empty.
    """
    return {
        "id": document.id,
        "text": document.text,
        "outline": [
            {"label": s.label, "title": s.title, "level": s.level, "start": s.start, "end": s.body_start}
            for s in document.sections
        ],
        "pages": [list(page) for page in document.pages],
    }
