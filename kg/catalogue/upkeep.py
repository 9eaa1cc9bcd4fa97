"""What keeps a catalogue: its SQL, its audit log, copies of it, and what is wrong with the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.catalogue import connection as connections
from kg.catalogue.records import Actor, AuditEntry
from kg.core.progress import Progress, silent

_BROKEN_VECTOR = """(model, length(vector)) NOT IN (
    SELECT model, size FROM (
        SELECT model, length(vector) AS size, row_number() OVER (PARTITION BY model ORDER BY count(*) DESC) AS place
        FROM vectors GROUP BY model, length(vector))
    WHERE place = 1)"""
_AUDIT = """
    SELECT audit.id, audit.token, at, actor, via, action, detail, run_id, runs.finished, runs.counts,
        (SELECT count(DISTINCT document_id) FROM changes WHERE changes.run_id = audit.run_id)
    FROM audit LEFT JOIN runs ON runs.id = audit.run_id WHERE at >= ? ORDER BY audit.id DESC"""


class Upkeep:
    """The part of `Catalogue` that knows nothing of documents. Raises what `Catalogue` says."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self._as_of: int | None = None

    # -- audit -------------------------------------------------------------------------------------------------

    def record(self, actor: Actor, action: str, detail: Mapping[str, Any] | None = None) -> None:
        """Add a line to the audit log."""
        with self._transaction():
            self._record(actor, action, detail or {}, None)

    def audit(self, since: str = "") -> list[AuditEntry]:
        """The audit log from an ISO time in UTC on, the latest first; what a run did is told with it."""
        if not self._has("audit", "token"):
            return []
        return [_row_to_audit(row) for row in self._rows(_AUDIT, since)]

    def carry_audit(self, other: Path) -> int:
        """Take over the lines of another catalogue's audit log that this one lacks; returns how many."""
        with closing(connections.connect(other, read_only=True)) as connection:
            held = Upkeep(connection, other)
            lines = [
                (entry.token, entry.at, entry.actor, entry.via, entry.action, dump({**entry.detail, **entry.outcome}))
                for entry in reversed(held.audit())
            ]
        sql = "INSERT OR IGNORE INTO audit (token, at, actor, via, action, detail) VALUES (?, ?, ?, ?, ?, ?)"
        with self._transaction():
            return sum(self._run(sql, *line).rowcount for line in lines)

    # -- the file ----------------------------------------------------------------------------------------------

    def problems(self, progress: Progress = silent) -> list[str]:
        """What SQLite finds wrong with the file (integrity and foreign keys); empty when sound. Reads all of it."""
        progress(0, 2, "核对目录库文件")
        found = [row[0] for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        progress(1, 2, "核对目录库文件")
        found += self.orphans()
        progress(2, 2, "核对目录库文件")
        return found

    def orphans(self) -> list[str]:
        """Rows whose owner is not there."""
        return [f"{row[0]} 第 {row[1]} 行指向不存在的 {row[2]}" for row in self._rows("PRAGMA foreign_key_check")]

    def drop_orphans(self) -> int:
        """Delete passages of documents that are not held; returns how many there were."""
        with self._transaction():
            return self._run("DELETE FROM passages WHERE document_id NOT IN (SELECT id FROM documents)").rowcount

    def drop_broken_vectors(self) -> int:
        """Delete vectors that have not the length of most of their model's; returns how many there were."""
        with self._transaction():
            return self._run(f"DELETE FROM vectors WHERE {_BROKEN_VECTOR}").rowcount  # noqa: S608 - a constant

    def broken_vectors(self) -> int:
        """How many vectors have not the length of most of their model's."""
        return int(self._value(f"SELECT count(*) FROM vectors WHERE {_BROKEN_VECTOR}"))  # noqa: S608 - a constant

    def copy_to(self, target: Path, *, progress: Progress = silent) -> None:
        """Write one state of the catalogue to a new file, durably, while others go on writing."""
        with connections.translated(self.path):
            connections.copy(self._connection, target, progress=lambda done, total: progress(done, total, "复制目录库"))

    def replace_with(self, source: Path) -> None:
        """Become what another catalogue file holds, in one transaction: readers see the old state or the new one."""
        with connections.translated(self.path), closing(sqlite3.connect(source)) as other:
            other.backup(self._connection)

    # -- plumbing ----------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        inside = self._connection.in_transaction  # of several writes that hold together
        if inside:
            yield
            return
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    def _run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        with connections.translated(self.path):
            return self._connection.execute(sql, values)

    def _rows(self, sql: str, *values: Any) -> Iterator[Any]:
        cursor = self._run(sql, *values)
        while True:
            with connections.translated(self.path):
                batch = cursor.fetchmany(256)
            if not batch:
                return
            yield from batch

    def _one(self, sql: str, *values: Any) -> Any:
        with connections.translated(self.path):
            return self._run(sql, *values).fetchone()

    def _value(self, sql: str) -> Any:
        return self._one(sql)[0]

    def _record(self, actor: Actor, action: str, detail: Mapping[str, Any], run: int | None) -> None:
        sql = "INSERT INTO audit (at, actor, via, action, detail, run_id) VALUES (?, ?, ?, ?, ?, ?)"
        self._run(sql, now(), actor.name, actor.via, action, dump(detail), run)

    def _has(self, table: str, column: str) -> bool:
        """Whether the file is new enough; a reader may meet an older one (`schema.READABLE_WITHOUT`)."""
        return self._one("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column) is not None


def _row_to_audit(row: tuple[Any, ...]) -> AuditEntry:
    number, token, at, actor, via, action, detail, run, finished, counts, documents = row
    told = json.loads(counts or "{}")
    return AuditEntry(number, token, at, actor, via, action, json.loads(detail), run, finished, told, documents)


def dump(value: Any) -> str:
    """A mapping or a sequence as JSON."""
    return json.dumps(dict(value) if isinstance(value, Mapping) else list(value), ensure_ascii=False)


def now() -> str:
    """ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
