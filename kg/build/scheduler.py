"""A connection to a dask scheduler: the one place that knows dask. What goes wrong there is told in sentences.

`Scheduler` sends orders (`kg.build.remote`) and brings answers back. Addresses with `tls://` take certificates from
dask's own configuration (`distributed.comm.tls`).
"""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from kg.build.reading import Job
from kg.build.remote import DIFFERS, Answer, prepare, read_there
from kg.core.errors import ClusterProblem, MissingExtra

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0  # between two looks at the scheduler while a file is waited for
_CONNECT_SECONDS = 10.0
_WORKERS_SECONDS = 30.0  # without any worker, which a nanny starts anew within some, or without an answer
_FETCH_SECONDS = 300.0  # to bring a result here: it may be of a worker that died meanwhile, and is computed again
_AGAIN = 2  # times that dask tries a job again where a worker could not do its part (no process, no temporary folder)
_LABELS = {"program": "程序", "ingest": "读取规则", "chunk": "分段规则", "ocr": "文字识别组件", "data": "本体数据"}
_GO_ON = "已入库的文件不受影响，之后再运行同一命令即可接着入库"


class KilledError(Exception):
    """A job whose workers died, as often as the scheduler allows (`distributed.scheduler.allowed-failures`)."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What is the same for all jobs of a run.

    `stamp` is that of `kg.build.remote.stamp_of`, `additions` a site's own reference data (`ontology.carried`),
    `limits` seconds and MB for a file, `work` the pickled function that reads.
    """

    stamp: Mapping[str, str]
    additions: bytes = field(repr=False)
    limits: tuple[float, int]
    work: bytes = field(repr=False)


class Scheduler:
    """A connection, for a `with`. All calls raise `ClusterProblem` where the scheduler or all workers are gone."""

    def __init__(self, address: str, orders: Orders) -> None:
        """Connect. Raises `ClusterProblem`, `MissingExtra`."""
        try:
            import dask
            import distributed
        except ImportError:
            raise MissingExtra("dask", "由 dask 读取文件（POLICYKG_WORKERS）") from None
        for name in ("distributed", "distributed.client", "tornado.application"):  # our errors say what happens
            logging.getLogger(name).setLevel(logging.CRITICAL)
        # A file goes with its order, so that another worker can be given it; dask would warn of a large graph.
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
        self._dask: Any = distributed
        self._address, self._orders = address, orders
        self._threads, self._looked = 0, float("-inf")
        self._alive = time.monotonic()  # when a worker was last seen
        try:
            self._client = self._dask.Client(
                address, timeout=_CONNECT_SECONDS, set_as_default=False, name="policykg", direct_to_workers=False
            )
        except (OSError, RuntimeError, TypeError, ValueError) as error:  # the last three: TLS that is not set up
            log.debug("no scheduler at %s", address, exc_info=True)
            raise ClusterProblem(
                f"无法连接 dask 调度器 {address}（{_first_line(error)}）；"
                "请检查 POLICYKG_WORKERS，并确认调度器已启动（dask scheduler）；要在本机读取，请加 --workers 数字",
                at=address,
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):  # nobody is there any more to take leave of
            self._client.close(timeout=LOOK_SECONDS)

    def ready(self) -> None:
        """Wait for a worker, and let all of them load the reference data: one that does not fit is told at once."""
        while not self.look():
            time.sleep(LOOK_SECONDS / 10)
        with self._told():
            answers = self._client.run(prepare, self._orders.stamp, self._orders.additions, on_error="return")
        for answer in answers.values():
            if isinstance(answer, Exception):
                if not isinstance(answer, OSError):  # it died meanwhile
                    raise self._unfit(answer)
            else:
                self.must_fit(answer)

    def look(self) -> int:
        """The number of threads of all workers now. Raises `ClusterProblem` where there have been none for long."""
        try:
            with self._told():  # not `nthreads()`: that waits for ever for a scheduler that does not answer
                found = self._client.sync(self._client.scheduler.ncores, callback_timeout=_WORKERS_SECONDS)
        except TimeoutError:
            raise self._lost() from None
        self._threads = sum(found.values())
        self._looked = time.monotonic()
        if self._threads:
            self._alive = self._looked
        elif self._looked - self._alive > _WORKERS_SECONDS:
            at = self._address
            raise ClusterProblem(f"dask 调度器 {at} 上没有 worker；请启动（dask worker {at}）。{_GO_ON}", at=at)
        return self._threads

    def threads(self) -> int:
        """The same, as it was within the last seconds."""
        return self._threads if time.monotonic() - self._looked < LOOK_SECONDS else self.look()

    def send(self, job: Job, *, whole: bool = False) -> Any:
        """Dask's future of the answer; `whole` with the additions, for a worker that does not have them."""
        orders = self._orders
        with self._told():
            return self._client.submit(
                read_there,
                orders.stamp,
                orders.additions if whole else None,
                orders.limits,
                orders.work,
                pickle.dumps(job),
                pure=False,
                retries=_AGAIN,
                key=f"policykg-read-{uuid4().hex}",
            )

    def answer(self, future: Any) -> Answer:
        """The answer, waited for. Raises `KilledError`; `MemoryError` of the worker."""
        while True:
            self.settle([future])
            if future.status == "error":
                self._raise_of(future)
            try:
                answer: Answer = future.result(timeout=_FETCH_SECONDS)
            except TimeoutError:  # its worker died with it, and none computes it again
                self.look()
            except Exception:
                if future.status != "error":  # then it was computed again, and failed
                    with self._told():
                        raise
            else:
                return answer

    def _raise_of(self, future: Any) -> None:
        with self._told():
            error = future.exception(timeout=_FETCH_SECONDS)
        if isinstance(error, self._dask.KilledWorker):
            raise KilledError from error
        if isinstance(error, MemoryError):
            raise error
        log.debug("a worker failed", exc_info=error)
        raise self._unable(error) if isinstance(error, OSError) else self._unfit(error)

    def settle(self, futures: Iterable[Any]) -> None:
        """Wait until all are done, well or badly."""
        for future in futures:
            while not future.done():
                try:
                    with self._told():
                        future.exception(timeout=LOOK_SECONDS)  # waits, and brings nothing here
                except TimeoutError:
                    self.look()

    def must_fit(self, answer: Answer) -> None:
        """Raise `ClusterProblem` where it comes from a worker of another version."""
        if answer[0] != DIFFERS:
            return
        theirs, mine = answer[1], self._orders.stamp
        apart = "，".join(
            f"{label} {theirs.get(name, '（无）')}，本机 {mine[name]}"
            for name, label in _LABELS.items()
            if theirs.get(name) != mine[name]
        )
        raise ClusterProblem(
            f"{theirs.get('at', '')} 上的 dask worker 与本机版本不同（{apart}）；"
            f"请在各 worker 上装与本机同一版本的 policykg 并重启 worker。{_GO_ON}",
            at=self._address,
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A scheduler that is gone, as a sentence."""
        try:
            yield
        except TimeoutError:
            if self._client.status != "running":
                raise self._lost() from None
            raise
        except (self._dask.CancelledError, OSError, RuntimeError) as error:
            raise self._lost() from error

    def _lost(self) -> ClusterProblem:
        at = self._address
        return ClusterProblem(f"与 dask 调度器 {at} 的连接中断；请检查调度器。{_GO_ON}", at=at)

    def _unable(self, error: BaseException) -> ClusterProblem:
        return ClusterProblem(
            f"dask 的 worker 无法读取文件（{_first_line(error)}）；"
            f"请检查 worker 所在机器的磁盘、内存和进程数上限。{_GO_ON}",
            at=self._address,
        )

    def _unfit(self, error: BaseException) -> ClusterProblem:
        at = self._address
        return ClusterProblem(
            f"dask 调度器 {at} 或它的 worker 不能运行本程序（{_first_line(error)}）；"
            f"请在调度器和各 worker 上装与本机同一版本的 policykg[dask] 并重启。{_GO_ON}",
            at=at,
        )


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}：{lines[0].strip()}" if lines else type(error).__name__
