"""Which engine serves the graph of a generation: files of this machine, or an endpoint (the setting `graph`).

How the next state begins from the one before, how a generation's graph is opened for reading, and how people's queries
run on it within limits differ between the two; nobody else needs to know which it is.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem
from kg.graph.protocol import GraphStore

if TYPE_CHECKING:
    from kg.graph.addresses import Address
    from kg.graph.asking import Runner
    from kg.graph.ties import Keys

FOLDER = "graph"
AT, TOKEN, IN_PLACE = "graph_at", "graph_stamp", "graph_in_place"
"""Entries of the manifest of a generation whose graph is at an endpoint: its URL without a password, the token of the
stamp there, and of which catalogue later states will do, too (only where there is but one endpoint)."""

_SLOW = 3  # queries at an endpoint for each of `query_workers`: as many as run here, quick and slow


@dataclass(frozen=True, slots=True)
class Change:
    """Documents that were put or removed since a state."""

    changed: frozenset[str]
    removed: frozenset[str]


@dataclass(slots=True)
class Draft:
    """The next state of a graph, while it is written. Without `keys` the store is empty, and all is to be put in."""

    store: GraphStore
    keys: Keys | None
    change: Change
    finish: Callable[[Keys], dict[str, Any]]
    """To be called at last: all is kept from now on; what it returns belongs into the manifest."""
    grown: Callable[[], int | None] = lambda: None
    """By how many quads it has more than the state before; None where the engine does not know."""


class Writing(Protocol):
    """An engine as whoever publishes sees it."""

    def begin(self, target: Path, previous: Path | None, version: str, base: str, change: Change) -> Draft:
        """The next state, from the one before where its `version` is this one.

        `target` is the folder of the generation that is built, `previous` that of the one before, `change` what has
        changed since then.
        """
        ...


class Local:
    """Oxigraph's files in the generation's folder; the next state begins as a copy by hard links."""

    def begin(self, target: Path, previous: Path | None, version: str, base: str, change: Change) -> Draft:
        """The next state."""
        from kg.graph.store import OxigraphStore
        from kg.graph.ties import Keys

        folder = target / FOLDER
        if folder.exists():
            shutil.rmtree(folder)  # left by a build that was killed
        folder.parent.mkdir(parents=True, exist_ok=True)
        keys = None
        if previous is not None and _version(previous / FOLDER, base) == version:
            keys = Keys.open(previous)
        if previous is not None and keys is not None:
            OxigraphStore(previous / FOLDER, read_only=True).backup(folder)
        store = OxigraphStore(folder)
        is_new = keys is None

        def finish(found: Keys) -> dict[str, Any]:
            if is_new:
                store.optimize()
            found.save(target)
            store.flush()
            return {}

        return Draft(store, keys, change, finish, lambda: None if is_new else store.grown)


def _version(folder: Path, base: str) -> str | None:
    from kg.graph.iris import Iris
    from kg.graph.rdf import Literal
    from kg.graph.store import OxigraphStore
    from ontology.terms import OWL

    if not folder.is_dir():
        return None
    stated = OxigraphStore(folder, read_only=True).quads(Iris(base).reference_graph(""), OWL.versionInfo)
    return next((quad.object.lexical for quad in stated if isinstance(quad.object, Literal)), None)


class Reading(Protocol):
    """An engine as readers of one generation see it."""

    @property
    def path(self) -> Path | None:
        """Where the files are; None for an endpoint."""
        ...

    def store(self) -> GraphStore:
        """The graph, opened for reading."""
        ...

    def pool(self, settings: Settings) -> Runner:
        """What runs people's queries on it, several at a time."""
        ...


class Files:
    """The graph of a generation in its folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FOLDER

    def store(self) -> GraphStore:
        """The graph."""
        from kg.graph.store import OxigraphStore

        return OxigraphStore(self.path, read_only=True)

    def pool(self, settings: Settings) -> Runner:
        """Processes that read the same files."""
        from kg.graph.pool import WorkerPool

        return WorkerPool(self.path, size=settings.query_workers, memory_mb=settings.query_memory_mb)


class AtEndpoint:
    """The graph of a generation at an endpoint."""

    path = None

    def __init__(self, address: Address, entries: Mapping[str, Any], base: str) -> None:
        self._address, self._entries, self._base = address, entries, base

    def store(self) -> GraphStore:
        """The graph. Raises `EnvironmentProblem` where it is not there, or not whole."""
        from kg.graph.remote import opened

        return opened(self._address, self._base, str(self._entries[TOKEN]), str(self._entries.get(IN_PLACE, "")))

    def pool(self, settings: Settings) -> Runner:
        """What asks there."""
        from kg.graph.deadline import EndpointRunner
        from kg.graph.endpoint import EndpointStore

        store = self.store()
        assert isinstance(store, EndpointStore)  # noqa: S101 - so it is made
        return EndpointRunner(store, size=_SLOW * settings.query_workers)


def reading(folder: Path, settings: Settings, entries: Mapping[str, Any]) -> Reading:
    """The engine of a generation; `entries` are those of its manifest.

    Raises `EnvironmentProblem` where it is at an endpoint that the settings do not name (any more).
    """
    at = entries.get(AT)
    if at is None:
        return Files(folder)
    from kg.graph.addresses import addresses

    for address in addresses(settings.graph):
        if address.shown == at:
            return AtEndpoint(address, entries, settings.base_iri)
    raise EnvironmentProblem(
        f"现有索引的图在 SPARQL 端点 {at}，而设置 POLICYKG_GRAPH 中没有它。"
        "请把它写回 POLICYKG_GRAPH，或运行 policykg rebuild 按现在的设置重建"
    )
