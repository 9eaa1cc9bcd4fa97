"""Read-only SPARQL with limits: what users and the server run.

Not allowed: updates, `SERVICE`, `FROM` with a graph that is not held. Undeclared usual prefixes (pkg, schema, skos …)
are known. Limits on time and rows hold; past them the query is refused, never cut silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.core.errors import RefusedQuery, UsageError
from kg.graph.lexer import outline
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Term
from kg.graph.results import QueryResult
from kg.graph.store import OxigraphStore
from kg.graph.worker import QueryWorker, Reply, Request, answer
from ontology.terms import PREFIXES

_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use. `seconds=None` runs it in this process, for the project's own queries."""

    seconds: float | None = None
    rows: int | None = None
    memory_mb: int = 4096


def run(
    store: GraphStore,
    query: str,
    *,
    limits: Limits | None = None,
    bindings: Mapping[str, Term] | None = None,
    worker: QueryWorker | None = None,
) -> QueryResult:
    """Run a query and read all of its result.

    A time limit needs a store on disk (the query then runs in a process of its own; pass a `worker` to keep that
    process between queries). Raises `QuerySyntaxError`, `RefusedQuery`, `UsageError`.
    """
    limits = limits or Limits()
    summary = outline(query, PREFIXES)
    if unknown := set(summary.graphs) - set(store.graphs() if summary.graphs else ()):
        raise RefusedQuery(f"FROM 中的图不在库中：{'、'.join(sorted(unknown))}。库中的图可用 GRAPH ?g {{ }} 查看")
    request = Request(query, dict(bindings or {}), _ALL if limits.rows is None else limits.rows, not summary.graphs)
    reply = answer(store, request) if limits.seconds is None else _run_apart(store, request, limits, worker)
    if reply.more:
        raise RefusedQuery(f"结果超过 {limits.rows} 行上限。请加 LIMIT 或调高 POLICYKG_QUERY_ROWS", rows=limits.rows)
    return QueryResult(reply.kind, reply.variables, tuple(reply.rows or ()))


def _run_apart(store: GraphStore, request: Request, limits: Limits, worker: QueryWorker | None) -> Reply:
    if not isinstance(store, OxigraphStore) or store.path is None:
        raise UsageError("限时查询需要磁盘上的图数据库")
    OxigraphStore().query(request.query)  # parses it here, on nothing: a fault is told with its position
    if worker is not None:
        return worker.run(request, seconds=limits.seconds or 0)
    with QueryWorker(store.path, memory_mb=limits.memory_mb) as own:
        return own.run(request, seconds=limits.seconds or 0)
