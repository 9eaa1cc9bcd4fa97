"""Connections that say nothing, or too slowly: they are closed after a time, and when there are many, at once.

uvicorn counts open connections and turns new ones away above a number; it waits for the head of a request for ever. So
whoever opens a thousand connections and stays silent would keep all others out.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # for the head of a request, from when the connection stands or the request before was answered
BODY_SECONDS = 35.0  # a little more than `kg.server.bodies` allows, which answers with a reason
MOST_WAITING = 200  # connections whose request is not complete; beyond that the one that waits longest is closed

_WAITS = {h11.IDLE: "head", h11.SEND_BODY: "body"}


def protocol(
    *, head: float = HEAD_SECONDS, body: float = BODY_SECONDS, most: int = MOST_WAITING
) -> type[asyncio.Protocol]:
    """The class of the connections of one server (for `uvicorn.Config(http=…)`)."""
    waiting: OrderedDict[Any, None] = OrderedDict()
    seconds = {"head": head, "body": body}

    class Connection(H11Protocol):
        """One connection; `_since` says what it waits for."""

        _since = ""
        _timer: asyncio.TimerHandle | None = None

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
