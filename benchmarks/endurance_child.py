"""Work in children that may be killed, starved or made to live in another time; and what a home holds after it."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from kg.build.lineage import read_catalogue
from kg.catalogue import Catalogue
from kg.core.errors import PolicyKGError
from kg.graph.store import OxigraphStore
from ontology.reference import load_reference

DONE, CRASHED, REFUSED, NO_MEMORY = 0, 1, 3, 4
NO_ROOM_TO_LOAD = 127  # the C library's own way to end where it cannot load a library into the memory that is left
STAMPING = ("kg.build.publishing", "kg.catalogue.upkeep", "kg.service.backup", "kg.service.restore")
GIVE_UP = 20.0  # seconds for the workers of a killed run to notice


@dataclass(frozen=True)
class Held:
    """What a home holds: name of a file (without folder) -> hash of its bytes; and what people stated."""

    files: tuple[tuple[str, str], ...] = ()
    statements: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Of the files."""
        return frozenset(name for name, _ in self.files)

    @classmethod
    def of(cls, home: Path) -> Self:
        """What is held now; nothing where there is no catalogue."""
        with (
            suppress(FileNotFoundError, PolicyKGError),
            read_catalogue(home, Catalogue) as held,
        ):
            files = tuple(sorted((Path(item.source).name, item.sha256) for item in held.documents()))
            return cls(files, frozenset(each.id for each in held.corrections(undone=True)))
        return cls()


def documents_of(home: Path) -> dict[str, str]:
    """Document and name of its file -> digest of all that was read from it; a file that moves keeps its document."""
    with read_catalogue(home, Catalogue) as catalogue:
        return {
            f"{item.id} {Path(item.source).name}": digest(
                (catalogue.document_as_read(item.id), *catalogue.passages(item.id))
            )
            for item in catalogue.documents()
        }


def graph_of(home: Path) -> str:
    store = OxigraphStore(home / "current" / "graph", read_only=True)
    return digest(sorted(repr(quad) for quad in store.quads()))


def digest(value: Any) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fork(work: Callable[[], Any]) -> int:
    """Run something in a child that inherits the loaded modules (their import would take most of the time).

    It leads a session of its own, so that whoever it leaves behind can be told.
    """
    child = os.fork()
    if child:
        return child
    status = CRASHED
    os.setsid()
    try:
        work()
        status = DONE
    except PolicyKGError as error:
        sys.stderr.write(f"refused: {error.message}\n")
        status = REFUSED
    except MemoryError:
        status = NO_MEMORY
    except BaseException:  # noqa: BLE001 - a child must never go on as if it were the parent
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stderr.flush()
        os._exit(status)


def cpu_seconds(child: int) -> float | None:
    """What a child has computed so far (Linux); None when it has ended."""
    fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    return None if fields[0] == "Z" else (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def left_behind(session: int) -> list[str]:
    """Processes of a session that are still there after a time that is ample."""
    until = time.monotonic() + GIVE_UP
    while (found := list(_of_session(session))) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def _of_session(session: int) -> Iterator[str]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] != "Z":
                    yield (entry / "cmdline").read_text().replace("\0", " ")[:80]


def preload() -> None:
    """Load here what every child would load: forked children have it for nothing, so more of their time is work."""
    for name in ("kg.ask", "kg.ask.answering", "kg.graph.validate", "kg.service.checks", "ingest.pipeline", *STAMPING):
        import_module(name)
    for name in ("faiss", "numpy", "pyoxigraph", "rdflib", "tantivy", "tokenizers", "kg.passages.train"):
        import_module(name)
    load_reference()


def in_child(work: Callable[[], Any]) -> Any:
    """What something returns, computed in a child: this process itself opens no store, so that it can fork."""
    reading, writing = os.pipe()

    def send() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(work()).encode())

    child = fork(send)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"a look at the home ended with status {os.waitstatus_to_exitcode(status)}")
    return json.loads(data)


# -- in other circumstances ------------------------------------------------------------------------------------------


def few_files(work: Callable[[], Any]) -> Callable[[], Any]:
    """As after `ulimit -n 256`."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
        work()

    return limited


def little_memory(work: Callable[[], Any], more_mb: int) -> Callable[[], Any]:
    """With so much more address space than the process has when it begins."""

    def limited() -> None:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (used + (more_mb << 20),) * 2)
        work()

    return limited


def small_files(work: Callable[[], Any], most: int) -> Callable[[], Any]:
    """No file may grow beyond so many bytes: what stands for a full disk where none can be made."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        work()

    return limited


def full_disk(folder: Path, free: int) -> Path:
    """Fill the disk of a folder up to some bytes; the file that does it."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(shutil.disk_usage(folder).free - free, 1))
    return ballast


def clock_back(work: Callable[[], Any], days: int) -> Callable[[], Any]:
    """With the clock of what stamps catalogue, generations and backups set back."""

    class Back(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - timedelta(days=days)

    def shifted() -> None:
        for name in STAMPING:
            import_module(name).datetime = Back  # type: ignore[attr-defined]
        now = time.time
        time.time = lambda: now() - days * 86400.0
        work()

    return shifted
