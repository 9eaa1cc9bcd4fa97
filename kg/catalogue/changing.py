"""What changed in the catalogue, change by change, by which command, and what each change replaced."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from kg.catalogue import sealing
from kg.catalogue.aliases import Aliases
from kg.catalogue.records import Actor, Run
from kg.catalogue.upkeep import dump, now

_KEPT = "id, source, source_key, sha256, title, doc_number, kind, level, date, year, place, place_qualified, facts"


class Changing(Aliases):
    """The part of `Catalogue` that numbers changes and notes runs."""

    def sequence(self) -> int:
        """The number of the last change; 0 when there was none. Never goes back."""
        return int(self._value("SELECT coalesce(max(sequence), 0) FROM changes"))

    def change_token(self, sequence: int) -> str | None:
        """The random name of one change: a catalogue that took another turn has another there, or None.

        A file that was written before there were tokens has "" throughout.
        """
        if not self._has("changes", "token"):
            return "" if sequence <= self.sequence() else None
        row = self._one("SELECT token FROM changes WHERE sequence = ?", sequence)
        return row[0] if row else None

    def changes_since(self, sequence: int) -> tuple[frozenset[str], frozenset[str], int]:
        """(ids that were put, ids that were removed, the sequence that this speaks of); the last action counts."""
        last: dict[str, tuple[int, str]] = {}
        rows = self._rows("SELECT sequence, document_id, action FROM changes WHERE sequence > ? ORDER BY 1", sequence)
        for number, document_id, action in rows:
            last[document_id] = (number, action)
        changed = frozenset(key for key, (_, action) in last.items() if action == "put")
        reached = max((number for number, _ in last.values()), default=sequence)
        return changed, frozenset(last) - changed, reached

    def changed_by_others(self, sequence: int, *, run: int) -> tuple[frozenset[str], frozenset[str]]:
        """(ids that were put, ids that were removed) since a change, by other runs; the last action counts."""
        sql = "SELECT document_id, action FROM changes WHERE sequence > ? AND run_id IS NOT ? ORDER BY sequence"
        last = dict(self._rows(sql, sequence, run))
        put = frozenset(key for key, action in last.items() if action == "put")
        return put, frozenset(last) - put

    def start_run(
        self,
        command: str,
        versions: Mapping[str, str],
        *,
        actor: Actor | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """Note that a writing command began, and in the audit log who began it; returns its number."""
        with self._transaction():
            run = int(self._value("SELECT coalesce(max(id), 0) + 1 FROM runs"))
            self._insert("runs", id=run, command=command, started=now(), versions=dump(versions), counts="{}")
            if actor is not None:
                self._record(actor, command, detail or {}, run)
        return run

    def finish_run(self, run: int, counts: Mapping[str, int]) -> None:
        """Note that it ended, and what it did."""
        with self._transaction():
            fresh = sealing.expression("runs", {"finished": "?1", "counts": "?2"})
            seal = sealing.kept_whole("runs", fresh)
            sql = f"UPDATE runs SET finished = ?1, counts = ?2, seal = {seal} WHERE id = ?3"  # noqa: S608
            self._run(sql, now(), dump(counts), run)

    def runs(self) -> list[Run]:
        """All runs, the latest first."""
        rows = self._rows("SELECT id, command, started, finished, versions, counts FROM runs ORDER BY id DESC")
        return [
            Run(number, command, started, finished, json.loads(versions), json.loads(counts))
            for number, command, started, finished, versions, counts in rows
        ]

    def _log(self, document_id: str, action: str, run: int | None) -> int:
        number = self._next("changes")
        token = secrets.token_hex(16)
        self._insert("changes", sequence=number, document_id=document_id, action=action, run_id=run, token=token)
        return number

    def _supersede(self, document_id: str, sequence: int) -> None:
        """Keep what a change is about to replace or remove, if there is something."""
        seal = sealing.kept_whole("documents", sealing.expression("superseded", {"sequence": "?1"}))
        sql = (
            f"INSERT INTO superseded (sequence, {_KEPT}, seal) SELECT ?1, {_KEPT}, {seal}"  # noqa: S608
            " FROM documents WHERE id = ?2"
        )
        self._run(sql, sequence, document_id)

    def forget_superseded(self, sequence: int) -> int:
        """Drop what only states up to a change show; returns how many versions there were."""
        with self._transaction():
            return self._run("DELETE FROM superseded WHERE sequence <= ?", sequence).rowcount
