"""Runs queries in a process of its own, so that a time limit really ends one.

Oxigraph cannot cancel a query, and a thread cannot be stopped; a process can. A query is not even parsed elsewhere:
one of a few thousand nested braces ends the process that reads it. `WorkerPool` keeps a few processes and replaces one
that was ended. Requests and answers are pickles on stdin and stdout, written and read by this module only.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, Self

from kg.core.errors import EnvironmentProblem, PolicyKGError, QuerySyntaxError, RefusedQuery, UsageError
from kg.graph.protocol import Dataset, GraphStore, Solutions
from kg.graph.rdf import Term
from kg.graph.store import OxigraphStore

_LENGTH = 8
_PATIENCE = 0.5  # seconds of computing after which a query is a slow one: on a busy machine a quick one takes long, too
_STARTING = 1.0  # more for the first query of a process, which is still being loaded
_STEP = 0.1
_NICE = 10
# not `-m`: the classes of a module that runs as __main__ could not be unpickled here
_START = "import sys; from kg.graph.worker import main; main(*sys.argv[1:])"
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Request:
    """A query to run: at most `rows` rows, the union of all graphs as default graph unless `union` is false."""

    query: str
    bindings: dict[str, Term]
    rows: int
    union: bool
    dataset: Dataset | None = None
    base: str | None = None
    max_bytes: int = 0  # of the answer on its way; 0 for any number


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer, or what was wrong in words."""

    kind: str = ""
    variables: tuple[str, ...] = ()
    rows: list[tuple[Term | None, ...]] | None = None
    more: bool = False
    heavy: bool = False
    error: str = ""
    misuse: str = ""
    syntax: tuple[str, int | None, int | None] | None = None


class Runner(Protocol):
    """What runs a request apart: a worker, or a pool of them."""

    def run(self, request: Request, *, seconds: float) -> Reply:
        """Answer within `seconds`, or end the process and raise `RefusedQuery`."""
        ...


def answer(store: GraphStore, request: Request) -> Reply:
    """Run a request on a store. Rows beyond the limit are not read; `more` says that there are some."""
    result: Solutions = store.query(
        request.query, bindings=request.bindings, union=request.union, dataset=request.dataset, base=request.base
    )
    rows: list[tuple[Term | None, ...]] = []
    for row in result.rows:
        if len(rows) >= request.rows:
            return Reply(result.kind, result.variables, rows, more=True)
        rows.append(row)
    return Reply(result.kind, result.variables, rows)


class QueryWorker:
    """A process that holds a store open for reading; one request at a time. Close it, or use it in `with`."""

    def __init__(self, path: Path, *, memory_mb: int = 0) -> None:
        self.path = path
        self.memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = float("inf")
        self._is_fresh = True
        self._turn = threading.Lock()

    @property
    def begun(self) -> float:
        """When its process began (of the monotonic clock); infinite where there is none."""
        process = self._process
        return self._begun if process is not None and process.poll() is None else float("inf")

    def warm_up(self) -> None:
        """Start its process where there is none: it takes a moment until it is ready."""
        with self._turn:
            self._started()

    def run(self, request: Request, *, seconds: float, may_go_on: Callable[[], bool] | None = None) -> Reply:
        """Answer within `seconds`, or end the process and raise `RefusedQuery`.

        `may_go_on` is asked now and then of a query that takes long; where it says no, the query ends.
        """
        with self._turn:
            process = self._started()
            received: list[Reply | None] = []
            reader = threading.Thread(target=lambda: received.append(_exchange(process, request)), daemon=True)
            reader.start()
            until = time.monotonic() + seconds
            patience = _computed(process) + _PATIENCE + (_STARTING if self._is_fresh else 0.0)
            reader.join(seconds if may_go_on is None else min(seconds, _STEP))
            while may_go_on is not None and reader.is_alive() and (left := until - time.monotonic()) > 0:
                if _computed(process) < patience:
                    reader.join(min(_STEP, left))
                    continue
                if not may_go_on():
                    self.close()
                    raise RefusedQuery(
                        f"查询超过 {_PATIENCE:g} 秒，而现在有太多这样的查询，已终止。请稍后重试，或缩小范围、加 LIMIT",
                        limit="busy",
                    )
                reader.join(min(_STEP, left))
            if reader.is_alive():
                self.close()
                raise RefusedQuery(
                    f"查询超过 {seconds:g} 秒时限，已终止。请缩小范围、加 LIMIT，或调高 POLICYKG_QUERY_SECONDS",
                    limit="time",
                )
            reply = received[0] if received else None
            if reply is None:
                self.close()
                raise RefusedQuery(
                    "查询进程意外结束，多半是内存用尽或括号嵌套过深。请缩小范围或加 LIMIT", limit="memory"
                )
            self._is_fresh = False
            if reply.syntax:
                raise QuerySyntaxError(*reply.syntax)
            if reply.misuse:
                raise UsageError(reply.misuse)
            if reply.error:
                raise EnvironmentProblem(reply.error)
            return reply

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, os.fspath(self.path), str(self.memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what it says when memory runs out is told in our words
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )
            self._begun, self._is_fresh = time.monotonic(), True
        return self._process

    def step_back(self) -> None:
        """Let other processes of the machine go first, for good: to take that back is not ours to do."""
        if (process := self._process) is not None:
            with contextlib.suppress(OSError):  # it has ended meanwhile
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if (process := self._process) is not None:
            self._process = None
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class WorkerPool:
    """Workers on one store, started when needed. Whoever drops the last reference ends them.

    `size` queries run at a time, and as many slow ones beside them, behind all others: a few that count everything by
    everything must not keep the many out that take a moment. A query that turns out to be slow while there are enough
    of those ends as soon as somebody waits. Processes that were ended start anew beside those that are ready, so that
    nobody waits for that.
    """

    def __init__(self, path: Path, *, size: int, memory_mb: int = 0) -> None:
        self.size = size
        workers = [QueryWorker(path, memory_mb=memory_mb) for _ in range(3 * size)]
        self._idle = list(workers)
        self._turns, self._slow = threading.Semaphore(size), threading.Semaphore(size)
        self._lock = threading.Lock()
        self._waiting = 0
        self._finalizer = weakref.finalize(self, _close_all, workers)

    def run(self, request: Request, *, seconds: float) -> Reply:
        """Answer within `seconds` from a worker's start on it; wait for a turn no longer than that."""
        self._count(1)
        try:
            has_turn = self._turns.acquire(timeout=seconds)
        finally:
            self._count(-1)
        if not has_turn:
            raise RefusedQuery(f"同时进行的查询太多，排队超过 {seconds:g} 秒。请稍后重试", limit="busy")
        worker, is_slow = self._readiest(), False

        def may_go_on() -> bool:
            nonlocal is_slow
            if not is_slow and self._slow.acquire(blocking=False):
                is_slow = True
                worker.step_back()
                self._turns.release()
            return is_slow or not self._waiting

        try:
            return worker.run(request, seconds=seconds, may_go_on=may_go_on)
        finally:
            if is_slow:
                worker.close()
            if worker.begun == float("inf") and self._finalizer.alive:
                with contextlib.suppress(OSError):  # no room for it now: the next query tries again
                    worker.warm_up()
            with self._lock:
                self._idle.append(worker)
            (self._slow if is_slow else self._turns).release()

    def _readiest(self) -> QueryWorker:
        """The idle one that runs longest: as few processes are started as there are clients at a time."""
        with self._lock:
            worker = min(self._idle, key=lambda each: each.begun)
            self._idle.remove(worker)
        return worker

    def _count(self, more: int) -> None:
        with self._lock:
            self._waiting += more

    def close(self) -> None:
        """End all processes."""
        self._finalizer()


def _computed(process: subprocess.Popen[bytes]) -> float:
    """Seconds that a process has computed; where the system does not tell (not Linux), those of the clock."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _close_all(workers: Iterable[QueryWorker]) -> None:
    for worker in workers:
        worker.close()


def _exchange(process: subprocess.Popen[bytes], request: Request) -> Reply | None:
    """Send and receive; None when the process has ended."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        _send(process.stdin, request)
        reply: Reply = _receive(process.stdout)
    except (OSError, EOFError, ValueError):
        return None
    return reply


def _send(stream: IO[bytes], message: object, *, max_bytes: int = 0) -> None:
    data = pickle.dumps(message)
    if max_bytes and len(data) > max_bytes:
        data = pickle.dumps(Reply(heavy=True))
    stream.write(len(data).to_bytes(_LENGTH, "big") + data)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        raise EOFError
    return pickle.loads(stream.read(int.from_bytes(head, "big")))  # noqa: S301 - our own child process


def _limit_memory(megabytes: int) -> None:
    """Let a query that outgrows its share fail alone (POSIX only; elsewhere the time limit has to do)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, memory_mb: str) -> None:
    """Answer requests until stdin closes."""
    if int(memory_mb):
        _limit_memory(int(memory_mb))
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    store: OxigraphStore | None = None
    with contextlib.suppress(PolicyKGError, OSError, RuntimeError):  # what is wrong is told to whoever asks
        store = OxigraphStore(Path(path), read_only=True)
    while True:
        try:
            request = _receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            if store is None:  # not `store or`: its truth is its length, and that counts every quad
                store = OxigraphStore(Path(path), read_only=True)
            reply = answer(store, request)
        except QuerySyntaxError as error:
            reply = Reply(syntax=(error.message.partition("：")[2], error.line, error.column))
        except UsageError as error:
            reply = Reply(misuse=error.message)
        except (PolicyKGError, OSError, RuntimeError) as error:
            reply = Reply(error=str(error))
        _send(sys.stdout.buffer, reply, max_bytes=request.max_bytes)


def _end_with_parent(parent: int) -> None:
    # A server that is killed cannot end its workers; one in the middle of an endless query does not look at stdin.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
