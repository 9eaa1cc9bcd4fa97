"""Opening the SQLite file, and turning SQLite's complaints into errors that people understand.

Durability: WAL with synchronous=FULL, so a committed document survives `kill -9` and a power cut
(https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.catalogue import schema
from kg.core.errors import CatalogueError, EnvironmentProblem, Locked, NotBuilt, PolicyKGError

BUSY_SECONDS = 30.0  # writers queue on the build lock; this only covers checkpoints and recovery of the log


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """An open, current catalogue file. Raises `NotBuilt` (nothing there to read), `CatalogueError`, `Locked`."""
    if read_only and not path.exists():
        raise NotBuilt(path.parent)
    with translated(path):
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, read_only=read_only)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if read_only:
                connection.execute("PRAGMA query_only = ON")
                if schema.check_version(connection, path):
                    _refuse_old(connection, path)
            else:
                schema.check_version(connection, path)  # before anything is written into a file that is not ours
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                schema.migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def close(connection: sqlite3.Connection) -> None:
    """Close; a writer first moves its log into the file.

    SQLite does so by itself only for the last connection: while an app reads, commits would stay in `-wal`, and
    a backup of the file alone would lack them. A reader in the midst of a query stops the move, which does no harm.
    """
    with suppress(sqlite3.Error):  # closed already, or busy
        if not connection.execute("PRAGMA query_only").fetchone()[0]:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _refuse_old(connection: sqlite3.Connection, path: Path) -> None:
    if not schema.recorded(connection):  # a first run was killed before its first table
        raise NotBuilt(path.parent)
    raise CatalogueError(f"{path} 由较旧版本写成，读取前需要升级：请运行 policykg rebuild", path=str(path))


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    # One connection may serve several threads of the app: SQLite serialises the calls (threadsafety 3).
    uri = path.absolute().as_uri()
    if read_only:
        # A reader of a WAL file needs its -shm beside it; on a read-only medium nobody writes, so none is needed.
        frozen = not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
        uri += "?immutable=1" if frozen else "?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Run SQL; SQLite's errors come out as `Locked`, `CatalogueError` or `EnvironmentProblem`."""
    try:
        yield
    except PolicyKGError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"无法使用 {path}：{reason}。请检查该文件夹的权限", path=str(path)) from error
    except sqlite3.Error as error:
        raise _translate(error, path) from error


def _translate(error: sqlite3.Error, path: Path) -> PolicyKGError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None  # extended codes carry the primary one in the low byte
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Locked(f"{path} 正被另一个进程写入，请稍后再试", path=str(path))
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return CatalogueError(
            f"目录库 {path} 已损坏（{error}）。请从备份恢复该文件，或移走它后重新运行 policykg ingest", path=str(path)
        )
    if primary == sqlite3.SQLITE_FULL:
        return EnvironmentProblem(f"磁盘空间不足，无法写入 {path}。请清出空间后重新运行同一命令", path=str(path))
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        return EnvironmentProblem(f"无法打开或写入 {path}（{error}）。请检查该文件夹的权限", path=str(path))
    return CatalogueError(f"目录库 {path} 出错（{error}）。请运行 policykg check 查看", path=str(path))
