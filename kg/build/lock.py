"""One writer at a time, by an advisory lock that the kernel drops when its holder dies.

A run that takes files in reads for most of its time. It holds `reading.lock` together with others of its kind, and
`write.lock` only for its commits and for publishing (`kg.build.turns`). Whoever exchanges the whole catalogue, or
clears up, must have `reading.lock` alone: it comes first, so that nobody waits for somebody who waits for them.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.core.errors import EnvironmentProblem, Locked

WRITE, READING = "write.lock", "reading.lock"
_POLL_SECONDS = 0.05


@contextmanager
def write_lock(home: Path, seconds: float) -> Iterator[None]:
    """Hold `home/write.lock`. Waits up to `seconds`, then raises `Locked`; creates `home` if needed."""
    with _held(home, WRITE, fcntl.LOCK_EX, seconds, f"写入 {home}") as handle:
        _sign(handle)
        yield


@contextmanager
def reading_lock(home: Path, seconds: float, *, alone: bool) -> Iterator[None]:
    """Hold `home/reading.lock`, `alone` or with others. Waits and raises as `write_lock` does."""
    how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    what = f"读取要入库到 {home} 的文件" if alone else f"恢复或清理 {home}"
    with _held(home, READING, how, seconds, what) as handle:
        _sign(handle)
        yield


@contextmanager
def _held(home: Path, name: str, how: int, seconds: float, what: str) -> Iterator[int]:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"无法写入索引文件夹 {home}：{reason}。请检查权限，或用 --home 另选文件夹") from error
    try:
        _acquire(handle, home, how, seconds, what)
        yield handle
    finally:
        os.close(handle)


def _sign(handle: int) -> None:
    with suppress(OSError):  # only to name the holder in a message: a full disk is found out where it matters
        os.truncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)


def _acquire(handle: int, home: Path, how: int, seconds: float, what: str) -> None:
    give_up = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                holder = os.pread(handle, 32, 0).decode(errors="replace").strip()
                who = f"（进程 {holder}）" if holder else ""
                raise Locked(
                    f"另一个进程{who}正在{what}，已等待 {seconds:g} 秒。请待其结束后重试，"
                    "或用 POLICYKG_LOCK_SECONDS 设置更长的等待",
                    home=str(home),
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return
