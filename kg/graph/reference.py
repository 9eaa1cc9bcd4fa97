"""The vocabulary and the reference data (places, agencies, series ...) as quads in their own named graphs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import ontology
from kg.core.errors import UsageError
from kg.core.ids import DEFAULT_BASE
from kg.graph.iris import Iris
from kg.graph.quads import QUADS_VERSION
from kg.graph.rdf import Quad, Term
from kg.graph.store import parse_turtle
from ontology.places import data as place_data
from ontology.places.record import PlaceRecord
from ontology.places.turtle import to_turtle
from ontology.terms import RDF, SCHEMA

VOCABULARY = Path(ontology.__file__).with_name("policy.ttl")
PLACES = VOCABULARY.with_name("places.ttl")
_COUNTIES = tuple(place_data.FOLDER / name for name in ("counties.tsv", "aliases.tsv"))

_OF_TABLE = "counties"  # the graph of places that come as a table


def reference_to_quads(
    files: Iterable[Path], places: Iterable[PlaceRecord], *, base: str = DEFAULT_BASE
) -> Iterator[tuple[str, list[Quad]]]:
    """Each file as (graph IRI, quads), policy.ttl first; data IRIs are moved under `base`.

    The counties, which come as a table, stand in a graph of their own; one that a file describes is left to it.

    Raises `UsageError` naming the file that cannot be read.
    """
    iris = Iris(base)
    yield iris.ontology, _read(VOCABULARY, iris.ontology, base)
    described: set[str] = set()
    for path, graph in _named(files, iris):
        quads = _read(path, graph, base)
        described |= {q.subject for q in quads if (q.predicate, q.object) == (RDF.type, SCHEMA.AdministrativeArea)}
        yield graph, quads
    counties = [p for p in places if p.level in ("区", "县") and iris.place(p.qualified) not in described]
    if counties:
        graph = iris.reference_graph(_OF_TABLE)
        yield graph, _quads(to_turtle(counties).encode(), PLACES, graph, base)


def reference_graphs(files: Iterable[Path], iris: Iris) -> list[str]:
    """The graphs that the reference data of these files may be in, without the vocabulary's."""
    return [*(graph for _, graph in _named(files, iris)), iris.reference_graph(_OF_TABLE)]


def _named(files: Iterable[Path], iris: Iris) -> Iterator[tuple[Path, str]]:
    taken: dict[str, int] = {}
    for path in files:
        if path == VOCABULARY:
            continue
        taken[path.stem] = number = taken.get(path.stem, 0) + 1
        # a site's own places.ttl stands beside the built-in one, not in its place
        yield path, iris.reference_graph(path.stem if number == 1 else f"{path.stem}-{number}")


def reference_version(files: Iterable[Path], *, base: str = DEFAULT_BASE) -> str:
    """Changes when a file, the base or the writing of quads changes."""
    digest = hashlib.sha256(f"{QUADS_VERSION}\n{base}\n".encode())
    files = tuple(files)
    for path in (VOCABULARY, *files, *(_COUNTIES if PLACES in files else ())):
        digest.update(path.name.encode() + b"\0" + _bytes(path) + b"\0")
    return digest.hexdigest()[:16]  # 64 bits: compared with that of the generation before


def _read(path: Path, graph: str, base: str) -> list[Quad]:
    return _quads(_bytes(path), path, graph, base)


def _quads(data: bytes, path: Path, graph: str, base: str) -> list[Quad]:
    try:
        quads = parse_turtle(data, base=DEFAULT_BASE, graph=graph)
    except UsageError as error:
        raise UsageError(f"本体文件 {path.name} 有误：{error.message}", file=str(path)) from error
    if base == DEFAULT_BASE:
        return quads

    @cache
    def rebased(iri: str) -> str:
        return base + iri.removeprefix(DEFAULT_BASE) if iri.startswith(DEFAULT_BASE) else iri

    def term(value: Term) -> Term:
        return rebased(value) if isinstance(value, str) else value

    return [Quad(rebased(q.subject), rebased(q.predicate), term(q.object), graph) for q in quads]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"本体文件 {path} 无法读取：{error.strerror}", file=str(path)) from error
