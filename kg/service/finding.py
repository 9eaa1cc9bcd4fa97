"""The part of the service that finds passages and documents, and trains the model that it finds them with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.core.bounds import NAME, bounded
from kg.core.progress import Progress, silent
from kg.service.seeing import Seeing

Json = dict[str, Any]


class Finding(Seeing):
    """What `Service` inherits."""

    def search(
        self, query: str, *, top: int = 10, with_contacts: bool = False, **filters: str | int | None
    ) -> list[Json]:
        """Passages, best first. Contacts are masked unless asked for.

        `filters`: year, place, agency, kind, theme, level, document_id; `since` and `until` (2024, 2024-05 or
        2024-05-01, both included); `order`: relevance (the default), newest, oldest.

        `[{"document_id", "source", "title", "passage_id", "heading", "text", "score", "start", "end", "highlights",
        "similar"}]`; `similar` are the near-duplicates folded under a passage.
        """
        from kg.service import searching

        snapshot = self.reading_of("search", with_contacts=with_contacts)
        return searching.search(snapshot, query, top=top, filters=filters)

    def search_facets(
        self, query: str, filters: Mapping[str, str | int | None] | None = None
    ) -> dict[str, dict[str, int]]:
        """How many passages have which year, place, agency, kind, theme: of all that hold the words of the query.

        Of the 200 best, where no passage holds them all (a question in one's own words).

        `{"year": {"2024": 12}, "place": {...}, "agency": {...}, "kind": {...}, "theme": {...}}`, most frequent
        first; the keys are values that `search` takes as filters, of which `filters` holds those already chosen.
        """
        from kg.service.searching import search_facets

        return search_facets(self.snapshot(), query, filters or {})

    def search_note(self, query: str, filters: Mapping[str, str | int | None] | None = None) -> str | None:
        """What a reader must know of the result: that no passage holds the words themselves. None where one does."""
        from kg.service.searching import search_note

        return search_note(self.snapshot(), query, filters or {})

    def in_mode(self, query: str, mode: str) -> str:
        """A query typed in a mode of the search (literal, title), as `search` takes it."""
        return self.snapshot().search.in_mode(query, mode)

    def similar_passages(self, document_id: str, start: int, end: int, *, top: int = 5) -> list[Json]:
        """Passages of other documents that say nearly what `text[start:end]` of this one says; rows as of `search`."""
        from kg.service.searching import similar_passages

        return similar_passages(self.snapshot(), document_id, start, end, top=top)

    def related_documents(self, document_id: str, *, top: int = 5) -> list[Json]:
        """Documents near in subject, bound by citations, or of the same series, best first.

        `[{"document_id", "title", "doc_number", "date", "score", "why": [str]}]`.
        """
        from kg.service.related import related_documents

        return related_documents(self.snapshot(), document_id, top=top)

    def train_embedder(
        self,
        sources: Sequence[Path],
        target: Path,
        *,
        epochs: int | None = None,
        seed: int = 0,
        scratch: bool = False,
        progress: Progress = silent,
    ) -> Json:
        """Train a static embedding model on files, or on the passages held where there are none, into a new folder.

        It begins with the built-in model unless `scratch`. Returns its card with `path`, `bytes`, `seconds`.
        """
        from kg.service.training import train_embedder

        return train_embedder(
            self.settings, sources, target, epochs=epochs, seed=seed, scratch=scratch, progress=progress
        )

    def basis(self, *, document: str | None = None, policy: str | None = None, everything: bool = False) -> Json:
        """What a document rests on and what rests on it (or on a policy), and its course; what is cited but not held.

        `everything`: with citations that make no basis, such as one that only names a policy.
        """
        from kg.graph.iris import Iris
        from kg.service.basis import basis
        from kg.service.course import Course
        from kg.service.naming import find_document
        from ontology.forms import load

        bounded(policy or "", NAME, "政策名称")
        snapshot = self.snapshot()
        wanted = find_document(snapshot.catalogue, document) if document else None
        iris, forms = Iris(self.settings.base_iri), load(self.settings.ontology)
        citations = snapshot.citations
        if (wanted or policy) and not everything:
            citations = citations.resting(frozenset(forms.words("relation.basis")))
        course = Course(snapshot.catalogue, snapshot.store, iris, forms)
        return basis(snapshot.catalogue, citations, iris, document=wanted, policy=policy, course=course)
