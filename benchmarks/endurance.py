"""Runs ended by SIGKILL, and runs without room, memory, handles or the right time: is anything ever missing?

    python benchmarks/endurance.py --rounds 100 [--seed 1] [--files 4] [--json]

Each round takes one of the commands that write (endurance_commands.COMMANDS) and one circumstance, then looks:
every document and statement that was held is held unless the command was there to remove or replace it, the
generation that serves is whole, no process is left. Then the command is repeated in peace: `check` finds nothing,
catalogue and graph equal what a rebuild gives, nothing of the killed run lies about. Exit status 1 if not.

Where mounts are allowed, all of it happens on a disk of its own in memory (so that it can be full); else a limit on
the size of files stands for that.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]  # the project that this file is of, whichever is installed

import endurance_child as children  # noqa: E402
from endurance_child import Held, fork, in_child  # noqa: E402
from endurance_commands import COMMANDS, Plan, Site  # noqa: E402

from kg.core.errors import NotBuilt  # noqa: E402
from kg.service import litter  # noqa: E402

KILLS = ("kill", "kill, a reader beside it", "kill, a second writer", "kill, clock set back")
OTHERS = ("256 handles", "low memory", "full disk")
KILLED = 0.8  # of the rounds end in a kill
AGAIN = 0.2  # of the repetitions are killed too
GUESS = {"ingest": 1.5, "rebuild": 2.0, "restore": 2.0, "train-embedder": 3.0}  # seconds, until they are known
DISK_MB = 600


@dataclass
class Endurance:
    """Rounds on a site, and what was counted."""

    site: Site
    own_disk: bool
    dice: random.Random
    compare: float  # of the rounds end with the comparison with a rebuild, which takes long
    seconds: dict[str, float] = field(default_factory=dict)  # of computing that a command takes in peace
    counts: Counter[str] = field(default_factory=Counter)
    table: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: list[str] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)  # hash of a file's bytes -> what is read from it

    def round(self, name: str) -> None:
        """A command under a circumstance, a look, the repetition, a closer look."""
        before = Held.of(self.site.home)
        plan = self.site.plan(name)
        how = self.dice.choice(KILLS if self.dice.random() < KILLED else OTHERS)
        if plan.damaged and how in KILLS:
            how = "kill"  # another command would rightly refuse to work on a damaged home
        self.table[plan.name][how] += 1
        with self.company(plan, how, before) as others:
            if how in KILLS:
                self.kill(plan, self.under(how, plan.work))
            else:
                self.starve(plan, how)
            others()
        self.inspect(plan, how, before)
        while self.dice.random() < AGAIN:
            self.kill(plan, plan.work)
            self.inspect(plan, f"{how}, then a kill", before)
        self.finish(plan)
        self.expect(plan, before)

    def under(self, how: str, work: Callable[[], Any]) -> Callable[[], Any]:
        """The work, in the circumstance of a kill."""
        return children.clock_back(work, self.dice.randint(1, 900)) if how.endswith("clock set back") else work

    def kill(self, plan: Plan, work: Callable[[], Any]) -> None:
        """End a run at a random moment of the computing time that it takes.

        Not of wall-clock time: on a busy machine that would end most runs before they begin, or not at all.
        """
        moment = self.dice.uniform(0, self.seconds.get(plan.name, GUESS.get(plan.name, 0.3)))
        child = fork(work)
        while (used := children.cpu_seconds(child)) is not None and used < moment:
            time.sleep(0.002)
        time.sleep(self.dice.choice((0, 0, 0.005, 0.02)))  # into what waits for the disk, too
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        status = self.wait(child, plan.name)
        self.counts["killed" if status == -signal.SIGKILL else "finished before the kill"] += 1
        if status not in (-signal.SIGKILL, children.DONE):
            self.faults.append(f"{plan.name}: status {status} without a kill")
        if left := children.left_behind(child):
            self.faults.append(f"{plan.name}: a killed run left {left}")

    def starve(self, plan: Plan, how: str) -> None:
        """A run that lacks something. It may fail, but for want of handles, and must say so where it is the disk."""
        ballast = None
        work, most = plan.work, int(10 ** self.dice.uniform(3, 6.7))
        if how == "256 handles":
            work = children.few_files(work)
        elif how == "low memory":
            work = children.little_memory(work, self.dice.randint(0, 300))
        elif self.own_disk:
            ballast = children.full_disk(self.site.folder, most)
        else:
            work = children.small_files(work, most)
        status = self.wait(fork(work), plan.name)
        if ballast is not None:
            ballast.unlink()
        self.counts[f"{how}: {'done' if status == children.DONE else 'gave up'}"] += 1
        allowed = {
            "256 handles": (children.DONE,),
            "full disk": (children.DONE, children.REFUSED),
        }.get(
            how,
            (
                children.DONE,
                children.REFUSED,
                children.NO_MEMORY,
                children.CRASHED,
                children.NO_ROOM_TO_LOAD,
                -signal.SIGABRT,
                -signal.SIGSEGV,
            ),
        )
        if status not in allowed:
            self.faults.append(f"{plan.name}, {how}: status {status}")

    def wait(self, child: int, name: str) -> int:
        """How a child ended; what it computed counts where it finished."""
        _, status, usage = os.wait4(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == children.DONE:
            used = usage.ru_utime + usage.ru_stime
            self.seconds[name] = (self.seconds.get(name, used) + used) / 2
        return code

    @contextmanager
    def company(self, plan: Plan, how: str, before: Held) -> Iterator[Callable[[], None]]:
        """Somebody who reads, or a second writer, while the command runs."""
        if how.endswith("reader beside it"):
            reader = fork(lambda: read_on(self.site, expect=bool(before.files)))
            yield lambda: os.kill(reader, signal.SIGTERM)
            if (status := self.wait(reader, "reading")) != children.DONE:
                self.faults.append(f"{plan.name}: the reader beside it ended with status {status}")
        elif how.endswith("second writer") and (kept := sorted(before.names & plan.after.keys() - plan.gone)):
            name, theme = self.dice.choice(kept), f"同时的{self.site.number}号主题"
            work = (lambda: self.site.state(name, theme)) if self.dice.random() < 0.7 else self.site.service().rebuild
            writer = fork(work)
            yield lambda: None
            if (status := self.wait(writer, "second writer")) != children.DONE:
                self.faults.append(f"{plan.name}: the second writer ended with status {status}")
        else:
            yield lambda: None

    def inspect(self, plan: Plan, how: str, before: Held) -> None:
        """What must hold right after it, seen by a new process."""
        held, then = Held.of(self.site.home), dict(before.files)
        now = dict(held.files)
        told = f"{plan.name}, {how}"
        if plan.whole:
            if now not in (then, plan.after):
                self.faults.append(f"{told}: neither the old state nor the new one, but {sorted(now)}")
            wanted = (before.statements, plan.statements)
            if not any(each is not None and each <= held.statements for each in wanted):
                self.faults.append(f"{told}: statements of neither state")
        else:
            if missing := before.names - plan.gone - now.keys():
                self.faults.append(f"{told}: lost {sorted(missing)}")
            if strange := [n for n, found in now.items() if found not in (then.get(n), plan.after.get(n))]:
                self.faults.append(f"{told}: holds {strange} as they never were")
            if not before.statements <= held.statements:
                self.faults.append(f"{told}: statements lost")
        self.faults += [f"{told}: {fault}" for fault in plan.look(False)]
        if not plan.damaged and held.files:
            self.faults += [f"{told}: {fault}" for fault in in_child(lambda: served(self.site))]

    def finish(self, plan: Plan) -> None:
        """The command again, in peace."""
        if (status := self.wait(fork(plan.work), plan.name)) != children.DONE:
            self.faults.append(f"{plan.name}, repeated: status {status}")

    def expect(self, plan: Plan, before: Held) -> None:
        """After a quiet repetition all is as if nothing had happened."""
        told = f"{plan.name}, repeated"
        held = Held.of(self.site.home)
        if dict(held.files) != plan.after:
            self.faults.append(f"{told}: holds {sorted(dict(held.files))}, not {sorted(plan.after)}")
        if not (before.statements if plan.statements is None else plan.statements) <= held.statements:
            self.faults.append(f"{told}: statements lost")
        self.faults += [f"{told}: {fault}" for fault in plan.look(True)]
        problems, documents, graph = in_child(lambda: sound(self.site, plan))
        self.faults += [f"{told}: {problem}" for problem in problems]
        if self.dice.random() < self.compare:
            self.counts["compared with a rebuild"] += 1
            if [documents, graph] != in_child(lambda: rebuilt(self.site)):
                self.faults.append(f"{told}: differs from what a rebuild gives")
        for name, found in documents.items():
            key = f"{name} {dict(held.files).get(name.partition(' ')[2])}"
            if self.expected.setdefault(key, found) != found:
                self.faults.append(f"{told}: {name} is read otherwise than before")


def served(site: Site) -> list[str]:
    """What is wrong with a home that serves; that a publication is due is not."""
    service = site.service()
    found = [p["message"] for p in service.check()["problems"] if p["code"] != "pending"]
    if service.newest() is not None:
        snapshot = service.snapshot()
        if sum(1 for _ in snapshot.store.quads()) != snapshot.generation.manifest.entries["quads"]:
            found.append("the graph that serves is not whole")
        snapshot.search.search("质量开放日", top=3)
        service.ask("哪些区开展过质量开放日？")
    return found


def read_on(site: Site, *, expect: bool) -> None:
    """Read until told to stop; every look is at one state, whatever is written meanwhile."""
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    service = site.service()
    while not stop:
        try:
            snapshot = service.snapshot()
            stated = snapshot.generation.manifest.documents
            rows = service.sparql("SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a pkg:Document ; dcterms:title ?t }")["rows"]
            assert rows
            counted = sum(1 for name in snapshot.store.graphs() if "/d-" in name)
            assert counted == stated, f"{counted} graphs of {stated} documents"
            assert service.documents()
            service.ask("哪些区开展过质量开放日？")
            service.search("质量")
        except NotBuilt:
            assert not expect
            time.sleep(0.01)
    service.close()


def sound(site: Site, plan: Plan) -> tuple[list[str], dict[str, str], str]:
    """What `check --repair` leaves and `check` finds, with whatever the killed run left, however young."""
    litter._OLD = -1.0  # noqa: SLF001
    service = site.service()
    problems = [problem["message"] for problem in service.check()["problems"]]
    service.check(repair=True)
    problems += [f"left {name}" for name in service.check()["litter"]]
    if plan.theme and plan.theme not in {each["values"].get("theme") for each in service.corrections()}:
        problems.append("the statement is not there")
    if (numbers := sorted(path.name for path in (site.home / "generations").iterdir()))[1:]:
        problems.append(f"generations left: {numbers}")
    service.close()
    return problems, children.documents_of(site.home), children.graph_of(site.home)


def rebuilt(site: Site) -> tuple[dict[str, str], str]:
    """What a copy of the home gives when its indexes are made anew."""
    copy = site.folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        shutil.copytree(site.home, copy, symlinks=True, ignore=lambda _, names: [n for n in names if n == "backups"])
        other = Site.service(site)
        object.__setattr__(other.settings, "home", copy)
        other.rebuild()
        other.close()
        return children.documents_of(copy), children.graph_of(copy)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--files", type=int, default=4, help="use only so many of the samples")
    arguments.add_argument(
        "--compare", type=float, default=0.34, help="share of the rounds that compare with a rebuild"
    )
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--on", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.on is not None:
        return run(given, given.on)
    with tempfile.TemporaryDirectory(prefix="policykg-endurance-") as folder:
        mount = f'mount -t tmpfs -o size={DISK_MB}m tmpfs "$1"'
        for prefix in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
            with suppress(FileNotFoundError):
                if subprocess.run(
                    [*prefix, "sh", "-c", mount, "sh", folder], capture_output=True, check=False
                ).returncode:
                    continue
                again = [sys.executable, *sys.argv, "--on", folder]
                return subprocess.run(
                    [*prefix, "sh", "-c", f'{mount} && shift && exec "$@"', "sh", folder, *again], check=False
                ).returncode
        return run(given, Path(folder), own_disk=False)


def run(given: argparse.Namespace, folder: Path, *, own_disk: bool = True) -> int:
    begun, cpu = time.monotonic(), os.times()
    children.preload()
    dice = random.Random(given.seed)
    endurance = Endurance(Site(folder, dice, given.files), own_disk, dice, given.compare)
    order: list[str] = []
    for number in range(1, given.rounds + 1):
        if not order:
            order = dice.sample(COMMANDS, len(COMMANDS))
        known = len(endurance.faults)
        endurance.round(order.pop())
        if endurance.faults[known:]:
            print(f"round {number}: {endurance.faults[known:]}", file=sys.stderr, flush=True)
            shutil.rmtree(endurance.site.home, ignore_errors=True)  # what follows must not suffer from it
        if number % 10 == 0:
            told = f"{number} rounds, {time.monotonic() - begun:.0f} s, {dict(endurance.counts)}"
            print(told, file=sys.stderr, flush=True)
    after = os.times()
    result = {
        "rounds": given.rounds,
        **endurance.counts,
        "table": {name: dict(row) for name, row in endurance.table.items()},
        "own_disk": own_disk,
        "faults": endurance.faults,
        "seconds": round(time.monotonic() - begun, 1),
        "cpu_seconds": round(sum(after[:4]) - sum(cpu[:4]), 1),
    }
    print(json.dumps(result, ensure_ascii=False) if given.json else "\n".join(f"{k}: {v}" for k, v in result.items()))
    return 1 if endurance.faults else 0


if __name__ == "__main__":
    sys.exit(main())
