"""Files that are still there after a power cut: fsync of what was written and of the folders that name it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.core.errors import EnvironmentProblem

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # no room on the disk, in the quota, under the limit of file sizes

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_LONGEST_TARGET = 200  # bytes


@contextmanager
def explained(where: Path) -> Iterator[None]:
    """Write below `where`; a full disk comes out as one Chinese sentence, whichever library met it first."""
    try:
        yield
    except Exception as error:
        if not is_full(error):
            raise
        raise EnvironmentProblem(
            f"磁盘空间不足，无法写入 {where}。已入库的文档和现有索引不受影响；请清出空间后重新运行同一命令",
            home=str(where),
        ) from error


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, says that there is no room; libraries in Rust and C++ only quote it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if any(f"os error {code}" in str(error) or os.strerror(code) in str(error) for code in _FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


def sync_file(path: Path) -> None:
    """Flush one file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path, *, durable: Path | None = None) -> None:
    """Flush every file under `folder`, then the folders, innermost first.

    Not those that are hard links of files in `durable`, a folder that was flushed as a whole when it was made.
    """
    for where, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(where, name)
            if not path.is_symlink() and not (durable and is_same(path, durable / path.relative_to(folder))):
                sync_file(path)
        sync_file(Path(where))


def is_same(path: Path, other: Path) -> bool:
    """Whether both are names of one file."""
    try:
        return path.samefile(other)
    except OSError:  # the other is not there
        return False


def write_file(path: Path, data: bytes) -> None:
    """Write a new file and flush it; its folder is the caller's to flush."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def point(link: Path, target: str) -> None:
    """Make the symbolic link `link` lead to `target`, atomically and durably.

    On a file system without links (a memory stick) a small file that holds the target stands for it (`target_of`).
    """
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    try:
        temporary.symlink_to(target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        write_file(temporary, target.encode())
    os.replace(temporary, link)  # noqa: PTH105 - rename(2) replaces the link itself, which is the point
    sync_file(link.parent)


def target_of(link: Path) -> str | None:
    """Where a link leads, or the small file that stands for one; None for anything else."""
    try:
        return os.readlink(link)  # noqa: PTH115 - the text of it
    except OSError:
        pass
    try:
        if link.is_file() and link.stat().st_size <= _LONGEST_TARGET:
            return link.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        pass
    return None


def install(path: Path, target: Path) -> None:
    """Move a finished file to its name on the same file system, atomically and durably, replacing what is there."""
    sync_file(path)
    path.replace(target)
    sync_file(target.absolute().parent)
