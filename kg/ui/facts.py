"""The facts of a document as tables, each row with the place in the text that carries it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.core.declaration import Kind, Tab, table
from kg.core.facts import KINDS

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
