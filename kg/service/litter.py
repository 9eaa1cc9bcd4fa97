"""What killed runs left in a home: half-written files, folders to work in, uploads that were never taken in.

A run clears up behind itself, and the next one behind a killed one where it comes by; this looks everywhere.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from kg.build import lineage, write_lock
from kg.build.generations import leftovers, sweep
from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.lock import reading_lock
from kg.build.originals import BEFORE, UPLOADS, in_uploads
from kg.build.sources import name_of
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import CatalogueError, EnvironmentProblem, Locked
from kg.core.ids import sha256
from kg.core.parts import file_of

BACKUPS = "backups"
_HALF = (".current.new", ".*.partial-*", ".restoring-*", ".*.part")
_OLD = 3600.0  # seconds: what is younger may be somebody's work who does not hold the lock yet


def found(settings: Settings) -> list[str]:
    """Names of what may be cleared; none while someone writes, for then it is at work."""
    if not catalogue_of(settings.home).exists():
        return []
    try:
        with write_lock(settings.home, 0), reading_lock(settings.home, 0, alone=True):
            return sorted(
                [
                    *leftovers(settings.home),
                    *(_name(settings.home, path) for path in _litter(settings, _held(settings))),
                ]
            )
    except (EnvironmentProblem, OSError):  # somebody writes, or the home may only be read
        return []


def clear(settings: Settings) -> list[str]:
    """Remove it; returns what was removed. The caller holds the write lock.

    What an unfinished upload was to replace comes back: the catalogue still speaks of it.
    """
    home = settings.home
    gone = leftovers(home)
    sweep(home)
    try:
        with reading_lock(home, 0, alone=True):
            return gone + _cleared(settings)
    except Locked:  # uploads that are being read are nobody's litter
        return gone


def _cleared(settings: Settings) -> list[str]:
    home, gone = settings.home, []
    held = _held(settings)
    for path in list(_litter(settings, held)):
        gone.append(_name(home, path))
        kept = path.with_name(path.name[1:].removesuffix(BEFORE))
        if path.name.endswith(BEFORE) and held and held.get(name_of(kept.resolve())) == sha256(path.read_bytes()):
            path.replace(kept)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return gone


def _name(home: Path, path: Path) -> str:
    return path.relative_to(home).as_posix()


def _held(settings: Settings) -> dict[str, str] | None:
    """The hashes of held files by where they are, or would be in a home that was moved; None if that is unknown."""
    try:
        with read_catalogue(settings.home, Catalogue) as catalogue:
            items = list(catalogue.documents())
    except CatalogueError:  # nothing is cleared that may be somebody's file
        return None
    files = {file_of(item.source_key): item.sha256 for item in items}
    return {place: digest for key, digest in files.items() for place in in_uploads(settings.home, key)} | files


def _litter(settings: Settings, held: dict[str, str] | None) -> Iterator[Path]:
    old = time.time() - _OLD
    return (path for path in _candidates(settings, held) if path.lstat().st_mtime < old)


def _candidates(settings: Settings, held: dict[str, str] | None) -> Iterator[Path]:
    home, uploads = settings.home, settings.home / UPLOADS
    for pattern in _HALF:
        yield from home.glob(pattern)
    yield from (home / BACKUPS).glob(".policykg-backup-*")
    if held is None:
        return
    yield from lineage.superseded(home)
    if not uploads.is_dir():
        return
    for path in sorted(uploads.rglob("*")):
        is_left = path.name.startswith(".") and path.name.endswith(BEFORE)
        if path.is_file() and (is_left or name_of(path.resolve()) not in held):
            yield path
