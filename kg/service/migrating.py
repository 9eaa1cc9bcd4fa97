"""`policykg migrate`: a home to a shared store and back. Both go on where they were cut off."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from kg.build import generations, lineage, publish, replica, write_lock
from kg.build.audiences import publish_audiences
from kg.build.publishing import must_name_endpoints
from kg.catalogue import Actor, Catalogue
from kg.core.config import Settings
from kg.core.errors import NotBuilt, UsageError
from kg.core.progress import Progress, silent
from kg.core.rights import Rights

Json = dict[str, Any]


def to_store(settings: Settings, store: str, actor: Actor, *, graph: str = "", progress: Progress = silent) -> Json:
    """Take all that a home holds to a store: `{"documents", "generation", "store", "graph"}`.

    The home is a copy from then on, and is written only with that store among the settings. `graph` names SPARQL
    endpoints for its graph (default: as the settings say). Raises `NotBuilt` for an empty home; `EnvironmentProblem`
    for a store that holds another catalogue.
    """
    there = dataclasses.replace(settings, store=store, graph=graph or settings.graph)
    must_name_endpoints(there)
    path = lineage.catalogue_of(settings.home)
    if not path.exists():
        raise NotBuilt(settings.home)
    Rights.load(settings.home)
    with replica.own_turn(there, settings.lock_seconds, progress=progress):
        return _published(there, actor, {"to": replica.shown(there)}, progress)


def to_home(settings: Settings, actor: Actor, *, graph: str = "", progress: Progress = silent) -> Json:
    """Make a copy its own truth again, all indexes on this machine; the store stays as it is. Shape as `to_store`.

    An empty home takes all from the store of the settings first. `graph` as there (default: files of this machine).
    """
    with write_lock(settings.home, settings.lock_seconds):
        shared = replica.shared_by(settings)
        if shared is not None and not _is_on_its_way(settings.home):
            shared.take_back(progress=progress)
        elif shared is None and not (_released(settings) or _is_on_its_way(settings.home)):
            raise UsageError("请设置 POLICYKG_STORE（数据现在所在的存储），再运行 policykg migrate --back")
        here = dataclasses.replace(settings, store="", graph=graph)
        return _published(here, actor, {"to": "home"}, progress)


def _is_on_its_way(home: Path) -> bool:
    """Whether a home was made its own truth and then cut off: its indexes are those of the store still."""
    from kg.catalogue.outbox import Copy
    from kg.passages.oceanbase.tables import AT

    path, current = lineage.catalogue_of(home), generations.current_manifest(home)
    if not path.exists() or current is None or AT not in current.entries:
        return False
    with Copy.open(path, read_only=True) as copy:
        return not copy.is_copy


def _released(settings: Settings) -> bool:
    """Make a copy whose store is lost its own truth, as it stands; False where the home is none."""
    from kg.catalogue.outbox import Copy

    path = lineage.catalogue_of(settings.home)
    if not path.exists():
        raise NotBuilt(settings.home)
    with Copy.open(path) as copy:
        was = copy.is_copy
        if was:
            copy.become_own()
    return was


def _published(settings: Settings, actor: Actor, detail: Json, progress: Progress) -> Json:
    with Catalogue.open(lineage.catalogue_of(settings.home)) as catalogue:
        documents = catalogue.count()
        run = catalogue.start_run("migrate", {}, actor=actor, detail=detail)
        manifest = publish(settings, catalogue, progress=progress)
        publish_audiences(settings, progress=progress)
        catalogue.finish_run(run, {"documents": documents})
    return {
        "documents": documents,
        "generation": manifest.number if manifest else None,
        "store": replica.shown(settings),
        "graph": settings.graph,
    }
