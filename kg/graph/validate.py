"""Whether the graph satisfies `ontology/shapes.ttl` (SHACL), and whether quotes have the length of their span.

Graphs are validated in portions: a shape never looks beyond one document, and pySHACL's time and memory grow with
what it holds at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ontology
from kg.core.ids import DEFAULT_BASE
from kg.core.progress import Progress, silent
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal, Quad
from ontology.terms import DCTERMS, OA, PREFIXES

if TYPE_CHECKING:
    import rdflib

SHAPES = Path(ontology.__file__).with_name("shapes.ttl")
_PORTION = 40_000  # quads validated at once: about 1 s and 100 MB
_SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with one node: the node, the property, and a sentence for people."""

    focus: str
    path: str
    message: str
    severity: str = "Violation"


def violations(
    store: GraphStore,
    *,
    base: str = DEFAULT_BASE,
    texts: Callable[[str], str] | None = None,
    progress: Progress = silent,
) -> list[Violation]:
    """All violations, sorted by node.

    `texts` gives a document's normalised text by its id (the catalogue's); with it each quote is compared with the
    words at its offsets, without it only its length is.
    """
    found: set[Violation] = set()
    graphs = [graph for graph in store.graphs() if graph != Iris(base).links]
    done = 0
    for portion in _portions(store, graphs):
        found.update(_shacl(portion))
        found.update(_quotes(portion, texts))
        done += len({quad.graph for quad in portion})
        progress(done, len(graphs), "校验图")
    return sorted(found, key=lambda v: (v.focus, v.path, v.message))


def _portions(store: GraphStore, graphs: Iterable[str]) -> Iterator[list[Quad]]:
    """The quads of whole graphs, some graphs at a time."""
    portion: list[Quad] = []
    for graph in graphs:
        quads = list(store.quads(graph=graph))
        if portion and len(portion) + len(quads) > _PORTION:
            yield portion
            portion = []
        portion += quads
    if portion:
        yield portion


@lru_cache(maxsize=1)
def _shapes() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph().parse(SHAPES, format="turtle")


def _shacl(quads: Iterable[Quad]) -> Iterator[Violation]:
    import pyshacl
    import rdflib

    data = rdflib.Graph()
    data.addN((*_to_rdflib(rdflib, quad), data) for quad in quads)
    _, report, _ = pyshacl.validate(data, shacl_graph=_shapes(), inference="none")
    for result in report.subjects(rdflib.RDF.type, rdflib.URIRef(_SH + "ValidationResult")):

        def value(name: str, result: Any = result) -> str:
            return str(report.value(result, rdflib.URIRef(_SH + name)) or "")

        yield Violation(
            value("focusNode"),
            _short(value("resultPath")),
            value("resultMessage"),
            value("resultSeverity").split("#")[-1],
        )


def _to_rdflib(rdflib: Any, quad: Quad) -> tuple[Any, Any, Any]:
    value = quad.object
    if isinstance(value, Literal):
        datatype = None if value.lang else rdflib.URIRef(value.datatype)
        term = rdflib.Literal(value.lexical, lang=value.lang, datatype=datatype)
        if datatype == rdflib.XSD.string:
            term = rdflib.Literal(value.lexical)  # rdflib holds "x" and "x"^^xsd:string for two terms
    else:
        term = rdflib.URIRef(value)
    return rdflib.URIRef(quad.subject), rdflib.URIRef(quad.predicate), term


def _short(iri: str) -> str:
    """`pkg:status` for the whole IRI."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _quotes(quads: Iterable[Quad], texts: Callable[[str], str] | None) -> Iterator[Violation]:
    """Quotes that are not the words at their offsets."""
    values: dict[str, dict[str, str]] = {}
    sources: dict[str, str] = {}
    documents: dict[str, str] = {}
    for quad in quads:
        if quad.predicate in (OA.start, OA.end, OA.exact) and isinstance(quad.object, Literal):
            span = quad.subject.rpartition("/")[0]  # <span>/position, <span>/quote
            values.setdefault(span, {})[quad.predicate] = quad.object.lexical
        elif quad.predicate == OA.hasSource and isinstance(quad.object, str):
            sources[quad.subject] = quad.object
        elif quad.predicate == DCTERMS.identifier and isinstance(quad.object, Literal):
            documents[quad.subject] = quad.object.lexical
    for span, value in values.items():
        if len(value) != len((OA.start, OA.end, OA.exact)):
            continue  # SHACL says so already
        start, end, exact = int(value[OA.start]), int(value[OA.end]), value[OA.exact]
        if end - start != len(exact):
            yield Violation(span, "oa:exact", f"引文长 {len(exact)} 字，位置却跨 {end - start} 字")
            continue
        document = documents.get(sources.get(span, ""))
        if texts is not None and document is not None and texts(document)[start:end] != exact:
            yield Violation(span, "oa:exact", "引文与文件正文不符")
