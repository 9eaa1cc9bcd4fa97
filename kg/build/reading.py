"""One source -> its documents with their passages: in worker processes that can be ended, or in this one.

Reading is pure, so a pool only has to send bytes out and take results back in the order of the sources; how
much is on its way at once is bounded, so memory does not grow with the size of a folder.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import wait
from typing import Protocol

from kg.build.sources import Source
from kg.build.workers import Worker, WorkerError
from kg.core.config import Settings
from kg.core.errors import PolicyKGError, UsageError
from kg.core.model import Document, Passage
from ontology.reference import Reference, load_reference

log = logging.getLogger(__name__)

AHEAD = 3  # sources in flight for each worker: enough that none waits while the parent commits
BYTES_IN_FLIGHT = 64 * 2**20
INTERNAL = "读取时程序出错，已跳过；请把文件另存为 .docx 或 .pdf 后重试，并把原文件报给维护人员（加 --debug 可看详情）"
_REFERENCE: dict[str, Reference] = {}  # of a worker: what its parent had loaded


@dataclass(frozen=True, slots=True)
class Job:
    """A source with its bytes; `since` is the last change of the catalogue when it was decided to read them."""

    source: Source
    sha256: str
    data: bytes = field(repr=False)
    since: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a source: a document, several (`more`) where the file holds them, or the reason for none."""

    document: Document | None = None
    passages: tuple[Passage, ...] = ()
    reason: str | None = None
    more: tuple[tuple[Document, tuple[Passage, ...]], ...] = ()

    @property
    def documents(self) -> tuple[tuple[Document, tuple[Passage, ...]], ...]:
        """All documents with their passages."""
        return () if self.document is None else ((self.document, self.passages), *self.more)


def read_job(job: Job, ontology: str) -> Reading:
    """Read one source. Never raises for bad input: whatever goes wrong becomes its reason."""
    from ingest.pipeline import read_documents
    from kg.passages.chunk import document_to_passages

    try:
        documents = read_documents(
            job.data,
            source=job.source.shown,
            document_id=job.source.id,
            part_id=job.source.part_id,
            reference=_REFERENCE.get(ontology) or load_reference(ontology),
        )
        (first, passages), *more = [(document, document_to_passages(document)) for document in documents]
        return Reading(first, passages, more=tuple(more))
    except PolicyKGError as error:
        return Reading(reason=error.message)
    except MemoryError:
        return Reading(reason="内存不足，无法处理该文件；请关闭其他程序或拆分文件后重试")
    except Exception:  # one bad document must not stop the others
        log.debug("unexpected error in %s", job.source.shown, exc_info=True)
        return Reading(reason=INTERNAL)


def read_with(reference: Reference, ontology: str, job: Job) -> Reading:
    """`read_job` with reference data that are at hand: to load them takes a second in each process."""
    _REFERENCE[ontology] = reference
    return read_job(job, ontology)


class Reader(Protocol):
    """Jobs in, results out, in the same order."""

    def readings(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading]]:
        """Each job with its result."""


class InlineReader:
    """Reads in this process, without limits of time and memory."""

    def __init__(self, ontology: str) -> None:
        self._ontology = ontology

    def readings(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading]]:
        """Each job with its result, in order."""
        for job in jobs:
            yield job, read_job(job, self._ontology)


@dataclass(slots=True)
class _Flight:
    """A job on its way: waiting, with a worker, or landed."""

    job: Job
    worker: Worker[Job, Reading] | None = None
    reading: Reading | None = None


class PoolReader:
    """Reads in `workers` processes; results come in the order of the jobs.

    A job that takes longer than `seconds`, or more memory than `memory_mb`, is given up with its reason. `meanwhile` is
    called once, when all jobs are with workers: what it loads may start threads, after which a worker is slow to begin.
    """

    def __init__(
        self, work: Callable[[Job], Reading], *, workers: int = 1, seconds: float = 300.0, memory_mb: int = 1200
    ) -> None:
        self.meanwhile: Callable[[], None] | None = None
        self._workers: list[Worker[Job, Reading]] = [
            Worker(work, seconds=seconds, memory_mb=memory_mb) for _ in range(max(workers, 1))
        ]

    def readings(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading]]:
        """Each job with its result, in order; takes jobs only as far ahead as the bounds allow."""
        flying: deque[_Flight] = deque()
        todo: Iterator[Job] | None = iter(jobs)
        try:
            while True:
                while todo is not None and self._has_room(flying):
                    job = next(todo, None)
                    if job is None:
                        todo = None
                    else:
                        flying.append(_Flight(job))
                        self._launch(flying)
                if not flying:
                    return
                if (landed := flying[0].reading) is not None:
                    yield flying.popleft().job, landed
                else:
                    self._launch(flying)
                    if todo is None and all(flight.worker or flight.reading for flight in flying):
                        self._use_the_time()
                    self._await(flying)
        finally:
            for worker in self._workers:
                worker.close()

    def _use_the_time(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()

    def _has_room(self, flying: deque[_Flight]) -> bool:
        waiting = sum(len(flight.job.data) for flight in flying if flight.reading is None)
        return len(flying) < len(self._workers) * AHEAD and (waiting < BYTES_IN_FLIGHT or not flying)

    def _launch(self, flying: deque[_Flight]) -> None:
        """Jobs that wait, to workers that do too."""
        waiting = (flight for flight in flying if flight.worker is None and flight.reading is None)
        for worker in self._workers:
            if not worker.busy and (flight := next(waiting, None)) is not None:
                flight.worker = worker
                worker.submit(flight.job)

    def _await(self, flying: deque[_Flight]) -> None:
        """Until a result is there, or the time of a job is over."""
        busy = {flight.worker.connection: flight for flight in flying if flight.worker is not None}
        patience = min(flight.worker.remaining() for flight in busy.values() if flight.worker is not None)
        ready = set(wait(busy, max(patience, 0.0)))
        for connection, flight in busy.items():
            worker = flight.worker
            if worker is not None and (connection in ready or worker.remaining() <= 0):
                flight.reading = landed(worker, ready=connection in ready)
                flight.worker = None


def landed(worker: Worker[Job, Reading], *, ready: bool) -> Reading:
    """What came of a worker's job: its result if that is `ready`, or else why there is none."""
    if not ready:
        return Reading(reason=str(worker.give_up()))
    try:
        return worker.result()
    except WorkerError as error:
        return Reading(reason=str(error))


def reader(settings: Settings) -> Reader:
    """The reader that the settings ask for; with no limit of time everything is read in this process.

    Raises `UsageError` for a cluster without a limit of time, `MissingExtra`.
    """
    if isinstance(settings.workers, str):
        from kg.build.cluster import ClusterReader

        if settings.file_seconds <= 0:
            raise UsageError("POLICYKG_FILE_SECONDS 为 0（不限时）时不能由 dask 读取；请设为大于 0 的秒数")
        return ClusterReader(
            settings.workers, settings.ontology, seconds=settings.file_seconds, memory_mb=settings.file_memory_mb
        )
    if settings.file_seconds <= 0:
        return InlineReader(settings.ontology)
    # Loaded here, once: a forked worker has it for nothing, another one by message.
    work = partial(read_with, load_reference(settings.ontology), settings.ontology)
    return PoolReader(work, workers=settings.workers, seconds=settings.file_seconds, memory_mb=settings.file_memory_mb)
