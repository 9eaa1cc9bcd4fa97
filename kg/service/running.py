"""A query that runs while its asker looks on, and that the asker can stop."""

from __future__ import annotations

import atexit
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.errors import RefusedQuery
from kg.graph.asking import Runner
from kg.graph.results import QueryResult
from kg.graph.sparql import Limits, run
from kg.graph.worker import QueryWorker
from kg.service.former import query_of_now

if TYPE_CHECKING:
    from kg.service.service import Service

__all__ = ["QueryResult", "RunningQuery"]


class RunningQuery:
    """One query in a thread and a process of its own, from the moment it is made; limits come from the settings."""

    def __init__(self, service: Service, query: str) -> None:
        settings, self._snapshot = service.settings, service.snapshot()
        self._query = query
        self._seconds, self._base = settings.query_seconds, settings.base_iri
        self._limits = Limits(settings.query_seconds, settings.query_rows, settings.query_memory_mb, settings.query_mb)
        self._turn = _turns(settings.query_workers)
        path = self._snapshot.graph.path
        self._worker: Runner | None = None if path is None else _SPARES.take(path, settings.query_memory_mb)
        self._handing = threading.Lock()  # a worker that was handed back is no longer ours to end
        self._stopped = threading.Event()
        self._result: QueryResult | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="policykg-query", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, at the latest after so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """End it; its process with it. What has ended already stays as it is."""
        self._stopped.set()
        while not self.wait(0.02):  # it may be about to start its process
            with self._handing:
                if self._worker is not None:
                    self._worker.close()

    def result(self) -> QueryResult:
        """What it gave, waiting for the end.

        Raises `QuerySyntaxError` with the position, `RefusedQuery` for what is not allowed, a limit, or a stop.
        """
        self._thread.join()
        if self._stopped.is_set() and self._result is None:
            raise RefusedQuery("查询已停止", limit="stopped")
        if self._error is not None:
            raise self._error
        if self._result is None:
            raise RefusedQuery("查询没有结果，请重试")
        return self._result

    def _work(self) -> None:
        worker = None
        try:
            with self._handing:
                if self._worker is None:  # at an endpoint, which may not be there
                    self._worker = self._snapshot.store.runner(memory_mb=self._limits.memory_mb)
                worker = self._worker
            if not self._turn.acquire(timeout=self._seconds):
                raise RefusedQuery(f"同时进行的查询太多，排队超过 {self._seconds:g} 秒。请稍后重试", limit="busy")  # noqa: TRY301
            try:
                if not self._stopped.is_set():
                    (query,) = query_of_now(self._snapshot, [self._query])  # with ids of before as they are now
                    self._result = run(self._snapshot.store, query, limits=self._limits, worker=worker, base=self._base)
            finally:
                self._turn.release()
        except Exception as error:  # noqa: BLE001  told by whoever asks for the result
            self._error = error
        finally:
            with self._handing:
                self._worker = None
            if isinstance(worker, QueryWorker):
                _SPARES.give(worker)


class _Spares:
    """Processes that have answered a query and wait for the next one on the same graph: starting one takes 0.3 s."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._idle: list[QueryWorker] = []
        atexit.register(self.close)

    def take(self, path: Path, memory_mb: int) -> QueryWorker:
        """A worker on the graph at `path`; those on another graph end."""
        with self._lock:
            if path != self._path:
                self._end()
                self._path = path
            return self._idle.pop() if self._idle else QueryWorker(path, memory_mb=memory_mb)

    def give(self, worker: QueryWorker) -> None:
        """Hand one back."""
        with self._lock:
            if worker.path == self._path and len(self._idle) < _IDLE:
                self._idle.append(worker)
            else:
                worker.close()

    def close(self) -> None:
        """End all."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        for worker in self._idle:
            worker.close()
        self._idle.clear()


_IDLE = 2  # processes that wait
_SPARES = _Spares()


@cache
def _turns(size: int) -> threading.BoundedSemaphore:
    """As many queries at a time as the settings allow, in all sittings together."""
    return threading.BoundedSemaphore(max(size, 1))
