"""The tables: what they are called and hold, whose they are, and which rows a version sees."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.shared.session import Session, Statements
from kg.shared.tables import foreign

STATES = "policykg_states"
PREFIX = "policykg_passages_"
_TABLE = re.compile(rf"{PREFIX}[0-9a-f]{{12}}")  # what may stand in a statement
TABLE_VERSION = "1"
"""Goes up when the rows would be others."""
AT, TABLE, VERSION, TOKEN = "store_at", "store_table", "store_version", "store_token"
FORM, INDEXED = "store_form", "store_indexed"
"""Of a card and of a manifest: the database, the table and the version in it that a generation reads, the random name
of the last writing of the table, `TABLE_VERSION`, and how many passages there were when the indexes were made."""
ENDLESS = (1 << 31) - 1
SPARE = 50  # rows of other states that may be among the best
_WORDS = "WITH PARSER space PARSER_PROPERTIES = (min_token_size = 1, max_token_size = 84)"
"""Our own terms, parted by blanks, are its words: both engines then count the same. Its own IK found less (0015)."""
_NEAR = "WITH (DISTANCE = inner_product, TYPE = hnsw, LIB = vsag, M = 16, EF_CONSTRUCTION = 200, EF_SEARCH = 200)"

COLUMNS: Mapping[str, str] = {
    "k": "BIGINT NOT NULL",
    "born": "INT NOT NULL",
    "died": f"INT NOT NULL DEFAULT {ENDLESS}",
    "document": "VARCHAR(40) NOT NULL",
    "year": "INT",
    "day": "INT NOT NULL",
    "place": "TEXT",
    "agency": "MEDIUMTEXT",
    "kind": "VARCHAR(400)",
    "theme": "MEDIUMTEXT",
    "level": "VARCHAR(100)",
    "shown_place": "TEXT",
    "shown_agency": "MEDIUMTEXT",
    "title": "TEXT",
    "words": "MEDIUMTEXT NOT NULL",
    "marks": "MEDIUMTEXT",
}
"""Facets with several values are written with a line break before and behind each; `words` are terms, a blank before
and behind each; `marks` are the exact keys of a passage (`marks.py`)."""


@dataclass(frozen=True, slots=True)
class State:
    """The rows of one table that a generation reads."""

    table: str
    version: int
    token: str
    indexed: int = 0

    @property
    def seen(self) -> str:
        """The condition on its rows."""
        return f"born <= {self.version} AND died > {self.version}"


def state_of(card: Mapping[str, Any]) -> State | None:
    """The state that a card names; None where the indexes are on this machine, or of another form."""
    if card.get(FORM) != TABLE_VERSION or not _TABLE.fullmatch(str(card.get(TABLE, ""))):
        return None
    return State(str(card[TABLE]), int(card[VERSION]), str(card[TOKEN]), int(card[INDEXED]))


def claim(session: Session, identity: str) -> None:
    """Make the table of states, and refuse a database that holds the indexes of another catalogue."""
    session.write(
        f"CREATE TABLE IF NOT EXISTS {STATES} (name VARCHAR(64) PRIMARY KEY, catalogue VARCHAR(64) NOT NULL, "
        "token VARCHAR(32) NOT NULL)"
    )
    if any(owner != identity for (owner,) in session.ask(f"SELECT DISTINCT catalogue FROM {STATES}")):  # noqa: S608
        raise foreign(session)


def token_of(session: Session, table: str) -> str | None:
    """The name of the last writing of a table; None where there is none."""
    rows = session.ask(f"SELECT token FROM {STATES} WHERE name = %s", (table,))  # noqa: S608
    return str(rows[0][0]) if rows else None


def set_token(session: Statements, table: str, identity: str, token: str) -> None:
    """Note the name of a writing: empty for a table that is not whole yet."""
    session.write(f"REPLACE INTO {STATES} VALUES (%s, %s, %s)", (table, identity, token))  # noqa: S608


def create(session: Session, identity: str, vectors: Mapping[str, int]) -> str:
    """A new table without indexes, with vector columns of some dimensions; returns its name."""
    table = PREFIX + secrets.token_hex(6)
    set_token(session, table, identity, "")
    columns = {**COLUMNS, **{name: f"VECTOR({dimension})" for name, dimension in vectors.items()}}
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    session.write(
        f"CREATE TABLE {table} ({listed}, PRIMARY KEY (k, born), KEY by_document (document), KEY by_end (died)) "
        "ORGANIZATION = HEAP DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
    )
    return table


def index(session: Session, table: str, vectors: Iterable[str]) -> None:
    """Make the indexes of a table that has been filled: ten times faster than to fill one that has them."""
    for name in ("words", "marks"):
        session.write(f"CREATE FULLTEXT INDEX by_{name} ON {table} ({name}) {_WORDS}")
    for name in vectors:
        session.write(f"CREATE VECTOR INDEX by_{name} ON {table} ({name}) {_NEAR}")


def count(session: Session, state: State) -> int:
    """How many passages a state has."""
    return int(session.ask(f"SELECT COUNT(*) FROM {state.table} WHERE {state.seen}")[0][0])  # noqa: S608


def drop_others(session: Statements, kept: Iterable[str]) -> list[str]:
    """Drop all tables of passages but some; returns which."""
    wanted = set(kept)
    gone = [str(name) for (name,) in session.ask(f"SELECT name FROM {STATES}") if name not in wanted]  # noqa: S608
    for table in gone:
        session.write(f"DROP TABLE IF EXISTS {table}")
        session.write(f"DELETE FROM {STATES} WHERE name = %s", (table,))  # noqa: S608
    return gone
