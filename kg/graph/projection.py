"""Builds the graph of a generation: from the one before by what changed, or from the catalogue alone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from kg.core.corrections import Correction
from kg.core.ids import DEFAULT_BASE
from kg.core.model import Document
from kg.core.progress import Progress, silent
from kg.graph.engine import Change, Local, Writing
from kg.graph.gathered import Gathered
from kg.graph.iris import Iris
from kg.graph.links import Links
from kg.graph.protocol import GraphStore
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Quad, text
from kg.graph.reference import reference_graphs, reference_to_quads, reference_version
from kg.graph.review import bodies_to_quads
from kg.graph.ties import Keys, Ties, joined
from ontology.places.record import PlaceRecord
from ontology.terms import OWL, PKG

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
    engine: Writing | None = None,
    quads: int | None = None,
    graphs: int | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write the graph and return the manifest's entries (quads, graphs, reference, and where it is if not in `target`).

    `previous` is the folder of the generation before: what it holds is the beginning (of files of this machine a copy
    by hard links), and only `changed` and `removed` documents are rewritten, unless the reference data, the base or the
    quads' version has changed: then everything is built anew, as with `previous=None`. `corrections` are people's
    statements about bodies. `engine` says where the graph is kept: in files in `target/graph` if it is not given.
    `quads` and `graphs` are how many the manifest of `previous` says: what has changed is counted, for counting all
    takes a second.

    On return all is in files; whoever publishes puts them on disk
    (`kg.build.durable`): Oxigraph's commits issue no fsync.
    """
    iris = Iris(base)
    version = f"{GRAPH_VERSION}-{reference_version(reference.files, base=base)}"
    draft = (engine or Local()).begin(target, previous, version, base, Change(changed, removed))
    store = draft.store
    if draft.keys is not None:
        links = Links(store, iris, draft.keys)
        touched = _touched(iris, draft.change) if graphs is not None else []
        before = _holding(store, touched)
        links.renew(store, *_update(store, iris, catalogue, draft.change, reference.files, progress))
        store.replace_graph(iris.reviews, ())  # a body that only an earlier statement named is none
        store.replace_graph(iris.reviews, list(dict.fromkeys(bodies_to_quads(store, corrections, iris))))
        graphs = graphs + _holding(store, touched) - before if graphs is not None else None
    else:
        graphs = None
        stated = Gathered()
        links = Links(stated, iris, Keys())
        ties = _rebuild(store, stated, iris, catalogue, reference, version, progress)
        store.add_all(links.all_of(links.taken(Ties(), ties)))
        store.replace_graph(iris.reviews, list(dict.fromkeys(bodies_to_quads(store, corrections, iris))))
    grown = draft.grown() if quads is not None else None
    entries = draft.finish(links.keys)
    count = len(store) if quads is None or grown is None else quads + grown
    if graphs is None or grown is None:
        graphs = len(store.graphs())
    found = {"quads": count, "graphs": graphs, "reference": version, **entries}
    del store, draft  # closes the files
    return found


def _update(
    store: GraphStore,
    iris: Iris,
    catalogue: DocumentSource,
    change: Change,
    reference: Sequence[Path],
    progress: Progress,
) -> tuple[Ties, Ties]:
    """What the documents that changed were tied to, and are now; `reference` are the files of the reference data."""
    before, after = [], []
    known = _Described(store, reference_graphs(reference, iris))
    for document_id in sorted(change.removed - change.changed):
        graph = iris.graph(document_id)
        before.append(Ties.of(store.quads(graph=graph)))
        store.replace_graph(graph, ())
    for done, document_id in enumerate(sorted(change.changed), start=1):
        graph = iris.graph(document_id)
        quads = _document(catalogue, document_id, iris)
        quads = without_known(quads, known.among(quad.subject for quad in quads))
        before.append(Ties.of(store.quads(graph=graph)))
        after.append(Ties.of(quads))
        store.replace_graph(graph, quads)
        progress(done, len(change.changed), "更新图")
    return joined(before), joined(after)


def _touched(iris: Iris, change: Change) -> list[str]:
    """The graphs that a change may fill or empty."""
    return [*(iris.graph(each) for each in sorted(change.changed | change.removed)), iris.links, iris.reviews]


def _holding(store: GraphStore, graphs: Iterable[str]) -> int:
    """How many of some graphs hold something."""
    return sum(next(iter(store.quads(graph=graph)), None) is not None for graph in graphs)


def _rebuild(
    store: GraphStore,
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
        quads = without_known(_document(catalogue, document_id, iris), known)
        ties.append(Ties.of(quads))
        stated.take(quads)
        yield from quads


def _document(catalogue: DocumentSource, document_id: str, iris: Iris) -> list[Quad]:
    document = catalogue.document(document_id)
    state = catalogue.source_state(document_id)  # two folders may each have a 通知.txt
    return document_to_quads(document, base=iris.base, steps=state[1] if state else {})


def described(store: GraphStore, iris: Iris) -> frozenset[str]:
    """The entities that the reference data describe."""
    prefix = iris.reference_graph("")
    graphs = (graph for graph in store.graphs() if graph.startswith(prefix))
    return frozenset(quad.subject for graph in graphs for quad in store.quads(graph=graph))


class _Described:
    """The same, asked for those that a change names: few documents name few entities."""

    def __init__(self, store: GraphStore, graphs: Sequence[str]) -> None:
        self._store = store
        self._graphs = graphs
        self._asked: dict[str, bool] = {}

    def among(self, subjects: Iterable[str]) -> Container[str]:
        """Those of some entities that the reference data describe."""
        wanted = set(subjects)
        new = wanted - self._asked.keys()
        found = self._store.holding(new, self._graphs)
        self._asked |= {name: name in found for name in new}
        return {name for name in wanted if self._asked[name]}


def without_known(quads: Iterable[Quad], known: Container[str]) -> list[Quad]:
    """A document's quads without its descriptions of entities that the reference data describe.

    The union of graphs does not merge equal triples: an agency whose label stands in 1,000 graphs gives each query
    1,000 solutions, and two of its properties a million.
    """
    return [quad for quad in quads if quad.subject not in known or quad.predicate == PKG.heldAs]
