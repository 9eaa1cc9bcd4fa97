"""`policykg restore`: a home as a backup says it was.

Nothing of the old home is touched before the backup is unpacked, verified, brought up to date and its indexes are
built. Then the restored catalogue is put beside the one that is there, and one rename makes the generation current that
names it (`kg.build.lineage`): readers and kills find the old state or the new one. What was there before is kept as a
backup of its own.
"""

from __future__ import annotations

import dataclasses
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.build import durable, generations, lineage, publish, write_lock
from kg.build.audiences import publish_audiences
from kg.build.lock import reading_lock
from kg.build.replica import must_be_own
from kg.catalogue import Actor
from kg.catalogue.outbox import Copy
from kg.core.config import Settings
from kg.core.errors import CatalogueError, UsageError
from kg.core.progress import Progress, silent
from kg.core.rights import Rights
from kg.service import archive, secrets, vocabulary
from kg.service.backup import backup, scratch

Json = dict[str, Any]
SCRATCH = ".restoring-"
_OTHER_RIGHTS = "rights.restored.toml"
# what may lie in a home that counts as empty: no truth
_OWN = {"write.lock", "reading.lock", "backups", "generations", "current", "machine"}


def restore(
    settings: Settings, source: Path, actor: Actor, *, force: bool = False, progress: Progress = silent
) -> Json:
    """Bring back a backup: `{"documents", "uploads", "generation", "before", "notes"}`.

    `before` is the backup that was made of what the home held, or None. Raises `UsageError` for a home that holds
    something (unless `force`) and for a file that is no sound backup; then nothing has changed.
    """
    home = settings.home
    if settings.store:
        raise UsageError(
            "共享存储不能由备份覆盖。请把备份恢复到一个空文件夹（取消 POLICYKG_STORE，用 --home 另选），"
            "核对后用 policykg migrate 写入一个空的数据库"
        )
    must_be_own(home)
    Rights.load(home)  # what cannot be understood is said before anything is done
    with archive.Archive(source) as opened:
        if occupied(home) and not force:
            raise UsageError(f"{home} 中已有数据，未恢复。要以备份替换它，请加 --force（原有数据会先另存为一个备份）")
        with (
            durable.explained(home),
            reading_lock(home, settings.lock_seconds, alone=True),
            write_lock(home, settings.lock_seconds),
            scratch(home, SCRATCH) as folder,
        ):
            opened.extract(folder, progress)
            notes = [*_put_to_sleep(home, folder), *_rights(home, folder)]
            return _Restore(settings, opened.contents, folder, actor, progress, notes).run()


def _put_to_sleep(home: Path, folder: Path) -> list[str]:
    """Make the restored settings wait that would speak to another machine, or let others in, and name them."""
    restored, live = folder / archive.SETTINGS, home / archive.SETTINGS
    if not restored.is_file():
        return []
    current = live.read_text(encoding="utf-8") if live.is_file() else ""
    text, named = secrets.asleep(restored.read_text(encoding="utf-8"), current)
    if not named:
        return []
    durable.write_file(restored, text.encode())
    shown = "、".join(f"{name}={value}" if name not in secrets.SECRET else name for name, value in named.items())
    return [f"备份的设置中有 {shown}，已停用；确认无误后在 {live} 中删去行首的 # 启用"]


def _rights(home: Path, folder: Path) -> list[str]:
    """Let a restored home show no more than before: its own rights stay; those of the backup let nobody in at first."""
    restored, live = folder / archive.RIGHTS, home / archive.RIGHTS
    if not restored.is_file():
        return []
    data = restored.read_bytes()
    restored.unlink()
    if not live.exists():
        text = data.decode("utf-8", "replace")
        durable.write_file(restored, secrets.rights_asleep(text).encode())
        try:
            Rights.load(folder)
        except UsageError:  # groups that nobody can read: then none of it
            durable.write_file(restored, secrets.rights_asleep("").encode())
        told = f"备份中有权限文件 {archive.RIGHTS}，其中的读者和令牌已停用，受限的人暂时什么也看不到；"
        return [told + f"核对 {live} 后删去行首的 #，再运行 policykg rebuild"]
    if live.read_bytes() == data:
        return []
    durable.write_file(folder / _OTHER_RIGHTS, data)
    return [f"现有的 {live} 仍然有效；备份中的权限与它不同，另存为 {home / _OTHER_RIGHTS}，请核对"]


def occupied(home: Path) -> bool:
    """Whether a home holds anything that could be lost."""
    return home.is_dir() and any(not (p.name in _OWN or p.name.startswith(SCRATCH)) for p in home.iterdir())


@dataclasses.dataclass(slots=True)
class _Restore:
    """One restore, its archive unpacked in `folder`; the caller holds the write lock."""

    settings: Settings
    contents: archive.Contents
    folder: Path
    actor: Actor
    progress: Progress
    notes: list[str] = dataclasses.field(default_factory=list)

    def run(self) -> Json:
        home = self.settings.home
        live, staged = lineage.catalogue_of(home), self.folder / archive.CATALOGUE
        name = lineage.name_of_next(home)
        before = self._keep_old(live)
        with Copy.open(staged) as catalogue:  # also migrates what an older version wrote
            if problems := catalogue.problems(self.progress):
                raise UsageError(f"备份中的目录库已损坏（{problems[0]}）。请换一个备份文件")
            if catalogue.is_copy:  # of a store that the restored home does not share
                catalogue.become_own()
            if before is not None and before.suffix == ".zip":
                catalogue.carry_audit(live)
            documents = catalogue.count()
            detail = {"created": self.contents.created, "documents": documents}
            run = catalogue.start_run("restore", {}, actor=self.actor, detail=detail)
            catalogue.finish_run(run, {"documents": documents})
            settings = self._effective()
            manifest = publish(
                settings,
                catalogue,
                scratch=True,
                progress=self.progress,
                before_install=lambda _: self._put(catalogue, home / name),
                named=name,
            )
            if manifest is None:  # nothing was ever ingested: there is no generation to publish
                self._put(catalogue, home / name)
                (home / generations.CURRENT).unlink(missing_ok=True)
        own = settings.ontology.replace(str(self.folder), str(home))  # they lie there by now
        publish_audiences(dataclasses.replace(settings, ontology=own), scratch=True, progress=self.progress)
        self._drop_extra_uploads(before)
        if self.contents.home != str(home.resolve()) and self._names(archive.UPLOADS):
            self.notes.append(f"上传的文件原在 {self.contents.home}；文档仍按原路径识别，再次上传同一文件会作为新文档")
        return {
            "documents": documents,
            "uploads": len(self._names(archive.UPLOADS)),
            "generation": manifest.number if manifest else None,
            "before": str(before) if before else None,
            "notes": [*self.contents.notes, *self.notes],
        }

    def _keep_old(self, live: Path) -> Path | None:
        """A backup of what the home holds; a catalogue too damaged for that is copied as it is."""
        kept = _unused(self.settings.home / "backups", datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"))
        if not live.exists():
            if (own := self.settings.home / archive.SETTINGS).is_file():
                kept.parent.mkdir(exist_ok=True)
                durable.write_file(kept.with_suffix(".toml"), own.read_bytes())
            return None
        try:
            backup(self.settings, kept, self.actor, self.progress, with_secrets=True)
        except CatalogueError as error:
            kept = kept.with_suffix(".damaged")
            kept.mkdir(parents=True)
            for suffix in ("", "-wal", "-shm"):
                if (file := live.with_name(live.name + suffix)).exists():
                    shutil.copy2(file, kept / (archive.CATALOGUE + suffix))
            durable.sync_tree(kept)
            self.notes.append(f"原目录库已损坏（{error.message}），已原样另存到 {kept}")
        return kept

    def _put(self, catalogue: Copy, target: Path) -> None:
        """Put in the files (they only add), then the catalogue, which is not in use yet; in one step each."""
        home = self.settings.home
        rights = [name for name in (archive.RIGHTS, _OTHER_RIGHTS) if (self.folder / name).exists()]
        own = [str(path.relative_to(self.folder)) for path in vocabulary.own_files(self.folder)]
        # who may see what comes first: nothing is shown for a moment that may not be
        for name in [*rights, *self._names(archive.UPLOADS), *own, *self._names(archive.SETTINGS)]:
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            durable.install(self.folder / name, home / name)
        finished = self.folder / "finished.sqlite"
        catalogue.copy_to(finished)
        durable.install(finished, target)

    def _effective(self) -> Settings:
        """The settings to build with: those of the backup's file, and ontology files that are where they are said."""
        settings = self.settings
        if (self.folder / archive.SETTINGS).is_file():
            settings = dataclasses.replace(Settings.load(home=self.folder), home=settings.home)
        ontology, notes = vocabulary.staged(self.contents, self.folder, settings.home, settings.ontology)
        self.notes += notes
        return dataclasses.replace(settings, ontology=ontology)

    def _names(self, part: str) -> list[str]:
        return sorted(name for name in self.contents.files if name == part or name.startswith(f"{part}/"))

    def _drop_extra_uploads(self, before: Path | None) -> None:
        """Delete uploaded files that the restored state does not know, if the backup of the old one has them."""
        if before is None or before.suffix != ".zip":
            return
        with archive.Archive(before) as old:
            for name in old.contents.files.keys() - self.contents.files.keys():
                if name.startswith(f"{archive.UPLOADS}/"):
                    (self.settings.home / name).unlink(missing_ok=True)


def _unused(folder: Path, stamp: str) -> Path:
    """A name for what is kept that nothing has yet: two may fall into a second, and clocks are set back."""
    held = {path.name.partition(".")[0] for path in folder.glob("before-restore-*")}
    stem, number = f"before-restore-{stamp}", 1
    while stem in held:
        number += 1
        stem = f"before-restore-{stamp}-{number}"
    return folder / f"{stem}.zip"
