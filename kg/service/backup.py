"""`policykg backup`: all that cannot be made anew, in one file, while others read and write.

The catalogue is copied as of one moment (SQLite's online backup). The files that were uploaded are those that this
state speaks of; one that was replaced or deleted in the meantime is told in `notes`, for its text is in the catalogue.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kg.build import durable, write_lock
from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.run import must_be_sound
from kg.catalogue import Actor, Catalogue
from kg.core.config import Settings
from kg.core.errors import CatalogueError, EnvironmentProblem, Locked, NotBuilt, UsageError
from kg.core.ids import sha256
from kg.core.parts import file_of
from kg.core.progress import Progress, silent
from kg.service import archive, secrets
from kg.service.audit import record

Json = dict[str, Any]
_SCRATCH = ".policykg-backup-"


def backup(
    settings: Settings, target: Path, actor: Actor, progress: Progress = silent, *, with_secrets: bool = False
) -> Json:
    """Write a backup to `target`: `{"path", "bytes", "documents", "uploads", "sequence", "notes"}`.

    Secrets of `policykg.toml` are in it only `with_secrets`; else `notes` name those that are not.

    A backup of that name is replaced when the new one is complete and verified; any other file is left alone.
    Raises `NotBuilt`, `UsageError`, `CatalogueError` (the catalogue itself is damaged), `EnvironmentProblem`.
    """
    if not catalogue_of(settings.home).exists():
        raise NotBuilt(settings.home)
    _must_be_ours(target)
    with _explained(target), scratch(target.absolute().parent, _SCRATCH) as folder:
        done = _write(settings, folder, progress, with_secrets=with_secrets)
        (folder / "backup.zip").chmod(0o600)  # all texts are in it, contacts too
        durable.install(folder / "backup.zip", target)
    record(settings, actor, "backup", {"documents": done["documents"], "uploads": done["uploads"]})
    return {"path": str(target), "bytes": target.stat().st_size, **done}


def _write(settings: Settings, folder: Path, progress: Progress, *, with_secrets: bool) -> Json:
    copy = folder / archive.CATALOGUE
    with read_catalogue(settings.home, Catalogue) as catalogue:
        catalogue.copy_to(copy, progress=progress)
    with Catalogue.open(copy, read_only=True) as catalogue:
        if problems := catalogue.problems(progress):
            raise CatalogueError(
                f"目录库已损坏，未写备份：{problems[0]}。请用此前的备份恢复：policykg restore 备份文件"
            )
        must_be_sound(catalogue, "未写备份")
        sequence = catalogue.sequence()
        contents = archive.Contents(
            format=archive.FORMAT if (settings.home / archive.RIGHTS).is_file() else 1,
            program=version("policykg"),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            identity=catalogue.identity(),
            sequence=sequence,
            change=catalogue.change_token(sequence) or "",
            documents=catalogue.count(),
            home=str(settings.home.resolve()),
        )
        uploads = list(_uploads(settings, catalogue, folder, contents))
    own = _own_files(settings, contents, folder, with_secrets=with_secrets)
    members = [(archive.CATALOGUE, copy), *uploads, *own]
    archive.write(folder / "backup.zip", contents, members, progress)
    return {
        "documents": contents.documents,
        "uploads": len(uploads),
        "sequence": sequence,
        "notes": contents.notes,
    }


def _uploads(
    settings: Settings, catalogue: Catalogue, scratch: Path, contents: archive.Contents
) -> Iterator[tuple[str, Path]]:
    """The uploaded files of the documents held, copied aside: a writer may be about to replace them."""
    folder = (settings.home / archive.UPLOADS).resolve()
    files = {file_of(item.source_key): item for item in catalogue.documents()}
    for key, item in files.items():
        path = Path(key)
        if folder not in path.parents:
            continue
        name = f"{archive.UPLOADS}/{path.relative_to(folder).as_posix()}"
        # What stands there, or what waits beside it while its new version is being read (kg.service.uploads).
        for candidate in (path, path.with_name(f".{path.name}.before")):
            try:
                data = candidate.read_bytes()
            except FileNotFoundError:
                continue
            if sha256(data) == item.sha256:
                break
        else:
            contents.notes.append(f"上传的文件 {path.name} 已被替换或删除，备份中只有其入库的内容")
            continue
        copied = scratch / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(data)
        yield name, copied


def _own_files(
    settings: Settings, contents: archive.Contents, scratch: Path, *, with_secrets: bool
) -> Iterator[tuple[str, Path]]:
    from ontology import forms
    from ontology.turtle import files_of

    if (settings.home / archive.SETTINGS).is_file():
        text = (settings.home / archive.SETTINGS).read_text(encoding="utf-8")
        kept, left_out = (text, []) if with_secrets else secrets.without(text)
        if left_out:
            contents.notes.append(
                f"设置中的 {'、'.join(left_out)} 没有写入备份（加 --with-secrets 才写入），请另行保管"
            )
        (scratch / archive.SETTINGS).write_text(kept, encoding="utf-8")
        yield archive.SETTINGS, scratch / archive.SETTINGS
    if contents.format > 1:
        shutil.copy(settings.home / archive.RIGHTS, scratch / archive.RIGHTS)
        yield archive.RIGHTS, scratch / archive.RIGHTS
    own_forms = [path for path in forms.files_of(settings.ontology) if path.parent != forms.FOLDER]
    for below, paths in ((archive.ONTOLOGY, files_of(settings.ontology)), (archive.FORMS, own_forms)):
        for number, path in enumerate(paths, start=1):
            name = f"{below}/{number:02d}-{path.name}"  # numbered: the order decides which of two wins
            contents.ontology[name] = str(path.absolute())
            yield name, path


def _must_be_ours(target: Path) -> None:
    if target.is_dir():
        raise UsageError(f"{target} 是文件夹。请给出备份文件的名称，例如 {target / 'policykg-备份.zip'}")
    if not target.exists():
        return
    try:
        with archive.Archive(target):
            return
    except UsageError as error:
        raise UsageError(f"{target} 已存在，且不是 policykg 的备份，未覆盖。请另选文件名") from error


@contextmanager
def scratch(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder to work in, removed afterwards; those that killed runs left there go first."""
    parent.mkdir(parents=True, exist_ok=True)
    for left in sorted(parent.glob(f"{prefix}*")):
        try:
            with write_lock(left, 0):
                shutil.rmtree(left, ignore_errors=True)
        except Locked:  # someone is at work in it
            continue
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        with write_lock(folder, 0):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        with durable.explained(target.absolute().parent):
            yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"无法写入备份 {target}：{reason}。请检查路径和权限") from error
