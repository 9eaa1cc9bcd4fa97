"""A checksum on every row, so that a byte that flips on the disk is found and not told as a fact.

SQLite checks the structure of its file, not what stands in it: a 3 that becomes a 7 passes its `integrity_check`. The
seal is CRC-32 over all columns, which finds every flip of up to 32 neighbouring bits.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

FUNCTION = "pkg_seal"  # registered on every connection (`kg.catalogue.connection`)
SEAL = "seal"
SPOILT = -1  # of a row that was copied from one whose seal was broken

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "runs": ("id", "command", "started", "finished", "versions", "counts"),
        "documents": (
            *("id", "source", "source_key", "sha256", "steps", "title", "doc_number", "kind", "level", "date", "year"),
            *("place", "place_qualified", "facts", "run_id", "facts_read"),
        ),
        "passages": ("id", "document_id", "number", "start", "end", "heading_path", "text"),
        "vectors": ("model", "text_hash", "vector"),
        "changes": ("sequence", "document_id", "action", "run_id", "token"),
        "meta": ("key", "value"),
        "audit": ("id", "token", "at", "actor", "via", "action", "detail", "run_id"),
        "superseded": (
            *("sequence", "id", "source", "source_key", "sha256", "title", "doc_number", "kind", "level", "date"),
            *("year", "place", "place_qualified", "facts"),
        ),
        "migrations": ("number", "name", "applied"),
        "corrections": (
            *("number", "id", "document_id", "kind", "action", "said", "at", "actor", "via", "sha256", "part"),
            *("stands", "undone_at", "undone_by"),
        ),
        "questions": ("id", "name", "question", "previous", "at", "actor", "seen"),
        "aliases": ("former", "current"),
    }
)
"""The columns of each table, in the order in which they are sealed; the first name the row for people."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**{t: c[:1] for t, c in COLUMNS.items()}, "vectors": ("model", "text_hash")}
)


def seal_of(values: Iterable[Any]) -> int:
    """The seal of a row: texts, bytes, numbers and None, told apart by their lengths."""
    crc = 0
    for value in values:
        if value is None:
            crc = zlib.crc32(b"-", crc)
            continue
        data = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        crc = zlib.crc32(data, zlib.crc32(b"%d:" % len(data), crc))
    return crc


def register(connection: sqlite3.Connection) -> None:
    """Make `pkg_seal(...)` known to the SQL of a connection."""
    connection.create_function(FUNCTION, -1, lambda *values: seal_of(values), deterministic=True)


def expression(
    table: str, replaced: Mapping[str, str] = MappingProxyType({}), *, without: frozenset[str] = frozenset()
) -> str:
    """SQL for the seal of a row as it stands; `replaced` gives other SQL for some columns, `without` are left out.

    As bytes: of a text that is no UTF-8 any more Python would only say that it cannot be decoded.
    """
    parts = (replaced.get(column, f'"{column}"') for column in COLUMNS[table] if column not in without)
    return f"{FUNCTION}({', '.join(f'CAST({part} AS BLOB)' for part in parts)})"


def kept_whole(table: str, fresh: str) -> str:
    """SQL for the new seal of a changed or copied row, which a broken one must not be mended by."""
    return f"iif({SEAL} = {expression(table)}, {fresh}, {SPOILT})"


def insertion(table: str, *, verb: str = "INSERT") -> str:
    """`INSERT INTO table (…, seal) VALUES (?, …)`; the values are those of `sealed`."""
    names = ", ".join(f'"{column}"' for column in (*COLUMNS[table], SEAL))
    return f"{verb} INTO {table} ({names}) VALUES ({', '.join('?' * (len(COLUMNS[table]) + 1))})"


def sealed(table: str, **values: Any) -> tuple[Any, ...]:
    """The values of a row in the order of its columns, with the seal behind; what is not given is NULL."""
    if unknown := values.keys() - set(COLUMNS[table]):
        raise ValueError(f"{table} has no columns {sorted(unknown)}")
    row = tuple(values.get(column) for column in COLUMNS[table])
    return (*row, seal_of(row))


def broken_rows(table: str, without: frozenset[str] = frozenset()) -> str:
    """SQL for the keys, as bytes, of the rows whose seal is broken; `without` are columns that an older file lacks."""
    keys = ", ".join(f"CAST({key} AS BLOB)" for key in KEYS[table])
    return f"SELECT {keys} FROM {table} WHERE {SEAL} <> {expression(table, without=without)}"  # noqa: S608 - constants
