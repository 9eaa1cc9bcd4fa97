"""The W3C's SPARQL 1.1 cases, read from their manifests."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

ARCHIVE = Path(__file__).parent / "w3c" / "sparql11.zip"
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SYNTAX = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}


@cache
def files() -> dict[str, bytes]:
    """The suite by path below `sparql11/`."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def triples(path: str) -> list[ox.Quad]:
    syntax = SYNTAX[Path(path).suffix]
    return list(ox.parse(files()[path], format=syntax, base_iri=BASE + path, rename_blank_nodes=True))


class Graph:
    """A manifest: values by subject and predicate."""

    def __init__(self, path: str) -> None:
        self._values: dict[tuple[Any, str], list[Any]] = defaultdict(list)
        for quad in triples(path):
            self._values[quad.subject, quad.predicate.value].append(quad.object)

    def all(self, subject: Any, predicate: str) -> list[Any]:
        return self._values.get((subject, predicate), [])

    def subjects(self, predicate: str, value: Any) -> list[Any]:
        return [s for (s, p), values in self._values.items() if p == predicate and value in values]

    def one(self, subject: Any, predicate: str) -> Any:
        found = self.all(subject, predicate)
        return found[0] if found else None

    def items(self, first: Any) -> Iterator[Any]:
        while first is not None and first.value != RDF + "nil":
            yield self.one(first, RDF + "first")
            first = self.one(first, RDF + "rest")


@dataclass(frozen=True)
class Case:
    """A case of a manifest. Paths are those of `files()`; `result` is empty where the answer is only yes or no."""

    group: str
    name: str
    kind: str
    query: str = ""
    data: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    result: str = ""

    def __str__(self) -> str:
        return f"{self.group}/{self.name}"


@cache
def manifest(group: str) -> Graph:
    return Graph(f"{group}/manifest.ttl")


def cases(group: str) -> Iterator[Case]:
    graph = manifest(group)
    for entry in graph.items(graph.one(ox.NamedNode(f"{BASE}{group}/manifest.ttl"), MF + "entries")):
        kind = graph.one(entry, RDF + "type").value.removeprefix(MF)
        action = graph.one(entry, MF + "action")
        name = entry.value.rpartition("#")[2]
        if isinstance(action, ox.NamedNode):
            yield Case(group, name, kind, query=_path(action))
            continue
        query, result = graph.one(action, QT + "query"), graph.one(entry, MF + "result")
        data, graphs = (tuple(map(_path, graph.all(action, QT + key))) for key in ("data", "graphData"))
        yield Case(group, name, kind, _path(query), data, graphs, _path(result))


def _path(node: Any) -> str:
    return node.value.removeprefix(BASE) if isinstance(node, ox.NamedNode) else ""
