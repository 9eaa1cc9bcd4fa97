"""Opening the SQLite file, and turning SQLite's complaints into errors that people understand.

Durability: WAL with synchronous=FULL, so a committed document survives `kill -9` and a power cut
(https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from kg.catalogue import schema, sealing
from kg.core.errors import CatalogueError, EnvironmentProblem, Locked, NotBuilt, PolicyKGError, UsageError

_OF_OWNER, _FOLDER_OF_OWNER = 0o600, 0o700  # all texts are in it, contacts too
_CACHE = 8000  # KiB for a reader; SQLite's 2,000 are fewer than the inner pages of some hundred MB of passages
_STEP = 4096  # pages copied between two reports: 16 MB
_LEAST = 1 << 20  # bytes free: below that, what SQLite calls an input/output error is a full disk
_MAYBE_FULL = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
BUSY_SECONDS = 30.0  # writers queue on the build lock; this only covers checkpoints and recovery of the log


def connect(path: Path, *, read_only: bool, upgrade: bool = True) -> sqlite3.Connection:
    """An open, current catalogue file. Raises `NotBuilt` (nothing there to read), `CatalogueError`, `Locked`.

    Without `upgrade` a writer leaves for others what is `schema.AT_LEISURE`.
    """
    if read_only and not path.exists():
        raise NotBuilt(path.parent)
    with translated(path):
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_OF_OWNER)
            _make(path)
        try:
            return _open(path, read_only=read_only, upgrade=upgrade)
        except sqlite3.OperationalError as error:
            # On a full disk there is no room for the index of the log that every reader needs. With no log there is
            # nothing to index, and no writer either while the disk is full; a reader that is still there when one
            # comes again opens anew with the next generation.
            if not read_only or _code(error) not in (*_MAYBE_FULL, sqlite3.SQLITE_FULL) or _has_log(path):
                raise
            return _open(path, read_only=True, frozen=True)


def _make(path: Path) -> None:
    """A new file for its owner only; what SQLite writes beside it takes its mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OF_OWNER))


def _open(path: Path, *, read_only: bool, upgrade: bool = True, frozen: bool = False) -> sqlite3.Connection:
    with ExitStack() as undo:
        connection = _connect(path, read_only=read_only, frozen=frozen)
        undo.callback(connection.close)
        sealing.register(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
            connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            missing = schema.check_version(connection, path)
            if missing and not (schema.READABLE_WITHOUT.issuperset(missing) and schema.recorded(connection)):
                _refuse_old(connection, path)
        else:
            missing = schema.check_version(connection, path)  # before anything is written into a file not ours
            left = frozenset() if upgrade or not schema.recorded(connection) else schema.AT_LEISURE
            wanted = [name for name in missing if name not in left]
            if wanted and schema.recorded(connection):
                _keep(connection, path, wanted[0])
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            if wanted:
                schema.migrate(connection, path, leave=left)
        undo.pop_all()
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


def _keep(connection: sqlite3.Connection, path: Path, migration: str) -> None:
    """Copy a file that is about to be migrated to `catalogue.before-0002.sqlite` beside it; a copy there is kept."""
    number = migration.partition("-")[0]
    kept = path.with_name(f"{path.stem}.before-{number}{path.suffix}")
    if not kept.exists():
        copy(connection, kept)


def copy(
    connection: sqlite3.Connection, target: Path, *, progress: Callable[[int, int], None] = lambda _, __: None
) -> None:
    """Write what a connection sees now to a new file, durably: one state, however much others write meanwhile.

    `progress` is told (pages done, pages in all). A file at `target` is replaced when the copy is complete.
    """
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    partial.unlink(missing_ok=True)
    try:
        _make(partial)
        with closing(sqlite3.connect(partial)) as into:
            connection.execute("BEGIN")  # holds one state through all steps; without it a writer would restart the copy
            try:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                connection.backup(
                    into, pages=_STEP, progress=lambda _, left, total: progress(total - left, total), sleep=0
                )
            finally:
                if connection.in_transaction:  # a full disk has ended it already, and is what is to be told
                    connection.execute("ROLLBACK")
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        for left in (partial, partial.with_name(partial.name + "-journal")):
            left.unlink(missing_ok=True)


def _connect(path: Path, *, read_only: bool, frozen: bool) -> sqlite3.Connection:
    # One connection may serve several threads of the app: SQLite serialises the calls (threadsafety 3).
    uri = path.absolute().as_uri()
    if read_only:
        # A reader of a WAL file needs its -shm beside it; on a read-only medium nobody writes, so none is needed.
        frozen = frozen or (not os.access(path.parent, os.W_OK) and not _has_log(path))
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
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(path) from error
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"无法使用 {path}：{reason}。请检查该文件夹的权限", path=str(path)) from error
    except sqlite3.Error as error:
        raise _translate(error, path) from error
    except UnicodeEncodeError as error:  # a text from outside with half a character in it
        raise UsageError("文字含有无效字符，请改用 UTF-8 编码后重试", status=400) from error
    except UnicodeDecodeError as error:  # of SQLite's message, which quotes a table's definition that is damaged
        raise _damaged(error, path) from error


def _translate(error: sqlite3.Error, path: Path) -> PolicyKGError:
    primary = _code(error)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Locked(f"{path} 正被另一个进程写入，请稍后再试", path=str(path))
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return _damaged(error, path)
    if primary == sqlite3.SQLITE_FULL or (primary in _MAYBE_FULL and _free(path) < _LEAST):
        return _full(path)
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        return EnvironmentProblem(f"无法打开或写入 {path}（{error}）。请检查该文件夹的权限", path=str(path))
    return CatalogueError(f"目录库 {path} 出错（{error}）。请运行 policykg check 查看", path=str(path))


def _damaged(error: Exception, path: Path) -> CatalogueError:
    reason = "表的定义无法读取" if isinstance(error, UnicodeDecodeError) else str(error)
    return CatalogueError(
        f"目录库 {path} 已损坏（{reason}）。请从备份恢复该文件，或移走它后重新运行 policykg ingest", path=str(path)
    )


def _code(error: sqlite3.Error) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None  # extended codes carry the primary one in the low byte


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _full(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(f"磁盘空间不足，无法写入 {path}。请清出空间后重新运行同一命令", path=str(path))


def _free(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return _LEAST
