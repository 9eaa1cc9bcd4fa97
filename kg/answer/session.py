"""One question at work: the stores behind it, rows of a plan, quotes of facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kg.answer.compile import compile_evidence, compile_plan
from kg.answer.lexicon import Doc, Lexicon, load_lexicon
from kg.answer.model import Cell, Citation, Row
from kg.answer.names import Names, names_of
from kg.answer.plan import Plan
from kg.answer.question import Question
from kg.core.model import Document
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.rdf import to_python

_SPAN = re.compile(r"/document/([^/]+)/span/(\d+)-(\d+)$")
_ENDS = "。！？；\n\t"
LONGEST_QUOTE = 240


class AnswerContext(Protocol):
    """What answering needs of a published generation (kg.service.snapshot.Snapshot is one)."""

    @property
    def folder(self) -> Path:
        """Where the projections are."""
        ...

    @property
    def settings(self) -> Any:
        """The settings (`base_iri`)."""
        ...

    @property
    def store(self) -> GraphStore:
        """The graph."""
        ...

    @property
    def search(self) -> Any:
        """The passage indexes."""
        ...

    @property
    def catalogue(self) -> Any:
        """The documents."""
        ...


@dataclass(slots=True)
class Session:
    """The context of one question; documents are read once."""

    context: AnswerContext
    question: Question
    lexicon: Lexicon
    names: Names
    iris: Iris
    _documents: dict[str, Document] = field(default_factory=dict)

    @classmethod
    def open(cls, context: AnswerContext) -> tuple[Lexicon, Names, Iris]:
        """The parts that do not depend on the question."""
        lexicon = load_lexicon(context.folder)
        return lexicon, names_of(lexicon), Iris(context.settings.base_iri)

    def document(self, document_id: str) -> Document:
        """A held document with its facts."""
        if document_id not in self._documents:
            self._documents[document_id] = self.context.catalogue.document(document_id)
        return self._documents[document_id]

    def doc_iri(self, doc: Doc) -> str:
        """The IRI of a held document."""
        return self.iris.document(doc.id)

    def select(self, query: str) -> tuple[list[str], list[Row]]:
        """Columns and rows of a SELECT query, values as JSON shows them."""
        solutions = self.context.store.query(query)
        names = list(solutions.variables)
        return names, [dict(zip(names, map(_cell, values), strict=True)) for values in solutions.rows]

    def rows(self, plan: Plan) -> tuple[list[str], list[Row], str]:
        """Columns, rows and the query of a plan."""
        query = compile_plan(plan)
        columns, rows = self.select(query)
        return columns, rows, query

    def citations(self, plan: Plan, *, most: int = 12) -> list[Citation]:
        """The words that carry the facts of a plan."""
        _, rows = self.select(compile_evidence(plan))
        return self.quote_spans((str(row["span"]) for row in rows), most=most)

    def quote_spans(self, spans: Iterable[str], *, most: int = 12) -> list[Citation]:
        """Span IRIs as citations of whole sentences, in reading order, without repeats."""
        places = sorted({(m[1], int(m[2]), int(m[3])) for span in spans if (m := _SPAN.search(span))})
        return self.quotes(places, most=most)

    def quotes(self, places: Sequence[tuple[str, int, int]], *, most: int = 12, whole: bool = True) -> list[Citation]:
        """(document id, start, end) as citations."""
        out: list[Citation] = []
        for document_id, first, last in places:
            document = self.document(document_id)
            start, end = sentence_around(document.text, first, last) if whole else (first, last)
            if any(c.document_id == document_id and c.start <= start and end <= c.end for c in out):
                continue
            out = [c for c in out if not (c.document_id == document_id and start <= c.start and c.end <= end)]
            words, page = document.text[start:end], document.page_of(start)
            out.append(Citation(document_id, document.source, words, start, end, page))
        return out[:most]


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence (or table cell, or line) that holds a stretch of text; at most `LONGEST_QUOTE` longer."""
    low, high = start, end
    while low > 0 and text[low - 1] not in _ENDS and start - low < LONGEST_QUOTE:
        low -= 1
    if end == 0 or text[end - 1] not in _ENDS:
        while high < len(text) and text[high] not in _ENDS and high - end < LONGEST_QUOTE:
            high += 1
        if high < len(text) and text[high] in "。！？；":
            high += 1
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return low, high


def _cell(value: Any) -> Cell:
    found = to_python(value)
    if found is None or isinstance(found, str | int | float):
        return found
    if hasattr(found, "isoformat"):
        return str(found.isoformat())
    number = float(found)
    return int(number) if number.is_integer() else number
