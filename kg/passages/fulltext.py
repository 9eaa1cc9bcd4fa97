"""The full-text index: tantivy, BM25 over `tokens.terms`, filters inside the query.

Segments are immutable, so the next generation starts as hard links of the last one and only the files that
tantivy rewrites in place of the old (by rename) differ.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.core.errors import EnvironmentProblem
from kg.core.ids import number_key, title_key
from kg.core.model import Document, Passage
from kg.passages.facets import NO_FILTERS, Filters, passage_to_facets
from kg.passages.keys import passage_key
from kg.passages.ranking import EMPTY, Keys, Ranking
from kg.passages.tokens import document_numbers, phrases, presplit, terms, titles

if TYPE_CHECKING:
    import tantivy

FULLTEXT_VERSION = "2"

# Swept on the development questions of STARD (docs/decisions/0004).
FIELD_WEIGHTS = {"title": 0.2, "heading": 0.3, "body": 1.0}
_TEXT_FACETS = ("place", "agency", "kind", "theme", "level")
COUNTED = {"year": "year", "place": "shown_place", "agency": "shown_agency", "kind": "kind", "theme": "theme"}
"""Facets that can be counted, each with the field that holds its names as they are shown."""
_TELLING = 32  # terms by which similar passages are looked for
_WRITER_BYTES = 64_000_000
_EXACT_LIMIT = 1000  # hits of one exact 文号 or title


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", stored=False, indexed=True, fast=True)
    builder.add_unsigned_field("year", indexed=True, fast=True)
    for name in FIELD_WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    counted = set(COUNTED.values()) - {"year"}
    for name in ("document_id", "own", "cited", *dict.fromkeys((*_TEXT_FACETS, *sorted(counted)))):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in counted)
    return builder.build()


class FulltextWriter:
    """Writes an index folder; `previous` is copied by hard links and then changed."""

    def __init__(self, folder: Path, *, previous: Path | None = None) -> None:
        import tantivy

        if previous is not None:
            _link_tree(previous, folder)
        else:
            folder.mkdir(parents=True)
        self._folder = folder
        self._index = tantivy.Index(_schema(), path=str(folder), reuse=True)
        # One thread: passages of a document stay in order, and other work keeps its core.
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)

    def remove_document(self, document_id: str) -> None:
        """Delete all passages of a document; unknown ids are no error."""
        self._writer.delete_documents_by_term("document_id", document_id)

    def add_document(self, document: Document, passages: Iterable[Passage]) -> int:
        """Add the passages of a document; returns how many."""
        count = 0
        title = presplit(document.title)
        own = {title_key(document.title)} | ({number_key(document.doc_number)} if document.doc_number else set())
        for passage in passages:
            self._writer.add_document(_entry(document, passage, title, own))
            count += 1
        return count

    def commit(self) -> None:
        """Make everything visible and durable, and merge segments."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        for file in self._folder.iterdir():
            _sync(file)
        _sync(self._folder)


def _entry(document: Document, passage: Passage, title: str, own: set[str]) -> tantivy.Document:
    import tantivy

    entry = tantivy.Document()
    entry.add_unsigned("key", passage_key(passage.id))
    entry.add_text("document_id", document.id)
    entry.add_text("title", title)
    entry.add_text("heading", presplit(" ".join(passage.heading_path)))
    entry.add_text("body", presplit(passage.text))
    for key in own - {""}:
        entry.add_text("own", key)
    for key in {*titles(passage.text), *document_numbers(passage.text)}:
        entry.add_text("cited", key)
    facets = passage_to_facets(document, passage)
    if facets.year is not None:
        entry.add_unsigned("year", facets.year)
    for name in (*_TEXT_FACETS, "shown_place", "shown_agency"):
        for value in getattr(facets, name):
            entry.add_text(name, value)
    return entry


class FulltextIndex:
    """An index folder opened for reading. `search` is thread-safe: a searcher is a snapshot."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        try:
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise EnvironmentProblem(f"全文索引 {folder} 无法打开（{error}）。请运行：policykg rebuild") from error
        self._schema = self._index.schema
        self._allowed: dict[Filters, Keys] = {}

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, query: str, *, top: int, filters: Filters = NO_FILTERS) -> Ranking:
        """The best `top` passages by BM25; quoted parts of the query must occur word for word."""
        parsed = self._text_query(query)
        return self._run(parsed, top, filters) if parsed is not None else EMPTY

    def similar(self, text: str, *, top: int) -> Ranking:
        """The best `top` passages by the terms of `text` that fewest passages have: a long text is a slow query."""
        counted = {term: self._searcher.doc_freq("body", term) for term in dict.fromkeys(terms(text))}
        rare = sorted((count, term) for term, count in counted.items() if count)[:_TELLING]
        return self._run(self._any([self._words("body", term) for _, term in rare]), top, NO_FILTERS) if rare else EMPTY

    def exact(self, query: str, *, filters: Filters = NO_FILTERS) -> dict[int, int]:
        """Passages of (2) or citing (1) a document whose 文号 or 《title》 the query gives in full."""
        keys = {*document_numbers(query), *titles(query)}
        if re.fullmatch(r"\s*\S{4,60}\s*", query):
            keys.add(title_key(query))
        found: dict[int, int] = {}
        for field, tier in (("cited", 1), ("own", 2)):
            clauses = [self._term(field, key) for key in keys if key]
            if clauses:
                hits = self._run(self._any(clauses), _EXACT_LIMIT, filters)
                found |= dict.fromkeys(hits.keys.tolist(), tier)
        return found

    def allowed(self, filters: Filters) -> Keys:
        """Keys of all passages that fulfil the filters (cached: an open index does not change)."""
        if filters not in self._allowed:
            import tantivy

            query = self._filtered(tantivy.Query.all_query(), filters)
            self._allowed[filters] = self._run(query, max(1, len(self)), NO_FILTERS).keys
        return self._allowed[filters]

    def counts(self, keys: Keys, *, most: int) -> dict[str, dict[str, int]]:
        """How many of some passages have each value of each facet of `COUNTED`: the `most` frequent, most first.

        A facet is empty where the index was built by a version that did not count it.
        """
        if not len(keys):
            return {name: {} for name in COUNTED}
        these = self._any([self._term("key", key) for key in keys.tolist()])
        return {name: self._counts(these, field, most) for name, field in COUNTED.items()}

    def _counts(self, query: tantivy.Query, field: str, most: int) -> dict[str, int]:
        try:
            found = self._searcher.aggregate(query, {"_": {"terms": {"field": field, "size": most}}})
        except ValueError:
            return {}
        buckets = sorted(found["_"]["buckets"], key=lambda bucket: (-bucket["doc_count"], str(bucket["key"])))
        return {_name(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}

    def _text_query(self, query: str) -> tantivy.Query | None:
        import tantivy

        required = [c for phrase in phrases(query) if (c := self._phrase(terms(phrase)))]
        clauses = [
            tantivy.Query.boost_query(self._term_or_part(field, term), weight)
            for term in terms(query)
            for field, weight in FIELD_WEIGHTS.items()
        ]
        if not clauses:
            return None
        parts = [(tantivy.Occur.Must, clause) for clause in required]
        return tantivy.Query.boolean_query([*parts, *((tantivy.Occur.Should, clause) for clause in clauses)])

    def _term_or_part(self, field: str, term: str) -> tantivy.Query:
        """A lone character stands for every bigram that contains it; all else is looked up as it is."""
        import tantivy

        if len(term) == 1 and not term.isascii():
            return tantivy.Query.regex_query(self._schema, field, f"{term}.?|.{term}")
        return self._words(field, term)

    def _words(self, field: str, term: str) -> tantivy.Query:
        """A term of a text, by BM25."""
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")

    def _phrase(self, words: Sequence[str]) -> tantivy.Query | None:
        import tantivy

        if not words:
            return None
        if len(words) == 1:
            return self._any([self._term_or_part(field, words[0]) for field in FIELD_WEIGHTS])
        return self._any([tantivy.Query.phrase_query(self._schema, field, list(words)) for field in FIELD_WEIGHTS])

    def _term(self, field: str, value: str | int) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, value, index_option="basic")

    def _any(self, clauses: Sequence[tantivy.Query]) -> tantivy.Query:
        import tantivy

        return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])

    def _filtered(self, query: tantivy.Query, filters: Filters) -> tantivy.Query:
        import tantivy

        given = filters.given()
        if not given:
            return query
        # A filter clause decides who may take part, and adds nothing to the score.
        clauses = [tantivy.Query.const_score_query(self._term(name, value), 0.0) for name, value in given.items()]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, clause) for clause in (query, *clauses)])

    def _run(self, query: tantivy.Query, top: int, filters: Filters) -> Ranking:
        hits: list[Any] = self._searcher.search(self._filtered(query, filters), top, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return Ranking.of(keys, [score for score, _ in hits])


def _name(value: str | float) -> str:
    """A counted value as text; numbers come back as floats."""
    return value if isinstance(value, str) else str(int(value))


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
