"""Builds the graph of a generation: from the one before by what changed, or from the catalogue alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from kg.core.corrections import Correction
from kg.core.ids import DEFAULT_BASE
from kg.core.model import Document
from kg.core.progress import Progress, silent
from kg.graph.iris import Iris
from kg.graph.links import links_to_quads, what_links_rest_on
from kg.graph.protocol import GraphStore
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Literal, Quad, text
from kg.graph.reference import reference_to_quads, reference_version
from kg.graph.review import bodies_to_quads
from kg.graph.store import OxigraphStore
from ontology.terms import OWL, PKG

FOLDER = "graph"
GRAPH_VERSION = "2"
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
    linked = False
    if previous is not None and _version(previous / FOLDER, iris) == version:
        OxigraphStore(previous / FOLDER, read_only=True).backup(folder)
        store = OxigraphStore(folder)
        linked = _update(store, iris, catalogue, changed, removed, progress)
    else:
        store = OxigraphStore(folder)
        _rebuild(store, iris, catalogue, reference, version, progress)
    named = store.quads(graph=iris.reviews)
    store.replace_graph(iris.reviews, list(dict.fromkeys(bodies_to_quads(store, corrections, iris))))
    if not linked or set(named) != set(store.quads(graph=iris.reviews)):
        store.replace_graph(iris.links, links_to_quads(store, base=base))
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
) -> bool:
    """Rewrite what changed; whether all that links are made from is as it was."""
    known = described(store, iris)
    for document_id in sorted(removed - changed):
        store.replace_graph(iris.graph(document_id), ())
    linked = not removed - changed
    for done, document_id in enumerate(sorted(changed), start=1):
        graph = iris.graph(document_id)
        quads = _document(catalogue, document_id, iris, known)
        linked = linked and what_links_rest_on(store.quads(graph=graph)) == what_links_rest_on(quads)
        store.replace_graph(graph, quads)
        progress(done, len(changed), "更新图")
    return linked


def _rebuild(
    store: OxigraphStore,
    iris: Iris,
    catalogue: DocumentSource,
    reference: ReferenceFiles,
    version: str,
    progress: Progress,
) -> None:
    stamp = Quad(iris.reference_graph(""), OWL.versionInfo, text(version), iris.ontology)
    graphs = reference_to_quads(reference.files, base=iris.base)
    store.add_all([stamp, *(quad for _, quads in graphs for quad in quads)])
    known = described(store, iris)
    ids = [summary.id for summary in catalogue.documents()]
    remaining, done = iter(ids), 0
    while batch := list(islice(remaining, _BATCH)):
        store.add_all(_documents(catalogue, batch, iris, known))
        done += len(batch)
        progress(done, len(ids), "生成图")
    store.optimize()


def _documents(catalogue: DocumentSource, ids: list[str], iris: Iris, known: frozenset[str]) -> Iterator[Quad]:
    for document_id in ids:
        yield from _document(catalogue, document_id, iris, known)


def _document(catalogue: DocumentSource, document_id: str, iris: Iris, known: frozenset[str]) -> list[Quad]:
    document = catalogue.document(document_id)
    state = catalogue.source_state(document_id)  # two folders may each have a 通知.txt
    return without_known(document_to_quads(document, base=iris.base, steps=state[1] if state else {}), known)


def described(store: GraphStore, iris: Iris) -> frozenset[str]:
    """The entities that the reference data describe."""
    prefix = iris.reference_graph("")
    graphs = (graph for graph in store.graphs() if graph.startswith(prefix))
    return frozenset(quad.subject for graph in graphs for quad in store.quads(graph=graph))


def without_known(quads: Iterable[Quad], known: frozenset[str]) -> list[Quad]:
    """A document's quads without its descriptions of entities that the reference data describe.

    The union of graphs does not merge equal triples: an agency whose label stands in 1,000 graphs gives each query
    1,000 solutions, and two of its properties a million.
    """
    return [quad for quad in quads if quad.subject not in known or quad.predicate == PKG.heldAs]
