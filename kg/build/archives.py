"""Zip archives read as folders: which files they hold, and the bytes of each; nothing is unpacked to the disk.

Sizes are those that the archive declares, checked before anything is unpacked; no more than is declared is ever
read. Names are only labels here, so a hostile one can reach no file; those that climb (`..`) are refused all the same.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from ingest.readers.limits import LIMITS

SUFFIX = ".zip"
# Other archives need programs or packages of other licences; unpacking them is one command for their owner.
OTHERS = frozenset([".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".cab", ".iso"])

_MOST_ENTRIES = LIMITS.entries  # of an archive with all that are inside it
_DIRECTORY_BYTES = 4 * 2**20  # of the central directory: each entry costs about 1 KB of memory before it can be judged
_RATIO, _RATIO_FROM = LIMITS.ratio, LIMITS.ratio_from  # as of office documents, which are archives too
_DEPTH = 3  # archives inside one another
_METHODS = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])  # LZMA may ask for any memory
_ENCRYPTED, _UTF8 = 0x1, 0x800  # general purpose flags of an entry (APPNOTE 4.4.4)
_UNICODE_PATH = 0x7075  # extra field of Info-ZIP: the name in UTF-8 (APPNOTE 4.6.9)
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_TAIL = 2**16 + 200
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_OFFICE = frozenset(["[content_types].xml", "ofd.xml"])  # at its root: a document, not an archive

_DAMAGED = "压缩包中的这个文件已损坏，无法解压；请重新压缩，或先解压再入库"

Chain = tuple[str, ...]  # an entry's name as stored, in each archive from the outermost in


class ArchiveError(Exception):
    """An archive, or an entry, that is not read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive. `name` is its path for people, through all archives; `size` in bytes."""

    chain: Chain
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that is passed over, and why."""

    name: str
    reason: str
    failed: bool = False


@dataclass(slots=True)
class _Budget:
    """What is left of the bounds of one archive file, for itself and all that are inside."""

    entries: int
    unpacked: int
    member: int


def is_document(path: Path) -> bool:
    """Whether the archive is an office document (docx, xlsx, ofd) under another name. Raises as `entries` does."""
    return any(name.lower() in _OFFICE for name in _opened(path, _stamp(path), ()).namelist())


def entries(path: Path, *, unpacked_bytes: int, member_bytes: int) -> Iterator[Entry | Unread]:
    """The files of an archive in order, those of archives inside it too, within the bounds.

    `unpacked_bytes` bounds all files together, `member_bytes` each archive inside. Raises `ArchiveError` with a
    reason for people, before anything is unpacked, and `OSError`.
    """
    budget = _Budget(_MOST_ENTRIES, unpacked_bytes, member_bytes)
    yield from _below(path, (), "", budget)


def read(path: Path, chain: Chain) -> bytes:
    """The bytes of an entry. Raises `OSError` where it is gone, or does not unpack."""
    try:
        archive = _opened(path, _stamp(path), chain[:-1])
        return archive.read(chain[-1])
    except ArchiveError as error:
        raise OSError(errno.EIO, str(error)) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's begin: the directory is damaged
            raise
        raise OSError(errno.EIO, _DAMAGED) from error
    except KeyError as error:
        raise OSError(errno.ENOENT, "压缩包中已没有这个文件；压缩包可能已换过，请重新入库") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise OSError(errno.EIO, _DAMAGED) from error


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=_DEPTH + 1)  # files of one archive come one after the other
def _opened(path: Path, stamp: tuple[int, int], chain: Chain) -> zipfile.ZipFile:
    del stamp  # an archive that was changed is another one
    try:
        if chain:
            inside = io.BytesIO(read(path, chain))
            _check_directory(inside)
            return zipfile.ZipFile(inside)
        with path.open("rb") as file:
            _check_directory(file)
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise ArchiveError("压缩包已损坏或不完整，请重新下载或重新压缩后重试") from error


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a directory of too many entries by its declared size, before it is read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _TAIL, 0))
    tail = file.read(_TAIL)
    sizes = [struct.unpack_from("<I", tail, at + 12)[0] for at in _places(_END, tail, 16)]
    sizes = [n for n in sizes if n != 0xFFFFFFFF]  # stands for: see the 64-bit record
    sizes += [struct.unpack_from("<Q", tail, at + 40)[0] for at in _places(_END_64, tail, 48)]
    if any(_DIRECTORY_BYTES < n <= size for n in sizes):
        raise ArchiveError(f"压缩包中的文件过多，超过上限 {_MOST_ENTRIES:,}，请解压后分批入库")


def _places(mark: bytes, data: bytes, room: int) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(mark), data) if found.start() + room <= len(data)]


def _below(path: Path, chain: Chain, prefix: str, budget: _Budget) -> Iterator[Entry | Unread]:
    archive = _opened(path, _stamp(path), chain)
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _check(infos, budget)
    seen: set[str] = set()
    for info in sorted(infos, key=_name):
        name = _name(info)
        parts = [part for part in name.split("/") if part not in ("", ".")]
        shown = prefix + "/".join(parts)
        if not parts or any(_is_hidden(part) for part in parts):
            continue
        if reason := _refusal(info, parts, again=shown in seen):
            yield Unread(shown, *reason)
            continue
        seen.add(shown)
        inner = (*chain, info.filename)
        if not shown.lower().endswith(SUFFIX):
            yield Entry(inner, shown, info.file_size)
        elif len(inner) >= _DEPTH:
            yield Unread(shown, f"压缩包嵌套超过 {_DEPTH} 层，请先解压", failed=True)
        elif info.file_size > budget.member:
            yield Unread(shown, f"内层压缩包超过 {budget.member / 2**20:g} MB，请先解压", failed=True)
        else:
            try:
                yield from _below(path, inner, shown + "/", budget)
            except (ArchiveError, OSError) as error:
                reason_ = error.strerror if isinstance(error, OSError) else str(error)
                yield Unread(shown, reason_ or "压缩包无法读取；请解压后再入库", failed=True)


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith((".", "~$")) and part != "..")


def _refusal(info: zipfile.ZipInfo, parts: list[str], *, again: bool) -> tuple[str, bool] | None:
    """Why an entry is not read, and whether that is a failure; None where it is."""
    mode = info.external_attr >> 16
    if ".." in parts:
        return "路径越出压缩包（..），不予读取；请解压到文件夹，核对后再入库", True
    if stat.S_ISLNK(mode):
        return "符号链接，未跟随；请改放文件本身后重新压缩", False
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "不是普通文件；如需其中内容请改存为普通文件", False
    if again:
        return "压缩包中有同名的文件，只读入了一个；请改名后重新压缩", True
    if info.flag_bits & _ENCRYPTED:
        return "已加密，请用密码解压后入库", True
    if _is_bomb(info):
        ratio = info.file_size / max(info.compress_size, 1)
        return f"解压倍数为 {ratio:,.0f}，超过上限 {_RATIO}，疑似压缩炸弹，不予解压；确有内容的，请解压后再入库", True
    if info.compress_type not in _METHODS:
        return "压缩方法不支持，请解压后入库，或用普通的 zip 方式重新压缩", True
    return None


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    """Nothing that people write packs so well: this entry is never unpacked, its neighbours are."""
    return info.file_size > _RATIO_FROM and info.file_size > _RATIO * max(info.compress_size, 1)


def _check(infos: list[zipfile.ZipInfo], budget: _Budget) -> None:
    if infos and all(info.flag_bits & _ENCRYPTED for info in infos):
        raise ArchiveError("压缩包已加密，请用密码解压后再入库其中的文件")
    budget.entries -= len(infos)
    if budget.entries < 0:
        raise ArchiveError(f"压缩包中的文件过多，超过上限 {_MOST_ENTRIES:,}，请解压后分批入库")
    total = sum(info.file_size for info in infos if not _is_bomb(info))
    if total > budget.unpacked:
        found, limit = total / 2**20, budget.unpacked / 2**20
        raise ArchiveError(
            f"压缩包解开后为 {found:,.0f} MB，超过上限 {limit:,.0f} MB，不予解压（可用 POLICYKG_MAX_ARCHIVE_MB 调整）"
        )
    budget.unpacked -= total


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: Chinese Windows stores GBK without saying so, others UTF-8 without saying so."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")  # the inverse of what zipfile did
        name = _unicode_path(info.extra, raw) or _decoded(raw)
    return _CONTROLS.sub("_", name.replace("\\", "/"))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the extra field, where there is one and it belongs to this name (it carries its checksum)."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(body) > 5 and struct.unpack_from("<I", body, 1)[0] == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
        at += 4 + size
    return None
