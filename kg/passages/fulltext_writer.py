"""Writes the full-text index: one field of words a passage, with its title, its headings and what it says.

Segments are immutable, so the next generation starts as hard links of the last one and only the files that tantivy
rewrites in place of the old (by rename) differ.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.model import Document, Passage
from kg.passages.entry import Entry, document_to_entries
from kg.passages.keys import Numbers

if TYPE_CHECKING:
    import tantivy

FULLTEXT_VERSION = "4"

TEXT = "text"
TITLE = "title"
TEXT_FACETS = ("place", "agency", "kind", "theme", "level")
COUNTED = {"year": "year", "place": "shown_place", "agency": "shown_agency", "kind": "kind", "theme": "theme"}
"""Facets that can be counted, each with the field that holds its names as they are shown."""
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
        self._numbers = numbers
        self._index = tantivy.Index(schema(), path=str(folder), reuse=True)
        # One thread: passages of a document stay in order, and other work keeps its core.
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)

    def remove_document(self, document_id: str) -> None:
        """Delete all passages of a document; unknown ids are no error."""
        self._writer.delete_documents_by_term("document_id", document_id)

    def add_document(self, document: Document, passages: Iterable[Passage]) -> int:
        """Add the passages of a document; returns how many."""
        count = 0
        for entry in document_to_entries(document, passages):
            self._writer.add_document(_indexed(entry, self._numbers.key(entry.passage), document.id))
            count += 1
        return count

    def commit(self) -> None:
        """Make everything visible, and merge segments; to put the files on disk is for whoever publishes."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()


def _indexed(entry: Entry, key: int, document_id: str) -> tantivy.Document:
    """The fields of an entry."""
    import tantivy

    facets = entry.facets
    found = tantivy.Document()
    found.add_unsigned("key", key)
    found.add_text("document_id", document_id)
    found.add_text(TITLE, entry.title)
    found.add_text(TEXT, entry.words)
    for name, keys in (("own", entry.own), ("cited", entry.cited), ("article", entry.articles)):
        for each in keys:
            found.add_text(name, each)
    if facets.year is not None:
        found.add_unsigned("year", facets.year)
    if entry.day:
        found.add_unsigned("date", entry.day)
    for name in (*TEXT_FACETS, "shown_place", "shown_agency"):
        for value in getattr(facets, name):
            found.add_text(name, value)
    return found


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
