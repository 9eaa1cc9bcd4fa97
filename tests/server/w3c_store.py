"""An endpoint on graphs without documents: the service's own query path, with nothing of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph as ox

from kg.core.config import Settings
from kg.graph.pool import WorkerPool
from kg.graph.store import OxigraphStore
from kg.server import create_app
from kg.service import Service
from tests.server.client import Client, running


class OneStore(Service):
    """The service on a graph without a catalogue."""

    def __init__(self, home: Path) -> None:
        super().__init__(Settings(home=home))
        self._fixed = SimpleNamespace(
            folder=home,
            store=OxigraphStore(home / "graph", read_only=True),
            workers=WorkerPool(home / "graph", size=1),
        )

    def snapshot(self) -> Any:
        return self._fixed

    def generation(self) -> dict[str, Any]:
        return {"number": 1, "created": "now", "documents": 0}


@contextmanager
def endpoint(home: Path, graphs: Iterable[tuple[str, list[ox.Quad]]]) -> Iterator[Client]:
    """A running endpoint on these graphs; one without triples is there, too."""
    store = ox.Store(str(home / "graph"))
    held = dict(graphs)
    store.bulk_extend(
        ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(name)) for name, quads in held.items() for q in quads
    )
    for name, quads in held.items():
        if not quads:
            store.add_graph(ox.NamedNode(name))
    store.flush()
    del store
    service = OneStore(home)
    with running(create_app(service)) as client:
        yield client
    service.snapshot().workers.close()
