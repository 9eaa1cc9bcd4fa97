"""The file that a document was read from, where it still stands: in a folder, in an archive, among the uploads.

Only files that the catalogue names are looked at, and only bytes with the document's hash are given: what was put in
a file's place since (a link to elsewhere, another version) is not shown as if it had been read.
"""

from __future__ import annotations

import re
from pathlib import Path

from kg.build.sources import Limits, Refused, Source, name_of, walk
from kg.catalogue import Summary
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.ids import sha256
from kg.core.oserrors import why
from kg.core.parts import file_of

UPLOADS = "uploads"
"""The folder of the home in which files that came through the app are kept."""
BEFORE = ".before"
"""What an uploaded file replaces, until its new version is read, is called `.name.before`."""


class NoOriginal(UsageError):
    """The file of a document is gone, or is another one by now."""


def is_unfinished(path: Path) -> bool:
    """Whether an uploaded file is another one than was read because its new version is being read."""
    return path.with_name(f".{path.name}{BEFORE}").exists()


def original(settings: Settings, summary: Summary) -> tuple[Source, bytes]:
    """Where the file of a document is, and its bytes. Raises `NoOriginal` with a reason for people."""
    changed = reason = ""
    for path in _candidates(settings, summary):
        source = _source(settings, path, summary)
        if isinstance(source, Refused):
            reason = reason or source.reason
            continue
        try:
            data = source.read()
        except OSError as error:
            reason = reason or why(error)
            continue
        if sha256(data) == summary.sha256:
            return source, data
        changed = source.shown
    if changed:
        message = f"原文件 {summary.source} 在入库后改动过，与库内的正文不再一致。请重新入库：policykg ingest {changed}"
        raise NoOriginal(message, status=409)
    message = f"原文件 {summary.source} 已不在原处（{reason}）。请把它放回原处，或从新的位置重新入库"
    raise NoOriginal(message, status=410)


def _candidates(settings: Settings, summary: Summary) -> list[Path]:
    """Its place; of an upload also that in a home which was moved or brought back elsewhere."""
    key = file_of(summary.source_key)
    return list(dict.fromkeys(map(Path, (key, *in_uploads(settings.home, key)))))


def in_uploads(home: Path, key: str) -> list[str]:
    """Where the file of an absolute path stands in a home if it was uploaded; the home may have been moved since.

    What follows a folder of that name, for each there is on the way: people upload folders called uploads, too.
    """
    folder = name_of((home / UPLOADS).resolve())
    return [f"{folder}/{key[found.end() :]}" for found in re.finditer(f"/{UPLOADS}/", key)]


def _source(settings: Settings, path: Path, summary: Summary) -> Source | Refused:
    from ingest.readers import SUFFIXES

    limits = Limits.of(settings)
    for item in walk([path], suffixes=SUFFIXES, limits=limits):
        if isinstance(item, Refused):
            return item
        # an archive may hold several files below a name; only the one of this name is meant
        if item.chain and item.key != name_of(path):
            continue
        return Source(item.path, file_of(summary.source), file_of(summary.source_key), item.chain)
    return Refused(summary.source, "文件不存在，请核对名称和位置", "failed")
