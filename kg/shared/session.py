"""Statements to a database over the MySQL protocol. The only module that imports PyMySQL."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeVar

from kg.core.errors import EnvironmentProblem, Locked, MissingExtra
from kg.shared.address import Address

Row = tuple[Any, ...]
ItemT = TypeVar("ItemT")

_SOON = 10  # seconds in which a server is to take a connection
PATIENCE = 1800  # seconds for one statement: an index over many millions of rows
_FRESH = 20.0  # seconds for which a connection that waits is trusted
_KEPT = 8  # connections that wait for the next query
_LOST = (2006, 2013, 2014, 0)  # the connection is gone: by the server, on the way, or between two packets
_NOBODY = 2003
_BUSY = (1205, 1213, 6003, 6004)  # waited for a row that another transaction holds; OceanBase's own too
_REFUSED = {
    1044: "不许用户访问这个数据库。请检查 POLICYKG_STORE 的用户和数据库",
    1045: "用户名或密码不对。请检查 POLICYKG_STORE",
    1049: "没有这个数据库。请先建立（CREATE DATABASE），或检查 POLICYKG_STORE",
    1146: "其中的表不见了，可能已被删除。请运行 policykg rebuild 重建",
    1054: "其中的表与本程序的版本不符。请运行 policykg rebuild 重建",
    1142: "用户没有所需的权限。请给它建表、建索引和读写的权限",
    1153: "不收这样大的一行。请调大它的 max_allowed_packet 后重试",
    _NOBODY: "无法连接。请检查地址，并确认该服务已经启动",
}


class Statements(Protocol):
    """What carries out statements: a session, each by itself, or a transaction, all or none."""

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query."""

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Carry out a statement; how many rows it touched."""

    def write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Carry out one that ends in VALUES and one bracket of places for many rows, or any other for each."""


class Session:
    """Connections to one database, as many as there are threads that ask at once. Safe for threads."""

    def __init__(self, address: Address, *, patience: int = PATIENCE) -> None:
        self.address = address
        self._patience = patience
        self._idle: list[tuple[Any, float]] = []  # with the time since when
        self._lock = threading.Lock()
        try:
            import pymysql
        except ImportError:
            raise MissingExtra("oceanbase", "OceanBase 存储") from None
        self._driver = pymysql

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query; asked once more where a waiting connection had been cut."""
        try:
            return self._ask(sql, values)
        except _LostError:
            with self._lock:
                idle, self._idle = self._idle, []
            for each, _ in idle:
                _end(each)
            try:
                return self._ask(sql, values)
            except _LostError as error:
                raise self._problem(error.cause) from error

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Carry out a statement, once; how many rows it touched."""
        with self._told(), self._connection() as connection, connection.cursor() as cursor:
            return int(cursor.execute(sql, values or None))

    def write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Carry out a statement for many rows, in one transaction (`Statements`)."""
        with self.together() as writing:
            writing.write_many(sql, rows)

    @contextmanager
    def together(self, *, reading: bool = False) -> Iterator[Statements]:
        """One transaction; `reading` sees one state in all its queries. Whatever is raised in it undoes it."""
        with self._told(), self._connection() as connection:
            if reading:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.begin()
            try:
                yield _Transaction(connection)
                connection.commit()
            except BaseException:
                with suppress(self._driver.err.Error):
                    connection.rollback()
                raise

    def close(self) -> None:
        """Let all waiting connections go."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            _end(connection)

    def __del__(self) -> None:
        self.close()

    def _ask(self, sql: str, values: Sequence[Any]) -> list[Row]:
        with self._told(asks=True), self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        connection = self._waiting() or self._connected()
        try:
            yield connection
        except BaseException:
            _end(connection)
            raise
        with self._lock:
            is_kept = len(self._idle) < _KEPT
            if is_kept:
                self._idle.append((connection, time.monotonic()))
        if not is_kept:
            _end(connection)

    def _waiting(self) -> Any:
        """A connection that waits, if there is one that still leads somewhere."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection, since = self._idle.pop()
            if time.monotonic() - since < _FRESH:
                return connection
            try:
                connection.ping(reconnect=False)
            except Exception:  # noqa: BLE001 - whatever it says: another is made
                _end(connection)
            else:
                return connection

    def _connected(self) -> Any:
        at = self.address
        place: dict[str, Any] = {"unix_socket": at.socket} if at.socket else {"host": at.host, "port": at.port}
        if at.socket:
            self._knock(at.socket)
        return self._driver.connect(
            user=at.user,
            password=at.password,
            database=at.database,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=_SOON,
            read_timeout=self._patience,
            write_timeout=self._patience,
            **place,
        )

    def _knock(self, path: str) -> None:
        """Whether somebody listens: the driver leaves a socket of this kind open that it could not connect."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_SOON)
            try:
                probe.connect(path)
            except OSError as error:
                raise self._driver.err.OperationalError(_NOBODY, str(error)) from error

    @contextmanager
    def _told(self, *, asks: bool = False) -> Iterator[None]:
        try:
            yield
        except (self._driver.err.MySQLError, OSError) as error:
            if asks and _code(error) in _LOST:
                raise _LostError(error) from error
            raise self._problem(error) from error

    def _problem(self, error: Exception) -> EnvironmentProblem:
        code = _code(error)
        if code in _BUSY:
            return Locked(f"存储 {self.address.shown} 正被别人写入，等待超时。请稍后重试")
        known = _REFUSED.get(code) or f"没有完成请求（{code}：{_text(error)}）。请检查该服务的日志"
        return EnvironmentProblem(f"存储 {self.address.shown} {known}")


def places(count: int) -> str:
    """The places of so many values in a statement."""
    return ", ".join(["%s"] * count)


def in_parts(items: Sequence[ItemT], size: int) -> Iterator[Sequence[ItemT]]:
    """Items, at most so many together."""
    return (items[first : first + size] for first in range(0, len(items), size))


class _Transaction:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        with self._connection.cursor() as cursor:
            return int(cursor.execute(sql, values or None))

    def write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with self._connection.cursor() as cursor:
                cursor.executemany(sql, rows)


class _LostError(Exception):
    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _end(connection: Any) -> None:
    with suppress(Exception):  # whatever it says: it is given up
        connection.close()


def _code(error: Exception) -> int:
    return error.args[0] if error.args and isinstance(error.args[0], int) else -1


def _text(error: Exception) -> str:
    return " ".join(str(error.args[-1] if error.args else error).split())[:200]
