"""Progress is injected: a stage calls `progress(done, total, label)`; silence is the default."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called as work proceeds; `total` is None while unknown."""

    def __call__(self, done: int, total: int | None, label: str) -> None:
        """`done` of `total` are through; `label` says of what."""


def silent(done: int, total: int | None, label: str) -> None:
    """Say nothing."""
