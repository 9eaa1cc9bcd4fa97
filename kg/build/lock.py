"""One writer at a time, by an advisory lock that the kernel drops when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.core.errors import EnvironmentProblem, Locked

_POLL_SECONDS = 0.05


@contextmanager
def write_lock(home: Path, seconds: float) -> Iterator[None]:
    """Hold `home/write.lock`. Waits up to `seconds`, then raises `Locked`; creates `home` if needed."""
    path = home / "write.lock"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"无法写入索引文件夹 {home}：{reason}。请检查权限，或用 --home 另选文件夹") from error
    try:
        _acquire(handle, home, seconds)
        with suppress(OSError):  # only to name the holder in a message: a full disk is found out where it matters
            os.truncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, home: Path, seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                holder = os.pread(handle, 32, 0).decode(errors="replace").strip()
                who = f"（进程 {holder}）" if holder else ""
                raise Locked(
                    f"另一个进程{who}正在写入 {home}，已等待 {seconds:g} 秒。请待其结束后重试，"
                    "或用 POLICYKG_LOCK_SECONDS 设置更长的等待",
                    home=str(home),
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return
