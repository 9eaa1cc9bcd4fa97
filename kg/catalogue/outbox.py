"""What a catalogue that is a copy of a shared one has written and not yet sent: noted by triggers, row by row.

Triggers, because no writer can then forget it. A file with an outbox is a copy: its truth is elsewhere.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Literal, Self

from kg.catalogue import connection as connections
from kg.catalogue import sealing
from kg.catalogue.catalogue import Catalogue
from kg.core.errors import CatalogueError

Row = tuple[Any, ...]
Key = tuple[Any, ...]

TABLES = (
    *("runs", "documents", "superseded", "passages", "vectors", "changes", "meta", "audit", "corrections"),
    *("questions", "aliases"),
)
"""What is shared."""

_ONLY_ADDED = frozenset({"superseded"})
"""Each machine forgets them when none of its own generations shows them; the store when none is there that does."""

Part = Literal["all", "bound", "free", "ahead"]
"""Of what waits: what is written at a turn, or what anybody sends (lines of the audit that are of no run have names of
their own, so that two machines never make the same one), or the vectors, which may come before the rest."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType({**sealing.KEYS, "audit": ("token",)})
"""What tells rows apart in all copies; the numbers of audit lines are each copy's own."""

NOT_COMPARED = frozenset({"audit", "superseded"})
"""Seals of the one cover numbers of a copy; of the other each machine keeps what its own generations show."""

_PARTS: Mapping[Part, str] = MappingProxyType(
    {"all": "true", "bound": "NOT free", "free": "free", "ahead": "name = 'vectors'"}
)
_OUTBOX = "number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, key TEXT NOT NULL, free INTEGER NOT NULL"
_MADE = (
    f"CREATE TABLE outbox ({_OUTBOX}) STRICT",
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
                    if table not in _ONLY_ADDED or verb == "insert":
                        noted = " ".join(f"{_noted(table, f'{side}.')} WHERE true;" for side in sides)
                        self._run(f"CREATE TRIGGER copy_{table}_{verb} AFTER {verb} ON {table} BEGIN {noted} END")
                if sending:
                    self._run(f"{_noted(table)} FROM {table}")

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

    def waiting(self, part: Part = "all") -> tuple[int, int]:
        """How many notes wait, and the number of the last."""
        sql = f"SELECT count(*), coalesce(max(number), 0) FROM outbox WHERE {_PARTS[part]}"  # noqa: S608 - constants
        count, last = self._one(sql)
        return int(count), int(last)

    def upto(self, part: Part, limit: int) -> int:
        """The number of the last note among the first `limit` that wait."""
        some = f"SELECT number FROM outbox WHERE {_PARTS[part]} ORDER BY number LIMIT ?"  # noqa: S608 - constants
        return int(self._one(f"SELECT coalesce(max(number), 0) FROM ({some})", limit)[0])  # noqa: S608

    def changed(self, part: Part, *, upto: int) -> dict[str, list[Key]]:
        """The keys of the rows that were written, by table, oldest first, each once; up to a note."""
        sql = f"SELECT name, key FROM outbox WHERE number <= ? AND {_PARTS[part]} ORDER BY number"  # noqa: S608
        found: dict[str, dict[Key, None]] = {}
        for name, key in self._rows(sql, upto):
            found.setdefault(name, {})[tuple(json.loads(key))] = None
        return {name: list(keys) for name, keys in found.items()}

    def rows_of(self, table: str, keys: Sequence[Key]) -> dict[Key, Row]:
        """The rows of some keys as they stand, seal last; keys of rows that are gone are left out."""
        columns = ", ".join(f'"{column}"' for column in columns_of(table))
        where = " AND ".join(f'"{name}" = ?' for name in KEYS[table])
        sql = f"SELECT {columns} FROM {table} WHERE {where}"  # noqa: S608 - constants
        found = ((key, self._one(sql, *key)) for key in keys)
        return {key: row for key, row in found if row is not None}

    def sent(self, part: Part, *, upto: int, **notes: str) -> None:
        """Forget the notes of what was sent (or is to be sent no more), up to one."""
        with self._transaction():
            self._run(f"DELETE FROM outbox WHERE number <= ? AND {_PARTS[part]}", upto)  # noqa: S608 - constants
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

    def part_audit(self, keys: Sequence[Key]) -> None:
        """Let lines of the audit stand by themselves whose run was undone; anybody's run may have its number now.

        They never change otherwise, and are sent as others are that are of no run.
        """
        guards = list(self._rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'"))
        for name, _ in guards:
            self._run(f"DROP TRIGGER {name}")
        names = sealing.COLUMNS["audit"]
        for row in self.rows_of("audit", keys).values():
            values = {**dict(zip(names, row, strict=False)), "run_id": None}
            self._run("DELETE FROM audit WHERE token = ?", values["token"])
            self._insert("audit", **values)
        for _, sql in guards:
            self._run(sql)

    def totals(self) -> dict[str, tuple[int, int]]:
        """How many rows each table has, and the sum of their seals: equal copies have equal ones."""
        found = {}
        for table in TABLES:
            if table not in NOT_COMPARED:
                count, total = self._one(f"SELECT count(*), coalesce(sum(seal), 0) FROM {table}")  # noqa: S608
                found[table] = (int(count), int(total))
        return found

    def _take_audit(self, rows: Iterable[Row]) -> None:
        names = columns_of("audit")[:-1]
        at = names.index("at")
        for row in sorted(rows, key=lambda row: str(row[at])):
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


def _noted(table: str, side: str = "") -> str:
    """SQL that notes a row, of `NEW.` or `OLD.`, or of a table that FROM names."""
    key = ", ".join(f'{side}"{name}"' for name in KEYS[table])
    free = {"audit": f"{side}run_id IS NULL", "questions": "1"}.get(table, "0")
    return f"INSERT INTO outbox (name, key, free) SELECT '{table}', json_array({key}), {free}"
