"""One source -> one document with its passages: in this process, or in a pool of them.

Reading is pure, so a pool only has to send bytes out and take results back in the order of the sources; how
much is on its way at once is bounded, so memory does not grow with the size of a folder.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.build.sources import Source
from kg.core.errors import PolicyKGError
from kg.core.model import Document, Passage
from ontology.reference import load_reference

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

log = logging.getLogger(__name__)

_AHEAD = 3  # sources in flight for each worker: enough that none waits while the parent commits
_BYTES_IN_FLIGHT = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Job:
    """A source with its bytes."""

    source: Source
    sha256: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a source: a document, or the reason why there is none."""

    document: Document | None = None
    passages: tuple[Passage, ...] = ()
    reason: str | None = None


def read_job(job: Job, ontology: str) -> Reading:
    """Read one source. Never raises for bad input: whatever goes wrong becomes its reason."""
    from ingest.pipeline import read_document
    from kg.passages.chunk import document_to_passages

    try:
        document = read_document(
            job.data, source=job.source.shown, document_id=job.source.id, reference=load_reference(ontology)
        )
        return Reading(document, document_to_passages(document))
    except PolicyKGError as error:
        return Reading(reason=error.message)
    except MemoryError:
        return Reading(reason="内存不足，无法处理该文件")
    except Exception as error:  # one bad document must not stop the others
        log.debug("unexpected error in %s", job.source.shown, exc_info=True)
        return Reading(reason=f"内部错误 {type(error).__name__}")


class InlineReader:
    """Reads in this process."""

    def __init__(self, ontology: str) -> None:
        self._ontology = ontology

    def readings(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading]]:
        """Each job with its result, in order."""
        for job in jobs:
            yield job, read_job(job, self._ontology)


class PoolReader:
    """Reads in `workers` processes; results come in the order of the jobs."""

    def __init__(self, ontology: str, workers: int, *, work: Callable[[Job, str], Reading] = read_job) -> None:
        self._ontology = ontology
        self._workers = workers
        self._work = work

    def readings(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading]]:
        """Each job with its result, in order; takes jobs only as far ahead as the bounds allow."""
        flying: deque[tuple[Job, Future[Reading]]] = deque()
        pool = self._pool(self._workers)
        try:
            for job in jobs:
                flying.append((job, self._submit(pool, job)))
                while len(flying) > self._workers * _AHEAD or self._bytes(flying) > _BYTES_IN_FLIGHT:
                    landed, future = flying.popleft()
                    yield landed, self._result(landed, future)
                    if future.exception() is not None:  # the pool is broken for good: go on with a new one
                        pool.shutdown(wait=False, cancel_futures=True)
                        pool = self._pool(self._workers)
                        flying = deque((waiting, self._submit(pool, waiting)) for waiting, _ in flying)
            while flying:
                landed, future = flying.popleft()
                yield landed, self._result(landed, future)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, pool: ProcessPoolExecutor, job: Job) -> Future[Reading]:
        from concurrent.futures import Future
        from concurrent.futures.process import BrokenProcessPool

        try:
            return pool.submit(self._work, job, self._ontology)
        except BrokenProcessPool as error:  # a worker died a moment ago: `_result` tries this job alone
            future: Future[Reading] = Future()
            future.set_exception(error)
            return future

    def _result(self, job: Job, future: Future[Reading]) -> Reading:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return future.result()
        except BrokenProcessPool:
            return self._alone(job)

    def _alone(self, job: Job) -> Reading:
        """A worker died: not necessarily on this job, so it gets one more try with nothing beside it."""
        from concurrent.futures.process import BrokenProcessPool

        with self._pool(1) as pool:
            try:
                return pool.submit(self._work, job, self._ontology).result()
            except BrokenProcessPool:
                return Reading(reason="处理该文件的进程异常终止（可能内存不足）")

    @staticmethod
    def _pool(workers: int) -> ProcessPoolExecutor:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # Not fork: the parent may hold threads and open stores by now.
        return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))

    @staticmethod
    def _bytes(flying: Iterable[tuple[Job, Future[Reading]]]) -> int:
        return sum(len(job.data) for job, future in flying if not future.done())


def reader(ontology: str, workers: int) -> InlineReader | PoolReader:
    """The reader for a number of processes."""
    return InlineReader(ontology) if workers <= 1 else PoolReader(ontology, workers)
