"""Run by test_full_disk.py in a process of its own: what happens to a home on a disk that fills up.

    python full_disk.py FOLDER [BYTES]

FOLDER is on a small file system; with BYTES it is not, and no file may grow beyond that many bytes instead.
Prints one JSON line a step.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.core.config import Settings
from kg.core.errors import PolicyKGError
from kg.service import Service
from ontology.reference import load_reference

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FREE = (0, 50_000, 400_000, 1_500_000, 2_500_000)  # bytes left: another writer meets the end of the disk each time


def main() -> None:
    folder = Path(sys.argv[1])
    most = int(sys.argv[2]) if len(sys.argv) > 2 else None
    files = sorted(path for path in SAMPLES.iterdir() if path.suffix in (".txt", ".md"))
    preload()
    in_child(lambda: a_service(folder).ingest(files[:2]))
    tell("before", **in_child(lambda: look(folder)))
    for free in FREE if most is None else (0,):
        if most is None:
            fill(folder, free)
        else:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        error = in_child(lambda: error_of(lambda: a_service(folder).ingest(files)))
        tell("full", free=free, error=error, **in_child(lambda: look(folder)))
        error = in_child(lambda: error_of(lambda: a_service(folder).backup(folder / "b.zip")))
        tell("backup", error=error, left=left(folder))
        if most is None:
            (folder / "ballast").unlink()
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    report = in_child(lambda: a_service(folder).ingest(files))
    found = in_child(lambda: a_service(folder).check())
    tell("after", report=report, problems=found["problems"], **in_child(lambda: look(folder)), left=left(folder))


def preload() -> None:
    for name in ("kg.ask.answering", "kg.graph.validate", "ingest.pipeline", "faiss", "pyoxigraph", "tantivy"):
        import_module(name)
    load_reference()


def in_child(work: Callable[[], Any]) -> Any:
    """Each step is a process of its own: one that has the catalogue open would spare the others the need for room."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(work()).encode())
            status = 0
        finally:
            traceback.print_exc() if status else None
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return json.loads(data)


def a_service(folder: Path) -> Service:
    return Service(Settings(home=folder / "home", file_seconds=0))


def look(folder: Path) -> dict[str, Any]:
    """What a reader that opens everything now gets to see."""
    service = a_service(folder)
    return {
        "generation": service.generation()["number"],
        "documents": len(service.documents()),
        "quads": int(service.sparql("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")["rows"][0][0] or 0),
        "hits": len(service.search("质量开放日")),
        "answerable": service.ask("哪些区开展过质量开放日？")["answerable"],
    }


def error_of(work: Any) -> str:
    try:
        work()
    except PolicyKGError as error:
        return error.message
    return ""


def left(folder: Path) -> list[str]:
    """What should not be there."""
    inside = [*folder.iterdir(), *(folder / "home").iterdir(), *(folder / "home" / "generations").iterdir()]
    return sorted(path.name for path in inside if path.name.startswith("."))


def fill(folder: Path, free: int) -> None:
    room = shutil.disk_usage(folder).free - free
    with (folder / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(room, 1))


def tell(step: str, **what: Any) -> None:
    print(json.dumps({"step": step, **what}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
