"""The IRIs of things, all deterministic: the same document gives the same graph each time (kg.core.ids)."""

from __future__ import annotations

from dataclasses import dataclass

from kg.core.ids import DEFAULT_BASE, iri, number_key, title_key

UNKNOWN_PLACE = "未详"
"""Stands in the IRI of a body whose jurisdiction the text does not tell."""


@dataclass(frozen=True, slots=True)
class Iris:
    """Makes IRIs under one base, e.g. `Iris().place("上海市青浦区")`."""

    base: str = DEFAULT_BASE

    def document(self, document_id: str) -> str:
        """A held document."""
        return iri(self.base, "document", document_id)

    def graph(self, name: str) -> str:
        """The named graph of a document (its id), or `links`, `ontology`."""
        return iri(self.base, "graph", name)

    def reference_graph(self, name: str) -> str:
        """The named graph of one file of reference data."""
        return iri(self.base, "graph", "reference", name)

    @property
    def links(self) -> str:
        """The graph of what follows from all documents together: held policies, coverage."""
        return self.graph("links")

    @property
    def ontology(self) -> str:
        """The graph of policy.ttl."""
        return self.graph("ontology")

    @property
    def reviews(self) -> str:
        """The graph of what people state of bodies."""
        return self.graph("review")

    def review(self, correction_id: str) -> str:
        """What a person stated."""
        return iri(self.base, "review", correction_id)

    def fact(self, document_id: str, kind: str, name: int | str) -> str:
        """A fact of a kind in a document, by its number, which counts from 1, or by its name (第一条)."""
        return iri(self.base, "document", document_id, kind, str(name))

    def span(self, document_id: str, start: int, end: int) -> str:
        """The words of a document between two offsets."""
        return iri(self.base, "document", document_id, "span", f"{start}-{end}")

    def activity(self, document_id: str, activity_id: str) -> str:
        """An activity of a document."""
        return iri(self.base, "activity", document_id, activity_id)

    def agency(self, place: str | None, name: str) -> str:
        """A body by jurisdiction (qualified place, 全国 for the state) and full name."""
        return iri(self.base, "agency", place or UNKNOWN_PLACE, name)

    def group(self, scope: str, name: str) -> str:
        """A collective; `scope` is a qualified place, or a document's id where its members are not known."""
        return iri(self.base, "group", scope, name)

    def place(self, qualified: str) -> str:
        """A place by its qualified name, e.g. 上海市青浦区."""
        return iri(self.base, "place", qualified)

    def series(self, label: str) -> str:
        """An activity series by its label."""
        return iri(self.base, "series", label)

    def theme(self, label: str) -> str:
        """A theme by its label."""
        return iri(self.base, "theme", label)

    def kind(self, label: str) -> str:
        """A kind of document (公文种类), e.g. 通知."""
        return iri(self.base, "kind", label)

    def policy(self, *, title: str | None = None, number: str | None = None) -> str | None:
        """A policy by its full title, or by its number where it has no title; None when neither says anything."""
        key = title_key(title) if title else ""
        key = key or (number_key(number) if number else "")
        return iri(self.base, "policy", key) if key else None

    def step(self, name: str, version: str) -> str:
        """A processing step in one version, e.g. ingest 1."""
        return iri(self.base, "step", name, version)
