"""The only code that writes: runs the pipeline, keeps the catalogue, publishes generations.

    walk -> read (in parallel) -> catalogue, a transaction a document -> projections -> a published generation

Only this package knows the order of the stages. Writers queue on one lock; readers never wait.
"""

from __future__ import annotations

from kg.build.generations import Generation, current_manifest, hold_current
from kg.build.lock import write_lock
from kg.build.manifest import Manifest
from kg.build.publishing import publish
from kg.build.repair import repair
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
    "repair",
    "sync",
    "write_lock",
]
