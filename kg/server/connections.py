"""Connections that say nothing, or too slowly: they are closed after a time, and when there are many, at once.

uvicorn counts open connections and turns new ones away above a number; it waits for the head of a request for ever. So
whoever opens a thousand connections and stays silent would keep all others out. Nor does it mind a client that asks for
a large file and does not read it: each such holds the file, and a place, for as long as it likes.
"""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import termios
from collections import OrderedDict
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # for the head of a request, from when the connection stands or the request before was answered
BODY_SECONDS = 35.0  # a little more than `kg.server.bodies` allows, which answers with a reason
MOST_WAITING = 200  # connections whose request is not complete; beyond that the one that waits longest is closed
STALLED_SECONDS = 30.0  # in which a client must read something of what is there for it
_PROGRESS = 16 * 1024  # bytes that count as something

_WAITS = {h11.IDLE: "head", h11.SEND_BODY: "body"}


def protocol(
    *,
    head: float = HEAD_SECONDS,
    body: float = BODY_SECONDS,
    most: int = MOST_WAITING,
    stalled: float = STALLED_SECONDS,
) -> type[asyncio.Protocol]:
    """The class of the connections of one server (for `uvicorn.Config(http=…)`)."""
    waiting: OrderedDict[Any, None] = OrderedDict()
    seconds = {"head": head, "body": body}

    class Connection(H11Protocol):
        """One connection; `_since` says what it waits for."""

        _since = ""
        _timer: asyncio.TimerHandle | None = None
        _reads: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._note()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._note()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._note()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self._settle()
            self._let_read()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._let_read()
            self._reads = self.loop.call_later(stalled, self._has_read, _unread(self.transport))

        def resume_writing(self) -> None:
            super().resume_writing()
            self._let_read()

        def _let_read(self) -> None:
            if self._reads is not None:
                self._reads.cancel()
                self._reads = None

        def _has_read(self, before: int) -> None:
            """Whether a client goes on reading: a long answer takes its time, one that nobody reads is given up."""
            left = _unread(self.transport)
            if before - left < _PROGRESS:
                self._let_read()
                _keep_nothing(self.transport)
                self.give_up()
            else:
                self._reads = self.loop.call_later(stalled, self._has_read, left)

        def _note(self) -> None:
            now = "" if self.transport.is_closing() else _WAITS.get(self.conn.their_state, "")
            if now == self._since:  # a byte now and then buys no time
                return
            self._settle()
            if not now:
                return
            self._since = now
            waiting[self] = None
            self._timer = self.loop.call_later(seconds[now], self.give_up)
            if len(waiting) > most:
                next(iter(waiting)).give_up()

        def _settle(self) -> None:
            self._since = ""
            waiting.pop(self, None)
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def give_up(self) -> None:
            """Close it without a word."""
            self._settle()
            self.transport.abort()

    return Connection


def _unread(transport: asyncio.Transport) -> int:
    """Bytes that a client has not taken: ours, and those that the system holds for it, some megabytes on Linux.

    Ours alone stand still for as long as a slow reader works through the system's.
    """
    ours, line = transport.get_write_buffer_size(), transport.get_extra_info("socket")
    if line is None or not hasattr(termios, "TIOCOUTQ"):
        return ours
    try:
        held = fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
    except OSError:  # no such count for this kind of connection
        return ours
    return ours + int(struct.unpack("i", held)[0])


def _keep_nothing(transport: asyncio.Transport) -> None:
    """Let what the system still holds for a client go with the connection: some megabytes each."""
    line = transport.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
