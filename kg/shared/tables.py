"""The tables of a shared catalogue: those of `kg.catalogue`, each row with the position at which it was written.

policykg_head        whose it is, the position reached, the current generation
policykg_turn        who may write now
policykg_c_documents, …   the rows of the catalogue, as in its file, with a key of fixed length
policykg_gone        keys of rows that were deleted, and at which position
policykg_generations, policykg_files   the files of what was published
policykg_nodes       which generations are read, and where
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kg.catalogue.outbox import TABLES, columns_of
from kg.core.errors import EnvironmentProblem
from kg.shared.session import Session

FORM = "1"
"""Goes up when the tables would be others."""
PREFIX = "policykg_"
HEAD, TURN, GONE = f"{PREFIX}head", f"{PREFIX}turn", f"{PREFIX}gone"
GENERATIONS, FILES, NODES = f"{PREFIX}generations", f"{PREFIX}files", f"{PREFIX}nodes"
CLOCK = "UNIX_TIMESTAMP(NOW(6))"
"""The time by the database's own clock, in seconds: those of the machines may differ."""

_KINDS = {"INTEGER": "BIGINT", "TEXT": "LONGTEXT", "BLOB": "LONGBLOB"}
_FORM = "DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
_MADE: Mapping[str, str] = {
    HEAD: "one TINYINT PRIMARY KEY, catalogue VARCHAR(64) NOT NULL, form VARCHAR(80) NOT NULL, "
    "position BIGINT NOT NULL, turn BIGINT NOT NULL, token VARCHAR(32) NOT NULL, complete TINYINT NOT NULL, "
    "generation BIGINT NOT NULL",
    TURN: "one TINYINT PRIMARY KEY, holder VARCHAR(120) NOT NULL, shown VARCHAR(200) NOT NULL, until DOUBLE NOT NULL, "
    "signs BIGINT NOT NULL",
    GONE: "name VARCHAR(40), row_key CHAR(32), key_text LONGTEXT NOT NULL, position BIGINT NOT NULL, "
    "PRIMARY KEY (name, row_key), KEY by_position (position)",
    GENERATIONS: "number BIGINT PRIMARY KEY, position BIGINT NOT NULL, manifest LONGBLOB NOT NULL",
    FILES: "seal VARCHAR(100), part INT, data LONGBLOB NOT NULL, PRIMARY KEY (seal, part)",
    NODES: "node VARCHAR(120) PRIMARY KEY, seen DOUBLE NOT NULL, held LONGTEXT NOT NULL",
}


def table_of(name: str) -> str:
    """What a table of the catalogue is called in the database."""
    return f"{PREFIX}c_{name}"


def row_key(key: Sequence[Any]) -> str:
    """A key of fixed length: of 2^64 rows two share one."""
    return hashlib.blake2b(text_of(key).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def text_of(key: Sequence[Any]) -> str:
    """A key as it is written."""
    return json.dumps(list(key), ensure_ascii=False)


def key_of(text: str) -> tuple[Any, ...]:
    """The inverse."""
    return tuple(json.loads(text))


def named(table: str) -> str:
    """The columns of a shared table, quoted."""
    return ", ".join(f"`{column}`" for column in columns_of(table))


def is_ready(session: Session) -> bool:
    """Whether `make` has come to its end."""
    return bool(session.ask(f"SHOW TABLES LIKE '{TURN}'")) and bool(session.ask(f"SELECT one FROM {TURN}"))  # noqa: S608


def make(session: Session, types: Mapping[str, Mapping[str, str]]) -> None:
    """Make what is missing; `types` are those of the catalogue's file. Its last statement tells that all is there."""
    held = {str(row[0]) for row in session.ask(f"SHOW TABLES LIKE '{PREFIX}%'")}
    wanted = dict(_MADE)
    for name in TABLES:
        columns = ", ".join(f"`{column}` {_KINDS[kind]}" for column, kind in types[name].items())
        own = "row_key CHAR(32) PRIMARY KEY, position BIGINT NOT NULL, KEY by_position (position)"
        wanted[table_of(name)] = f"{own}, {columns}"
    for name, columns in wanted.items():
        if name not in held:
            session.write(f"CREATE TABLE IF NOT EXISTS {name} ({columns}) {_FORM}")
    session.write(f"INSERT IGNORE INTO {TURN} VALUES (1, '', '', 0, 0)")  # noqa: S608 - constants


def is_made(session: Session) -> bool:
    """Whether there may be a shared catalogue, or the beginning of one: its head can be asked for."""
    return bool(session.ask(f"SHOW TABLES LIKE '{HEAD}'"))


def foreign(session: Session) -> EnvironmentProblem:
    """The database is somebody else's."""
    return EnvironmentProblem(
        f"存储 {session.address.shown} 中是另一个索引目录的数据，没有覆盖。请换一个数据库；"
        "确实不再需要那一份时，先删除其中名称以 policykg_ 开头的表，再运行 policykg rebuild"
    )
