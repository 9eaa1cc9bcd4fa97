"""A few query processes and who may use them when: whoever computes longest goes last.

Nobody can tell from a query how long it will take. So each begins on a turn of its own among a few, and what is not
done by then makes room: it goes on beside them, behind all others of the machine, the further behind the longer it
computes. Where there are too many such, the one that has computed longest ends. That is what a scheduler of an
operating system does with its tasks; counting everything by everything thus costs others about one turn.
"""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.core.errors import RefusedQuery
from kg.graph.asking import Reply, Request
from kg.graph.worker import QueryWorker

_TURN = 0.1  # seconds of computing; the queries of benchmarks/serve_load.py take 0.001 to 0.02 on 300 documents
_LONG = 0.3  # what has computed less is never ended for another one
# Seconds of computing, and how far behind all others a slow one steps then. Its process is not used again afterwards:
# to come forward again is not ours to decide. So what is only a little slow stays where it is.
_NICE = ((0.25, 10), (0.6, 19))
_SLOW = 2  # slow ones for each turn
_NEVER = float("inf")
_WAITING = 5  # for each turn: they hold a thread, and the interpreter gives each of those little time under load


def at_once(size: int) -> int:
    """How many queries are worth sending to a pool: those that run, quick and slow, and some that wait."""
    return (1 + _SLOW + _WAITING) * size


@dataclass(eq=False, slots=True)
class _Running:
    """A query under way."""

    worker: QueryWorker
    computed: float = 0.0
    nice: int = 0
    is_slow: bool = False
    is_ended: bool = False


class WorkerPool:
    """Workers on one store, started when needed. Whoever drops the last reference ends them.

    `size` queries take their turn at a time, twice as many slow ones go on beside them. For each that turns slow
    another process starts, so that nobody waits for that.
    """

    def __init__(self, path: Path, *, size: int, memory_mb: int = 0) -> None:
        self.size = size
        workers = [QueryWorker(path, memory_mb=memory_mb) for _ in range((2 + _SLOW) * size)]
        self._idle = list(workers)
        self._turns = size  # that are free
        self._slow: list[_Running] = []
        self._waiting = 0
        self._changed = threading.Condition()
        self._finalizer = weakref.finalize(self, _close_all, workers)

    def run(self, request: Request, *, seconds: float) -> Reply:
        """Answer within `seconds` from a worker's start on it; wait for a turn no longer than that.

        Raises `RefusedQuery`: `busy` where no turn came, or where this one was the longest of too many slow ones.
        """
        running = _Running(self._readiest(seconds))

        def may_go_on(computed: float) -> bool:
            running.computed = computed
            if not running.is_slow and computed >= _TURN:
                if not self._makes_room(running):
                    return False
                self._ready_another()
            if running.is_slow:
                self._step_back(running)
            return not running.is_ended

        try:
            return running.worker.run(request, seconds=seconds, may_go_on=may_go_on)
        finally:
            self._settle(running)

    def _readiest(self, seconds: float) -> QueryWorker:
        """A turn, and for it the idle worker that runs longest: as few start as there are clients at a time."""
        until = time.monotonic() + seconds
        with self._changed:
            self._waiting += 1
            try:
                while not (self._turns and self._idle):
                    if not self._changed.wait(until - time.monotonic()) and time.monotonic() >= until:
                        raise RefusedQuery(f"同时进行的查询太多，排队超过 {seconds:g} 秒。请稍后重试", limit="busy")
            finally:
                self._waiting -= 1
            self._turns -= 1
            worker = min(self._idle, key=lambda each: each.begun)
            self._idle.remove(worker)
        return worker

    def _makes_room(self, running: _Running) -> bool:
        """Put a query among the slow ones, in place of the longest of them if need be; whether it may go on.

        Where none of them has computed for long it keeps its turn: nobody is ended for having come second.
        """
        with self._changed:
            if len(self._slow) >= _SLOW * self.size:
                longest = max((*self._slow, running), key=lambda each: each.computed)
                if longest.computed < _LONG or not self._waiting:
                    return True
                longest.is_ended = True
                if longest is running:
                    return False
                self._slow.remove(longest)  # its own thread ends it
            running.is_slow = True
            self._slow.append(running)
            self._turns += 1
            self._changed.notify()
        return True

    def _step_back(self, running: _Running) -> None:
        nice = max((level for since, level in _NICE if running.computed >= since), default=0)
        if nice > running.nice:
            running.nice = nice
            running.worker.step_back(nice)

    def _settle(self, running: _Running) -> None:
        """Give turn and worker back; one that stepped back does not come forward again, and is replaced."""
        worker = running.worker
        if running.nice:
            worker.close()
        with self._changed:
            if running in self._slow:
                self._slow.remove(running)
            elif not running.is_slow:
                self._turns += 1
            self._idle.append(worker)
            self._changed.notify_all()
        if worker.begun == _NEVER:
            self._ready_another()

    def _ready_another(self) -> None:
        """See that there is a process for whoever comes next."""
        with self._changed:
            if not self._idle or any(each.begun != _NEVER for each in self._idle) or not self._finalizer.alive:
                return
            worker = self._idle[0]
        with contextlib.suppress(OSError):  # no room for it now: the next query tries again
            worker.warm_up()

    def close(self) -> None:
        """End all processes."""
        self._finalizer()


def _close_all(workers: Iterable[QueryWorker]) -> None:
    for worker in workers:
        worker.close()
