"""Files out of a zip that a browser sent, by the same unpacker and within the same bounds as archives on the disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kg.build import archives
from kg.core.config import Settings
from kg.core.oserrors import why

SUFFIX = archives.SUFFIX


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One file of an archive: its name below the archive's, and its bytes or the reason why there are none."""

    name: str
    data: bytes = b""
    reason: str = ""


def unpacked(name: str, data: bytes, settings: Settings) -> Iterator[Unpacked]:
    """The files of a zip called `name`, each as `archive/path`; those of archives inside it too.

    Raises `kg.build.archives.ArchiveError` with a reason for an archive that is damaged, encrypted or larger than the
    settings allow: nothing of it is unpacked then.
    """
    folder = PurePosixPath(name).with_suffix("").name or "压缩包"
    most = settings.max_file_mb * 2**20
    with tempfile.TemporaryDirectory(prefix="policykg-") as place:
        path = Path(place) / f"a{SUFFIX}"
        path.write_bytes(data)
        found = archives.entries(path, unpacked_bytes=settings.max_archive_mb * 2**20, member_bytes=most)
        empty = True
        for item in found:
            empty = False
            shown = f"{folder}/{item.name}"
            if isinstance(item, archives.Unread):
                yield Unpacked(shown, reason=item.reason)
            elif item.size > most:
                yield Unpacked(shown, reason=f"文件超过 {settings.max_file_mb} MB，请拆分后重试")
            else:
                yield _read(path, item, shown)
        if empty:
            raise archives.ArchiveError("压缩包里没有文件；请确认已下载完整后重试")


def _read(path: Path, item: archives.Entry, shown: str) -> Unpacked:
    try:
        return Unpacked(shown, archives.read(path, item.chain))
    except OSError as error:
        return Unpacked(shown, reason=why(error))
