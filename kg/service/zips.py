"""Files out of a zip that a browser sent: a folder with its documents, checked before anything is unpacked."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, Limits, RefusedFileError

SUFFIX = ".zip"
_UTF8 = 0x800  # of the flags: the name is UTF-8
_ENCRYPTED = 0x1
_SYSTEM = re.compile(r"(?:^|/)(?:__MACOSX|\.(?!\.(?:/|$))[^/]*|~\$[^/]*|Thumbs\.db|desktop\.ini)(?:/|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One file of an archive: its name below the archive's, and its bytes or the reason why there are none."""

    name: str
    data: bytes = b""
    reason: str = ""


def unpacked(name: str, data: bytes, limits: Limits = LIMITS) -> Iterator[Unpacked]:
    """The files of a zip called `name`, each as `archive/path`; what systems add (`__MACOSX`, …) is left out.

    Raises `RefusedFileError` for an archive that is damaged, encrypted, or larger than the limits allow: nothing of it
    is unpacked then. Links are not followed, an archive within is not opened.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise DamagedFileError("zip") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _SYSTEM.search(_name(entry))]
        _check(entries, limits)
        if not entries:
            raise RefusedFileError("压缩包里没有文件")
        folder = PurePosixPath(name).with_suffix("").name or "压缩包"
        for entry in entries:
            yield _entry(archive, entry, f"{folder}/{_name(entry)}", limits)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> Unpacked:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Unpacked(name, reason="符号链接，未跟随")
    if name.lower().endswith(SUFFIX):
        return Unpacked(name, reason="压缩包里的压缩包不打开，请先解压再上传")
    if entry.file_size > limits.file_bytes:
        return Unpacked(name, reason=f"文件超过 {limits.file_bytes // 2**20} MB，请拆分后重试")
    try:
        return Unpacked(name, archive.read(entry))  # never more than the declared size, which was checked
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        return Unpacked(name, reason="在压缩包中已损坏，请重新压缩后重试")


def _check(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise EncryptedFileError("zip")
    if len(entries) > limits.entries:
        raise LimitError("压缩包中的文件数", len(entries), limits.entries, "请分成几个压缩包")
    if (total := sum(entry.file_size for entry in entries)) > limits.unpacked_bytes:
        raise LimitError("解压后的大小（字节）", total, limits.unpacked_bytes, "请分成几个压缩包")
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > limits.ratio_from and ratio > limits.ratio:
            raise LimitError("压缩比", ratio, limits.ratio, "不像正常的文件，请直接上传其中的文件")


def _name(entry: zipfile.ZipInfo) -> str:
    """The name; one that a Chinese Windows wrote is GB18030, which zipfile takes for code page 437."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
