"""The file that `backup` writes and `restore` reads: a zip with a manifest of the size and SHA-256 of every member.

    manifest.json      what it is, of which state, and what the rest must be
    catalogue.sqlite   the truth
    uploads/…          files that came through the app
    ontology/…         the site's own vocabulary; its forms in ontology/forms/…
    policykg.toml      the settings of the home      rights.toml      who may see what (kg.core.rights)

Graph, full text and vector indexes are not in it: they follow from the catalogue.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Self

import msgspec

from kg.build import durable
from kg.core.errors import UsageError
from kg.core.progress import Progress, silent
from kg.core.rights import FILE

FORMAT = 2
"""2 where rights are in it: a program that does not know them would leave all open to everybody. 1 otherwise."""
MANIFEST = "manifest.json"
CATALOGUE = "catalogue.sqlite"
SETTINGS, RIGHTS = "policykg.toml", FILE
UPLOADS, ONTOLOGY, FORMS = "uploads", "ontology", "ontology/forms"
_CHUNK = 1 << 20
_LEVEL = 1  # a catalogue of 430 MB: a third of its size in 9 s; level 6 takes five times as long for a little less


@dataclass(frozen=True, slots=True)
class Member:
    """What one file in the archive must be."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The manifest. `home` is where uploads lay, `ontology` where each of the site's own files did."""

    format: int
    program: str
    created: str
    identity: str
    sequence: int
    change: str
    documents: int
    home: str
    files: dict[str, Member] = field(default_factory=dict)
    ontology: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def write(
    target: Path, contents: Contents, sources: Iterable[tuple[str, Path]], progress: Progress = silent
) -> Contents:
    """Write an archive of files (name, path) and read it back; returns the manifest with its members.

    `target` is new, and on disk when this returns. Raises `OSError` where it cannot be written.
    """
    sources = list(sources)
    total = sum(path.stat().st_size for _, path in sources) or 1
    done = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, path in sources:
            digest, size = hashlib.sha256(), 0
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as member:
                while chunk := source.read(_CHUNK):
                    member.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                    done += len(chunk)
                    progress(done, total, "写备份")
            contents.files[name] = Member(size, digest.hexdigest())
        archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(contents), indent=1))
    durable.sync_file(target)
    with Archive(target) as written:
        written.verify(progress)
    return contents


class Archive:
    """An archive open for reading. Raises `UsageError` for a file that is none, is damaged, or is too new."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError as error:
            raise UsageError(f"没有这个备份文件：{path}") from error
        except (zipfile.BadZipFile, OSError) as error:
            raise UsageError(f"{path} 不是 policykg 的备份，或不完整（{error}）。请换一个备份文件") from error
        try:
            self.contents = self._manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _manifest(self) -> Contents:
        try:
            data = self._zip.read(MANIFEST)
            number = msgspec.json.decode(data).get("format")
            if isinstance(number, int) and number > FORMAT:
                raise UsageError(f"备份 {self.path} 由较新版本的 policykg 写成。请升级 policykg 后再恢复")
            contents = msgspec.json.decode(data, type=Contents)
        except (KeyError, AttributeError, msgspec.MsgspecError, zipfile.BadZipFile, OSError) as error:
            raise UsageError(f"{self.path} 不是 policykg 的备份，或不完整。请换一个备份文件") from error
        listed = {name for name in self._zip.namelist() if name != MANIFEST}
        if listed != contents.files.keys() or CATALOGUE not in listed or not all(map(_is_safe, listed)):
            raise UsageError(f"备份 {self.path} 的内容与其清单不符。请换一个备份文件")
        return contents

    def verify(self, progress: Progress = silent) -> None:
        """Read all of it; raises `UsageError` where something is not what the manifest says."""
        self._read_all(None, progress)

    def extract(self, folder: Path, progress: Progress = silent) -> None:
        """Write all members below a folder, verified and durably."""
        self._read_all(folder, progress)
        durable.sync_tree(folder)

    def _read_all(self, folder: Path | None, progress: Progress) -> None:
        done, total = 0, sum(member.size for member in self.contents.files.values()) or 1
        for name, stated in self.contents.files.items():
            digest, size = hashlib.sha256(), 0
            target = folder / name if folder else Path("/dev/null")
            if folder:
                target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with self._zip.open(name) as member, target.open("wb") as file:
                    if folder:
                        target.chmod(0o600)
                    while size <= stated.size and (chunk := member.read(_CHUNK)):
                        file.write(chunk)
                        digest.update(chunk)
                        size += len(chunk)
                        done += len(chunk)
                        progress(done, total, "核对备份")
            except (zipfile.BadZipFile, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
                raise UsageError(f"备份 {self.path} 已损坏（{name}：{error}）。请换一个备份文件") from error
            if (size, digest.hexdigest()) != (stated.size, stated.sha256):
                raise UsageError(f"备份 {self.path} 已损坏（{name} 与清单不符）。请换一个备份文件")


def _is_safe(name: str) -> bool:
    """Whether a member may be written below a folder: one of ours, and never upwards."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or "\\" in name or "\0" in name:
        return False
    return name in (CATALOGUE, SETTINGS, RIGHTS) or (len(parts) > 1 and parts[0] in (UPLOADS, ONTOLOGY))
