"""The facts of a document as tables, each row with the place in the text that carries it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.core.declaration import Kind, Tab, table
from kg.core.facts import AGENCY, KINDS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FactTable:
    """A tab: its name, the columns, the rows, and for each row the span (or None) that carries it."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    spans: tuple[tuple[int, int] | None, ...]

    @property
    def label(self) -> str:
        """The tab's label, with the number of rows."""
        return f"{self.name} {len(self.rows)}"


def fact_tables(document: Json, kinds: Iterable[Kind] = KINDS) -> list[FactTable]:
    """The tabs of a document as `Service.document` gives it, as `kg.core.facts` declares them."""
    return [
        FactTable(kind.label, columns, tuple(rows), tuple(map(span, facts)))
        for kind in kinds
        if kind.tab is Tab.ALWAYS or (kind.tab is Tab.FILLED and document.get(kind.key))
        for facts in [document.get(kind.key, [])]
        for columns, rows in [table(kind, facts)]
    ]


def span(item: Mapping[str, Any]) -> tuple[int, int] | None:
    """Where a fact stands in the text: its words, itself (an article), or where it is named first (a body)."""
    if spans := item.get("spans"):
        return spans[0][0], spans[0][1]
    place = item.get("evidence") or (item if "start" in item else None)
    return (place["start"], place["end"]) if place else None


def first_mention(text: str, forms: Iterable[str]) -> tuple[int, int] | None:
    """Where one of the written forms occurs first."""
    found = [(at, at + len(form)) for form in forms if form and (at := text.find(form)) >= 0]
    return min(found, default=None)


def located(shown: FactTable, text: str, document: Json) -> FactTable:
    """The table with places filled in where facts carry only written forms (agencies of an earlier reading)."""
    if shown.name != AGENCY.label:
        return shown
    forms = (agency["as_written"] for agency in document[AGENCY.key])
    spans = tuple(known or first_mention(text, written) for known, written in zip(shown.spans, forms, strict=True))
    return FactTable(shown.name, shown.columns, shown.rows, spans)
