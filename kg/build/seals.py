"""What each file of a generation must be, so that a torn or swapped one is noticed: its size and SHA-256.

Kept in the manifest. Files that an open store writes for itself (locks, logs) are left out.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from kg.core.progress import Progress, silent

_SMALL, _SAMPLED = 2**20, 2
_OWN = ("lock", "manifest.json", "LOCK", "LOG", "LOG.old.*", "*.lock")


def seal(folder: Path, *, previous: Path | None = None, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """`{"graph/000017.sst": "4096:9f86…"}` of all files below.

    A hard link of a file of `previous`, under whatever name, has the seal `known` there.
    """
    shared = _by_file(previous, known or {}) if previous is not None else {}
    return {name: shared.get(_file(path)) or _seal(path) for name, path in sorted(_files(folder))}


def broken(folder: Path, seals: Mapping[str, str], progress: Progress = silent) -> list[str]:
    """The files that are missing or are not as they were sealed, each with what is wrong."""
    found = []
    for done, (name, stated) in enumerate(seals.items()):
        progress(done, len(seals), "核对索引文件")
        size = stated.partition(":")[0]
        path = folder / name
        if not path.is_file():
            found.append(f"{name} 不见了")
        elif path.stat().st_size != int(size):
            found.append(f"{name} 有 {path.stat().st_size} 字节，应为 {size} 字节")
        elif _seal(path) != stated:
            found.append(f"{name} 的内容与发布时不同")
    progress(len(seals), len(seals), "核对索引文件")
    return found


def misfits(folder: Path, seals: Mapping[str, str]) -> str:
    """The first file that is not there, or has another size than it was sealed with, in words."""
    for name, stated in seals.items():
        try:
            found = (folder / name).stat().st_size
        except OSError:
            return f"{name} 不见了"
        if found != _size(stated):
            return f"{name} 有 {found} 字节，应为 {_size(stated)} 字节"
    return ""


def _size(seal: str) -> int:
    return int(seal.partition(":")[0])


def sampled(folder: Path, seals: Mapping[str, str]) -> str:
    """What is wrong with a file, looked at cheaply: the sizes of all, the contents of two of those that are small."""
    if wrong := misfits(folder, seals):
        return wrong
    small = [name for name, stated in seals.items() if _size(stated) <= _SMALL]
    chosen = random.sample(small, min(len(small), _SAMPLED))
    return next((f"{name} 的内容与发布时不同" for name in chosen if _seal(folder / name) != seals[name]), "")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for where, _, names in os.walk(folder):
        for name in names:
            if not any(fnmatch(name, own) for own in _OWN):
                path = Path(where, name)
                yield path.relative_to(folder).as_posix(), path


def _file(path: Path) -> tuple[int, int]:
    """What names of one file have in common."""
    found = path.stat()
    return found.st_dev, found.st_ino


def _by_file(folder: Path, seals: Mapping[str, str]) -> dict[tuple[int, int], str]:
    found = {}
    for name, stated in seals.items():
        with suppress(OSError):  # it is gone: `broken` tells
            found[_file(folder / name)] = stated
    return found


def _seal(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return f"{file.tell()}:{digest}"
