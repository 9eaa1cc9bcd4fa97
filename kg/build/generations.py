"""Generations: numbered folders of projections, one of them current.

    indexes/current -> generations/000012
    indexes/generations/000012/{lock, manifest.json, graph/, fulltext/, ...}
    indexes/generations/.building-…   a build in progress, or what a killed one left

A reader holds a shared lock on `lock` for as long as it uses the folder; the remover needs it exclusively, so
a superseded generation goes when its last reader has gone, however that reader ended.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import TracebackType
from typing import BinaryIO, Self

from kg.build import durable, seals
from kg.build.manifest import Manifest
from kg.core.errors import EnvironmentProblem, NotBuilt

CURRENT = "current"
FOLDER = "generations"
LOCK = "lock"
_BUILDING = ".building-"
_REMOVING = ".removing-"
_DIGITS = 6
_TRIES = 50  # a publish would have to fall into the same microseconds this often


@dataclass(slots=True)
class Generation:
    """A generation that is held for reading, until `close` or until the last reference goes."""

    path: Path
    manifest: Manifest
    _lock: BinaryIO = field(repr=False)

    @property
    def number(self) -> int:
        """Its number."""
        return self.manifest.number

    def close(self) -> None:
        """Let it go."""
        self._lock.close()

    def __del__(self) -> None:
        # Threads of the app may drop a generation without closing it; a file object would warn.
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def hold_current(home: Path) -> Generation:
    """The current generation, held. Raises `NotBuilt`, or `EnvironmentProblem` for one that is incomplete."""
    for _ in range(_TRIES):
        folder = current_folder(home)
        if folder is None:
            if wrong := miscopied(home):
                raise EnvironmentProblem(f"{home} 的 {wrong}。请运行 policykg check --repair 修复")
            raise NotBuilt(home)
        try:
            lock = (folder / LOCK).open("rb")
        except FileNotFoundError:
            if current_folder(home) == folder and not (folder / LOCK).exists():
                raise EnvironmentProblem(f"索引 {folder} 不完整。请运行 policykg rebuild 重建") from None
            continue  # superseded and removed between the two lines: look again
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            if _still_there(folder / LOCK, lock):
                return Generation(folder, _sound(folder, Manifest.read(folder)), lock)
        except BaseException:
            lock.close()
            raise
        lock.close()
    raise EnvironmentProblem(f"索引 {home} 正在频繁更新，请稍后再试")


def _sound(folder: Path, manifest: Manifest) -> Manifest:
    """The manifest of a generation whose files have their sizes, a few of them by chance their contents too."""
    if wrong := seals.sampled(folder, manifest.files):
        raise EnvironmentProblem(f"索引文件 {wrong}。请运行 policykg rebuild 由目录库重建")
    return manifest


def _still_there(path: Path, lock: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(lock.fileno()))
    except FileNotFoundError:
        return False


def current_folder(home: Path) -> Path | None:
    """Where `current` leads; None when there is none, or when it leads nowhere.

    A home that was copied with its links followed has a folder there, which is a copy of a generation: it says which.
    """
    link = home / CURRENT
    if (target := durable.target_of(link)) is not None:
        folder = home / FOLDER / PurePath(target.replace("\\", "/")).name
        return folder if folder.is_dir() else None
    if link.is_dir():
        with suppress(EnvironmentProblem):
            folder = home / FOLDER / f"{Manifest.read(link).number:0{_DIGITS}d}"
            return folder if folder.is_dir() else None
    return None


def miscopied(home: Path) -> str | None:
    """What is wrong with `current` after a home was copied, in words; None where all is well or nothing was built."""
    link = home / CURRENT
    if link.is_dir() and not link.is_symlink():
        return "current 是文件夹，应为链接（复制时链接被换成了内容）"
    if current_folder(home) is None and any(_numbered(home)):
        return "current 不见了或指向不存在的位置（复制时链接丢失）"
    return None


def mend_copy(home: Path) -> str | None:
    """Make `current` lead to the newest whole generation again; the caller holds the write lock. What was done."""
    wrong = miscopied(home)
    if wrong is None:
        return None
    folder = current_folder(home)
    if folder is None:
        whole = [path for path in _numbered(home) if (path / LOCK).exists() and _read(path)]
        folder = whole[-1] if whole else None
    link = home / CURRENT
    if link.is_dir() and not link.is_symlink():
        (home / FOLDER).mkdir(exist_ok=True)
        link.rename(home / FOLDER / f"{_REMOVING}{CURRENT}")  # `sweep` clears it
    if folder is None:
        link.unlink(missing_ok=True)
        return f"{wrong}：已清除"
    durable.point(link, f"{FOLDER}/{folder.name}")
    return f"{wrong}：已改正，指向第 {int(folder.name)} 代"


def _read(folder: Path) -> Manifest | None:
    try:
        return Manifest.read(folder)
    except EnvironmentProblem:
        return None


def current_manifest(home: Path) -> Manifest | None:
    """The manifest of the current generation; None when there is none or it is incomplete (then one is built)."""
    folder = current_folder(home)
    return _read(folder) if folder is not None and (folder / LOCK).exists() else None


def manifests(home: Path) -> Iterator[Manifest]:
    """Those of all generations that are still there, because they are current or read."""
    for folder in _numbered(home):
        with suppress(EnvironmentProblem):
            yield Manifest.read(folder)


def next_number(home: Path) -> int:
    """One more than any generation that is or was current here."""
    return max((int(folder.name) for folder in _numbered(home)), default=0) + 1


def begin(home: Path) -> Path:
    """A fresh folder to build in. The caller holds the write lock."""
    folder = home / FOLDER / f"{_BUILDING}{os.getpid()}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def install(home: Path, built: Path, manifest: Manifest, *, previous: Path | None = None) -> Path:
    """Publish what was built: flushed, named by its number, then made current in one rename.

    `previous` is the generation that it shares files with.
    """
    durable.write_file(built / LOCK, b"")
    durable.write_file(built / "manifest.json", manifest.encode())
    durable.sync_tree(built, durable=previous)
    folder = built.with_name(f"{manifest.number:0{_DIGITS}d}")
    built.rename(folder)
    durable.sync_file(folder.parent)
    if miscopied(home) and (home / CURRENT).is_dir():
        mend_copy(home)
    durable.point(home / CURRENT, f"{FOLDER}/{folder.name}")
    return folder


def make_current(home: Path, manifest: Manifest) -> bool:
    """Make a generation current that lies here whole; False where there is none of its number, or another one.

    The caller holds the write lock.
    """
    folder = home / FOLDER / f"{manifest.number:0{_DIGITS}d}"
    if not folder.is_dir():
        return False
    found = _read(folder)
    if found is None or found.encode() != manifest.encode() or not (folder / LOCK).exists():
        _remove_unread(folder)
        return False
    durable.point(home / CURRENT, f"{FOLDER}/{folder.name}")
    return True


def sweep(home: Path) -> list[str]:
    """Remove superseded generations that nobody reads, and leftovers of killed builds; returns their names.

    The caller holds the write lock, so nothing here is still being built.
    """
    unfinished = list(_leftovers(home))
    for folder in unfinished:
        shutil.rmtree(folder, ignore_errors=True)
    return [*(folder.name for folder in unfinished), *sweep_superseded(home)]


def sweep_superseded(home: Path) -> list[str]:
    """Remove superseded generations that nobody reads, while one is being built; returns their names."""
    current = current_folder(home)
    return [folder.name for folder in _numbered(home) if folder != current and _remove_unread(folder)]


def _remove_unread(folder: Path) -> bool:
    try:
        lock = (folder / LOCK).open("rb")
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # Out of the way first: a reader that comes now finds nothing and looks at `current` again.
        aside = folder.rename(folder.with_name(_REMOVING + folder.name))
        shutil.rmtree(aside, ignore_errors=True)
    return True


def _entries(home: Path) -> list[Path]:
    folder = home / FOLDER
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _numbered(home: Path) -> Iterator[Path]:
    return (path for path in _entries(home) if path.name.isdecimal() and path.is_dir())


def leftovers(home: Path) -> list[str]:
    """Names of what killed builds left; `sweep` removes it."""
    return [path.name for path in _leftovers(home)]


def _leftovers(home: Path) -> Iterator[Path]:
    return (path for path in _entries(home) if path.name.startswith((_BUILDING, _REMOVING)))
