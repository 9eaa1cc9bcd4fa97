"""A folder and what is held of it, side by side: what was added, changed, moved, is gone.

The plan only reads. To synchronise is an ordinary ingest run; documents whose files are gone are removed only when
that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kg.build.holding import is_whole
from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.projections import PROJECTIONS, Projection
from kg.build.report import Report
from kg.build.run import ingest, remove, steps_of
from kg.build.sources import Limits, Refused, Source, is_gone, name_of, walk
from kg.catalogue import Actor, Catalogue, Summary
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.ids import sha256
from kg.core.oserrors import why
from kg.core.parts import file_of
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

    _must_be_folder(folder)
    items = list(walk([folder], suffixes=SUFFIXES, limits=Limits.of(settings), exclude=settings.home))
    held = _held(settings)
    states = _steps(settings, held)
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
        documents = held.get(item.key, [])
        if not documents:
            new.append((item, digest))
        elif any(document.sha256 != digest for document in documents):
            found.changed.append(item.shown)
        elif any(states[document.id] != steps for document in documents):
            found.again.append(item.shown)
        else:
            found.unchanged += 1
    progress(len(items), len(items), "")
    _settle(found, new, held, seen, name_of(folder.resolve()))
    return found


_Held = dict[str, list[Summary]]


def _held(settings: Settings, *, below: str = "") -> _Held:
    """The held documents by the absolute path of their file, of all files or those of a folder."""
    held: _Held = {}
    if catalogue_of(settings.home).exists():
        with read_catalogue(settings.home, Catalogue) as catalogue:
            for item in catalogue.documents():
                if item.source_key.startswith(below):
                    held.setdefault(file_of(item.source_key), []).append(item)
    return held


def _steps(settings: Settings, held: _Held) -> dict[str, dict[str, str]]:
    """By which steps each document was read; what lacks one of its file counts as read by none: it is read again."""
    steps: dict[str, dict[str, str]] = {item.id: {} for items in held.values() for item in items}
    if held:
        with read_catalogue(settings.home, Catalogue) as catalogue:
            for items in held.values():
                for item in items if is_whole(catalogue, items) else ():
                    if (state := catalogue.source_state(item.id)) is not None:
                        steps[item.id] = dict(state.steps)
    return steps


def _settle(found: Plan, new: Sequence[tuple[Source, str]], held: _Held, seen: set[str], folder: str) -> None:
    """Which new files are old ones elsewhere, and which documents have no file any more."""
    lost = {key: items for key, items in held.items() if key not in seen and is_gone(Path(key))}
    by_bytes = {items[0].sha256: key for key, items in reversed(list(lost.items()))}
    kept = {items[0].sha256: file_of(items[0].source) for key, items in held.items() if key not in lost}
    for source, digest in new:
        if digest in kept:
            reason = f"内容与已入库的 {kept[digest]} 完全相同"
            found.refused.append({"source": source.shown, "reason": reason})
            continue
        kept[digest] = source.shown
        if (before := by_bytes.pop(digest, None)) is not None:
            found.moved.append({"source": source.shown, "from": file_of(lost.pop(before)[0].source)})
        else:
            found.added.append(source.shown)
    inside = f"{folder.rstrip('/')}/"
    found.gone = _gone({key: items for key, items in lost.items() if key.startswith(inside)})


def _gone(lost: _Held) -> list[dict[str, str]]:
    return [{"id": item.id, "source": item.source, "title": item.title} for items in lost.values() for item in items]


def sync(
    settings: Settings,
    folder: Path,
    *,
    delete: bool = False,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = silent,
    actor: Actor | None = None,
) -> tuple[Plan, Report, list[dict[str, str]]]:
    """Bring what is held up to date; returns what was done, the report of the run, and what was removed (`delete`).

    The folder is read once: what is gone is what the run has left without a file. Raises `UsageError` where it is none.
    """
    _must_be_folder(folder)
    report = ingest(settings, [folder], projections=projections, progress=progress, actor=actor)
    inside = _held(settings, below=f"{name_of(folder.resolve()).rstrip('/')}/")
    done = Plan(
        added=report.sources["added"],
        changed=report.sources["updated"],
        moved=report.moved,
        unchanged=len(report.sources["unchanged"]),
        gone=_gone({key: items for key, items in inside.items() if is_gone(Path(key))}),
        refused=[*report.skipped, *report.failed],
    )
    removed: list[dict[str, str]] = []
    if delete and done.gone:
        removed, generation = remove(
            settings,
            lambda catalogue: _still_gone(catalogue, [item["id"] for item in done.gone]),
            projections=projections,
            progress=progress,
            actor=actor,
        )
        report = replace(report, generation=generation)
    return done, report, removed


def _still_gone(catalogue: Catalogue, ids: Sequence[str]) -> list[str]:
    """Those of which nobody has removed the document, or brought the file back, since the run looked."""
    held = catalogue.held_among(ids)
    return [id_ for id_ in ids if id_ in held and is_gone(Path(file_of(catalogue.summary(id_).source_key)))]


def _must_be_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"{folder} 不是文件夹，或不存在；请给出要同步的文件夹")
