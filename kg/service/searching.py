"""Search as the faces get it: passages with their documents, and counts for filters."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from kg.catalogue import Catalogue, Summary
from kg.core.bounds import NAME, SEARCH, bounded
from kg.core.errors import UnknownName, UsageError
from kg.core.model import page_at
from kg.service.snapshot import Snapshot

if TYPE_CHECKING:
    from kg.passages.facets import Filters
    from kg.passages.search import Hit

Json = dict[str, Any]

DAY = re.compile(r"[0-9]{4}(?:-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12][0-9]|3[01]))?)?")
ORDERS = ("relevance", "newest", "oldest")
_LONGEST_WORD = 12  # characters of what is still a word and not a question
_REMEMBERED = 20_000  # documents
Pages = tuple[tuple[int, int], ...]  # `Document.pages`


class _Known:
    """What was read of documents, as long as the catalogue does not change.

    Finding the pages of one means reading all its facts, 1 MB for a long law: more than the whole search.
    """

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence
        self.pages: dict[str, Pages] = {}
        self.summaries: dict[str, Summary] = {}


_KNOWN: WeakKeyDictionary[Catalogue, _Known] = WeakKeyDictionary()


def search(snapshot: Snapshot, query: str, *, top: int, filters: Mapping[str, str | int | None]) -> list[Json]:
    """See `Service.search`."""
    _check(query, filters)
    if not query.strip():
        raise UsageError("请写出要检索的内容，例如：policykg search 首席质量官")
    if top < 1:
        raise UsageError("--top 应为正整数")
    order = filters.get("order") or "relevance"
    if order not in ORDERS:
        raise UsageError(f"排序方式“{order}”不可用，可用：{'、'.join(ORDERS)}")
    hits = snapshot.search.search(query, top=top, filters=_filters(snapshot, filters), order=order)  # type: ignore[arg-type]
    return rows(snapshot.catalogue, hits)


def search_note(snapshot: Snapshot, query: str, filters: Mapping[str, str | int | None]) -> str | None:
    """See `Service.search_note`."""
    _check(query, filters)
    words = query.split()
    if not words or snapshot.search.literal_count(query, filters=_filters(snapshot, filters)):
        return None
    spelt = "、".join(f"“{read}”（库内没有“{written}”）" for written, read in snapshot.search.misspelt(query))
    if len(words) == 1 and len(query.strip()) > _LONGEST_WORD:  # in one's own words: not looked for word for word
        return f"同时按{spelt}查找" if spelt else None
    return f"全文检索“{query.strip()}”：0 处。以下按意思相近列出" + (f"，同时按{spelt}查找" if spelt else "")


def _check(query: str, filters: Mapping[str, str | int | None]) -> None:
    bounded(query, SEARCH, "检索的内容")
    for value in filters.values():
        bounded(str(value), NAME, "筛选条件")


def _filters(snapshot: Snapshot, filters: Mapping[str, str | int | None]) -> Filters:
    from kg.passages.facets import Filters
    from kg.passages.query import first_day, last_day

    given: dict[str, Any] = {name: value for name, value in filters.items() if name != "order"}
    if wanted := given.get("document_id"):
        given["document_id"] = snapshot.catalogue.current_id(str(wanted))
    for name, whole in (("since", first_day), ("until", last_day)):
        if value := given.get(name):
            if not DAY.fullmatch(str(value)):
                raise UsageError(f"日期“{value}”不可用，请写作 2024、2024-05 或 2024-05-01")
            given[name] = whole(str(value))
    return Filters(**given)


def search_facets(snapshot: Snapshot, query: str, filters: Mapping[str, str | int | None]) -> dict[str, dict[str, int]]:
    """See `Service.search_facets`."""
    _check(query, filters)
    return snapshot.search.facets(query, filters=_filters(snapshot, filters))


def similar_passages(snapshot: Snapshot, document_id: str, start: int, end: int, *, top: int) -> list[Json]:
    """See `Service.similar_passages`."""
    document = snapshot.catalogue.document(document_id)
    text = document.text[max(start, 0) : max(end, 0)]
    hits = snapshot.search.similar(text, top=top, apart_from=document.id)
    return rows(snapshot.catalogue, hits)


def rows(catalogue: Catalogue, hits: Collection[Hit]) -> list[Json]:
    """Hits with what is said of their documents; those of documents removed meanwhile are left out.

    `similar` are the near-duplicates that are folded under a passage: `[{"passage_id", "document_id", "title"}]`.
    """
    known = _known(catalogue)
    found: list[Json] = []
    for hit in hits:
        document = _summary(catalogue, hit.document_id, known)
        if document is None:
            continue
        found.append(
            {
                "document_id": hit.document_id,
                "source": document.source,
                "title": document.title,
                "passage_id": hit.passage_id,
                "heading": hit.heading,
                "text": hit.text,
                "score": hit.score,
                "start": hit.start,
                "end": hit.end,
                "page": page_at(_pages(catalogue, hit.document_id, known), hit.start),
                "highlights": [list(span) for span in hit.highlights],
                "similar": _similar(catalogue, hit, known),
            }
        )
    return found


def _similar(catalogue: Catalogue, hit: Hit, known: _Known) -> list[Json]:
    pairs = [(ident, _summary(catalogue, ident.rpartition("-p")[0], known)) for ident in hit.similar]
    return [{"passage_id": ident, "document_id": item.id, "title": item.title} for ident, item in pairs if item]


def _summary(catalogue: Catalogue, document_id: str, known: _Known) -> Summary | None:
    if document_id not in known.summaries:
        try:
            known.summaries[document_id] = catalogue.summary(document_id)
        except UnknownName:
            return None
    return known.summaries[document_id]


def _pages(catalogue: Catalogue, document_id: str, known: _Known) -> Pages:
    if document_id not in known.pages:
        known.pages[document_id] = catalogue.pages(document_id)
    return known.pages[document_id]


def _known(catalogue: Catalogue) -> _Known:
    """What is remembered of a catalogue, begun anew where it has changed."""
    sequence = catalogue.sequence()
    known = _KNOWN.get(catalogue)
    if known is None or known.sequence != sequence or len(known.summaries) > _REMEMBERED:
        known = _KNOWN[catalogue] = _Known(sequence)
    return known
