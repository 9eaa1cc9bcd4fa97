"""Which files a run takes in: files named, and files found in folders and zip archives named, in a fixed order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from kg.build import archives
from kg.core.config import Settings
from kg.core.ids import document_id
from kg.core.oserrors import why
from kg.core.parts import part_name


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `shown` is the path as the user gave it, `key` the absolute path that its id comes from.

    Of a file in an archive both go on inside it (公文.zip/通知/一号.docx); `path` is the archive, `chain` the way in.
    """

    path: Path
    shown: str
    key: str
    chain: archives.Chain = ()
    held_id: str = ""  # of the document that is held for it, where that came here from another path
    held_parts: tuple[tuple[int, str], ...] = ()  # of a file that holds several: number and id of those that are held

    @property
    def id(self) -> str:
        """The id of the document that it holds."""
        return self.held_id or document_id(self.key)

    def part_id(self, number: int) -> str:
        """The id of one of the documents that it holds, where it holds several."""
        return dict(self.held_parts).get(number) or document_id(part_name(self.id, number))

    def read(self) -> bytes:
        """The bytes. Raises `OSError`."""
        return archives.read(self.path, self.chain) if self.chain else self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken in, and why. Only a failure makes the command end with status 1."""

    shown: str
    reason: str
    outcome: Literal["skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one file, and of all files of one archive together."""

    file_bytes: int
    archive_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Those of the settings."""
        return cls(settings.max_file_mb * 2**20, settings.max_archive_mb * 2**20)


def walk(
    paths: Iterable[Path], *, suffixes: frozenset[str], limits: Limits, exclude: Path | None = None
) -> Iterator[Source | Refused]:
    """Every file below `paths`, sorted within each, once. A path may lead into a zip archive.

    Hidden files and office lock files (`~$…`) are passed over in silence; links inside folders are not
    followed; `exclude` (the indexes folder) is left out. Only archives are opened: a file's kind and size decide.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _below(path, exclude.resolve() if exclude else None):
            for item in (found,) if isinstance(found, Refused) else _judge(found, suffixes, limits):
                if isinstance(item, Source):
                    if item.key in seen:
                        continue
                    seen.add(item.key)
                yield item


def _below(path: Path, exclude: Path | None) -> Iterator[Path | Refused]:
    try:
        mode = path.stat().st_mode
    except NotADirectoryError as error:  # 公文.zip/通知.docx: on from a file
        yield path if _archive_above(path) else Refused(name_of(path), why(error), "failed")
        return
    except OSError as error:
        yield Refused(name_of(path), why(error), "failed")
        return
    if not stat.S_ISDIR(mode):
        yield path
        return
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(name_of(path), why(error), "failed")
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


def _archive_above(path: Path) -> Path | None:
    """The archive that a path leads into."""
    return next((p for p in path.parents if p.suffix.lower() == archives.SUFFIX and p.is_file()), None)


def _judge(path: Path, suffixes: frozenset[str], limits: Limits) -> Iterator[Source | Refused]:
    """The file, or the files in the archive, or why not."""
    if (archive := _archive_above(path)) is not None:
        wanted = name_of(path.relative_to(archive))
        found = list(_inside(archive, suffixes, limits, wanted))
        yield from found or [Refused(name_of(path), "压缩包中没有这个文件；请核对名称后重试", "failed")]
        return
    shown = name_of(path)
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            yield Refused(shown, "不是普通文件", "skipped")
        elif (suffix := path.suffix.lower()) == archives.SUFFIX and not _is_document(path, state.st_size, limits):
            yield from _inside(path, suffixes, limits)
        else:
            yield _refusal(shown, suffix, state.st_size, suffixes, limits) or Source(
                path, shown, name_of(path.resolve())
            )
    except archives.ArchiveError as error:
        yield Refused(shown, str(error), "failed")
    except OSError as error:
        yield Refused(shown, why(error), "failed")


def _is_document(path: Path, size: int, limits: Limits) -> bool:
    if size > limits.archive_bytes:
        raise archives.ArchiveError(
            f"压缩包 {size / 2**20:.1f} MB，超过上限 {limits.archive_bytes / 2**20:g} MB"
            "（可用 POLICYKG_MAX_ARCHIVE_MB 调整），请解压后分批入库"
        )
    return archives.is_document(path)


def _refusal(shown: str, suffix: str, size: int, suffixes: frozenset[str], limits: Limits) -> Refused | None:
    if suffix in archives.OTHERS:
        return Refused(shown, f"不能直接读取 {suffix} 压缩包，请先解压成文件夹（或重新压缩为 .zip）再入库", "skipped")
    if suffix not in suffixes:
        kind = f"格式 {suffix}" if suffix else "没有扩展名的文件"
        return Refused(shown, f"不支持{kind}，可用：{' '.join(sorted(suffixes))}", "skipped")
    if size > limits.file_bytes:
        found, limit = size / 2**20, limits.file_bytes / 2**20
        reason = f"文件 {found:.1f} MB，超过上限 {limit:g} MB（可用 POLICYKG_MAX_FILE_MB 调整）"
        return Refused(shown, reason, "failed")
    return None


def _inside(
    archive: Path, suffixes: frozenset[str], limits: Limits, wanted: str | None = None
) -> Iterator[Source | Refused]:
    """The files in an archive; only the one (or those below the folder) that is wanted."""
    shown, key = name_of(archive), name_of(archive.resolve())
    found = archives.entries(archive, unpacked_bytes=limits.archive_bytes, member_bytes=limits.file_bytes)
    empty = True
    try:
        for item in found:
            empty = False
            if wanted is not None and item.name != wanted and not item.name.startswith(wanted + "/"):
                continue
            name = f"{shown}/{item.name}"
            if isinstance(item, archives.Unread):
                yield Refused(name, item.reason, "failed" if item.failed else "skipped")
                continue
            suffix = PurePosixPath(item.name).suffix.lower()
            yield _refusal(name, suffix, item.size, suffixes, limits) or Source(
                archive, name, f"{key}/{item.name}", item.chain
            )
    except archives.ArchiveError as error:
        yield Refused(shown, str(error), "failed")
    except OSError as error:
        yield Refused(shown, why(error), "failed")
    else:
        if empty:
            yield Refused(shown, "压缩包是空的；请确认已下载完整后重试", "failed")


def is_gone(path: Path) -> bool:
    """Whether nothing stands at an absolute path any more, nor an archive that it leads into."""
    try:
        return not path.exists() and _archive_above(path) is None
    except OSError:  # a disk that does not answer is no proof
        return False


def name_of(path: Path) -> str:
    """A path as text that can be stored: bytes that are not UTF-8 are shown by their hexadecimal numbers."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
