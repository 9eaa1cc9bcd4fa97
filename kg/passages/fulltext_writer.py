"""Writes the full-text index: one field of words a passage, with its title, its headings and what it says.

A word counts the same wherever it stands: people ask with the words of the title, of the heading and of the sentence
mixed, and a passage that has them all, each somewhere, is the one that is meant (docs/decisions/0004).

Segments are immutable, so the next generation starts as hard links of the last one and only the files that tantivy
rewrites in place of the old (by rename) differ.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.ids import number_key, title_key
from kg.core.model import Document, Passage
from kg.passages.facets import passage_to_facets
from kg.passages.folding import presplit_all
from kg.passages.keys import Numbers
from kg.passages.query import article_key, article_label, title_keys
from kg.passages.tokens import document_numbers, presplit, titles

if TYPE_CHECKING:
    import tantivy

FULLTEXT_VERSION = "4"

TEXT = "text"
TITLE = "title"
TEXT_FACETS = ("place", "agency", "kind", "theme", "level")
COUNTED = {"year": "year", "place": "shown_place", "agency": "shown_agency", "kind": "kind", "theme": "theme"}
"""Facets that can be counted, each with the field that holds its names as they are shown."""
BETWEEN = " ¦ "  # no term: a phrase never runs from the title into the text
_WRITER_BYTES = 64_000_000


def schema() -> tantivy.Schema:
    """The fields of an entry."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", stored=False, indexed=True, fast=True)
    for name in ("year", "date"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_text_field(TEXT, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(TITLE, tokenizer_name="whitespace", index_option="basic")
    counted = set(COUNTED.values()) - {"year"}
    names = ("document_id", "own", "cited", "article", *TEXT_FACETS, *sorted(counted))
    for name in dict.fromkeys(names):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in counted)
    return builder.build()


class FulltextWriter:
    """Writes an index folder; `previous` is copied by hard links and then changed. `numbers` are those of both."""

    def __init__(self, folder: Path, *, numbers: Numbers, previous: Path | None = None) -> None:
        import tantivy

        if previous is not None:
            _link_tree(previous, folder)
        else:
            folder.mkdir(parents=True)
        self._folder = folder
        self._numbers = numbers
        self._index = tantivy.Index(schema(), path=str(folder), reuse=True)
        # One thread: passages of a document stay in order, and other work keeps its core.
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)

    def remove_document(self, document_id: str) -> None:
        """Delete all passages of a document; unknown ids are no error."""
        self._writer.delete_documents_by_term("document_id", document_id)

    def add_document(self, document: Document, passages: Iterable[Passage]) -> int:
        """Add the passages of a document; returns how many."""
        common = _Common(document, self._numbers)
        held = [*passages]
        for passage, words in zip(held, presplit_all([passage.text for passage in held]), strict=True):
            self._writer.add_document(common.entry(passage, words))
        return len(held)

    def commit(self) -> None:
        """Make everything visible and durable, and merge segments."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        for file in self._folder.iterdir():
            _sync(file)
        _sync(self._folder)


class _Common:
    """What all passages of a document share."""

    def __init__(self, document: Document, numbers: Numbers) -> None:
        self._document = document
        self._numbers = numbers
        self._title = presplit(document.title)
        number = {number_key(document.doc_number)} if document.doc_number else set()
        self._own = ({title_key(document.title)} | number) - {""}
        place = (document.region_qualified or "", document.region or "")
        self._titles = tuple(title_keys(document.title, [name for name in place if name]))
        self._articles = {article.start: article.label for article in document.articles}
        self._date = date_number(document.date or document.printed_date)

    def entry(self, passage: Passage, words: str) -> tantivy.Document:
        """One passage; `words` are the terms of its text."""
        import tantivy

        document = self._document
        facets = passage_to_facets(document, passage)
        entry = tantivy.Document()
        entry.add_unsigned("key", self._numbers.key(passage))
        entry.add_text("document_id", document.id)
        entry.add_text(TITLE, self._title)
        parts = (self._title, _short(" ".join(passage.heading_path)), words)
        entry.add_text(TEXT, BETWEEN.join((*parts, *map(_short, facets.named))))
        for key in self._own:
            entry.add_text("own", key)
        for key in {*titles(passage.text), *document_numbers(passage.text)}:
            entry.add_text("cited", key)
        for key in self._article_keys(passage):
            entry.add_text("article", key)
        if facets.year is not None:
            entry.add_unsigned("year", facets.year)
        if self._date:
            entry.add_unsigned("date", self._date)
        for name in (*TEXT_FACETS, "shown_place", "shown_agency"):
            for value in getattr(facets, name):
                entry.add_text(name, value)
        return entry

    def _article_keys(self, passage: Passage) -> Iterator[str]:
        label = self._articles.get(passage.start)
        number = article_label(label) if label else None
        if number:
            yield from (article_key(title, number) for title in self._titles)


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


def _link_tree(source: Path, target: Path) -> None:
    """Hard links where the file system allows them. `meta.json` and `.managed.json` are rewritten: real copies."""
    target.mkdir(parents=True)
    for file in source.iterdir():
        if file.name.endswith(".lock"):
            continue
        if file.suffix == ".json":
            shutil.copyfile(file, target / file.name)
            continue
        try:
            os.link(file, target / file.name)
        except OSError:
            shutil.copyfile(file, target / file.name)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
