"""From the catalogue to a published generation: only what changed, or everything where the ground has shifted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from kg.build import generations
from kg.build.manifest import Manifest
from kg.build.projections import PROJECTIONS, Projection, Task
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.progress import Progress, silent
from ontology.reference import Reference, load_reference, version_of


def publish(
    settings: Settings,
    catalogue: Catalogue,
    *,
    reference: Reference | None = None,
    projections: Sequence[Projection] = PROJECTIONS,
    scratch: bool = False,
    progress: Progress = silent,
) -> Manifest | None:
    """Bring the current generation up to the catalogue; returns its manifest (None while nothing was ever held).

    The caller holds the write lock. Does nothing when the current generation shows the catalogue already. A
    kill at any moment leaves the old generation or the new one; what it left behind is swept the next time.
    """
    generations.sweep(settings.home)
    held = generations.current_manifest(settings.home)
    version = reference.version if reference else version_of(settings.ontology)
    fingerprint = ground(settings, catalogue, version, projections)
    fresh = scratch or held is None or held.fingerprint != fingerprint or held.sequence > catalogue.sequence()
    if held is None and catalogue.sequence() == 0:
        return None
    if held is not None and not fresh and held.sequence == catalogue.sequence():
        return held
    begun = time.perf_counter()
    changed, removed, sequence = catalogue.changes_since(0 if fresh or held is None else held.sequence)
    task = Task(
        target=generations.begin(settings.home),
        previous=None if fresh else generations.current_folder(settings.home),
        catalogue=catalogue,
        changed=changed,
        removed=frozenset() if fresh else removed,
        reference=reference or load_reference(settings.ontology),
        settings=settings,
        progress=progress,
    )
    try:
        entries: dict[str, object] = {}
        for projection in projections:
            entries |= projection.build(task)
        manifest = Manifest(
            number=generations.next_number(settings.home),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            sequence=sequence,
            documents=catalogue.count(),
            fingerprint=fingerprint,
            entries=entries,
            scratch=fresh,
            seconds=round(time.perf_counter() - begun, 3),
        )
        generations.install(settings.home, task.target, manifest)
    except BaseException:
        shutil.rmtree(task.target, ignore_errors=True)
        raise
    generations.sweep(settings.home)
    return manifest


def ground(
    settings: Settings, catalogue: Catalogue, ontology: str, projections: Sequence[Projection] = PROJECTIONS
) -> dict[str, str]:
    """All that decides a generation's contents beside the documents; `ontology` is the reference data's version."""
    return {
        "catalogue": catalogue.identity(),
        "ontology": ontology,
        "base": settings.base_iri,
        "embedder": settings.embedder,
        **{projection.name: projection.version() for projection in projections},
    }
