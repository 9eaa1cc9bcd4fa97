"""What one reading command looks at: a held generation, and the catalogue beside it. All parts open on first use."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from kg.build.audiences import home_of, is_up_to_date, mark, restrict
from kg.build.generations import Generation, current_folder, hold_current
from kg.build.lineage import catalogue_of, named_by, read_catalogue
from kg.build.masked import Masked
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, NotBuilt
from kg.core.once import once
from kg.core.rights import Groups, Rights
from ontology import kept

if TYPE_CHECKING:
    from kg.graph.asking import Runner
    from kg.graph.engine import Reading
    from kg.graph.protocol import GraphStore
    from kg.passages.search import PassageSearch
    from kg.service.citations import Citations
    from kg.service.network import Names, Networks
    from ontology.reference import Reference


LOG = logging.getLogger("policykg.catalogue")

_LOOKS = 1.0  # seconds between two looks whether a generation is current still


class Snapshot:
    """A generation with its stores. Whoever uses it keeps a reference; the last one lets the generation go."""

    def __init__(self, settings: Settings, generation: Generation) -> None:
        self.settings = settings
        self.generation = generation
        self.opening: dict[str, threading.RLock] = {}  # a lock for each part
        kept.offer(self.folder / kept.FILE)

    @property
    def folder(self) -> Path:
        """Where its projections are."""
        return self.generation.path

    @once
    def catalogue(self) -> Catalogue:
        """The catalogue, for reading: its lists may be ahead of the generation, its documents are of the same state.

        Without personal data: whoever may see those asks `whole`.
        """
        catalogue = self.opened(Masked)
        if rotten := catalogue.sampled():
            LOG.warning("目录库有损坏的行（%s %s），请运行 policykg check", *rotten[0])
        return catalogue

    def opened(self, kind: type[Catalogue]) -> Catalogue:
        """The catalogue in the state of the generation, with personal data or without, by its kind."""
        manifest = self.generation.manifest
        path = named_by(self.settings.home, manifest)  # it stays there for as long as the generation is held
        return kind.open(path, read_only=True, as_of=manifest.sequence)

    def latest(self) -> Catalogue:
        """The catalogue as it is now, whatever is published; without personal data. The caller closes it."""
        return read_catalogue(self.settings.home, Masked)

    @property
    def whole(self) -> Snapshot:
        """The same state with personal data in texts, quotes and passages; the graph and the indexes hold none.

        A new one each time: were it kept here, the two would hold each other, and the generation with them.
        """
        return _Whole(self)

    @property
    def is_remote(self) -> bool:
        """Whether its graph is at an endpoint."""
        from kg.graph.engine import AT

        return AT in self.generation.manifest.entries

    @property
    def graph(self) -> Reading:
        """The engine that serves its graph."""
        from kg.graph.engine import reading

        return reading(self.folder, self.settings, self.generation.manifest.entries)

    @once
    def store(self) -> GraphStore:
        """The graph."""
        return self.graph.store()

    @once
    def workers(self) -> Runner:
        """What runs people's queries on the graph, within limits; it ends with the snapshot."""
        return self.graph.pool(self.settings)

    @once
    def search(self) -> PassageSearch:
        """The passage indexes, with the embedder that their vectors were made with."""
        from kg.passages.embedder import EmbedderSetting
        from kg.passages.search import PassageSearch

        settings = self.settings
        embedder = EmbedderSetting.of(settings, model=self.generation.manifest.fingerprint["embedder"])
        return PassageSearch.open(
            self.folder,
            self.catalogue,
            embedder,
            quality=self.generation.manifest.fingerprint.get("quality", ""),
            reranker=settings.reranker,
            rerank_top=settings.reranker_top,
            store=settings.store,
        )

    @once
    def citations(self) -> Citations:
        """Which document cites which policy."""
        from kg.service.citations import Citations

        return Citations.read(self.store, self.settings.base_iri)

    @once
    def names(self) -> Names:
        """Who acts in the graph, and what each is called."""
        from kg.service.network import Names

        return Names.read(self.store)

    @once
    def networks(self) -> Networks:
        """The network of agencies, of all years and of each."""
        from kg.service.network import Networks

        return Networks(self.store, self.names, self.settings.base_iri)

    @once
    def reference(self) -> Reference:
        """The reference data (costs the reading of the ontology files)."""
        from ontology.reference import load_reference

        return load_reference(self.settings.ontology)


class _Whole(Snapshot):
    """A snapshot whose catalogue is as it was read; its other stores are those of the masked one."""

    def __init__(self, masked: Snapshot) -> None:
        super().__init__(masked.settings, masked.generation)
        self._masked = masked

    @once
    def catalogue(self) -> Catalogue:
        """The catalogue as it was read."""
        return self._masked.opened(Catalogue)

    def latest(self) -> Catalogue:
        """That of the masked one: what may be stated is shown without personal data to all."""
        return self._masked.latest()

    @property
    def whole(self) -> Snapshot:
        """Itself."""
        return self

    @property
    def store(self) -> GraphStore:
        """The graph."""
        return self._masked.store

    @property
    def workers(self) -> Runner:
        """What runs people's queries."""
        return self._masked.workers

    @property
    def citations(self) -> Citations:
        """Which document cites which policy."""
        return self._masked.citations

    @property
    def names(self) -> Names:
        """Who acts in the graph, and what each is called."""
        return self._masked.names

    @property
    def networks(self) -> Networks:
        """The network of agencies."""
        return self._masked.networks

    @property
    def reference(self) -> Reference:
        """The reference data."""
        return self._masked.reference


class _OfAudience(Snapshot):
    """A snapshot for some groups (`kg.core.rights`): its indexes and its catalogue hold nothing else."""

    def __init__(self, settings: Settings, generation: Generation, rights: Rights, groups: Groups) -> None:
        super().__init__(settings, generation)
        self._rights, self._groups = rights, groups

    def opened(self, kind: type[Catalogue]) -> Catalogue:
        """The catalogue, restricted."""
        catalogue = super().opened(kind)
        restrict(catalogue, self._rights, self._groups)
        return catalogue

    def latest(self) -> Catalogue:
        """The catalogue as it is now, restricted."""
        catalogue = super().latest()
        restrict(catalogue, self._rights, self._groups)
        return catalogue


class Snapshots:
    """Hands out the current snapshot, a new one as soon as a new generation is published. Safe for threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = settings.home  # where the generations are
        self._lock = threading.Lock()
        self._held: Snapshot | None = None
        self._is_watched = False
        self._let_go: weakref.ref[Snapshot] | None = None

    def current(self) -> Snapshot:
        """The snapshot to use now. Raises `NotBuilt`."""
        with self._lock:
            folder = current_folder(self._home)
            if self._held is None and self._let_go is not None:
                self._held = self._let_go()  # still in use elsewhere: one copy of its stores is enough
            if self._held is None or folder != self._held.folder:
                if not catalogue_of(self._settings.home).exists():
                    raise NotBuilt(self._settings.home)
                self._held = self._made(hold_current(self._home))
                if not self._is_watched and (self._held.is_remote or self._settings.store):
                    self._is_watched = True
                    threading.Thread(target=_let_superseded_go, args=(weakref.ref(self),), daemon=True).start()
            return self._held

    def _made(self, generation: Generation) -> Snapshot:
        return Snapshot(self._settings, generation)

    def newest(self) -> int | None:
        """The number of the generation that is current; opens nothing."""
        folder = current_folder(self._home)
        return int(folder.name) if folder else None

    def drop_superseded(self) -> None:
        """Let the held generation go if it is current no more."""
        with self._lock:
            is_old = self._held is not None and self._held.folder != current_folder(self._home)
        if is_old:
            self.drop()

    def drop(self) -> None:
        """Let the held generation go (a writer is about to replace it)."""
        with self._lock:
            if self._held is not None:
                self._let_go = weakref.ref(self._held)
            self._held = None


def _let_superseded_go(snapshots: weakref.ref[Snapshots]) -> None:
    """See that a server which nobody asks anything does not keep a generation: its endpoint is to be written next."""
    while (found := snapshots()) is not None:
        found.drop_superseded()
        del found
        time.sleep(_LOOKS)


class ForAudience(Snapshots):
    """The snapshots of a set of groups."""

    def __init__(self, settings: Settings, groups: Groups) -> None:
        super().__init__(settings)
        self._home = home_of(settings.home, groups)
        self._groups = groups

    def current(self) -> Snapshot:
        """The current one. Raises `EnvironmentProblem` where there is none of these rights: nothing is shown then."""
        rights = Rights.load(self._settings.home)
        if rights is None or not is_up_to_date(self._settings.home, rights, self._groups):
            raise EnvironmentProblem(
                "权限规则改过之后还没有重建索引，暂时不能查看。请管理员运行 policykg ingest 或 rebuild"
            )
        return super().current()

    def _made(self, generation: Generation) -> Snapshot:
        rights = Rights.load(self._settings.home)
        if rights is None or generation.manifest.fingerprint.get("audience") != mark(rights, self._groups):
            raise EnvironmentProblem("权限规则刚刚改过，请稍后重试")
        return _OfAudience(self._settings, generation, rights, self._groups)


class Staying(Snapshots):
    """One snapshot, whatever is published meanwhile."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.settings)
        self._stays = snapshot
        self._home = snapshot.folder.parent.parent

    def current(self) -> Snapshot:
        """Always the same."""
        return self._stays


class Showing(Snapshots):
    """The snapshots of another, with personal data."""

    def __init__(self, masked: Snapshots) -> None:
        super().__init__(masked._settings)  # noqa: SLF001 - its own class
        self._masked = masked
        self._home = masked._home  # noqa: SLF001
        self._whole: tuple[Snapshot, Snapshot] | None = None  # the masked one, and the same whole

    def current(self) -> Snapshot:
        """The current one, whole."""
        masked = self._masked.current()
        if self._whole is None or self._whole[0] is not masked:
            self._whole = masked, masked.whole
        return self._whole[1]

    def drop(self) -> None:
        """Let the held generation go."""
        self._whole = None
        self._masked.drop()
