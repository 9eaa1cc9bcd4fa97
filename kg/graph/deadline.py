"""Runs queries at an endpoint within a time: what `kg.graph.pool` does for the files of this machine.

The endpoint's own limit ends a query there (`oxigraph serve --timeout-s`; Virtuoso is told it with each query); ours
ends the waiting for it, cuts the connection, and takes no more rows and bytes than allowed.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from kg.core.errors import RefusedQuery
from kg.graph.asking import Reply, Request, taken
from kg.graph.exchange import Heavy, Stop

if TYPE_CHECKING:
    from kg.graph.endpoint import EndpointStore

_WIDER = 3  # JSON on its way beside the terms that the limit was made for


class EndpointRunner:
    """Runs queries at an endpoint within a time; `size` at once (0: any number). `close` ends all that run."""

    def __init__(self, store: EndpointStore, *, size: int = 0) -> None:
        self._store = store
        self._turns = threading.BoundedSemaphore(size) if size else None
        self._running: set[Stop] = set()
        self._lock = threading.Lock()

    def run(self, request: Request, *, seconds: float) -> Reply:
        """Answer within `seconds`, waiting for a turn no longer than that."""
        if self._turns is not None and not self._turns.acquire(timeout=seconds):
            raise RefusedQuery(f"同时进行的查询太多，排队超过 {seconds:g} 秒。请稍后重试", limit="busy")
        stop = Stop()
        with self._lock:
            self._running.add(stop)
        try:
            self._store.look()
            found = self._store.asked(
                request.query,
                bindings=request.bindings,
                union=request.union,
                dataset=request.dataset,
                base=request.base,
                seconds=seconds,
                most=request.max_bytes * _WIDER,
                stop=stop,
            )
            reply = taken(found, request.rows)
            self._store.look(now=True)  # what was read while somebody wrote is none
        except Heavy:
            return Reply(heavy=True)
        else:
            return reply
        finally:
            with self._lock:
                self._running.discard(stop)
            if self._turns is not None:
                self._turns.release()

    def close(self) -> None:
        """End what runs."""
        with self._lock:
            running = list(self._running)
        for stop in running:
            stop.set()
