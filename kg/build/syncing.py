"""A folder and what is held of it, side by side: what was added, changed, moved, is gone.

The plan only reads. Carrying it out is an ordinary ingest run; documents whose files are gone are removed only
when that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kg.build.projections import PROJECTIONS, Projection
from kg.build.report import Report
from kg.build.run import ingest, remove, steps_of
from kg.build.sources import Limits, Refused, Source, is_gone, name_of, walk
from kg.catalogue import CATALOGUE, Actor, Catalogue, Summary
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.ids import sha256
from kg.core.oserrors import why
from kg.core.progress import Progress, silent
from ontology.reference import version_of


@dataclass(slots=True)
class Plan:
    """What a synchronisation would do: sources as people see them; `gone` are documents without a file."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[dict[str, str]] = field(default_factory=list)
    again: list[str] = field(default_factory=list)  # as they were, to be read by newer steps
    unchanged: int = 0
    gone: list[dict[str, str]] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: getattr(self, name) for name in self.__slots__}


def plan(settings: Settings, folder: Path, *, progress: Progress = silent) -> Plan:
    """Compare a folder with what is held of it; nothing is changed. Raises `UsageError` where it is no folder."""
    from ingest.readers import SUFFIXES

    if not folder.is_dir():
        raise UsageError(f"{folder} 不是文件夹，或不存在；请给出要同步的文件夹")
    limits = Limits(settings.max_file_mb * 2**20, settings.max_archive_mb * 2**20)
    items = list(walk([folder], suffixes=SUFFIXES, limits=limits, exclude=settings.home))
    held, states = _held(settings)
    steps = steps_of(version_of(settings.ontology))
    found = Plan()
    seen: set[str] = set()
    new: list[tuple[Source, str]] = []
    for done, item in enumerate(items):
        progress(done, len(items), item.shown.rsplit("/", 1)[-1])
        if isinstance(item, Refused):
            found.refused.append({"source": item.shown, "reason": item.reason})
            continue
        seen.add(item.key)
        try:
            digest = sha256(item.read())
        except OSError as error:
            found.refused.append({"source": item.shown, "reason": why(error)})
            continue
        document = held.get(item.key)
        if document is None:
            new.append((item, digest))
        elif document.sha256 != digest:
            found.changed.append(item.shown)
        elif states[document.id] != steps:
            found.again.append(item.shown)
        else:
            found.unchanged += 1
    progress(len(items), len(items), "")
    _settle(found, new, held, seen, name_of(folder.resolve()))
    return found


def _held(settings: Settings) -> tuple[dict[str, Summary], dict[str, dict[str, str]]]:
    """The held documents by absolute path, and by which steps each was read."""
    if not (settings.home / CATALOGUE).exists():
        return {}, {}
    with Catalogue.open(settings.home / CATALOGUE, read_only=True) as catalogue:
        held = {item.source_key: item for item in catalogue.documents()}
        states = {item.id: catalogue.source_state(item.id) for item in held.values()}
    return held, {key: dict(state.steps) if state else {} for key, state in states.items()}


def _settle(
    found: Plan, new: Sequence[tuple[Source, str]], held: dict[str, Summary], seen: set[str], folder: str
) -> None:
    """Which new files are old ones elsewhere, and which documents have no file any more."""
    lost = {key: item for key, item in held.items() if key not in seen and is_gone(Path(key))}
    by_bytes = {item.sha256: item for item in reversed(list(lost.values()))}
    kept = {item.sha256: item for key, item in held.items() if key not in lost}
    for source, digest in new:
        if digest in kept:
            reason = f"内容与已入库的 {kept[digest].source} 完全相同"
            found.refused.append({"source": source.shown, "reason": reason})
        elif (before := by_bytes.pop(digest, None)) is not None:
            found.moved.append({"source": source.shown, "from": before.source})
            del lost[before.source_key]
        else:
            found.added.append(source.shown)
    inside = folder.rstrip("/") + "/"
    found.gone = [
        {"id": item.id, "source": item.source, "title": item.title}
        for key, item in lost.items()
        if key.startswith(inside)
    ]


def sync(
    settings: Settings,
    folder: Path,
    *,
    delete: bool = False,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = silent,
    actor: Actor | None = None,
) -> tuple[Plan, Report, list[dict[str, str]]]:
    """Carry out a plan; returns it, the report of the run, and the documents that were removed (`delete`)."""
    found = plan(settings, folder, progress=progress)
    report = ingest(settings, [folder], projections=projections, progress=progress, actor=actor)
    removed: list[dict[str, str]] = []
    if delete and found.gone:
        gone = [item["id"] for item in found.gone]
        removed, generation = remove(settings, lambda _: gone, projections=projections, progress=progress, actor=actor)
        report = replace(report, generation=generation)
    return found, report, removed
