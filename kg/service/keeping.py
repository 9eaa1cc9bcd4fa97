"""The part of the service that looks after a home: status, check, backup, restore, and the log of who did what."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kg.core.config import Settings
from kg.core.progress import Progress, silent
from kg.service.audit import Actor

if TYPE_CHECKING:
    from kg.service.snapshot import Snapshots

Json = dict[str, Any]


class Keeping:
    """What `Service` inherits. `actor` is who the audit log names."""

    settings: Settings
    actor: Actor
    _snapshots: Snapshots

    def acting(self, actor: Actor) -> Self:
        """The same service, with the same open stores, on behalf of someone: a face calls it for its user."""
        other = copy.copy(self)
        other.actor = actor
        return other

    def sync(
        self, folder: str | Path, *, delete: bool = False, dry_run: bool = False, progress: Progress = silent
    ) -> Json:
        """Bring what is held of a folder up to date (kg.build.syncing): what `Plan` says, and what was done.

        `{"added", "changed", "moved", "again", "unchanged", "gone", "refused", "report", "removed"}`; with `dry_run`
        nothing is done and `report` is None. Documents whose files are gone are removed only with `delete`.
        """
        from kg import build

        if dry_run:
            found = build.plan(self.settings, Path(folder), progress=progress)
            return {**found.as_dict(), "report": None, "removed": []}
        self._snapshots.drop()
        found, report, removed = build.sync(
            self.settings, Path(folder), delete=delete, progress=progress, actor=self.actor
        )
        return {**found.as_dict(), "report": report.as_dict(), "removed": removed}

    def tasks(self, **wanted: Any) -> list[Json]:
        """The ledger of tasks (kg.service.ledger); `wanted`: body, year, place, due, state, words."""
        from kg.service.ledger import chosen, ledger

        return chosen(ledger(self._snapshots.current().catalogue), **wanted)

    def tasks_file(self, rows: list[Json], format_: str) -> bytes:
        """Rows of `tasks` as `xlsx` or `ics`."""
        from kg.core.errors import UnknownName
        from kg.service.ledger_files import ledger_ics, ledger_xlsx

        if format_ not in ("xlsx", "ics"):
            raise UnknownName("格式", format_, ("xlsx", "ics"))
        manifest = self._snapshots.current().generation.manifest
        held = {"number": manifest.number, "created": manifest.created, "documents": manifest.documents}
        self.record("export", {"what": "tasks", "format": format_, "count": len(rows)})
        return ledger_xlsx(rows, held) if format_ == "xlsx" else ledger_ics(rows)

    def overview(self) -> Json:
        """What the first page shows (kg.service.overview)."""
        from kg.service.overview import overview

        return overview(self._snapshots.current().catalogue)

    def status(self) -> Json:
        """How things stand."""
        from kg.service.checks import status

        return status(self.settings)

    def check(self, *, repair: bool = False, progress: Progress = silent) -> Json:
        """Whether all is consistent: `{"ok", "documents", "generation", "problems"}` (kg.service.checks.check).

        With `repair` what can be mended is, and the problems are those that remain; `"repaired"` says what was done.
        """
        from kg.service.checks import check

        if not repair:
            return check(self.settings, self._snapshots, progress)
        from kg.service.repair import repair as mend

        return mend(self.settings, self._snapshots, self.actor, progress)

    def backup(self, path: str | Path, *, with_secrets: bool = False, progress: Progress = silent) -> Json:
        """Write everything that cannot be made anew into one file: `{"path", "bytes", "documents", "uploads", ...}`.

        Tokens and keys of the settings only `with_secrets`.
        """
        from kg.service.backup import backup

        return backup(self.settings, Path(path), self.actor, progress, with_secrets=with_secrets)

    def restore(self, path: str | Path, *, force: bool = False, progress: Progress = silent) -> Json:
        """Bring back what `backup` wrote: `{"documents", "uploads", "generation", "before", "notes"}`."""
        from kg.service.restore import restore

        self._snapshots.drop()
        return restore(self.settings, Path(path), self.actor, force=force, progress=progress)

    def migrate(self, store: str, *, graph: str = "", progress: Progress = silent) -> Json:
        """Take all to a shared store: `{"documents", "generation", "store", "graph"}` (kg.service.migrating)."""
        from kg.service.migrating import to_store

        self._snapshots.drop()
        return to_store(self.settings, store, self.actor, graph=graph, progress=progress)

    def migrate_back(self, *, graph: str = "", progress: Progress = silent) -> Json:
        """Take all back to this machine; the same shape."""
        from kg.service.migrating import to_home

        self._snapshots.drop()
        return to_home(self.settings, self.actor, graph=graph, progress=progress)

    def audit(self, since: str | None = None) -> list[Json]:
        """Who did what, the latest first (kg.service.audit.entries)."""
        from kg.service.audit import entries

        return entries(self.settings, since)

    def record(self, action: str, detail: Mapping[str, Any] | None = None) -> bool:
        """Note in the audit log what a face did itself, such as handing out a file; False where it cannot be noted."""
        from kg.service.audit import record

        return record(self.settings, self.actor, action, detail or {})

    def notices(self) -> list[Json]:
        """What a careful reader would flag, of all documents (kg.service.quality.notices)."""
        from kg.service.quality import notices

        return notices(self._snapshots.current())

    def reference_data(self) -> Json:
        """The files that names are known from (kg.service.quality.reference_data)."""
        from kg.service.quality import reference_data

        return reference_data(self.settings)

    def formats(self) -> list[str]:
        """The endings of the files that can be read, such as `.docx`."""
        from ingest.readers import SUFFIXES

        return sorted(SUFFIXES)
