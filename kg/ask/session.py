"""A form put to the graph: its rows under Chinese labels, and the stretches of text behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.ask.compile import IDS, compile_form
from kg.ask.form import Form
from kg.ask.library import Library
from kg.ask.model import Cell, Row
from kg.graph.rdf import to_python

_SPAN = re.compile(r"/document/([^/]+)/span/(\d+)-(\d+)$")

Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a form found: rows by variable, with their labels, the query, and the text behind each row.

    `facts` are the rows with the IRIs of their documents and activities (`compile.IDS`): what is counted are these.
    """

    form: Form
    rows: list[Row]
    facts: list[Row]
    labels: dict[str, str]
    query: str
    spans: list[tuple[Row, Place]]

    def places_of(self, **cells: Cell) -> list[Place]:
        """The stretches behind the rows with these cells, in reading order."""
        return sorted({place for row, place in self.spans if all(row.get(k) == v for k, v in cells.items())})

    def labelled(self) -> tuple[list[str], list[Row]]:
        """Columns and rows as they are shown; a column that is empty throughout stays, as the query has it."""
        names = list(self.rows[0]) if self.rows else []
        columns = [self.labels.get(name, name) for name in names]
        return columns, [dict(zip(columns, row.values(), strict=True)) for row in self.rows]


def form_to_rows(form: Form, library: Library) -> Rows:
    """Ask the graph."""
    query = compile_form(form, library.iris)
    facts: dict[tuple[Cell, ...], Row] = {}
    rows: dict[tuple[Cell, ...], Row] = {}
    spans = []
    for fact in select(query.facts, library):
        said = (fact.pop("span", None), fact.pop("more", None))
        shown = {name: cell for name, cell in fact.items() if name not in IDS}
        facts.setdefault(tuple(fact.values()), fact)
        rows.setdefault(tuple(shown.values()), shown)
        matches = [found for one in said if (found := _SPAN.search(str(one)))]
        spans += [(fact, (found[1], int(found[2]), int(found[3]))) for found in matches]
    return Rows(form, list(rows.values()), list(facts.values()), query.labels, query.text, spans)


def select(query: str, library: Library) -> list[Row]:
    """The rows of a SELECT query, values as JSON shows them."""
    solutions = library.context.store.query(query)
    names = list(solutions.variables)
    return [dict(zip(names, map(_cell, values), strict=True)) for values in solutions.rows]


def _cell(term: object) -> Cell:
    value = to_python(term)  # type: ignore[arg-type]
    if isinstance(value, str | int | float) or value is None:
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
