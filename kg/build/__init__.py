"""The only code that writes: runs the pipeline, keeps the catalogue, publishes generations.

    walk -> read (in parallel) -> catalogue, a transaction a document -> projections -> a published generation

Only this package knows the order of the stages. Writers queue on one lock; readers never wait. What writes is loaded
when it is used: whoever only reads a generation starts in half the time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.build.generations import Generation, current_manifest, hold_current
from kg.build.lock import write_lock
from kg.build.manifest import Manifest

if TYPE_CHECKING:
    from kg.build.publishing import publish
    from kg.build.run import correct, ingest, rebuild, remove
    from kg.build.syncing import plan, sync

__all__ = [
    "Generation",
    "Manifest",
    "correct",
    "current_manifest",
    "hold_current",
    "ingest",
    "plan",
    "publish",
    "rebuild",
    "remove",
    "sync",
    "write_lock",
]

_FROM = {
    "publish": "publishing", "correct": "run", "ingest": "run", "rebuild": "run", "remove": "run", "plan": "syncing",
    "sync": "syncing",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _FROM:
        raise AttributeError(name)
    return getattr(import_module(f"kg.build.{_FROM[name]}"), name)
