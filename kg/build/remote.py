"""What a dask worker does for an ingest run on another machine: it reads one file, in a process that can be ended.

Orders and answers are plain values and bytes: nothing of ours is unpickled before both sides are known to be of one
version (`stamp_of`). The bytes of the file come with the order; no path of the other machine is looked at.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import platform
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from kg import __version__
from kg.build.reading import Job, Reading, landed
from kg.build.workers import Worker
from kg.core.errors import PolicyKGError
from ontology.carried import unpacked
from ontology.reference import Reference, load_reference

READ, READY, DIFFERS, WANTS = "read", "ready", "differs", "wants"
Answer = tuple[str, Any]
"""`(READ, pickled Reading)`, `(READY, None)`, `(DIFFERS, {"at": host, …stamp})` or `(WANTS, None)`: the additions."""

Work = Callable[[Reference, str, Job], Reading]

_DATA = "data"
_MOST_SITES = 2  # sets of reference data kept; each is some 10 MB
_sites: dict[str, Reference] = {}  # version -> data, the latest last
_children: list[tuple[object, Worker[Job, Reading]]] = []  # that wait for a file, the latest last
_lock = threading.Lock()


def stamp_of(data: str) -> dict[str, str]:
    """What must be the same on both sides for the same facts; `data` is the version of the reference data."""
    return {
        "program": __version__,
        "ingest": str(import_module("ingest.pipeline").STEP_VERSION),
        "chunk": str(import_module("kg.passages.chunk").CHUNK_VERSION),
        "ocr": "有" if find_spec("rapidocr") else "无",
        _DATA: data,
    }


def prepare(stamp: Mapping[str, str], additions: bytes | None) -> Answer:
    """Load the reference data, with a site's own (`ontology.carried`); `WANTS` where they are not given nor known."""
    with _lock:
        data = stamp.get(_DATA, "")
        if (known := _sites.get(data)) is not None:
            mine = stamp_of(known.version)
        elif _without_data(mine := stamp_of("")) != _without_data(stamp):
            return DIFFERS, {"at": platform.node(), **mine}
        elif additions is None:
            return WANTS, None
        else:
            known, mine = _loaded(additions)
        if known is None or mine != stamp:
            return DIFFERS, {"at": platform.node(), **mine}
        _sites[data] = _sites.pop(data, known)
        while len(_sites) > _MOST_SITES:
            _sites.pop(next(iter(_sites)))
    return READY, None


def read_there(
    stamp: Mapping[str, str], additions: bytes | None, limits: tuple[float, int], work: bytes, job: bytes
) -> Answer:
    """Read one source within `limits` (seconds, MB). `work` (a `Work`) and `job` are pickled.

    Raises `OSError` where no process can be started here: that is no fault of the file.
    """
    ready = prepare(stamp, additions)
    if ready[0] != READY:
        return ready
    with _child(stamp[_DATA], limits, work) as child:
        child.submit(pickle.loads(job))  # noqa: S301 - a scheduler runs whatever it is sent anyway
        there = bool(wait([child.connection], max(child.remaining(), 0.0)))
        return READ, pickle.dumps(landed(child, ready=there))


def _loaded(additions: bytes) -> tuple[Reference | None, dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="policykg-") as folder:
        try:
            reference = load_reference(unpacked(additions, Path(folder)))
        except PolicyKGError as error:  # it fits the built-in data over there, and not those here
            return None, stamp_of(error.message)
    return reference, stamp_of(reference.version)


def _without_data(stamp: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in stamp.items() if name != _DATA}


@contextmanager
def _child(data: str, limits: tuple[float, int], work: bytes) -> Iterator[Worker[Job, Reading]]:
    """A reading process for as long as a file takes; kept for the next one."""
    key = (data, limits, work)
    with _lock:
        found = next((at for at in reversed(range(len(_children))) if _children[at][0] == key), None)
        child = _children.pop(found)[1] if found is not None else None
        reference = _sites.get(data)
    if child is None:
        if reference is None:  # two runs of other data came between: dask tries again
            raise OSError("the reference data have been replaced")
        # A nanny starts its worker as a daemon, which may have no children. These end by themselves when it is gone.
        multiprocessing.current_process().daemon = False
        read: Work = pickle.loads(work)  # noqa: S301 - as above
        child = Worker(partial(read, reference, data), seconds=limits[0], memory_mb=limits[1])
    try:
        yield child
    except BaseException:
        child.close()
        raise
    with _lock:
        _children.append((key, child))
        surplus = _children.pop(0)[1] if len(_children) > (os.cpu_count() or 1) else None
    if surplus is not None:
        surplus.close()
