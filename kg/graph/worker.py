"""Runs queries on Oxigraph's files in a process of its own, so that a time limit really ends one.

Oxigraph cannot cancel a query, and a thread cannot be stopped; a process can. A query is not even parsed elsewhere:
one of a few hundred nested braces ends the process that reads it. Several processes together are a
`kg.graph.pool.WorkerPool`. Requests and answers are pickles on stdin and stdout, written and read by this module only.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self

from kg.core.errors import EnvironmentProblem, PolicyKGError, QuerySyntaxError, RefusedQuery, UsageError
from kg.graph.asking import Reply, Request, answer, out_of_time
from kg.graph.store import OxigraphStore

_LENGTH = 8
_STEP = 0.05  # seconds between two looks at a query that runs
_PIECE = 1 << 20  # bytes read at once
# not `-m`: the classes of a module that runs as __main__ could not be unpickled here
_START = "import sys; from kg.graph.worker import main; main(*sys.argv[1:])"
_ROOT = Path(__file__).resolve().parents[2]


class QueryWorker:
    """A process that holds a store open for reading; one request at a time. Close it, or use it in `with`."""

    def __init__(self, path: Path, *, memory_mb: int = 0) -> None:
        self.path = path
        self.memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = float("inf")
        self._is_fresh = True
        self._turn = threading.Lock()
        self._runner: int | None = None  # the thread that reads from the process

    @property
    def begun(self) -> float:
        """When its process began (of the monotonic clock); infinite where there is none."""
        process = self._process
        return self._begun if process is not None and process.poll() is None else float("inf")

    def warm_up(self) -> None:
        """Start its process where there is none: it takes a moment until it is ready."""
        with self._turn:
            self._started()

    def run(self, request: Request, *, seconds: float, may_go_on: Callable[[float], bool] | None = None) -> Reply:
        """Answer within `seconds`, or end the process and raise `RefusedQuery`.

        `may_go_on` is asked now and then, with the seconds that the query has computed so far (not those of the clock:
        on a busy machine a quick one takes long, too); where it says no, the query ends.
        """
        with self._turn:
            self._runner = threading.get_ident()
            process = self._started()
            try:
                reply = self._reply(process, request, seconds, may_go_on)
            except BaseException:
                self.close()  # half an answer may wait in its pipe, and the next query is somebody else's
                raise
            finally:
                if self._process is not process:  # ended, by this thread or by another one
                    _close_pipes(process)
                self._runner = None
            self._is_fresh = False
            if reply.syntax:
                raise QuerySyntaxError(*reply.syntax)
            if reply.misuse:
                raise UsageError(reply.misuse)
            if reply.error:
                raise EnvironmentProblem(reply.error)
            return reply

    def _reply(
        self,
        process: subprocess.Popen[bytes],
        request: Request,
        seconds: float,
        may_go_on: Callable[[float], bool] | None,
    ) -> Reply:
        exchange = _Exchange(process, request, is_fresh=self._is_fresh)
        until = time.monotonic() + seconds
        while (reply := exchange.wait(min(_STEP, until - time.monotonic()))) is None and not exchange.is_over:
            if time.monotonic() >= until:
                self.close()
                raise RefusedQuery(out_of_time(seconds), limit="time")
            if may_go_on is not None and not may_go_on(exchange.computed()):
                self.close()
                raise gave_way()
        if reply is None:
            self.close()
            raise RefusedQuery("查询进程意外结束，多半是内存用尽或括号嵌套过深。请缩小范围或加 LIMIT", limit="memory")
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

    def step_back(self, nice: int) -> None:
        """Let other processes of the machine go first, for good: to take that back is not ours to do."""
        if (process := self._process) is not None:
            with contextlib.suppress(OSError):  # it has ended meanwhile
                os.setpriority(os.PRIO_PROCESS, process.pid, nice)

    def close(self) -> None:
        """End the process, whatever it is doing; by whomever.

        Its pipes are closed by the thread that reads from them: their numbers are given to others at once.
        """
        if (process := self._process) is not None:
            self._process = None
            process.kill()
            process.wait()
            if self._runner in (None, threading.get_ident()):
                _close_pipes(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()


def _computed(process: subprocess.Popen[bytes]) -> float:
    """Seconds that a process has computed; where the system does not tell (not Linux), those of the clock.

    By its clock (clock_getcpuclockid(3)), not from a file: under load the interpreter is waited for after each call of
    the system, and a turn lasts as long as that takes.
    """
    try:
        return time.clock_gettime((~process.pid << 3) | 2)
    except (OSError, OverflowError):
        return time.monotonic()


class _Exchange:
    """A request on its way to a process, and the reply: in the asker's own thread, for one more would cost turns, too.

    A process that begins says first that it is ready: to be loaded takes longer than most queries, and is not theirs to
    account for.
    """

    def __init__(self, process: subprocess.Popen[bytes], request: Request, *, is_fresh: bool) -> None:
        self._process, self._request = process, request
        self._received = bytearray()
        self._output = process.stdout.fileno() if process.stdout is not None else -1
        self._ready = select.poll()  # not select(2), which knows no handles above 1023
        self._ready.register(self._output, select.POLLIN)
        self._is_sent = False
        self._begun = 0.0  # what the process had computed before
        self.is_over = False
        """Whether the process has ended without a reply."""
        if not is_fresh:
            self._send()

    def wait(self, seconds: float) -> Reply | None:
        """The reply, if it comes within that time."""
        until = time.monotonic() + seconds
        try:
            while not self.is_over:
                found = self._message()
                if found is not None and self._is_sent:
                    return found
                if found is not None:  # it is ready
                    self._send()
                    continue
                if not self._ready.poll(max(until - time.monotonic(), 0.0) * 1000):
                    return None
                piece = os.read(self._output, _PIECE)
                self._received += piece
                self.is_over = not piece
        except OSError:
            self.is_over = True
        return None

    def computed(self) -> float:
        """Seconds that the process has computed for this request."""
        return _computed(self._process) - self._begun if self._is_sent else 0.0

    def _send(self) -> None:
        self._begun, self._is_sent = _computed(self._process), True
        try:
            if self._process.stdin is not None:
                _send(self._process.stdin, self._request)
        except (OSError, ValueError):
            self.is_over = True

    def _message(self) -> Reply | None:
        size = int.from_bytes(self._received[:_LENGTH], "big") if len(self._received) >= _LENGTH else None
        if size is None or len(self._received) < _LENGTH + size:
            return None
        data = bytes(self._received[_LENGTH : _LENGTH + size])
        del self._received[: _LENGTH + size]
        message: Reply = pickle.loads(data)  # noqa: S301 - our own child process
        return message


def gave_way() -> RefusedQuery:
    """That a slow query was ended for others."""
    return RefusedQuery(
        "现在要算得久的查询太多，这一个算得最久，已终止。请稍后重试，或缩小范围、加 LIMIT", limit="busy"
    )


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
    _send(sys.stdout.buffer, Reply("ready"))
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
