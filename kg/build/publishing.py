"""From the catalogue to a published generation: only what changed, or everything where the ground has shifted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

from kg.build import generations, lineage
from kg.build.manifest import Manifest
from kg.build.masked import MASK_VERSION, Masked
from kg.build.projections import PROJECTIONS, Projection, Task
from kg.build.replica import send_generation
from kg.build.seals import misfits, seal
from kg.catalogue import CATALOGUE, RENAMED, Catalogue
from kg.core.collector import paused
from kg.core.config import Settings
from kg.core.progress import Progress, silent
from ontology import kept
from ontology.reference import Reference, load_reference, version_of

_FEW = 50  # documents that are published without Python's collector


def publish(
    settings: Settings,
    catalogue: Catalogue,
    *,
    reference: Reference | None = None,
    projections: Sequence[Projection] = PROJECTIONS,
    scratch: bool = False,
    progress: Progress = silent,
    before_install: Callable[[Manifest], None] = lambda _: None,
    audience: str = "",
    named: str = "",
) -> Manifest | None:
    """Bring the current generation up to the catalogue; returns its manifest (None while nothing was ever held).

    The caller holds the write lock. Does nothing when the current generation shows the catalogue already. A
    kill at any moment leaves the old generation or the new one; what it left behind is swept the next time.
    `before_install` runs when all is built and nothing is published yet. `audience` names for whom a restricted
    catalogue is (kg.build.audiences), `named` the file in the home that the catalogue will be (kg.build.lineage), if it
    is not there yet.
    """
    generations.sweep(settings.home)
    catalogue.refresh_overlay()
    before = generations.current_folder(settings.home)
    held = generations.current_manifest(settings.home)
    if before is not None:
        kept.offer(before / kept.FILE)
    version = reference.version if reference else version_of(settings.ontology)
    fingerprint = ground(settings, catalogue, version, projections) | ({"audience": audience} if audience else {})
    fresh = scratch or held is None or held.fingerprint != fingerprint or not stems_from(held, catalogue)
    # what was lost there would be lost for good, for the next one would be sealed without it
    fresh = fresh or before is None or held is None or bool(misfits(before, held.files))
    if held is None and catalogue.sequence() == 0:
        return None
    if held is not None and not fresh and held.sequence == catalogue.sequence():
        return held
    begun = time.perf_counter()
    named = named or catalogue.path.name
    changed, removed, sequence = catalogue.changes_since(0 if fresh or held is None else held.sequence)
    task = Task(
        target=generations.begin(settings.home),
        previous=None if fresh else before,
        catalogue=Masked.over(catalogue),
        changed=changed,
        removed=frozenset() if fresh else removed,
        reference=reference or load_reference(settings.ontology),
        settings=settings,
        progress=progress,
        entries={} if fresh or held is None else held.entries,
    )
    try:
        entries: dict[str, object] = {}
        few = len(changed | removed) <= _FEW
        with paused() if not (fresh or settings.graph or settings.store) and few else nullcontext():
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
            change=catalogue.change_token(sequence) or "",
            files=seal(task.target, previous=task.previous, known=held.files if held else None),
            catalogue=named if named != CATALOGUE else "",
        )
        before_install(manifest)
        if not audience:
            send_generation(settings, catalogue, manifest, task.target)
        generations.install(settings.home, task.target, manifest, previous=task.previous)
    except BaseException:
        shutil.rmtree(task.target, ignore_errors=True)
        raise
    generations.sweep(settings.home)
    shown = [
        each.sequence
        for home in lineage.homes(settings.home)
        for each in generations.manifests(home)
        if each.catalogue == manifest.catalogue
    ]
    catalogue.forget_superseded(min(shown, default=0))
    return manifest


def stems_from(manifest: Manifest, catalogue: Catalogue) -> bool:
    """Whether a generation shows a state that this catalogue has been in (else it is that of another copy of it)."""
    return manifest.sequence == 0 or catalogue.change_token(manifest.sequence) == manifest.change


def shows_former_ids(settings: Settings, catalogue: Catalogue) -> bool:
    """Whether the current generation was published before the ids of its documents were made longer."""
    held, renamed = generations.current_manifest(settings.home), catalogue.meta(RENAMED)
    if held is None or renamed is None or held.sequence > int(renamed):
        return False
    return any(held.fingerprint.get(each.name) != each.version() for each in PROJECTIONS)


def ground(
    settings: Settings, catalogue: Catalogue, ontology: str, projections: Sequence[Projection] = PROJECTIONS
) -> dict[str, str]:
    """All that decides a generation's contents beside the documents; `ontology` is the reference data's version."""
    return {
        "catalogue": catalogue.identity(),
        "ontology": ontology,
        "base": settings.base_iri,
        "masks": MASK_VERSION,
        "embedder": settings.embedder,
        **_embedding(settings),
        **_endpoints(settings),
        **_store(settings),
        **{projection.name: projection.version() for projection in projections},
    }


def _embedding(settings: Settings) -> dict[str, str]:
    """Other settings that decide the vectors of passages, where they are set."""
    given = {"max_length": settings.embedder_max_length, "passage_prompt": settings.embedder_passage_prompt}
    found = {f"embedder_{name}": str(value) for name, value in given.items() if value}
    return found | ({"quality": settings.quality} if settings.quality else {})


def must_name_endpoints(settings: Settings) -> None:
    """Raise `UsageError` where a setting of where the graph or the passages are kept cannot be understood."""
    _endpoints(settings)
    _store(settings)


def _endpoints(settings: Settings) -> dict[str, str]:
    """Where the graph is, if not on this machine."""
    if not settings.graph:
        return {}
    from kg.graph.addresses import fingerprint

    return {"graph_at": found} if (found := fingerprint(settings.graph)) else {}


def _store(settings: Settings) -> dict[str, str]:
    """Where full text and vectors are, if not on this machine."""
    if not settings.store:
        return {}
    from kg.shared.address import fingerprint

    return {"store_at": found} if (found := fingerprint(settings.store)) else {}
