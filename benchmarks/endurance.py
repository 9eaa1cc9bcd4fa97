"""SIGKILL at random moments of ingest, remove and rebuild: is anything that was accepted ever missing?

    python benchmarks/endurance.py --rounds 200 [--seed 1] [--json]

Each round ends a run at a random moment. After every kill: the current generation is complete and serves, the
catalogue is sound, `check` finds nothing but that a publication is due, and every document that was held before is
still held unless the run was there to remove or replace it. Then the run is repeated (and sometimes killed once
more): catalogue and graph must equal those of an undisturbed run on the same files. Exit status 1 if not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.graph.store import OxigraphStore
from kg.service import Service
from ontology.reference import load_reference

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
AGAIN = 0.3  # of the repetitions are killed too
FRESH = 0.15  # of the rounds begin with an empty home
State = dict[str, str]


def state_of(home: Path) -> tuple[State, str]:
    """Document id -> digest of all that is held of it; and the digest of the graph."""
    with Catalogue.open(home / "catalogue.sqlite", read_only=True) as catalogue:
        documents = {
            item.id: digest(
                (item, catalogue.document(item.id), *catalogue.passages(item.id), catalogue.source_state(item.id))
            )
            for item in catalogue.documents()
        }
    store = OxigraphStore(home / "current" / "graph", read_only=True)
    graph = digest(sorted(repr(quad) for quad in store.quads()))
    return documents, graph


def digest(value: Any) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass
class Endurance:
    """Homes, files and what was counted."""

    folder: Path
    dice: random.Random
    most: int | None = None  # files
    home: Path = field(init=False)
    seconds: dict[str, float] = field(default_factory=dict)
    expected: dict[frozenset[str], tuple[State, str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.docs = self.folder / "docs"
        shutil.copytree(SAMPLES, self.docs, ignore=lambda _, names: [n for n in names if n.startswith("README")])
        self.files = sorted(path for path in self.docs.iterdir() if path.is_file())
        for path in self.files[self.most :] if self.most else ():
            path.unlink()
        self.files = self.files[: self.most]

    def service(self, home: Path | None = None) -> Service:
        """A service that reads in its own process: what is killed is the writer, wherever it is."""
        return Service(Settings(home=home or self.home, file_seconds=0))

    def undisturbed(self, held: frozenset[str]) -> tuple[State, str]:
        """What a home holds after one quiet run on some of the files."""
        if held not in self.expected:
            home = self.folder / "quiet"
            shutil.rmtree(home, ignore_errors=True)
            run_in_child(lambda: self.service(home).ingest([self.docs / name for name in sorted(held)]))
            self.expected[held] = in_child(lambda: state_of(home))
        return self.expected[held]

    def held(self) -> frozenset[str]:
        """Names of the files that the catalogue holds."""
        with suppress(Exception), Catalogue.open(self.home / "catalogue.sqlite", read_only=True) as catalogue:
            return frozenset(Path(item.source).name for item in catalogue.documents())
        return frozenset()

    def plan(self) -> tuple[str, Callable[[], Any], frozenset[str], frozenset[str]]:
        """A command, what it does, the files held after it, and those that may be gone at any time during it."""
        held = self.held()
        everything = frozenset(path.name for path in self.files)
        if (held != everything and self.dice.random() < 0.7) or not held:
            return "ingest", lambda: self.service().ingest([self.docs]), everything, frozenset()
        if self.dice.random() < 0.5:
            gone = frozenset(self.dice.sample(sorted(held), k=min(len(held) - 1, self.dice.randint(1, 3)) or 1))
            # The second time some are gone already: that is no error of the user's here.
            wanted = sorted(gone)

            def remove() -> None:
                service = self.service()
                left = {Path(d["source"]).name: d["id"] for d in service.documents()} if self.held() else {}
                if ids := [left[name] for name in wanted if name in left]:
                    service.remove(ids)
                else:
                    service.ingest([self.docs / name for name in sorted(held - gone)])

            return "remove", remove, held - gone, gone
        return "rebuild", lambda: self.service().rebuild(), held, frozenset()

    def round(self) -> None:
        """Kill a run, look, repeat it, compare."""
        if self.dice.random() < FRESH:
            shutil.rmtree(self.home, ignore_errors=True)
            self.counts["fresh"] += 1
        before = self.held()
        name, work, after, doomed = self.plan()
        self.kill(name, work)
        self.inspect(name, must=before - doomed, may=before | after)
        while self.dice.random() < AGAIN:
            before = self.held()
            self.kill(name, work)
            self.inspect(f"{name} again", must=before - doomed, may=before | after)
        run_in_child(work)
        self.expect(name, after)

    def kill(self, name: str, work: Callable[[], Any]) -> None:
        """Run `work` in a child and end it at a random moment of the computing time that it takes.

        Not of wall-clock time: on a busy machine that would end most runs before they begin, or not at all.
        """
        moment = self.dice.uniform(0, self.seconds[name])
        child = fork(work)
        while (used := cpu_seconds(child)) is not None and used < moment:
            time.sleep(0.002)
        time.sleep(self.dice.choice((0, 0, 0.005, 0.02)))  # into what waits for the disk, too
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        self.counts[name] += 1
        if os.WIFSIGNALED(status):
            self.counts["killed"] += 1
        else:
            self.counts["finished before the kill"] += 1
            self.seconds[name] = min(self.seconds[name], usage.ru_utime + usage.ru_stime)
            if os.WEXITSTATUS(status):
                self.faults.append(f"{name}: exit status {os.WEXITSTATUS(status)} without a kill")

    def inspect(self, name: str, *, must: frozenset[str], may: frozenset[str]) -> None:
        """What must hold right after a kill, seen by a new process."""
        held = self.held()
        if not must <= held <= may:
            self.faults.append(f"{name}: held {sorted(held)}, expected at least {sorted(must)}")
        for fault in in_child(lambda: self._served(held)):
            self.faults.append(f"{name}: {fault}")

    def _served(self, held: frozenset[str]) -> list[str]:
        if not (self.home / "catalogue.sqlite").exists() or not held:
            return []
        service = self.service()
        allowed = {"pending"}
        found = [p["message"] for p in service.check()["problems"] if p["code"] not in allowed]
        if service.newest() is not None:
            snapshot = service.snapshot()
            quads = snapshot.generation.manifest.entries["quads"]
            if sum(1 for _ in snapshot.store.quads()) != quads:
                found.append("the graph that serves is not whole")
            snapshot.search.search("质量开放日", top=3)
            service.ask("哪些区开展过质量开放日？")
        return found

    def expect(self, name: str, after: frozenset[str]) -> None:
        """After a quiet repetition all is as if nothing had happened."""
        problems, state = in_child(lambda: (self.service().check()["problems"], state_of(self.home)))
        self.faults += [f"{name}, repeated: {problem['message']}" for problem in problems]
        documents, graph = self.undisturbed(after)
        if state[0] != documents:
            self.faults.append(f"{name}, repeated: the catalogue differs from an undisturbed run's")
        if state[1] != graph:
            self.faults.append(f"{name}, repeated: the graph differs from an undisturbed run's")


def fork(work: Callable[[], Any]) -> int:
    """Run something in a child that inherits the loaded modules (their import would take most of the time)."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - a child must never go on as if it were the parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def cpu_seconds(child: int) -> float | None:
    """What a child has computed so far (Linux); None when it has ended."""
    fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    return None if fields[0] == "Z" else (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def preload() -> None:
    """Load here what every child would load: forked children have it for nothing, so more of their time is work."""
    for name in ("kg.ask", "kg.ask.answering", "kg.graph.validate", "kg.service.checks", "ingest.pipeline"):
        import_module(name)
    for name in ("faiss", "numpy", "pyoxigraph", "rdflib", "tantivy", "tokenizers"):
        import_module(name)
    load_reference()


def run_in_child(work: Callable[[], Any]) -> None:
    _, status = os.waitpid(fork(work), 0)
    if status:
        raise SystemExit(f"an undisturbed run ended with status {status}")


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
        raise SystemExit(f"a look at the home ended with status {status}")
    return json.loads(data, object_hook=None)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--files", type=int, help="use only so many of the samples")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    begun, cpu = time.monotonic(), os.times()
    preload()
    with tempfile.TemporaryDirectory(prefix="policykg-endurance-") as folder:
        endurance = Endurance(Path(folder), random.Random(given.seed), given.files)
        quiet = os.times()
        endurance.undisturbed(frozenset(path.name for path in endurance.files))
        endurance.seconds = dict.fromkeys(("ingest", "remove", "rebuild"), sum(os.times()[2:4]) - sum(quiet[2:4]))
        for number in range(1, given.rounds + 1):
            endurance.round()
            if endurance.faults:
                break
            if number % 10 == 0:
                told = f"{number} rounds, {time.monotonic() - begun:.0f} s, {dict(endurance.counts)}"
                print(told, file=sys.stderr, flush=True)
    after = os.times()
    result = {
        "rounds": given.rounds,
        **endurance.counts,
        "faults": endurance.faults,
        "seconds": round(time.monotonic() - begun, 1),
        "cpu_seconds": round(sum(after[:4]) - sum(cpu[:4]), 1),
    }
    print(json.dumps(result, ensure_ascii=False) if given.json else "\n".join(f"{k}: {v}" for k, v in result.items()))
    return 1 if endurance.faults else 0


if __name__ == "__main__":
    sys.exit(main())
