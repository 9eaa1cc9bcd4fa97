"""Files that come through the app: kept in `uploads/` of the home, so that they can be read again, then ingested.

A file of a name that is kept already is its new version. One that cannot be taken in leaves no trace. An archive is a
folder: its files are taken in one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.build.archives import ArchiveError
from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.originals import UPLOADS
from kg.build.sources import name_of
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem
from kg.core.parts import file_of, part_name, part_number
from kg.service import zips

Json = dict[str, Any]

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')  # control characters, and what Windows has no file names with
_DEEPEST = 16  # folders within one another, of which the innermost stay: a path has 4,096 bytes
_LONGEST = 180  # bytes of one part of a name: file systems allow 255, and some room is left for what is added


def safe_name(name: str) -> Path:
    """A relative path below the folder, from a name that a browser sent: `a/b.txt` of a folder, or just `b.txt`.

    Never absolute, never upwards (`..`), no hidden part, nothing that a file system would refuse.
    """
    parts = [cleaned for part in re.split(r"[/\\]", name) if (cleaned := _cleaned(part))]
    return Path(*parts[-_DEEPEST:]) if parts else Path("未命名")


def _cleaned(part: str) -> str:
    text = _FORBIDDEN.sub("_", part.encode("utf-8", "replace").decode()).strip().lstrip(".~$ ").rstrip(". ")
    stem, dot, suffix = text.rpartition(".")
    if not dot:
        stem, suffix = text, ""
    room = _LONGEST - len((dot + suffix).encode())
    if room <= 0:
        return _cut(text, _LONGEST)
    return _cut(stem, room) + dot + suffix


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore")


@dataclass(slots=True)
class _Upload:
    """One file on its way in: where it goes, and where what stood there waits."""

    name: str
    path: Path
    before: Path | None = None

    def put(self, data: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            self.before = self.path.with_name(f".{self.path.name}.before")
            self.path.replace(self.before)
        self.path.touch(mode=0o600)
        self.path.write_bytes(data)

    def settle(self, *, restore: bool, drop: bool) -> None:
        """Keep the new file, or put back what was there (`restore`), or leave nothing (`drop`)."""
        if restore and self.before is not None:
            self.before.replace(self.path)
        elif restore or drop:
            self.path.unlink(missing_ok=True)
        if self.before is not None:
            self.before.unlink(missing_ok=True)


def take_in(settings: Settings, files: Iterable[tuple[str, bytes]], ingest: Callable[[Sequence[Path]], Json]) -> Json:
    """Keep files and ingest them: `{"files": [{"name", "outcome", "reason", "document_id"}], "generation"}`.

    `outcome` is added, updated, unchanged, skipped or failed. Raises `EnvironmentProblem` where they cannot be kept.
    """
    single, rows = _without_archives(files, settings)
    if not single:
        return {"files": rows, "generation": None}
    uploads = list(_keep(settings.home / UPLOADS, single))
    before, sequence = _state(settings)
    try:
        report = ingest([upload.path for upload in uploads])
    except BaseException:
        _undo(uploads)
        raise
    after, _ = _state(settings)
    changed = _changed(settings, sequence)
    refused = {item["source"]: ("skipped", item["reason"]) for item in report["skipped"]}
    refused |= {item["source"]: ("failed", item["reason"]) for item in report["failed"]}
    for upload in uploads:
        key = name_of(upload.path.resolve())
        outcome, reason = refused.get(name_of(upload.path), ("", ""))
        upload.settle(restore=outcome == "failed", drop=outcome == "skipped")
        for name, document in _rows_of(upload.name, after.get(key, {})):
            was = "unchanged" if document not in changed else "updated" if document in before.get(key, {}) else "added"
            rows.append({"name": name, "outcome": outcome or was, "reason": reason, "document_id": document})
    return {"files": rows, "generation": report["generation"]}


def _rows_of(name: str, documents: dict[str, int]) -> list[tuple[str, str | None]]:
    """The documents of a file by name and id, in order: of one that holds several each by its own name."""
    ordered = sorted(documents, key=lambda document: documents[document])
    return [(part_name(name, number) if (number := documents[d]) else name, d) for d in ordered] or [(name, None)]


def _without_archives(
    files: Iterable[tuple[str, bytes]], settings: Settings
) -> tuple[list[tuple[str, bytes]], list[Json]]:
    """The files, those of archives in place of the archives; and a row for each that is none, with the reason."""
    single: list[tuple[str, bytes]] = []
    rows: list[Json] = []

    def refuse(name: str, outcome: str, reason: str) -> None:
        rows.append({"name": name, "outcome": outcome, "reason": reason, "document_id": None})

    for name, data in files:
        if not name.lower().endswith(zips.SUFFIX):
            single.append((name, data))
            continue
        try:
            for item in zips.unpacked(name, data, settings):
                if item.reason:
                    refuse(item.name, "skipped", item.reason)
                else:
                    single.append((item.name, item.data))
        except ArchiveError as error:
            refuse(name, "failed", str(error))
    return single, rows


def _keep(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[_Upload]:
    uploads: list[_Upload] = []
    taken: set[Path] = set()
    for name, data in files:
        path = first = folder / safe_name(name)
        number = 1
        while path in taken:  # 通知.txt twice at once: two files, not two versions
            number += 1
            path = first.with_name(f"{first.stem}（{number}）{first.suffix}")
        taken.add(path)
        upload = _Upload(name, path)
        uploads.append(upload)
        try:
            upload.put(data)
        except OSError as error:
            _undo(uploads)
            raise EnvironmentProblem(f"无法保存上传的文件 {path}：{error.strerror}。请检查磁盘空间和权限") from error
    return uploads


def _undo(uploads: Iterable[_Upload]) -> None:
    for upload in uploads:
        upload.settle(restore=True, drop=False)


def _state(settings: Settings) -> tuple[dict[str, dict[str, int]], int]:
    """What is held of each file, by its absolute path: ids, with the number in the file; and the last change."""
    if not catalogue_of(settings.home).exists():
        return {}, 0
    with read_catalogue(settings.home, Catalogue) as catalogue:
        held: dict[str, dict[str, int]] = {}
        for item in catalogue.documents():
            held.setdefault(file_of(item.source_key), {})[item.id] = part_number(item.source_key) or 0
        return held, catalogue.sequence()


def _changed(settings: Settings, sequence: int) -> frozenset[str]:
    if not catalogue_of(settings.home).exists():
        return frozenset()
    with read_catalogue(settings.home, Catalogue) as catalogue:
        return catalogue.changes_since(sequence)[0]


def sources(settings: Settings) -> list[Path]:
    """The files of all held documents, to be read again: as they were given where that still leads there."""
    with read_catalogue(settings.home, Catalogue) as catalogue:
        items = list(catalogue.documents())
    files = {file_of(item.source_key): Path(file_of(item.source)) for item in items}
    return [given if name_of(given.resolve()) == key else Path(key) for key, given in files.items()]


def forget(settings: Settings, keys: Iterable[str]) -> int:
    """Delete the kept files among these absolute paths of which nothing is held; others are not ours. Their number."""
    folder = (settings.home / UPLOADS).resolve()
    held, _ = _state(settings)
    count = 0
    for key in keys:
        path = Path(key)
        if key not in held and folder in path.parents and path.is_file():
            path.unlink()
            count += 1
    return count


def keys_of(settings: Settings, ids: Iterable[str]) -> list[str]:
    """The absolute paths of the files that documents came from."""
    with read_catalogue(settings.home, Catalogue) as catalogue:
        keys = (file_of(catalogue.summary(document_id).source_key) for document_id in ids)
        return list(dict.fromkeys(keys))
