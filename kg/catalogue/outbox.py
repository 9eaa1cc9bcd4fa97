"""What a catalogue that is a copy of a shared one has written and not yet sent: noted by triggers, row by row.

Triggers, because no writer can then forget it. A file with an outbox is a copy: its truth is elsewhere.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Self

from kg.catalogue import connection as connections
from kg.catalogue import sealing
from kg.catalogue.catalogue import Catalogue
from kg.core.errors import CatalogueError

Row = tuple[Any, ...]
Key = tuple[Any, ...]

TABLES = ("runs", "documents", "passages", "vectors", "changes", "meta", "audit", "corrections", "questions", "aliases")
"""What is shared. `superseded` is not: each machine keeps what its own generations show."""

FREE = frozenset({"audit", "questions"})
"""Rows that anybody adds without a turn: they have names of their own, so that two machines never make the same one."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType({**sealing.KEYS, "audit": ("token",)})
"""What tells rows apart in all copies; the numbers of audit lines are each copy's own."""

_MADE = (
    "CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, key TEXT NOT NULL) STRICT",
    "CREATE TABLE replica (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
_WHEN = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


class Copy(Catalogue):
    """A catalogue, and what of it is not sent yet."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The file."""
        return self._connection

    @property
    def is_copy(self) -> bool:
        """Whether its truth is elsewhere."""
        return self._has("outbox", "key")

    def become_copy(self, *, sending: bool) -> None:
        """Note from now on what is written; `sending`: all that is held is to be sent."""
        with self._transaction():
            for statement in _MADE:
                self._run(statement)
            for table in TABLES:
                for verb, sides in _WHEN.items():
                    noted = " ".join(f"{_noted(table, _json(table, f'{side}.'))} WHERE true;" for side in sides)
                    self._run(f"CREATE TRIGGER copy_{table}_{verb} AFTER {verb} ON {table} BEGIN {noted} END")
                if sending:
                    self._run(f"{_noted(table, _json(table))} FROM {table}")

    def become_own(self) -> None:
        """Be no copy any more: the truth is here."""
        with self._transaction():
            for table in TABLES:
                for verb in _WHEN:
                    self._run(f"DROP TRIGGER IF EXISTS copy_{table}_{verb}")
            for table in ("outbox", "replica"):
                self._run(f"DROP TABLE IF EXISTS {table}")

    # -- where it stands -------------------------------------------------------------------------------------------

    def note(self, name: str) -> str:
        """A note on the copy, which is not shared; empty where there is none."""
        row = self._one("SELECT value FROM replica WHERE name = ?", name)
        return row[0] if row else ""

    def set_notes(self, **notes: str) -> None:
        """Keep some."""
        with self._transaction():
            for name, value in notes.items():
                self._run("INSERT OR REPLACE INTO replica VALUES (?, ?)", name, value)

    # -- what is to be sent ----------------------------------------------------------------------------------------

    def waiting(self, tables: Iterable[str] = TABLES) -> tuple[int, int]:
        """How many notes of some tables wait, and the number of the last."""
        names = tuple(tables)
        places = ", ".join("?" * len(names))
        sql = f"SELECT count(*), coalesce(max(number), 0) FROM outbox WHERE name IN ({places})"  # noqa: S608
        count, last = self._one(sql, *names)
        return int(count), int(last)

    def upto(self, tables: Iterable[str], limit: int) -> int:
        """The number of the last note among the first `limit` that wait of some tables."""
        names = tuple(tables)
        places = ", ".join("?" * len(names))
        some = f"SELECT number FROM outbox WHERE name IN ({places}) ORDER BY number LIMIT ?"  # noqa: S608
        return int(self._one(f"SELECT coalesce(max(number), 0) FROM ({some})", *names, limit)[0])  # noqa: S608

    def changed(self, tables: Iterable[str], *, upto: int) -> dict[str, list[Key]]:
        """The keys of the rows that were written, by table, oldest first, each once; up to a note."""
        names = tuple(tables)
        places = ", ".join("?" * len(names))
        sql = f"SELECT name, key FROM outbox WHERE number <= ? AND name IN ({places}) ORDER BY number"  # noqa: S608
        found: dict[str, dict[Key, None]] = {}
        for name, key in self._rows(sql, upto, *names):
            found.setdefault(name, {})[tuple(json.loads(key))] = None
        return {name: list(keys) for name, keys in found.items()}

    def rows_of(self, table: str, keys: Sequence[Key]) -> dict[Key, Row]:
        """The rows of some keys as they stand, seal last; keys of rows that are gone are left out."""
        columns = ", ".join(f'"{column}"' for column in columns_of(table))
        where = " AND ".join(f'"{name}" = ?' for name in KEYS[table])
        sql = f"SELECT {columns} FROM {table} WHERE {where}"  # noqa: S608 - constants
        found = ((key, self._one(sql, *key)) for key in keys)
        return {key: row for key, row in found if row is not None}

    def sent(self, tables: Iterable[str], *, upto: int, **notes: str) -> None:
        """Forget the notes of what was sent (or is to be sent no more), up to one."""
        names = tuple(tables)
        places = ", ".join("?" * len(names))
        with self._transaction():
            self._run(f"DELETE FROM outbox WHERE number <= ? AND name IN ({places})", upto, *names)  # noqa: S608
            self.set_notes(**notes)

    # -- what comes ------------------------------------------------------------------------------------------------

    @contextmanager
    def taking(self) -> Iterator[Self]:
        """One transaction in which rows of others are taken over; nothing of it is noted as to be sent."""
        self._run("PRAGMA foreign_keys = OFF")  # a document's row is exchanged, its passages stay
        try:
            with self._transaction():
                before = int(self._value("SELECT coalesce(max(number), 0) FROM outbox"))
                yield self
                self._run("DELETE FROM outbox WHERE number > ?", before)
        finally:
            self._run("PRAGMA foreign_keys = ON")

    def keep_state_of(self, document_id: str, sequence: int) -> None:
        """Keep what is held of a document, which the change of this number replaces: generations still show it."""
        if self._one("SELECT 1 FROM superseded WHERE sequence = ?", sequence) is None:
            self._supersede(document_id, sequence)

    def take(self, table: str, rows: Iterable[Row]) -> None:
        """Write rows (seal last) in place of what is held under their keys."""
        if table == "audit":
            self._take_audit(rows)
            return
        with connections.translated(self.path):
            self._connection.executemany(sealing.insertion(table, verb="INSERT OR REPLACE"), rows)

    def drop(self, table: str, keys: Iterable[Key]) -> None:
        """Delete rows."""
        where = " AND ".join(f'"{name}" = ?' for name in KEYS[table])
        with connections.translated(self.path):
            self._connection.executemany(f"DELETE FROM {table} WHERE {where}", keys)  # noqa: S608 - constants

    def totals(self) -> dict[str, tuple[int, int]]:
        """How many rows each table has, and the sum of their seals: equal copies have equal ones."""
        found = {}
        for table in TABLES:
            if table != "audit":  # its seals cover numbers of this copy
                count, total = self._one(f"SELECT count(*), coalesce(sum(seal), 0) FROM {table}")  # noqa: S608
                found[table] = (int(count), int(total))
        return found

    def _take_audit(self, rows: Iterable[Row]) -> None:
        names = columns_of("audit")[:-1]
        for row in rows:
            values = dict(zip(names, row, strict=False))
            if self._one("SELECT 1 FROM audit WHERE token = ?", values["token"]) is None:
                self._insert("audit", **{**values, "id": self._next("audit")})


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a shared table, seal last."""
    return (*sealing.COLUMNS[table], sealing.SEAL)


def types_of(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """By table and column: `INTEGER`, `TEXT` or `BLOB`. Raises `CatalogueError` for a file that lacks one."""
    found = {}
    for table in TABLES:
        held = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
        if missing := [column for column in columns_of(table) if column not in held]:
            raise CatalogueError(f"目录库缺少 {table}.{missing[0]}。请先运行 policykg rebuild 升级目录库")
        found[table] = {column: held[column] for column in columns_of(table)}
    return found


def _json(table: str, side: str = "") -> str:
    names = ", ".join(f'{side}"{name}"' for name in KEYS[table])
    return f"json_array({names})"


def _noted(table: str, key: str) -> str:
    return f"INSERT INTO outbox (name, key) SELECT '{table}', {key}"
