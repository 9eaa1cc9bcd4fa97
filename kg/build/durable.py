"""Files that are still there after a power cut: fsync of what was written and of the folders that name it."""

from __future__ import annotations

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Flush one file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Flush every file under `folder`, then the folders, innermost first."""
    for where, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(where, name)
            if not path.is_symlink():
                sync_file(path)
        sync_file(Path(where))


def write_file(path: Path, data: bytes) -> None:
    """Write a new file and flush it; its folder is the caller's to flush."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def point(link: Path, target: str) -> None:
    """Make the symbolic link `link` lead to `target`, atomically and durably."""
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, link)  # noqa: PTH105 - rename(2) replaces the link itself, which is the point
    sync_file(link.parent)
