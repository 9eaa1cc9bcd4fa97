"""Oxigraph behind the store protocol. The only module that knows pyoxigraph, RDF parsing and writing included."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.core.errors import EnvironmentProblem, QuerySyntaxError, UnknownName, UsageError
from kg.graph.protocol import Dataset, GraphStore, Solutions
from kg.graph.rdf import LANG_STRING, Literal, Quad, Term, to_nquads, to_ntriples
from kg.graph.rdflib_store import RdflibStore
from ontology.terms import PREFIXES, XSD

if TYPE_CHECKING:
    from kg.graph.asking import Runner

__all__ = ["FORMATS", "GraphStore", "OxigraphStore", "RdflibStore", "Solutions", "parse_turtle", "serialize"]

_LOADED_TOGETHER = 50_000  # quads: some 15 MB as text


class OxigraphStore:
    """Oxigraph on disk (`path`) or in memory (None). A reader opens `read_only`; one process writes."""

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        import pyoxigraph

        self.path = path
        self.read_only = read_only
        self.grown: int | None = 0
        """By how many quads it has more than when it was opened; None where many were added uncounted."""
        self._ox = pyoxigraph
        try:
            if read_only:
                if path is None:
                    raise UsageError("内存中的图不能以只读方式打开")
                self._store = pyoxigraph.Store.read_only(os.fspath(path))
            else:
                self._store = pyoxigraph.Store(None if path is None else os.fspath(path))
        except OSError as error:
            raise EnvironmentProblem(f"图数据库 {path} 无法打开：{error}。可运行 policykg rebuild 重建") from error

    def __len__(self) -> int:
        return len(self._store)

    def graphs(self) -> list[str]:
        """The named graphs that hold something, sorted."""
        return sorted(name.value for name in self._store.named_graphs())

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; None matches everything."""
        node = self._ox.NamedNode
        pattern = self._store.quads_for_pattern(
            None if subject is None else node(subject),
            None if predicate is None else node(predicate),
            None if value is None else _to_ox(self._ox, value),
            None if graph is None else node(graph),
        )
        return (_quad_from_ox(quad) for quad in pattern)

    def replace_graph(self, graph: str, quads: Iterable[Quad]) -> None:
        """Make a named graph hold exactly these quads; none at all removes it."""
        if self.read_only:
            raise UsageError("图数据库以只读方式打开，不能修改")
        # Only the difference is written: cheaper than a rewrite (30,000 quads: 0.2 s instead of 2.4 s).
        new = dict.fromkeys(quads)
        if wrong := next((quad for quad in new if quad.graph != graph), None):
            raise ValueError(f"quad of another graph: {wrong.graph} is not {graph}")
        old = set(self.quads(graph=graph))
        if not new and old:
            self._store.update(f"DROP GRAPH <{graph}>")
            if self.grown is not None:
                self.grown -= len(old)
        else:
            self._write(graph, [quad for quad in old if quad not in new], [q for q in new if q not in old])

    def change_graph(self, graph: str, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Take quads out of a named graph and put others in."""
        if self.read_only:
            raise UsageError("图数据库以只读方式打开，不能修改")
        gone = {quad: None for quad in removed if self._holds(quad)}
        self._write(graph, gone, {quad: None for quad in added if quad in gone or not self._holds(quad)})

    def _write(self, graph: str, removed: Collection[Quad], added: Collection[Quad]) -> None:
        """The same where all `removed` are held, and of `added` none: one SPARQL update is one transaction."""
        parts = [_update(verb, graph, own) for verb, own in (("DELETE", removed), ("INSERT", added)) if own]
        if parts:
            self._store.update(" ;\n".join(parts))
        if self.grown is not None:
            self.grown += len(added) - len(removed)

    def _holds(self, quad: Quad) -> bool:
        return _quad_to_ox(self._ox, quad) in self._store

    def add_all(self, quads: Iterable[Quad]) -> None:
        """Add many quads, part by part: the texts of a few very long documents together would fill the memory."""
        self.grown = None
        remaining = iter(quads)
        while part := list(islice(remaining, _LOADED_TOGETHER)):
            self._store.bulk_load(to_nquads(part), format=self._ox.RdfFormat.N_QUADS)

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        union: bool = True,
        dataset: Dataset | None = None,
        base: str | None = None,
    ) -> Solutions:
        """Run a query with values bound to variables, on `dataset` where one is given."""
        substitutions = {self._ox.Variable(name): _to_ox(self._ox, value) for name, value in (bindings or {}).items()}
        reads: dict[str, Any] = {"use_default_graph_as_union": union}
        if dataset is not None:
            node = self._ox.NamedNode
            reads = {"default_graph": [*map(node, dataset.default)], "named_graphs": [*map(node, dataset.named)]}
        try:
            result = self._store.query(text, base_iri=base, prefixes=PREFIXES, substitutions=substitutions, **reads)
        except SyntaxError as error:
            raise syntax_error(str(error)) from error
        except RuntimeError as error:  # a bound variable that the query does not return, an unknown function
            if bindings:
                raise UsageError(f"绑定的变量必须出现在 SELECT 中：{'、'.join(bindings)}") from error
            raise UsageError(f"图数据库不能执行这个查询：{error}") from error
        return _solutions(self._ox, result)

    def holding(self, subjects: Iterable[str], graphs: Sequence[str]) -> set[str]:
        """Those of the subjects of which one of these graphs says something."""
        return {
            name
            for name in subjects
            if any(next(iter(self.quads(name, graph=graph)), None) is not None for graph in graphs)
        }

    def runner(self, *, memory_mb: int) -> Runner:
        """A process of its own that reads the same files; it starts with the first query."""
        if self.path is None:
            raise UsageError("限时查询需要磁盘上的图数据库")
        from kg.graph.worker import QueryWorker

        return QueryWorker(self.path, memory_mb=memory_mb)

    def flush(self) -> None:
        """Write what Oxigraph still holds in memory to its files."""
        self._store.flush()

    def optimize(self) -> None:
        """Compact after a bulk load, so that readers open few files."""
        self._store.optimize()

    def backup(self, target: Path) -> None:
        """A copy by hard links where the file system allows; `target` must not exist."""
        self._store.backup(os.fspath(target))


def _solutions(ox: Any, result: Any) -> Solutions:
    if isinstance(result, ox.QueryBoolean):
        return Solutions("ask", ("result",), iter([(Literal(str(bool(result)).lower(), XSD.boolean),)]))
    if isinstance(result, ox.QueryTriples):
        triples = (tuple(_from_ox(part) for part in triple) for triple in result)
        return Solutions("construct", ("subject", "predicate", "object"), triples)
    names = tuple(variable.value for variable in result.variables)
    rows = (tuple([_READ[type(value)](value) for value in row]) for row in result)
    return Solutions("select", names, rows)


def parse_results(data: bytes) -> Solutions:
    """SPARQL 1.1 Query Results JSON, as it comes from an endpoint; read as the rows are taken.

    Raises `ValueError`, also while rows are taken.
    """
    import pyoxigraph

    try:
        return _solutions(pyoxigraph, pyoxigraph.parse_query_results(data, format=pyoxigraph.QueryResultsFormat.JSON))
    except SyntaxError as error:
        raise ValueError(error.msg or str(error)) from error


def parse_triples(data: bytes) -> Solutions:
    """N-Triples, as an endpoint answers CONSTRUCT. Raises `ValueError`."""
    import pyoxigraph

    found = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)
    try:
        rows = [(_from_ox(quad.subject), quad.predicate.value, _from_ox(quad.object)) for quad in found]
    except SyntaxError as error:
        raise ValueError(error.msg or str(error)) from error
    return Solutions("construct", ("subject", "predicate", "object"), iter(rows))


def parse_turtle(data: bytes, *, base: str, graph: str) -> list[Quad]:
    """Turtle as quads of one graph. Blank nodes get IRIs in order of appearance, so that a file always gives the same.

    Raises `UsageError` with the line of a fault.
    """
    import pyoxigraph

    names: dict[str, str] = {}

    def skolem(term: Term) -> Term:
        if isinstance(term, str) and term.startswith("_:"):
            return names.setdefault(term, f"{graph}/node/{len(names) + 1}")
        return term

    quads = []
    try:
        for quad in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE, base_iri=base):
            s, p, o = (skolem(_from_ox(part)) for part in (quad.subject, quad.predicate, quad.object))
            quads.append(Quad(str(s), str(p), o, graph))
    except SyntaxError as error:
        raise UsageError(f"Turtle 语法错误：{error.msg or error}") from error
    return quads


FORMATS = {"ttl": "TURTLE", "nt": "N_TRIPLES", "jsonld": "JSON_LD", "nq": "N_QUADS", "rdf": "RDF_XML"}
"""RDF formats by the names of the command line; nq and jsonld keep named graphs."""


def serialize(quads: Iterable[Quad], format_: str) -> bytes:
    """Statements in an RDF format (`FORMATS`); a quad with an empty graph is a plain triple.

    `ttl`, `nt` and `rdf` have no named graphs: there a triple that several graphs hold is written once.
    """
    import pyoxigraph

    if format_ not in FORMATS:
        raise UnknownName("RDF 格式", format_, FORMATS)
    statements: Iterable[Any]
    if format_ in ("ttl", "nt", "rdf"):
        triples = dict.fromkeys(quad[:3] for quad in quads)
        statements = (_triple_to_ox(pyoxigraph, *triple) for triple in triples)
    else:
        statements = (_quad_to_ox(pyoxigraph, quad) for quad in quads)
    target = getattr(pyoxigraph.RdfFormat, FORMATS[format_])
    return pyoxigraph.serialize(statements, format=target, prefixes=PREFIXES) or b""


def _to_ox(ox: Any, term: Term) -> Any:
    if isinstance(term, str):
        return ox.BlankNode(term[2:]) if term.startswith("_:") else ox.NamedNode(term)
    if term.lang:
        return ox.Literal(term.lexical, language=term.lang)
    return ox.Literal(term.lexical, datatype=ox.NamedNode(term.datatype))


def _triple_to_ox(ox: Any, subject: str, predicate: str, value: Term) -> Any:
    return ox.Triple(_to_ox(ox, subject), ox.NamedNode(predicate), _to_ox(ox, value))


def _quad_to_ox(ox: Any, quad: Quad) -> Any:
    graph = ox.NamedNode(quad.graph) if quad.graph else ox.DefaultGraph()
    triple = _triple_to_ox(ox, quad.subject, quad.predicate, quad.object)
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _update(verb: str, graph: str, quads: Iterable[Quad]) -> str:
    lines = "\n".join(f"<{q.subject}> <{q.predicate}> {to_ntriples(q.object)} ." for q in quads)
    return f"{verb} DATA {{ GRAPH <{graph}> {{\n{lines}\n}} }}"


class _Reading(dict[type, Callable[[Any], Any]]):
    """How a term of the engine is read, by its class: told apart by names, a term takes twice as long."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = _KINDS.get(kind.__name__, _as_written)
        return self[kind]


def _literal_from_ox(term: Any) -> Literal:
    if term.language:
        return Literal(term.value, LANG_STRING, term.language)
    return Literal(term.value, term.datatype.value)


def _as_written(term: Any) -> Literal:
    """A quoted triple."""
    return Literal(str(term))


_KINDS: dict[str, Callable[[Any], Any]] = {
    "NoneType": lambda _: None,
    "NamedNode": attrgetter("value"),
    "Literal": _literal_from_ox,
    "BlankNode": lambda term: f"_:{term.value}",
}
_READ = _Reading()


def _from_ox(term: Any) -> Any:
    return _READ[type(term)](term)


def _quad_from_ox(quad: Any) -> Quad:
    graph = quad.graph_name
    return Quad(
        _from_ox(quad.subject),
        quad.predicate.value,
        _from_ox(quad.object),
        graph.value if type(graph).__name__ == "NamedNode" else "",
    )


_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def syntax_error(told: str) -> QuerySyntaxError:
    """Oxigraph's `error at 2:3: expected one of …` with its position; the long lists are cut."""
    found = _POSITION.search(told)
    if not found:
        return QuerySyntaxError(" ".join(told.split())[:200])
    detail = " ".join(found[3].split())
    detail = textwrap.shorten(detail, 120, placeholder=" ...")
    return QuerySyntaxError(detail.replace("expected", "此处应为", 1), int(found[1]), int(found[2]))
