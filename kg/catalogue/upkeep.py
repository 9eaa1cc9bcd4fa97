"""What keeps a catalogue: its SQL, its audit log, copies of it, and what is wrong with the file."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg.catalogue import connection as connections
from kg.catalogue import schema, sealing
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
    FROM audit LEFT JOIN runs ON runs.id = audit.run_id WHERE at >= ? ORDER BY at DESC, audit.id DESC"""


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
            lines = [(entry, dump({**entry.detail, **entry.outcome})) for entry in reversed(held.audit())]
        with self._transaction():
            known = {row[0] for row in self._rows("SELECT token FROM audit")}
            new = [line for line in lines if line[0].token not in known]
            for entry, detail in new:
                self._insert(
                    "audit",
                    **{name: getattr(entry, name) for name in ("token", "at", "actor", "via", "action")},
                    id=self._next("audit"),
                    detail=detail,
                )
        return len(new)

    # -- seals -------------------------------------------------------------------------------------------------

    def broken_rows(self, tables: Iterable[str] = tuple(sealing.COLUMNS)) -> Iterator[tuple[str, str]]:
        """(table, key) of rows that are not as they were written; reads all of them. None in a file without seals."""
        for table in tables:
            if self._has(table, sealing.SEAL):
                for row in self._rows(sealing.broken_rows(table, self._lacking(table))):
                    yield table, " ".join((part or b"").decode("utf-8", "replace") for part in row)

    def sampled(self, rows: int = 20) -> list[tuple[str, str]]:
        """The same of a few documents and passages by chance: costs nothing at opening, and finds rot in time."""
        found = []
        for table, count in (("documents", 2), ("passages", rows)):
            if self._has(table, sealing.SEAL):
                start = "d-" + secrets.token_hex(5)
                some = f"SELECT id FROM {table} WHERE id >= ? ORDER BY id LIMIT {count}"  # noqa: S608 - constants
                sql = f"{sealing.broken_rows(table, self._lacking(table))} AND id IN ({some})"
                found += [(table, (row[0] or b"").decode("utf-8", "replace")) for row in self._rows(sql, start)]
        return found

    def tolerate(self) -> None:
        """Read texts that are no UTF-8 any more as far as they go: for those who look for what is broken."""
        self._connection.text_factory = lambda data: data.decode("utf-8", "replace")

    def drop_broken_rows(self, table: str) -> int:
        """Delete rows that can be had anew (vectors, superseded); returns how many there were."""
        with self._transaction():
            where = f"seal <> {sealing.expression(table)}"
            return self._run(f"DELETE FROM {table} WHERE {where}").rowcount  # noqa: S608 - constants

    def keep_broken_rows(self, table: str) -> None:
        """Seal rows as they stand that nothing can bring back; whoever does so says it in the audit log."""
        with connections.translated(self.path), self._transaction():
            schema.seal_all(self._connection, table, f"seal <> {sealing.expression(table)}")

    # -- the file ----------------------------------------------------------------------------------------------

    def problems(self, progress: Progress = silent) -> list[str]:
        """What SQLite finds wrong with the file (integrity and foreign keys); empty when sound. Reads all of it."""
        progress(0, 2, "核对目录库文件")
        found = [row[0] for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        for name, definition in self._rows("SELECT name, CAST(sql AS BLOB) FROM sqlite_schema WHERE sql IS NOT NULL"):
            if not definition.isascii():  # which SQLite takes for a letter, and ours never hold
                found.append(f"{name} 的定义有损坏的字节")
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

    def _insert(self, table: str, *, verb: str = "INSERT", **values: Any) -> None:
        """Add a row with its seal."""
        self._run(sealing.insertion(table, verb=verb), *sealing.sealed(table, **values))

    def _insert_all(self, table: str, rows: Iterable[Mapping[str, Any]], *, verb: str = "INSERT") -> None:
        """Add many rows with their seals, by one statement."""
        with connections.translated(self.path):
            values = (sealing.sealed(table, **row) for row in rows)
            self._connection.executemany(sealing.insertion(table, verb=verb), values)

    def _next(self, table: str) -> int:
        """The number of the next row of a table that never uses one twice: its seal covers that too."""
        return int(self._one("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0) + 1", table)[0])

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
        self._insert(
            "audit",
            id=self._next("audit"),
            token=secrets.token_hex(16),
            at=now(),
            actor=actor.name,
            via=actor.via,
            action=action,
            detail=dump(detail),
            run_id=run,
        )

    def _lacking(self, table: str) -> frozenset[str]:
        """The columns of a table that came after the file was written."""
        return frozenset(column for column in sealing.COLUMNS[table] if not self._has(table, column))

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
