"""Which files a run takes in: files named, and files found in folders named, in a fixed order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.core.ids import document_id


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `shown` is the path as the user gave it, `key` the absolute path that its id comes from."""

    path: Path
    shown: str
    key: str

    @property
    def id(self) -> str:
        """The id of the document that it holds."""
        return document_id(self.key)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken in, and why. Only a failure makes the command end with status 1."""

    shown: str
    reason: str
    outcome: Literal["skipped", "failed"]


def walk(
    paths: Iterable[Path], *, suffixes: frozenset[str], max_bytes: int, exclude: Path | None = None
) -> Iterator[Source | Refused]:
    """Every file below `paths`, sorted within each, once.

    Hidden files and office lock files (`~$…`) are passed over in silence; links inside folders are not
    followed; `exclude` (the indexes folder) is left out. Nothing is opened: a file's kind and size decide.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _below(path, exclude.resolve() if exclude else None):
            item = found if isinstance(found, Refused) else _judge(found, suffixes, max_bytes)
            if isinstance(item, Source):
                if item.key in seen:
                    continue
                seen.add(item.key)
            yield item


def _below(path: Path, exclude: Path | None) -> Iterator[Path | Refused]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield Refused(name_of(path), _why(error), "failed")
        return
    if not stat.S_ISDIR(mode):
        yield path
        return
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(name_of(path), _why(error), "failed")
        return
    for entry in entries:
        child = path / entry.name
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_symlink():
            yield Refused(name_of(child), "符号链接，未跟随；如需入库请直接指定它", "skipped")
        elif entry.is_dir(follow_symlinks=False):
            if exclude is None or child.resolve() != exclude:
                yield from _below(child, exclude)
        else:
            yield child


def _judge(path: Path, suffixes: frozenset[str], max_bytes: int) -> Source | Refused:
    shown = name_of(path)
    try:
        found = path.stat()
    except OSError as error:
        return Refused(shown, _why(error), "failed")
    if not stat.S_ISREG(found.st_mode):
        return Refused(shown, "不是普通文件", "skipped")
    if path.suffix.lower() not in suffixes:
        kind = f"格式 {path.suffix}" if path.suffix else "没有扩展名的文件"
        return Refused(shown, f"不支持{kind}，可用：{' '.join(sorted(suffixes))}", "skipped")
    if found.st_size > max_bytes:
        size, limit = found.st_size / 2**20, max_bytes / 2**20
        reason = f"文件 {size:.1f} MB，超过上限 {limit:g} MB（可用 POLICYKG_MAX_FILE_MB 调整）"
        return Refused(shown, reason, "failed")
    return Source(path, shown, name_of(path.resolve()))


def name_of(path: Path) -> str:
    """A path as text that can be stored: bytes that are not UTF-8 are shown by their hexadecimal numbers."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    if isinstance(error, PermissionError):
        return "没有读取权限"
    return f"无法读取（{error.strerror or error}）"
