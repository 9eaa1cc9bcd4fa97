"""Builds the graph of a generation: from the one before by what changed, or from the catalogue alone."""

from __future__ import annotations

import shutil
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from kg.core.corrections import Correction
from kg.core.ids import DEFAULT_BASE
from kg.core.model import Document
from kg.core.progress import Progress, silent
from kg.graph.gathered import Gathered
from kg.graph.iris import Iris
from kg.graph.links import Links
from kg.graph.protocol import GraphStore
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Literal, Quad, text
from kg.graph.reference import reference_to_quads, reference_version
from kg.graph.review import bodies_to_quads
from kg.graph.store import OxigraphStore
from kg.graph.ties import Keys, Ties, joined
from ontology.places.record import PlaceRecord
from ontology.terms import OWL, PKG

FOLDER = "graph"
GRAPH_VERSION = "4"
"""Goes up when what goes into the graph changes otherwise than by `QUADS_VERSION`."""
_BATCH = 200  # documents a bulk load: about 100,000 quads, 30 MB as text


class DocumentSource(Protocol):
    """What the projection needs of the catalogue."""

    def documents(self) -> Iterable[Any]:
        """Summaries, each with an `id`."""
        ...

    def document(self, document_id: str, /) -> Document:
        """A document with its facts."""
        ...

    def source_state(self, document_id: str, /) -> tuple[str, Mapping[str, str]] | None:
        """The hash of a document's source and the versions of the steps that read it."""
        ...


class ReferenceFiles(Protocol):
    """What the projection needs of the reference data."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The Turtle files that were read."""
        ...

    @property
    def places(self) -> tuple[PlaceRecord, ...]:
        """The places, those of tables among them."""
        ...


def build_graph(
    target: Path,
    *,
    previous: Path | None,
    catalogue: DocumentSource,
    changed: frozenset[str],
    removed: frozenset[str],
    reference: ReferenceFiles,
    base: str = DEFAULT_BASE,
    corrections: Iterable[Correction] = (),
    progress: Progress = silent,
) -> dict[str, int | str]:
    """Write `target/graph` and return the manifest's entries (quads, graphs, reference).

    `previous` is the folder of the generation before; its graph is copied by hard links and only `changed` and
    `removed` documents are rewritten, unless the reference data, the base or the quads' version has changed: then
    everything is built anew, as with `previous=None`. `corrections` are people's statements about bodies.

    On return all is in files; whoever publishes puts them on disk
    (`kg.build.durable`): Oxigraph's commits issue no fsync.
    """
    folder = target / FOLDER
    if folder.exists():
        shutil.rmtree(folder)  # left by a build that was killed
    folder.parent.mkdir(parents=True, exist_ok=True)
    iris = Iris(base)
    version = f"{GRAPH_VERSION}-{reference_version(reference.files, base=base)}"
    keys = Keys.open(previous) if previous is not None and _version(previous / FOLDER, iris) == version else None
    if previous is not None and keys is not None:
        OxigraphStore(previous / FOLDER, read_only=True).backup(folder)
        store = OxigraphStore(folder)
        links = Links(store, iris, keys)
        links.renew(store, *_update(store, iris, catalogue, changed, removed, progress))
        store.replace_graph(iris.reviews, ())  # a body that only an earlier statement named is none
        store.replace_graph(iris.reviews, list(dict.fromkeys(bodies_to_quads(store, corrections, iris))))
    else:
        store = OxigraphStore(folder)
        stated = Gathered()
        links = Links(stated, iris, Keys())
        ties = _rebuild(store, stated, iris, catalogue, reference, version, progress)
        store.add_all(links.all_of(links.taken(Ties(), ties)))
        store.replace_graph(iris.reviews, list(dict.fromkeys(bodies_to_quads(store, corrections, iris))))
        store.optimize()
    links.keys.save(target)
    store.flush()
    entries: dict[str, int | str] = {"quads": len(store), "graphs": len(store.graphs()), "reference": version}
    del store  # closes the files
    return entries


def _version(folder: Path, iris: Iris) -> str | None:
    if not folder.is_dir():
        return None
    store = OxigraphStore(folder, read_only=True)
    stated = store.quads(iris.reference_graph(""), OWL.versionInfo)
    return next((quad.object.lexical for quad in stated if isinstance(quad.object, Literal)), None)


def _update(
    store: OxigraphStore,
    iris: Iris,
    catalogue: DocumentSource,
    changed: frozenset[str],
    removed: frozenset[str],
    progress: Progress,
) -> tuple[Ties, Ties]:
    """What the documents that changed were tied to, and are now."""
    before, after = [], []
    known = _Described(store, iris)
    for document_id in sorted(removed - changed):
        graph = iris.graph(document_id)
        before.append(Ties.of(store.quads(graph=graph)))
        store.replace_graph(graph, ())
    for done, document_id in enumerate(sorted(changed), start=1):
        graph = iris.graph(document_id)
        quads = _document(catalogue, document_id, iris, known)
        before.append(Ties.of(store.quads(graph=graph)))
        after.append(Ties.of(quads))
        store.replace_graph(graph, quads)
        progress(done, len(changed), "更新图")
    return joined(before), joined(after)


def _rebuild(
    store: OxigraphStore,
    stated: Gathered,
    iris: Iris,
    catalogue: DocumentSource,
    reference: ReferenceFiles,
    version: str,
    progress: Progress,
) -> Ties:
    """What all documents and the reference data are tied to."""
    stamp = Quad(iris.reference_graph(""), OWL.versionInfo, text(version), iris.ontology)
    graphs = [*reference_to_quads(reference.files, reference.places, base=iris.base)]
    ties = [Ties.of(quads) for _, quads in graphs]
    store.add_all([stamp, *(quad for _, quads in graphs for quad in quads)])
    prefix = iris.reference_graph("")
    known = frozenset(quad.subject for graph, quads in graphs if graph.startswith(prefix) for quad in quads)
    for _, quads in graphs:
        stated.take(quads)
    del graphs
    ids = [summary.id for summary in catalogue.documents()]
    remaining, done = iter(ids), 0
    while batch := list(islice(remaining, _BATCH)):
        store.add_all(_documents(catalogue, batch, iris, known, ties, stated))
        done += len(batch)
        progress(done, len(ids), "生成图")
    return joined(ties)


def _documents(
    catalogue: DocumentSource,
    ids: list[str],
    iris: Iris,
    known: Container[str],
    ties: list[Ties],
    stated: Gathered,
) -> Iterator[Quad]:
    for document_id in ids:
        quads = _document(catalogue, document_id, iris, known)
        ties.append(Ties.of(quads))
        stated.take(quads)
        yield from quads


def _document(catalogue: DocumentSource, document_id: str, iris: Iris, known: Container[str]) -> list[Quad]:
    document = catalogue.document(document_id)
    state = catalogue.source_state(document_id)  # two folders may each have a 通知.txt
    return without_known(document_to_quads(document, base=iris.base, steps=state[1] if state else {}), known)


def described(store: GraphStore, iris: Iris) -> frozenset[str]:
    """The entities that the reference data describe."""
    prefix = iris.reference_graph("")
    graphs = (graph for graph in store.graphs() if graph.startswith(prefix))
    return frozenset(quad.subject for graph in graphs for quad in store.quads(graph=graph))


class _Described:
    """The same, asked one by one: a change of few documents names few entities."""

    def __init__(self, store: GraphStore, iris: Iris) -> None:
        prefix = iris.reference_graph("")
        self._store = store
        self._graphs = [graph for graph in store.graphs() if graph.startswith(prefix)]
        self._asked: dict[str, bool] = {}

    def __contains__(self, entity: object) -> bool:
        name = str(entity)
        if name not in self._asked:
            found = (next(iter(self._store.quads(name, graph=graph)), None) for graph in self._graphs)
            self._asked[name] = any(quad is not None for quad in found)
        return self._asked[name]


def without_known(quads: Iterable[Quad], known: Container[str]) -> list[Quad]:
    """A document's quads without its descriptions of entities that the reference data describe.

    The union of graphs does not merge equal triples: an agency whose label stands in 1,000 graphs gives each query
    1,000 solutions, and two of its properties a million.
    """
    return [quad for quad in quads if quad.subject not in known or quad.predicate == PKG.heldAs]
