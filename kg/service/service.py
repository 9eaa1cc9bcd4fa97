"""One object for all that a face may ask. Heavy parts are imported by the method that needs them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.core.config import Settings
from kg.core.errors import UnknownName, UsageError
from kg.core.progress import Progress, silent
from kg.service.snapshot import Snapshot, Snapshots

if TYPE_CHECKING:
    from kg.graph.results import QueryResult

Json = dict[str, Any]

TABLE_FORMATS = ("table", "csv", "tsv", "json", "xml", "xlsx")
GRAPH_FORMATS = ("ttl", "nt", "jsonld")


class Service:
    """A home folder and what can be done with it. Safe to share between threads that read."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._snapshots = Snapshots(settings)

    def snapshot(self) -> Snapshot:
        """The current generation with its stores; keep the reference while using them. Raises `NotBuilt`."""
        return self._snapshots.current()

    # -- writing -----------------------------------------------------------------------------------------------

    def ingest(self, paths: Sequence[str | Path], *, progress: Progress = silent) -> Json:
        """Take in files and folders: `{"added", "updated", "unchanged", "skipped", "failed", "generation"}`."""
        from kg import build

        if not paths:
            raise UsageError("请给出要入库的文件或文件夹")
        self._snapshots.drop()
        return build.ingest(self.settings, [Path(path) for path in paths], progress=progress).as_dict()

    def remove(self, names: Iterable[str], *, progress: Progress = silent) -> Json:
        """Remove documents: `{"removed": [{"id", "source", "title"}], "generation"}`; one unknown name: none."""
        from kg import build
        from kg.service.naming import find_document

        wanted = list(names)
        self._snapshots.drop()
        removed, generation = build.remove(
            self.settings,
            lambda catalogue: [find_document(catalogue, name, exact=True) for name in wanted],
            progress=progress,
        )
        return {"removed": removed, "generation": generation}

    def rebuild(self, *, progress: Progress = silent) -> Json:
        """Make all projections anew from the catalogue: `{"generation", "documents", "seconds"}`."""
        from kg import build

        self._snapshots.drop()
        return build.rebuild(self.settings, progress=progress)

    def upload(self, files: Iterable[tuple[str, bytes]], *, progress: Progress = silent) -> Json:
        """Keep files (name, content) in the home and take them in: `{"files": [...], "generation"}`, see uploads."""
        from kg.service.uploads import take_in

        return take_in(self.settings, files, lambda paths: self.ingest(paths, progress=progress))

    def ingest_again(self, *, progress: Progress = silent) -> Json:
        """Read the files of all held documents again; the shape is that of `ingest`. Raises `NotBuilt`."""
        from kg.service.uploads import sources

        return self.ingest(sources(self.settings), progress=progress)

    def discard(self, ids: Sequence[str], *, progress: Progress = silent) -> Json:
        """`remove`, and delete the files that were uploaded: `{"removed", "generation", "files"}` (a number)."""
        from kg.service.uploads import forget, keys_of

        keys = keys_of(self.settings, ids)
        return {**self.remove(ids, progress=progress), "files": forget(self.settings, keys)}

    # -- documents ---------------------------------------------------------------------------------------------

    def documents(self) -> list[Json]:
        """All documents, in order of source."""
        from kg.service import views

        return views.summaries(self.snapshot().catalogue.documents())

    def document(self, name: str, *, with_contacts: bool = False) -> Json:
        """One document with all its facts; `name` is an id, the beginning of one, a path or a file name."""
        from kg.graph.iris import Iris
        from kg.service import views
        from kg.service.linking import HeldPolicies
        from kg.service.naming import find_document

        snapshot = self.snapshot()
        document = snapshot.catalogue.document(find_document(snapshot.catalogue, name))
        return views.document(
            document,
            agency_iri=Iris(self.settings.base_iri).agency,
            held=HeldPolicies(snapshot.store, self.settings.base_iri).find,
            with_contacts=with_contacts,
        )

    def text(self, name: str) -> str:
        """The normalised text that all offsets count in."""
        from kg.service.naming import find_document

        catalogue = self.snapshot().catalogue
        return catalogue.document(find_document(catalogue, name)).text

    def reading(self, name: str) -> Json:
        """A text with its outline, for reading: `{"id", "text", "outline"}`."""
        from kg.service.naming import find_document
        from kg.service.reading import reading

        catalogue = self.snapshot().catalogue
        return reading(catalogue.document(find_document(catalogue, name)))

    def passage_context(self, document_id: str, start: int, end: int) -> Json:
        """The words around a quote, and the headings above it."""
        from kg.service.reading import passage_context

        return passage_context(self.snapshot().catalogue.document(document_id), start, end)

    def topics(self) -> Json:
        """What the documents talk about: years, places, kinds, series, agencies, themes, policies, with counts."""
        from kg.service.topics import topics

        return topics(self.snapshot().catalogue)

    def evolution(self, series: str | None = None) -> Json:
        """How a series went on, place by place and year by year, with the facts; the series held without one."""
        from kg.service.evolution import evolution

        return evolution(self.snapshot().store, series, base=self.settings.base_iri)

    def basis(self, *, document: str | None = None, policy: str | None = None) -> Json:
        """What a document rests on and what rests on it (or on a policy); what is cited but not held."""
        from kg.graph.iris import Iris
        from kg.service.basis import basis
        from kg.service.naming import find_document

        snapshot = self.snapshot()
        wanted = find_document(snapshot.catalogue, document) if document else None
        iris = Iris(self.settings.base_iri)
        return basis(snapshot.catalogue, snapshot.citations, iris, document=wanted, policy=policy)

    def generation(self) -> Json:
        """The generation that answers come from: `{"number", "created", "documents"}`. Raises `NotBuilt`."""
        manifest = self.snapshot().generation.manifest
        return {"number": manifest.number, "created": manifest.created, "documents": manifest.documents}

    # -- asking ------------------------------------------------------------------------------------------------

    def ask(self, question: str, *, previous: str | None = None) -> Json:
        """Answer a question, in the contract's shape, with `elapsed_ms`; `previous` is the question before, if any."""
        import msgspec

        from kg.answer import ask
        from kg.answer.model import Answer

        if not question.strip():
            raise UsageError("请写出问题，例如：policykg ask 哪些区开展过质量开放日，历年有何变化？")
        begun = time.perf_counter()
        answer: Json = msgspec.to_builtins(
            ask(question, context=self.snapshot(), previous=Answer(previous, True, "") if previous else None)
        )
        answer["elapsed_ms"] = round((time.perf_counter() - begun) * 1000, 1)
        return answer

    def evaluate(self, questions: Path) -> Json:
        """Ask the questions of a JSON file and compare with its answers (kg.answer.evaluation).

        `{"total", "cited", "types": {type: {"correct", "of"}}, "misses": [{"id", "question", "reasons", "answered"}]}`.
        """
        from kg.service.evaluating import evaluate

        return evaluate(questions, self.ask)

    def search(
        self, query: str, *, top: int = 10, with_contacts: bool = False, **filters: str | int | None
    ) -> list[Json]:
        """Passages, best first. `filters`: year, place, agency, kind, theme. Contacts are masked unless asked for."""
        from kg.passages.facets import Filters
        from kg.service.personal import masked

        if not query.strip():
            raise UsageError("请写出要检索的内容，例如：policykg search 首席质量官")
        if top < 1:
            raise UsageError("--top 应为正整数")
        snapshot = self.snapshot()
        hits = snapshot.search.search(query, top=top, filters=Filters(**filters))  # type: ignore[arg-type]
        sources = {item.id: item for item in snapshot.catalogue.documents()} if hits else {}
        shown = {hit.document_id for hit in hits} & sources.keys() if not with_contacts else set()
        contacts = {key: snapshot.catalogue.document(key).contacts for key in shown}
        return [
            {
                "document_id": hit.document_id,
                "source": sources[hit.document_id].source,
                "title": sources[hit.document_id].title,
                "passage_id": hit.passage_id,
                "heading": hit.heading,
                "text": masked(hit.text, hit.start, contacts.get(hit.document_id, ())),
                "score": hit.score,
                "start": hit.start,
                "end": hit.end,
                "highlights": [list(span) for span in hit.highlights],
            }
            for hit in hits
            if hit.document_id in sources
        ]

    # -- graph -------------------------------------------------------------------------------------------------

    def saved_queries(self) -> list[Json]:
        """The queries that come with the project: `[{"name", "title", "description", "parameters", "text"}]`."""
        from kg.graph.queries import saved_queries

        return [
            {
                "name": query.name,
                "title": query.title,
                "description": query.description,
                "parameters": dict(query.parameters),
                "text": query.text,
            }
            for query in saved_queries()
        ]

    def saved_query(self, name: str, **values: str) -> str:
        """The text of one, with values in place of its parameters' defaults. Raises `UnknownName`."""
        from kg.graph.queries import saved_query

        return saved_query(name, values)

    def query(self, query: str) -> QueryResult:
        """Run a query, reading only, within the limits of the settings.

        Raises `QuerySyntaxError` with the position, or `RefusedQuery` for an update, `SERVICE`, or a limit.
        """
        from kg.graph.sparql import Limits, run

        limits = Limits(seconds=self.settings.query_seconds, rows=self.settings.query_rows)
        return run(self.snapshot().store, query, limits=limits)

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
        return result.serialize(format_ or ("ttl" if result.kind == "construct" else "table"))

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
            contacts = export.contacts_of(snapshot.catalogue, base=self.settings.base_iri) if with_contacts else ()
            count = export.export_graph(snapshot.store, format_, path, extra=contacts)
        return {"what": what, "format": format_, "path": str(path), "count": count, "bytes": path.stat().st_size}

    # -- agencies ----------------------------------------------------------------------------------------------

    def agencies(self) -> Json:
        """The agencies of the network, and the values of its filters (kg.service.network.agencies)."""
        from kg.service.network import agencies

        return agencies(self.snapshot())

    def agency_picture(
        self,
        *,
        size: str = "degree",
        centre: str | None = None,
        everything: bool = False,
        **filters: Any,
    ) -> Json:
        """Nodes and edges to draw; `filters`: year, place, level, kind, tie (kg.service.network.picture)."""
        from kg.service.network import Filters, picture

        return picture(self.snapshot(), Filters(**filters), size=size, centre=centre, everything=everything)

    def agency(self, name: str) -> Json:
        """What the documents say of one agency (kg.service.agencies.agency). Raises `UnknownName`."""
        from kg.service.agencies import agency

        return agency(self.snapshot(), name)

    def agency_path(self, first: str, last: str) -> list[Json]:
        """The shortest way between two agencies, step by step, with the documents behind each."""
        from kg.service.network import path

        return path(self.snapshot(), first, last)

    def assignments(self, *, name: str | None = None, year: int | None = None) -> list[Json]:
        """Who carries what (任务分工), each row with its sentence (kg.service.agencies.assignments)."""
        from kg.service.agencies import assignments

        return assignments(self.snapshot(), name=name, year=year)

    # -- upkeep ------------------------------------------------------------------------------------------------

    def status(self) -> Json:
        """How things stand."""
        from kg.service.checks import status

        return status(self.settings)

    def check(self, *, progress: Progress = silent) -> Json:
        """Whether all is consistent: `{"ok", "documents", "generation", "problems"}`."""
        from kg.service.checks import check

        return check(self.settings, self._snapshots, progress)

    def notices(self) -> list[Json]:
        """What a careful reader would flag, of all documents (kg.service.quality.notices)."""
        from kg.service.quality import notices

        return notices(self.snapshot())

    def reference_data(self) -> Json:
        """The files that names are known from (kg.service.quality.reference_data)."""
        from kg.service.quality import reference_data

        return reference_data(self.settings)

    def formats(self) -> list[str]:
        """The endings of the files that can be read, such as `.docx`."""
        from ingest.readers import SUFFIXES

        return sorted(SUFFIXES)
