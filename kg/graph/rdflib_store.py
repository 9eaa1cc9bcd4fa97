"""The exact reference implementation of a graph store, on rdflib, for the contract tests.

It needs seconds where Oxigraph needs milliseconds, so nothing else uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.core.errors import QuerySyntaxError, UsageError
from kg.graph.protocol import Dataset, Solutions
from kg.graph.rdf import LANG_STRING, Literal, Quad, Term
from ontology.terms import PREFIXES, XSD

if TYPE_CHECKING:
    from kg.graph.asking import Runner


class RdflibStore:
    """The exact reference: an rdflib Dataset with a union default graph, in memory."""

    path = None

    def __init__(self) -> None:
        import rdflib

        self._rdflib = rdflib
        self._data = rdflib.Dataset(default_union=True)

    def __len__(self) -> int:
        return sum(1 for _ in self.quads())

    def graphs(self) -> list[str]:
        """The named graphs that hold something, sorted."""
        return sorted({quad.graph for quad in self.quads()})

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; None matches everything."""
        uri = self._rdflib.URIRef
        pattern: Any = (
            None if subject is None else uri(subject),
            None if predicate is None else uri(predicate),
            None if value is None else self._to_rdflib(value),
            None if graph is None else self._data.graph(uri(graph)),
        )
        for s, p, o, g in self._data.quads(pattern):
            yield Quad(str(s), str(p), _from_rdflib(o), str(g))

    def replace_graph(self, graph: str, quads: Iterable[Quad]) -> None:
        """Make a named graph hold exactly these quads; none at all removes it."""
        new = list(quads)
        if wrong := next((quad for quad in new if quad.graph != graph), None):
            raise ValueError(f"quad of another graph: {wrong.graph} is not {graph}")
        self._data.remove_graph(self._rdflib.URIRef(graph))
        self.add_all(new)

    def change_graph(self, graph: str, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Take quads out of a named graph and put others in."""
        uri = self._rdflib.URIRef
        for s, p, o, _ in removed:
            self._data.graph(uri(graph)).remove((uri(s), uri(p), self._to_rdflib(o)))
        self.add_all(added)

    def add_all(self, quads: Iterable[Quad]) -> None:
        """Add many quads."""
        uri = self._rdflib.URIRef
        for s, p, o, g in quads:
            self._data.graph(uri(g)).add((uri(s), uri(p), self._to_rdflib(o)))

    def query(
        self,
        text: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        union: bool = True,
        dataset: Dataset | None = None,
        base: str | None = None,
    ) -> Solutions:
        """Run a query with values bound to variables."""
        if not union or dataset is not None:
            raise UsageError("rdflib 参考实现不支持 FROM")
        values: Any = {name: self._to_rdflib(value) for name, value in (bindings or {}).items()}
        try:
            result = self._data.query(text, initNs=PREFIXES, initBindings=values, base=base)
        except Exception as error:
            raise QuerySyntaxError(str(error)) from error
        if result.type == "ASK":
            return Solutions("ask", ("result",), iter([(Literal(str(result.askAnswer).lower(), XSD.boolean),)]))
        rows = (tuple(None if v is None else _from_rdflib(v) for v in row) for row in result)  # type: ignore[union-attr]
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            return Solutions("construct", ("subject", "predicate", "object"), rows)
        return Solutions("select", tuple(str(v) for v in result.vars or ()), rows)

    def holding(self, subjects: Iterable[str], graphs: Sequence[str]) -> set[str]:
        """Those of the subjects of which one of these graphs says something."""
        return {name for name in subjects if any(any(self.quads(name, graph=graph)) for graph in graphs)}

    def runner(self, *, memory_mb: int) -> Runner:
        """There is none."""
        del memory_mb
        raise UsageError("限时查询需要磁盘上的图数据库")

    def flush(self) -> None:
        """Nothing to do: it lives in memory."""

    def _to_rdflib(self, term: Term) -> Any:
        if isinstance(term, str):
            return self._rdflib.URIRef(term)
        datatype = None if term.lang or term.datatype == XSD.string else self._rdflib.URIRef(term.datatype)
        return self._rdflib.Literal(term.lexical, lang=term.lang, datatype=datatype, normalize=False)


def _from_rdflib(term: Any) -> Any:
    import rdflib

    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), LANG_STRING, term.language)
        return Literal(str(term), str(term.datatype) if term.datatype else XSD.string)
    return f"_:{term}" if isinstance(term, rdflib.BNode) else str(term)
