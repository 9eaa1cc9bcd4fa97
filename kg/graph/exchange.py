"""Requests to an endpoint over HTTP: connections that are kept, deadlines, retries, errors in words.

The standard library's `http.client`, for a client of three kinds of requests is all that is wanted. What reads is sent
again where it was not answered (connection refused or dropped, 502, 503, 504); an update only where it cannot have
arrived, since one that is delivered late would undo what came after it. A URL is told without its password.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from kg.core.errors import EnvironmentProblem, RefusedQuery
from kg.graph.addresses import Address
from kg.graph.asking import out_of_time

_WAITS = (0.1, 0.4, 1.0)  # seconds before another try: a server that restarts behind a proxy is back by then
_AGAIN = (502, 503, 504)
_NOT_TAKEN = (503,)  # a server that says so has not begun
PATIENCE = 600.0  # seconds that an answer may take where no limit was given
_CONNECTING = 10.0  # seconds for a connection
_PIECE = 1 << 16
_KEPT = 8  # idle connections
_TOLD = 300  # characters of what a server says


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (names in lower case), body; `is_cut` where the body is longer than allowed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def is_collision(self) -> bool:
        """Whether another transaction stood in the way (SQLSTATE 40001: to be tried again), as Virtuoso says it."""
        return self.status >= 500 and b" 40001 " in self.body[:100]

    def told(self) -> str:
        """What it says, in one line."""
        return " ".join(self.body.decode("utf-8", "replace").split())[:_TOLD]


class Heavy(Exception):
    """An answer that is longer than allowed."""


class Stop:
    """By which another thread ends a request."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self.is_set = False

    def watch(self, found: socket.socket | None) -> None:
        """What to cut off; None when there is nothing left."""
        with self._lock:
            self._socket = found
            if self.is_set:
                self._cut()

    def set(self) -> None:
        """End it."""
        with self._lock:
            self.is_set = True
            self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class Exchange:
    """Connections to one endpoint. Safe for threads."""

    def __init__(self, address: Address, *, patience: float = PATIENCE) -> None:
        """`patience`: seconds that an answer may take where no limit is given."""
        self.address, self._patience = address, patience
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def send(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        seconds: float | None = None,
        most: int = 0,
        stop: Stop | None = None,
        writes: bool = False,
    ) -> Answer:
        """POST `body`, and read the answer within `seconds`, up to `most` bytes (0: any number); `writes`: an update.

        Raises `EnvironmentProblem` where there is no answer, `RefusedQuery` where it takes too long.
        """
        until = time.monotonic() + (self._patience if seconds is None else seconds)
        waits = iter(_WAITS)
        while True:
            why = ""
            try:
                answer = self._once(path, body, headers, until, most, stop, writes=writes)
                again = answer.status in (_NOT_TAKEN if writes else _AGAIN) or answer.is_collision
                if not again:
                    return answer
                why = f"状态码 {answer.status}"
            except TimeoutError as error:
                if seconds is None:
                    raise EnvironmentProblem(
                        f"图的 SPARQL 端点 {self.address.shown} 在 {self._patience:g} 秒内没有答复。"
                        "请检查该服务是否过载"
                    ) from error
                raise RefusedQuery(out_of_time(seconds), limit="time") from None
            except (OSError, http.client.HTTPException) as error:
                if stop is not None and stop.is_set:
                    raise RefusedQuery("查询已停止", limit="stopped") from None
                why = _reason(error)
                if writes and not isinstance(error, ConnectionRefusedError):
                    waits = iter(())
            wait = next(waits, None)
            if wait is None or time.monotonic() + wait >= until:
                raise EnvironmentProblem(
                    f"图的 SPARQL 端点 {self.address.shown} 不可用（{why}）。请检查该服务是否已启动、"
                    "网络是否通畅、POLICYKG_GRAPH 是否正确，再重试"
                ) from None
            time.sleep(wait)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        self.close()

    def _once(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        until: float,
        most: int,
        stop: Stop | None,
        *,
        writes: bool,
    ) -> Answer:
        # an update takes a new connection: of one that was kept nobody knows whether it arrived before it was closed
        connection, is_kept = self._connection(fresh=writes)
        try:
            try:
                answer, may_keep = self._exchanged(connection, path, body, headers, until, most, stop)
            except (ConnectionError, http.client.BadStatusLine):
                if not is_kept or (stop is not None and stop.is_set):
                    raise
                connection.close()  # the server had closed it meanwhile: once more at once
                connection, _ = self._connection(fresh=True)
                answer, may_keep = self._exchanged(connection, path, body, headers, until, most, stop)
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if may_keep and len(self._idle) < _KEPT:
                self._idle.append(connection)
                return answer
        connection.close()
        return answer

    def _exchanged(
        self,
        connection: http.client.HTTPConnection,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        until: float,
        most: int,
        stop: Stop | None,
    ) -> tuple[Answer, bool]:
        if connection.sock is None:
            connection.timeout = min(_CONNECTING, _left(until))
            try:
                connection.connect()
            except TimeoutError:
                _left(until)
                raise ConnectionError("连接超时") from None
        wire: socket.socket = connection.sock
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if stop is not None:
            stop.watch(wire)
        try:
            wire.settimeout(_left(until))
            login = {"Authorization": self.address.authorization} if self.address.authorization else {}
            connection.request("POST", path, body, {**headers, **login})
            response = connection.getresponse()
            told, pieces, size = response.getheaders(), [], 0
            while True:
                wire.settimeout(_left(until))
                piece = response.read1(_PIECE)
                if not piece:
                    if response.length:  # dropped in the middle
                        raise http.client.IncompleteRead(b"", response.length)
                    break
                pieces.append(piece)
                size += len(piece)
                if most and size > most:
                    break
            is_cut = bool(most) and size > most
            if not is_cut:
                response.close()  # it does not notice by itself that all is read, and the next request would fail
            found = {name.lower(): value for name, value in told}
            return Answer(response.status, found, b"".join(pieces), is_cut), not (is_cut or response.will_close)
        finally:
            if stop is not None:
                stop.watch(None)

    def _connection(self, *, fresh: bool = False) -> tuple[http.client.HTTPConnection, bool]:
        with self._lock:
            if self._idle and not fresh:
                return self._idle.pop(), True
        if self.address.scheme == "https":
            return http.client.HTTPSConnection(self.address.host, self.address.port), False
        return http.client.HTTPConnection(self.address.host, self.address.port), False


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _reason(error: BaseException) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "拒绝连接"
    if isinstance(error, socket.gaierror):
        return "找不到主机"
    if isinstance(error, http.client.HTTPException):
        return "连接中断"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
