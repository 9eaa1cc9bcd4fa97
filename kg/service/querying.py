"""The part of the service that runs queries on the graph, and writes it and their results to files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.core.bounds import NAME, bounded
from kg.core.errors import UnknownName, UsageError
from kg.service.seeing import Seeing

if TYPE_CHECKING:
    from kg.graph.results import QueryResult

Json = dict[str, Any]

TABLE_FORMATS = ("table", "csv", "tsv", "json", "xml", "xlsx")
GRAPH_FORMATS = ("ttl", "nt", "jsonld")


class Querying(Seeing):
    """What `Service` inherits."""

    def saved_queries(self) -> list[Json]:
        """The queries that come with the project: `[{"name", "title", "description", "parameters", "inputs", "text"}]`.

        `parameters` are names with default values; `inputs` say more: `[{"name", "type", "label", "default"}]`.
        """
        from kg.graph.queries import saved_queries

        return [query.as_dict() for query in saved_queries()]

    def saved_query(self, name: str, **values: str) -> str:
        """The text of one, with values in place of its parameters' defaults. Raises `UnknownName`."""
        from kg.graph.queries import saved_query

        for value in (name, *values.values()):
            bounded(value, NAME, "查询的参数")
        return saved_query(name, values)

    def query(self, query: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()) -> QueryResult:
        """Run a query, reading only, within the limits of the settings.

        The graphs, where any is given, are all that it reads, whatever it says in FROM. Raises `QuerySyntaxError` with
        the position, or `RefusedQuery` for an update, `SERVICE`, a graph that is not held, or a limit.
        """
        from kg.graph.protocol import Dataset
        from kg.graph.sparql import Limits, run
        from kg.service.former import query_of_now

        settings, snapshot = self.settings, self.snapshot()
        query, *graphs = query_of_now(snapshot, [query, *default_graphs, *named_graphs])
        default_graphs, named_graphs = graphs[: len(default_graphs)], graphs[len(default_graphs) :]
        limits = Limits(settings.query_seconds, settings.query_rows, settings.query_memory_mb, settings.query_mb)
        named = default_graphs or named_graphs
        dataset = Dataset(tuple(default_graphs), tuple(named_graphs)) if named else None
        return run(
            snapshot.store, query, limits=limits, worker=snapshot.workers, dataset=dataset, base=settings.base_iri
        )

    def sparql_description(self, endpoint: str, format_: str) -> bytes:
        """What the SPARQL endpoint at that address can do, in RDF (SPARQL 1.1 Service Description)."""
        from kg.graph.description import describe

        return describe(endpoint, format_)

    def sparql(self, query: str) -> Json:
        """Run a query: `{"kind", "variables", "rows"}`. Reads only; limits come from the settings."""
        result = self.query(query)
        return {"kind": result.kind, "variables": list(result.variables), "rows": [list(row) for row in result.rows]}

    def sparql_bytes(self, query: str, format_: str | None = None) -> bytes:
        """Run a query and write its result in one of `TABLE_FORMATS` or `GRAPH_FORMATS`.

        The default is `table`, for a query that constructs a graph `ttl`.
        """
        if format_ is not None and format_ not in (*TABLE_FORMATS, *GRAPH_FORMATS):
            raise UnknownName("格式", format_, (*TABLE_FORMATS, *GRAPH_FORMATS))
        result = self.query(query)
        return result.serialize(format_ or ("ttl" if result.kind == "construct" else "table"), for_people=True)

    def export(self, what: str, format_: str, path: Path, *, with_contacts: bool = False) -> Json:
        """Write the whole graph (ttl, nq, jsonld) or the network of agencies (graphml, gexf ...) to a file.

        Contacts are personal data: they are in no graph, and in an export of it only when asked for.
        """
        from kg.graph import export

        if what not in ("graph", "agencies"):
            raise UnknownName("导出内容", what, ("graph", "agencies"))
        snapshot = self.snapshot()
        if what == "agencies":
            if with_contacts:
                raise UsageError("机构网络中没有联系人；--with-contacts 只用于 export graph")
            count = export.export_agencies(snapshot.store, format_, path)
        else:
            instead: export.Graphs = {}
            if with_contacts:
                base, whole = self.settings.base_iri, self.reading_of("export", with_contacts=True)
                instead = export.graphs_with_contacts(snapshot.store, whole.catalogue, base=base)
            count = export.export_graph(snapshot.store, format_, path, instead=instead)
        self.record("export", {"what": what, "format": format_, "count": count, "with_contacts": with_contacts})
        return {"what": what, "format": format_, "path": str(path), "count": count, "bytes": path.stat().st_size}
