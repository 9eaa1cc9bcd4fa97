"""A query on its way to whatever runs it within limits, and what comes back.

Oxigraph on this machine runs it in a process of its own (`kg.graph.worker`, `kg.graph.pool`), an endpoint at its own
place (`kg.graph.deadline`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kg.graph.protocol import Dataset, GraphStore, Solutions
from kg.graph.rdf import Term


@dataclass(frozen=True, slots=True)
class Request:
    """A query to run: at most `rows` rows, the union of all graphs as default graph unless `union` is false."""

    query: str
    bindings: dict[str, Term]
    rows: int
    union: bool
    dataset: Dataset | None = None
    base: str | None = None
    max_bytes: int = 0  # of the answer on its way; 0 for any number


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer, or what was wrong in words."""

    kind: str = ""
    variables: tuple[str, ...] = ()
    rows: list[tuple[Term | None, ...]] | None = None
    more: bool = False
    heavy: bool = False
    error: str = ""
    misuse: str = ""
    syntax: tuple[str, int | None, int | None] | None = None


class Runner(Protocol):
    """What runs a request apart, within a time."""

    def run(self, request: Request, *, seconds: float) -> Reply:
        """Answer within `seconds`, or end the work and raise `RefusedQuery`."""
        ...

    def close(self) -> None:
        """End whatever runs, by whomever."""
        ...


def answer(store: GraphStore, request: Request) -> Reply:
    """Run a request on a store. Rows beyond the limit are not read; `more` says that there are some."""
    result: Solutions = store.query(
        request.query, bindings=request.bindings, union=request.union, dataset=request.dataset, base=request.base
    )
    return taken(result, request.rows)


def taken(result: Solutions, limit: int) -> Reply:
    """What a query gives, up to so many rows."""
    rows: list[tuple[Term | None, ...]] = []
    for row in result.rows:
        if len(rows) >= limit:
            return Reply(result.kind, result.variables, rows, more=True)
        rows.append(row)
    return Reply(result.kind, result.variables, rows)


def out_of_time(seconds: float) -> str:
    """What is told of a query that took too long."""
    return f"查询超过 {seconds:g} 秒时限，已终止。请缩小范围、加 LIMIT，或调高 POLICYKG_QUERY_SECONDS"
