"""A process that reads files and can be ended: a file that hangs or explodes costs itself, not the run.

Each worker has one job at a time, so whatever ends it is known to be that job's. A worker is forked where this
process has a single thread (a command): then it starts in milliseconds, with all data loaded. Where there are
more (the app), threads may hold locks that would never be released in a copy; a clean server process forks it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

JobT = TypeVar("JobT")
ResultT = TypeVar("ResultT")

_GRACE = 5.0  # seconds after which a worker ends itself: only when nobody is left to end it
_ENDING = 1.0  # seconds that the system may take to clear up a process
_TIRED = 0.5  # share of its memory above which a worker is replaced after a job
_SELDOM = 20_000  # new objects that live on, after which the collector looks for cycles; Python takes 700
_PRELOAD = ["ingest.pipeline", "kg.build.reading", "kg.passages.chunk"]


class WorkerError(Exception):
    """A job that ended its worker; the message is the reason for people."""


class Worker(Generic[JobT, ResultT]):
    """Runs `work(job)` in another process, one job at a time, within `seconds` (wall clock) and `memory_mb`.

    `work` must be picklable (a function of a module, or a `partial` of one). The process starts with the first job.
    """

    def __init__(self, work: Callable[[JobT], ResultT], *, seconds: float, memory_mb: int) -> None:
        self._work = work
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._process: Any = None
        self._connection: Connection | None = None
        self._deadline = 0.0
        self.busy = False

    @property
    def connection(self) -> Connection:
        """Readable when the result is there, or the process is gone."""
        assert self._connection is not None  # noqa: S101 - of a busy worker only
        return self._connection

    def submit(self, job: JobT) -> None:
        """Start on a job; the worker must not be busy."""
        if self._process is None or not self._process.is_alive():
            self._start()
        self._deadline = time.monotonic() + self._seconds
        self.busy = True
        with suppress(BrokenPipeError, ConnectionResetError):  # it died: `result` will say so
            self.connection.send(job)

    def remaining(self) -> float:
        """Seconds until the job's time is over."""
        return self._deadline - time.monotonic()

    def result(self) -> ResultT:
        """The result of the job that `connection` announced. Raises `WorkerError` where there is none."""
        self.busy = False
        try:
            tired, result = self.connection.recv()
        except (EOFError, OSError) as error:
            code = self._end(ended=True)
            raise WorkerError(self._why(code)) from error
        if tired:
            self._end()
        return result  # type: ignore[no-any-return]

    def give_up(self) -> WorkerError:
        """End the process in the middle of its job; returns the reason."""
        self.busy = False
        self._end()
        return WorkerError(
            f"读取超过 {self._seconds:g} 秒，已停止（扫描件每页约需 3 秒；可拆分文件，或调高 POLICYKG_FILE_SECONDS）"
        )

    def close(self) -> None:
        """End the process."""
        self._end()

    def _why(self, code: int | None) -> str:
        if code == -signal.SIGALRM:
            return f"读取超过 {self._seconds:g} 秒，已停止（可用 POLICYKG_FILE_SECONDS 调整）"
        return f"处理该文件的进程异常终止（可能内存不足，上限 {self._memory_mb} MB，可用 POLICYKG_FILE_MEMORY_MB 调整）"

    def _start(self) -> None:
        self._end()
        context = _context()
        here, there = context.Pipe()
        arguments = (there, self._work, self._seconds, self._memory_mb)
        process = context.Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
        process.start()
        self._process = process  # only now: one that could not start cannot be ended either
        there.close()  # or the end of the process would not be seen here
        self._connection = here

    def _end(self, *, ended: bool = False) -> int | None:
        """Kill the process if it is there; returns how it ended. `ended` where it seems to have gone by itself."""
        process, self._process = self._process, None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if process is None:
            return None
        if ended:  # it is about to be gone, for a reason of its own
            give_up = time.monotonic() + _ENDING
            # not `join`: that waits for a handle which the worker has closed
            while process.exitcode is None and time.monotonic() < give_up:
                time.sleep(0.01)
        process.kill()
        process.join()
        code = process.exitcode
        process.close()
        return int(code) if code is not None else None


def _context() -> BaseContext:
    if _is_single_threaded():
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


def _is_single_threaded() -> bool:
    """Whether this process can be forked safely; native threads count. Never where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - a count is all
    except OSError:
        return False


def _serve(connection: Connection, work: Callable[[Any], Any], seconds: float, memory_mb: int) -> None:
    _isolate(connection.fileno())
    _limit_memory(memory_mb)
    # What was loaded before the fork stays for as long as the process: the collector need not walk it again and again,
    # and does not touch its pages, which all workers share.
    gc.freeze()
    gc.set_threshold(_SELDOM, 20, 20)
    begun, is_first = _memory_used(), True
    while True:
        try:
            job = connection.recv()
        except (EOFError, OSError):  # nobody is left to read for
            os._exit(0)
        # Of the system, not of Python: it ends a process that is stuck in C code. Nobody else does when the parent
        # was killed.
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
        result = work(job)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if is_first:  # what the first job opened (names, forms) stays as well
            gc.freeze()
            is_first = False
        del job
        try:
            connection.send((_memory_used() - begun > _TIRED * memory_mb * 2**20, result))
        except OSError:
            os._exit(0)


def _isolate(keep: int) -> None:
    """Leave nothing of the parent's open: a lock or a database must not live on in a copy of its handle."""
    with suppress(ValueError):  # pragma: no cover - handlers belong to the main thread, and this is one
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # --json prints one value and nothing else there
    with suppress(OSError):
        highest = max(int(name) for name in os.listdir("/dev/fd"))  # noqa: PTH208
        os.closerange(3, keep)
        os.closerange(keep + 1, highest + 1)


def _limit_memory(memory_mb: int) -> None:
    """What a process may take for itself; what it shares with others (code, mapped files) does not count.

    A copy of a large process begins with the data of that: they are not its own, and do not count either.
    """
    import resource

    if sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = memory_mb * 2**20 + _data_held()
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _data_held() -> int:
    """Bytes of data (VmData) that this process has now; 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData:"))
    except (OSError, ValueError, StopIteration):
        return 0


def _memory_used() -> int:
    """Bytes that are resident now; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
