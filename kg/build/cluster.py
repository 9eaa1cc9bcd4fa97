"""Reading by the workers of a dask scheduler (`POLICYKG_WORKERS=tcp://…`); docs/decisions/0016.

The same protocol as the pool of this machine (`kg.build.reading`): jobs out, results back in the order of the sources,
a bounded number of bytes on their way. This process stays the only one that commits. What a worker does stands in
`kg.build.remote`, the connection in `kg.build.scheduler`.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from kg.build.reading import AHEAD, BYTES_IN_FLIGHT, INTERNAL, Job, Reading, read_with
from kg.build.remote import READ, Work, stamp_of
from kg.build.scheduler import KilledError, Orders, Scheduler
from ontology.carried import packed
from ontology.reference import load_reference

_KILLS = (
    "读取它时 dask 的 worker 多次终止，已跳过；请查看 worker 的日志（多为内存不足），"
    "并把原文件报给维护人员，或用 --workers 1 在本机读取"
)
_MEMORY = "内存不足，无法处理该文件；请给 dask 的 worker 更多内存，或拆分文件后重试"


class ClusterReader:
    """Reads on the workers of the scheduler at `address`.

    Each file is read by a process there, within `seconds` and `memory_mb`. `ontology` is the setting of that name;
    what it names is sent along.
    """

    def __init__(
        self, address: str, ontology: str, *, seconds: float = 300.0, memory_mb: int = 1200, work: Work = read_with
    ) -> None:
        self._address = address
        stamp = stamp_of(load_reference(ontology).version)
        self._orders = Orders(stamp, packed(ontology), (seconds, memory_mb), pickle.dumps(work))

    def readings(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading]]:
        """Each job with its result, in order; takes jobs only as far ahead as the bounds allow.

        Raises `ClusterProblem` where the scheduler or all workers are gone, or a worker is of another version;
        `MissingExtra`. Where there are no jobs nobody is asked.
        """
        todo = iter(jobs)
        first = next(todo, None)
        if first is not None:
            with Scheduler(self._address, self._orders) as scheduler:
                scheduler.ready()
                yield from _readings(chain((first,), todo), scheduler)


@dataclass(slots=True)
class _Flight:
    """A job on its way, with dask's future of it."""

    job: Job
    future: Any


def _readings(jobs: Iterable[Job], scheduler: Scheduler) -> Iterator[tuple[Job, Reading]]:
    flying: deque[_Flight] = deque()
    todo: Iterator[Job] | None = iter(jobs)
    while True:
        while todo is not None and _has_room(flying, scheduler):
            job = next(todo, None)
            if job is None:
                todo = None
            else:
                flying.append(_Flight(job, scheduler.send(job)))
        if not flying:
            return
        reading = _landed(flying, scheduler)
        yield flying.popleft().job, reading


def _has_room(flying: deque[_Flight], scheduler: Scheduler) -> bool:
    waiting = sum(len(flight.job.data) for flight in flying if not flight.future.done())
    return not flying or (len(flying) < scheduler.threads() * AHEAD and waiting < BYTES_IN_FLIGHT)


def _landed(flying: deque[_Flight], scheduler: Scheduler) -> Reading:
    """What came of the first job; sent again where its worker lacks something, or died beside others."""
    flight = flying[0]
    alone = False
    while True:
        try:
            answer = scheduler.answer(flight.future)
        except KilledError:
            if alone:
                return Reading(reason=_KILLS)
            # Dask blames all that a dead worker had, its own or not; who is tried alone can be blamed.
            scheduler.settle([other.future for other in flying])
            alone, flight.future = True, scheduler.send(flight.job, whole=True)
            continue
        except MemoryError:
            return Reading(reason=_MEMORY)
        if answer[0] == READ:
            return _reading_of(answer[1])
        scheduler.must_fit(answer)
        flight.future = scheduler.send(flight.job, whole=True)  # of a worker that came later


def _reading_of(data: bytes) -> Reading:
    found = pickle.loads(data)  # noqa: S301 - of a worker that we send code to
    return found if isinstance(found, Reading) else Reading(reason=INTERNAL)
