"""Ids of forty bits become ids of eighty: everything that names a document, within the transaction of the migration.

A document gets the id that its path gives today (`kg.core.ids.id_at`); the one of before is kept in `aliases` and
goes on to mean it. No source is read again, and vectors are kept by the texts that they are of, so none is computed
again. The audit log is left as it was written: it tells what was done to which id, and those ids still open.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from kg.catalogue import sealing
from kg.core.ids import FORMER_DIGITS, formers_replaced, id_at, is_former

LOG = logging.getLogger("policykg.catalogue")

RENAMED = "renamed"
"""In `meta`: the last change before the ids were made longer. A generation of up to then may show those of before."""

_LENGTH = len("d-") + FORMER_DIGITS
_TELL_SECONDS = 2.0
_CACHE = 262_144  # KiB: with SQLite's 2,000 the pages of 160,000 passages are read and written many times over
_FACTS = "pkg_renamed"
_FORMER = f"length(id) = {_LENGTH} AND id GLOB 'd-*'"


def lengthen(connection: sqlite3.Connection) -> None:
    """Rename all documents whose ids are of the old form. Within a transaction, in a file that has seals."""
    renamed = dict(_renamed(connection))
    if not renamed:
        return
    told = "目录库升级：文档编号由 10 位加长为 20 位，共 %d 份。不重读文件，不重算向量；旧编号仍可使用"
    LOG.warning(told, len(renamed))
    connection.execute("PRAGMA defer_foreign_keys = ON")  # until COMMIT: passages are renamed after their documents
    (cache,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    connection.create_function(_FACTS, 3, _facts_renamed, deterministic=True)
    changes = list(_changes())
    said = time.monotonic()
    for done, (former, current) in enumerate(renamed.items(), start=1):
        connection.execute(sealing.insertion("aliases"), sealing.sealed("aliases", former=former, current=current))
        for sql in changes:
            connection.execute(sql, (former, current))
        if time.monotonic() - said > _TELL_SECONDS:
            said = time.monotonic()
            LOG.warning("目录库升级：已改 %d / %d 份", done, len(renamed))
    _rename_within(connection, "corrections", "number", "said", _documents_renamed, renamed)
    _rename_within(connection, "questions", "id", "seen", _all_renamed, renamed)
    (sequence,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM changes").fetchone()
    noted = sealing.sealed("meta", key=RENAMED, value=str(sequence))
    connection.execute(sealing.insertion("meta", verb="INSERT OR REPLACE"), noted)
    _note(connection, len(renamed))
    connection.execute(f"PRAGMA cache_size = {cache}")
    LOG.warning("目录库升级：%d 份文档的编号已加长，即将存盘；索引在下一次入库或 policykg rebuild 时重建", len(renamed))


def _renamed(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(id of before, id of now) of all documents that are held, or that generations still show."""
    taken: set[str] = set()
    sql = (
        f"SELECT id, source_key FROM documents WHERE {_FORMER} UNION ALL"  # noqa: S608 - constants
        f" SELECT id, max(source_key) FROM superseded WHERE {_FORMER} AND id NOT IN (SELECT id FROM documents)"
        " GROUP BY id"
    )
    for former, source_key in connection.execute(sql).fetchall():
        current = id_at(source_key)
        if is_former(former) and current not in taken:  # else one that was removed, from where another stands now
            taken.add(current)
            yield former, current


def _changes() -> Iterator[str]:
    """The statements that rename one document; ?1 is its id of before, ?2 that of now."""
    facts = {name: f"{_FACTS}({name}, ?1, ?2)" for name in ("facts", "facts_read")}
    yield _change("documents", {"id": "?2", **facts}, "id = ?1")
    yield _change("superseded", {"id": "?2", "facts": facts["facts"]}, "id = ?1")
    passage = f"?2 || substr(id, {_LENGTH + 1})"
    yield _change("passages", {"id": passage, "document_id": "?2"}, "document_id = ?1")
    for table in ("changes", "corrections"):
        yield _change(table, {"document_id": "?2"}, "document_id = ?1")


def _change(table: str, columns: dict[str, str], where: str) -> str:
    """An UPDATE that seals the rows anew; a row that was broken stays so."""
    told = ", ".join(f"{column} = {sql}" for column, sql in columns.items())
    seal = sealing.kept_whole(table, sealing.expression(table, columns))
    return f"UPDATE {table} SET {told}, seal = {seal} WHERE {where}"  # noqa: S608 - constants


def _facts_renamed(facts: bytes | None, former: str, current: str) -> bytes | None:
    """The encoded facts of a document under another id, which stands first in them and nowhere else."""
    head = b'{"id":"%s"' % former.encode()
    if facts is None or facts.startswith(head):
        return facts and b'{"id":"%s"' % current.encode() + facts[len(head) :]
    try:
        return msgspec.json.encode({**msgspec.json.decode(facts), "id": current})
    except (msgspec.MsgspecError, TypeError):  # damaged: the seal says so
        return facts


def _rename_within(
    connection: sqlite3.Connection,
    table: str,
    key: str,
    column: str,
    change: Callable[[str, Mapping[str, str]], str],
    renamed: Mapping[str, str],
) -> None:
    """Rename what stands in a text of a table; `change` gives the new text."""
    sql = _change(table, {column: "?2"}, f"{key} = ?1")
    for name, text in connection.execute(f"SELECT {key}, {column} FROM {table}").fetchall():  # noqa: S608 - constants
        if (now := change(text, renamed)) != text:
            connection.execute(sql, (name, now))


def _documents_renamed(said: str, renamed: Mapping[str, str]) -> str:
    """A statement about bodies with its list of documents renamed; words that people wrote are left alone."""
    try:
        told = json.loads(said)
        values = told["values"]
        if not values.get("documents"):
            return said
        values["documents"] = [renamed.get(name, name) for name in values["documents"]]
    except (ValueError, KeyError, TypeError, AttributeError):  # damaged: the seal says so
        return said
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _all_renamed(seen: str, renamed: Mapping[str, str]) -> str:
    """The rows that an asker saw, in which IRIs and ids may stand: else all of them would count as changed."""
    return formers_replaced(seen, lambda name: renamed.get(name, name))


def _note(connection: sqlite3.Connection, documents: int) -> None:
    """A line in the audit log."""
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()
    (used,) = connection.execute(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)"
    ).fetchone()
    row = sealing.sealed(
        "audit",
        id=max(last, used) + 1,
        token=secrets.token_hex(16),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        actor="policykg",
        via="library",
        action="lengthen-ids",
        detail=json.dumps({"documents": documents}),
    )
    connection.execute(sealing.insertion("audit"), row)
