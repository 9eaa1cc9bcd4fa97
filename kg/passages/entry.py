"""What the full text holds of a passage, whichever engine keeps it: its terms, exact keys and facets.

A word counts the same wherever it stands: people ask with the words of the title, of the heading and of the sentence
mixed, and a passage that has them all, each somewhere, is the one that is meant (docs/decisions/0004).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.core.ids import number_key, title_key
from kg.core.model import Document, Passage
from kg.passages.facets import Facets, passage_to_facets
from kg.passages.folding import presplit_all
from kg.passages.query import article_key, article_label, title_keys
from kg.passages.tokens import document_numbers, presplit, titles

BETWEEN = " ¦ "  # no term: a phrase never runs from the title into the text


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage. `title` and `words` are terms joined by blanks; `own`, `cited` and `articles` are exact keys."""

    passage: Passage
    title: str
    words: str
    own: frozenset[str]
    cited: frozenset[str]
    articles: tuple[str, ...]
    day: int
    facets: Facets


def document_to_entries(document: Document, passages: Iterable[Passage]) -> Iterator[Entry]:
    """The entries of a document's passages, in their order."""
    held = [*passages]
    title = presplit(document.title)
    number = {number_key(document.doc_number)} if document.doc_number else set()
    own = frozenset(({title_key(document.title)} | number) - {""})
    place = (document.region_qualified or "", document.region or "")
    names = tuple(title_keys(document.title, [name for name in place if name]))
    labels = {article.start: article.label for article in document.articles}
    day = date_number(document.date or document.printed_date)
    for passage, words in zip(held, presplit_all([passage.text for passage in held]), strict=True):
        facets = passage_to_facets(document, passage)
        parts = (title, _short(" ".join(passage.heading_path)), words)
        label = labels.get(passage.start)
        article = article_label(label) if label else None
        yield Entry(
            passage,
            title,
            BETWEEN.join((*parts, *map(_short, facets.named))),
            own,
            frozenset((*titles(passage.text), *document_numbers(passage.text))),
            tuple(article_key(name, article) for name in names) if article else (),
            day,
            facets,
        )


@lru_cache(maxsize=4096)
def _short(text: str) -> str:
    """The terms of headings and names, which many passages share."""
    return presplit(text)


def date_number(date: str | None) -> int:
    """2024-09-05 -> 20240905; a year or a month alone is its first day; 0 for none."""
    parts = (date or "").split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return 0
    year, month, day = (*map(int, parts), 1, 1)[:3]
    return year * 10_000 + month * 100 + day
