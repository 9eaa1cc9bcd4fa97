"""Tables of the catalogue, as named migrations that are recorded in the file itself.

A migration, once released, is never edited: a change is a new entry at the end of `MIGRATIONS`. A file that
records a name which is not listed here was written by a newer version and is refused.
"""

from __future__ import annotations

import sqlite3

from kg.catalogue.long_ids import lengthen
from kg.catalogue.sealing import COLUMNS, SPOILT, expression
from kg.core.errors import CatalogueError

APPLICATION_ID = 0x706B_6731  # "pkg1" in the SQLite header: tells our file from any other database

# The tables that there were when seals came.
_SEALED_FIRST = ("runs", "documents", "passages", "vectors", "changes", "meta", "audit", "superseded", "migrations")

MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "0001-documents-passages-vectors-changes-runs",
        (
            """CREATE TABLE runs (
                id       INTEGER PRIMARY KEY,
                command  TEXT NOT NULL,
                started  TEXT NOT NULL,
                finished TEXT,
                versions TEXT NOT NULL DEFAULT '{}',
                counts   TEXT NOT NULL DEFAULT '{}'
            ) STRICT""",
            """CREATE TABLE documents (
                id              TEXT PRIMARY KEY,
                source          TEXT NOT NULL,
                source_key      TEXT NOT NULL UNIQUE,
                sha256          TEXT NOT NULL,
                steps           TEXT NOT NULL,
                title           TEXT NOT NULL,
                doc_number      TEXT,
                kind            TEXT,
                level           TEXT,
                date            TEXT,
                year            INTEGER,
                place           TEXT,
                place_qualified TEXT,
                facts           BLOB NOT NULL,
                run_id          INTEGER REFERENCES runs (id)
            ) STRICT, WITHOUT ROWID""",
            "CREATE INDEX documents_sha256 ON documents (sha256)",
            "CREATE INDEX documents_source ON documents (source)",
            """CREATE TABLE passages (
                id           TEXT PRIMARY KEY,
                document_id  TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                number       INTEGER NOT NULL,
                start        INTEGER NOT NULL,
                "end"        INTEGER NOT NULL,
                heading_path TEXT NOT NULL,
                text         TEXT NOT NULL,
                UNIQUE (document_id, number)
            ) STRICT""",
            """CREATE TABLE vectors (
                model     TEXT NOT NULL,
                text_hash TEXT NOT NULL,
                vector    BLOB NOT NULL,
                PRIMARY KEY (model, text_hash)
            ) STRICT, WITHOUT ROWID""",
            # No foreign key: the log outlives the documents that it speaks of.
            """CREATE TABLE changes (
                sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
                document_id TEXT NOT NULL,
                action      TEXT NOT NULL CHECK (action IN ('put', 'remove')),
                run_id      INTEGER REFERENCES runs (id)
            ) STRICT""",
            "CREATE INDEX changes_document ON changes (document_id, sequence)",
            "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
            # Tells a generation that was built from another catalogue, should someone replace the file.
            "INSERT INTO meta VALUES ('identity', lower(hex(randomblob(16))))",
        ),
    ),
    (
        "0002-audit-and-change-tokens",
        (
            # Numbers alone do not tell a catalogue from its own older copy that went on differently.
            "ALTER TABLE changes ADD COLUMN token TEXT NOT NULL DEFAULT ''",
            """CREATE TABLE audit (
                id     INTEGER PRIMARY KEY AUTOINCREMENT,
                token  TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
                at     TEXT NOT NULL,
                actor  TEXT NOT NULL,
                via    TEXT NOT NULL,
                action TEXT NOT NULL,
                detail TEXT NOT NULL DEFAULT '{}',
                run_id INTEGER
            ) STRICT""",
            *(
                f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
                for verb in ("UPDATE", "DELETE")
            ),
        ),
    ),
    (
        "0003-superseded-documents",
        (
            # What a change replaced or removed, until no generation shows it: answers quote from it meanwhile.
            """CREATE TABLE superseded (
                sequence        INTEGER PRIMARY KEY,
                id              TEXT NOT NULL,
                source          TEXT NOT NULL,
                source_key      TEXT NOT NULL,
                sha256          TEXT NOT NULL,
                title           TEXT NOT NULL,
                doc_number      TEXT,
                kind            TEXT,
                level           TEXT,
                date            TEXT,
                year            INTEGER,
                place           TEXT,
                place_qualified TEXT,
                facts           BLOB NOT NULL
            ) STRICT""",
            "CREATE INDEX superseded_id ON superseded (id, sequence)",
        ),
    ),
    (
        "0004-row-seals",
        (
            # What stands there now is taken for right: nothing is known that would tell. `migrate` seals the rows,
            # its own too, when all migrations are through.
            *(f"ALTER TABLE {table} ADD COLUMN seal INTEGER NOT NULL DEFAULT 0" for table in _SEALED_FIRST),
        ),
    ),
    (
        "0005-corrections-questions",
        (
            # No foreign key: what people said outlives the document, and speaks again when it comes back.
            """CREATE TABLE corrections (
                number      INTEGER PRIMARY KEY AUTOINCREMENT,
                id          TEXT NOT NULL UNIQUE,
                document_id TEXT,
                kind        TEXT NOT NULL,
                action      TEXT NOT NULL,
                said        TEXT NOT NULL,
                at          TEXT NOT NULL,
                actor       TEXT NOT NULL,
                via         TEXT NOT NULL,
                sha256      TEXT,
                part        INTEGER,
                stands      INTEGER NOT NULL DEFAULT 1,
                undone_at   TEXT,
                undone_by   TEXT,
                seal        INTEGER NOT NULL DEFAULT 0
            ) STRICT""",
            "CREATE INDEX corrections_document ON corrections (document_id)",
            # Questions that people keep, with the answer that they last saw.
            """CREATE TABLE questions (
                id       TEXT PRIMARY KEY,
                name     TEXT NOT NULL,
                question TEXT NOT NULL,
                previous TEXT,
                at       TEXT NOT NULL,
                actor    TEXT NOT NULL,
                seen     TEXT NOT NULL,
                seal     INTEGER NOT NULL DEFAULT 0
            ) STRICT, WITHOUT ROWID""",
            # What was read, where people's statements stand over it; `facts` is what is shown.
            "ALTER TABLE documents ADD COLUMN facts_read BLOB",
        ),
    ),
    (
        "0006-summaries-without-facts",
        (
            # All that a list of documents shows: their rows are as long as their facts, and are not touched.
            """CREATE INDEX documents_summary ON documents (
                source, id, sha256, title, year, place, kind, level, date, doc_number, place_qualified, source_key
            )""",
            "DROP INDEX documents_source",
        ),
    ),
    (
        "0007-ids-of-eighty-bits",
        (
            # What documents were called before; `migrate` renames them when all tables are there (`long_ids`).
            """CREATE TABLE aliases (
                former  TEXT PRIMARY KEY,
                current TEXT NOT NULL,
                seal    INTEGER NOT NULL DEFAULT 0
            ) STRICT, WITHOUT ROWID""",
        ),
    ),
)
_SEALS, _WIDER, _LONGER = "0004-row-seals", "0005-corrections-questions", "0007-ids-of-eighty-bits"

READABLE_WITHOUT = frozenset(name for name, _ in MIGRATIONS[1:])
"""Migrations that only add what readers can do without: an app goes on reading until the next writer migrates."""

AT_LEISURE = frozenset({_LONGER})
"""Migrations that a writer can do without too who only notes something: they take long, and want a new generation."""


def recorded(connection: sqlite3.Connection) -> list[str]:
    """Names of the migrations that a file has seen; empty for a new file."""
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'").fetchone()
    if not found:
        return []
    return [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY number")]


def seal_all(connection: sqlite3.Connection, table: str, where: str = "true") -> None:
    """Seal rows as they stand, those of the audit log too, which is otherwise never changed."""
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(f"UPDATE {table} SET seal = {expression(table)} WHERE {where}")  # noqa: S608 - constants
    for _, sql in triggers:
        connection.execute(sql)


def check_version(connection: sqlite3.Connection, path: object) -> list[str]:
    """The migrations that are still to be applied. Raises `CatalogueError` for a foreign or a newer file."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    done = recorded(connection)
    if not done and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise CatalogueError(f"{path} 不是 policykg 的目录库。请用 --home 另选一个文件夹，或移走该文件", path=str(path))
    known = [name for name, _ in MIGRATIONS]
    if unknown := [name for name in done if name not in known]:
        raise CatalogueError(
            f"{path} 由较新版本的 policykg 写成（含“{unknown[0]}”）。请升级 policykg，或用 --home 另选文件夹",
            path=str(path),
            unknown=unknown,
        )
    if done and application != APPLICATION_ID:
        raise CatalogueError(f"{path} 的文件标记不是 policykg 的目录库。请用 --home 另选一个文件夹", path=str(path))
    return known[len(done) :]


def migrate(connection: sqlite3.Connection, path: object, *, leave: frozenset[str] = frozenset()) -> None:
    """Bring a file up to date: one transaction for all that is missing, so that it is old or new, never between.

    What `leave` names is left for another time.
    """
    if not check_version(connection, path):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        todo = set(check_version(connection, path)) - leave  # again: another process may have been first
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations"
            " (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, applied TEXT NOT NULL) STRICT"
        )
        for name, statements in MIGRATIONS:
            if name in todo:
                for statement in statements:
                    connection.execute(statement)
                connection.execute(
                    "INSERT INTO migrations (name, applied) VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))", (name,)
                )
        if _SEALS in todo:
            for table in COLUMNS:
                seal_all(connection, table)
        else:
            if _WIDER in todo:  # a row that is broken stays so under its new columns
                before = expression("documents", without=frozenset({"facts_read"}))
                seal = f"iif(seal = {before}, {expression('documents')}, {SPOILT})"
                connection.execute(f"UPDATE documents SET seal = {seal}")  # noqa: S608 - constants
            seal_all(connection, "migrations")
        if _LONGER in todo:
            lengthen(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
