"""What one reading command looks at: a held generation, and the catalogue beside it. All parts open on first use."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.build.generations import Generation, current_folder, hold_current
from kg.build.run import CATALOGUE
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import NotBuilt

if TYPE_CHECKING:
    from kg.graph.protocol import GraphStore
    from kg.passages.search import PassageSearch
    from kg.service.citations import Citations
    from ontology.reference import Reference


class Snapshot:
    """A generation with its stores. Whoever uses it keeps a reference; the last one lets the generation go."""

    def __init__(self, settings: Settings, generation: Generation) -> None:
        self.settings = settings
        self.generation = generation

    @property
    def folder(self) -> Path:
        """Where its projections are."""
        return self.generation.path

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue, for reading. It may be ahead of the generation while a writer is at work."""
        return Catalogue.open(self.settings.home / CATALOGUE, read_only=True)

    @cached_property
    def store(self) -> GraphStore:
        """The graph."""
        from kg.graph.store import OxigraphStore

        return OxigraphStore(self.folder / "graph", read_only=True)

    @cached_property
    def search(self) -> PassageSearch:
        """The passage indexes, with the embedder that their vectors were made with."""
        from kg.passages.search import PassageSearch

        return PassageSearch.open(self.folder, self.catalogue, self.generation.manifest.fingerprint["embedder"])

    @cached_property
    def citations(self) -> Citations:
        """Which document cites which policy."""
        from kg.service.citations import Citations

        return Citations.read(self.store)

    @cached_property
    def reference(self) -> Reference:
        """The reference data (costs the reading of the ontology files)."""
        from ontology.reference import load_reference

        return load_reference(self.settings.ontology)


class Snapshots:
    """Hands out the current snapshot, a new one as soon as a new generation is published. Safe for threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._held: Snapshot | None = None

    def current(self) -> Snapshot:
        """The snapshot to use now. Raises `NotBuilt`."""
        with self._lock:
            folder = current_folder(self._settings.home)
            if self._held is None or folder != self._held.folder:
                if not (self._settings.home / CATALOGUE).exists():
                    raise NotBuilt(self._settings.home)
                self._held = Snapshot(self._settings, hold_current(self._settings.home))
            return self._held

    def drop(self) -> None:
        """Let the held generation go (a writer is about to replace it)."""
        with self._lock:
            self._held = None
