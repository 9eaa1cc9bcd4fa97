"""Read-only SPARQL with limits: what users and the server run.

Not allowed: updates, `SERVICE`, graphs that are not held (nothing is fetched). Undeclared usual prefixes (pkg, schema,
skos …) are known. Limits on time, memory, rows and size hold; past them the query is refused, never cut silently. A
`RefusedQuery` for a limit says in `context["limit"]` which: time, memory, rows, bytes, busy.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from kg.core.bounds import QUERY, bounded
from kg.core.errors import RefusedQuery
from kg.graph.asking import Reply, Request, Runner, answer
from kg.graph.lexer import outline
from kg.graph.protocol import Dataset, GraphStore
from kg.graph.rdf import Term
from kg.graph.results import QueryResult
from ontology.terms import PREFIXES

_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use. `seconds=None` runs it in this process, for the project's own queries."""

    seconds: float | None = None
    rows: int | None = None
    memory_mb: int = 4096
    result_mb: int = 0  # 0 for any size


def run(
    store: GraphStore,
    query: str,
    *,
    limits: Limits | None = None,
    bindings: Mapping[str, Term] | None = None,
    worker: Runner | None = None,
    dataset: Dataset | None = None,
    base: str | None = None,
) -> QueryResult:
    """Run a query and read all of its result, on `dataset` instead of what it says in FROM where one is given.

    Relative IRIs are resolved against `base`. A time limit needs a store on disk (the query then runs in a process of
    its own; pass a `worker` or a pool to keep that process between queries) or an endpoint.
    Raises `QuerySyntaxError`, `RefusedQuery`, `UsageError`.
    """
    limits = limits or Limits()
    begun = time.monotonic()
    bounded(query, QUERY, "查询")
    summary = outline(query, PREFIXES, base=base or "")
    wanted = {*summary.graphs, *((*dataset.default, *dataset.named) if dataset else ())}
    if unknown := wanted - set(store.graphs() if wanted else ()):
        raise RefusedQuery(
            f"指定的图不在库中，也不会从网络读取：{'、'.join(sorted(unknown))}。库中的图可用 GRAPH ?g {{ }} 查看"
        )
    request = Request(
        query,
        dict(bindings or {}),
        _ALL if limits.rows is None else limits.rows,
        union=not summary.graphs,
        dataset=dataset,
        base=base,
        max_bytes=limits.result_mb << 20,
    )
    reply = (
        answer(store, request)
        if limits.seconds is None
        else _run_apart(store, request, limits, worker, limits.seconds - (time.monotonic() - begun))
    )
    if reply.more:
        raise RefusedQuery(f"结果超过 {limits.rows} 行上限。请加 LIMIT 或调高 POLICYKG_QUERY_ROWS", limit="rows")
    if reply.heavy:
        raise RefusedQuery(f"结果超过 {limits.result_mb} MB 上限。请加 LIMIT 或少取几列", limit="bytes")
    return QueryResult(reply.kind, reply.variables, tuple(reply.rows or ()))


def _run_apart(store: GraphStore, request: Request, limits: Limits, worker: Runner | None, seconds: float) -> Reply:
    if worker is not None:
        return worker.run(request, seconds=max(seconds, 0.0))
    own = store.runner(memory_mb=limits.memory_mb)
    try:
        return own.run(request, seconds=max(seconds, 0.0))
    finally:
        own.close()
