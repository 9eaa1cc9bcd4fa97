"""What killed runs left in a home: half-written files, folders to work in, uploads that were never taken in.

A run clears up behind itself, and the next one behind a killed one where it comes by; this looks everywhere.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from kg.build import write_lock
from kg.build.generations import leftovers, sweep
from kg.build.sources import name_of
from kg.catalogue import CATALOGUE, Catalogue
from kg.core.config import Settings
from kg.core.errors import Locked
from kg.core.ids import sha256
from kg.core.parts import file_of

UPLOADS, BACKUPS = "uploads", "backups"
_BEFORE = ".before"  # what an uploaded file replaces, until its new version is read (kg.service.uploads)
_HALF = (".current.new", ".*.partial-*", ".restoring-*", ".*.part")
_OLD = 3600.0  # seconds: what is younger may be somebody's work who does not hold the lock yet


def found(settings: Settings) -> list[str]:
    """Names of what may be cleared; none while someone writes, for then it is at work."""
    if not (settings.home / CATALOGUE).exists():
        return []
    try:
        with write_lock(settings.home, 0):
            return sorted([*leftovers(settings.home), *(_name(settings.home, path) for path in _litter(settings))])
    except (Locked, OSError):  # or a home that may only be read
        return []


def clear(settings: Settings) -> list[str]:
    """Remove it; returns what was removed. The caller holds the write lock.

    What an unfinished upload was to replace comes back: the catalogue still speaks of it.
    """
    home = settings.home
    gone = leftovers(home)
    sweep(home)
    for path in list(_litter(settings)):
        gone.append(_name(home, path))
        kept = path.with_name(path.name[1:].removesuffix(_BEFORE))
        if path.name.endswith(_BEFORE) and _is_held(settings, kept, path):
            path.replace(kept)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return gone


def _name(home: Path, path: Path) -> str:
    return path.relative_to(home).as_posix()


def _litter(settings: Settings) -> Iterator[Path]:
    old = time.time() - _OLD
    return (path for path in _candidates(settings) if path.lstat().st_mtime < old)


def _candidates(settings: Settings) -> Iterator[Path]:
    home, uploads = settings.home, settings.home / UPLOADS
    for pattern in _HALF:
        yield from home.glob(pattern)
    yield from (home / BACKUPS).glob(".policykg-backup-*")
    if not uploads.is_dir():
        return
    with Catalogue.open(home / CATALOGUE, read_only=True) as catalogue:
        # by what follows the folder's name: the home may have been moved
        held = {file_of(item.source_key).rpartition(f"/{UPLOADS}/")[2] for item in catalogue.documents()}
    for path in sorted(uploads.rglob("*")):
        is_left = path.name.startswith(".") and path.name.endswith(_BEFORE)
        if path.is_file() and (is_left or path.relative_to(uploads).as_posix() not in held):
            yield path


def _is_held(settings: Settings, path: Path, before: Path) -> bool:
    """Whether the document of an uploaded file is the one that was to be replaced."""
    with Catalogue.open(settings.home / CATALOGUE, read_only=True) as catalogue:
        held = catalogue.held_of(name_of(path.resolve()))
        return bool(held) and held[0].sha256 == sha256(before.read_bytes())
