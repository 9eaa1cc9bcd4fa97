"""Many clients on several `policykg serve` over one store, while a third machine publishes.

    python benchmarks/serve_cluster.py --store mysql://… --graph http://…,http://… --documents FOLDER --folder WORK
        [--servers 2] [--clients 64] [--seconds 60] [--publishes 3] [--pause 1]

A machine takes FOLDER in, `--servers` others begin with empty homes, and the clients are shared out among them: each
keeps its server, as behind a load balancer that is told to. What they ask is what `serve_load.py` asks, with a pause
behind each answer. Two more on each server ask for a **mark**: three documents of their own that bear one year and are
exchanged together by every publish. An answer with two years is of two versions; an earlier year than the same client
saw before went back in time. Takes longer than `--seconds` where the publishes do. Prints a JSON object.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from pathlib import Path
from typing import Any

from serve_load import Load, calls, cpu, free_port, one, table, wait

FIRST = 2001
_AFTERWARDS = 4.0  # seconds behind the last publish
_MARK = "海城市标记工作办公室"
_QUERY = (
    "SELECT ?y ?t WHERE { ?d a pkg:Document ; dcterms:title ?t ; pkg:activityYear ?y . "
    f'FILTER (CONTAINS(STR(?t), "{_MARK}")) }}'
)
_PROGRAM = [sys.executable, "-c", "from kg.cli import main; main()"]


def write_marks(folder: Path, year: int) -> None:
    """Three documents of one year, each in the place of its predecessor."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(3):
        text = (
            f"{_MARK}关于{year}年第{number + 1}项标记工作的通知\n\n各单位：\n\n"
            f"现将{year}年标记工作的有关事项通知如下，请认真执行。\n\n"
            f"{_MARK}\n{year}年3月1日\n"
        )
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


class Marked(Load):
    """Clients who look at the marks between their questions."""

    def __init__(self, port: int, todo: list[tuple[str, str]], until: float, pause: float) -> None:
        super().__init__(port, todo, until, pause=pause)
        self.mixed: list[str] = []
        self.back: list[str] = []
        self.looks = 0
        self.seen: Counter[int] = Counter()

    def watch(self) -> None:
        """Ask for the marks until the time is over; each answer by itself, and beside the one before."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        path = f"/sparql?query={urllib.parse.quote(_QUERY)}"
        before = 0
        while time.monotonic() < self.until:
            try:
                status, body = one(self.port, path, connection)
            except (OSError, http.client.HTTPException) as error:
                self.failures[f"mark {type(error).__name__}"] += 1
                connection.close()
                continue
            if status != 200:
                self.failures[f"mark {status} {body[:120].decode(errors='replace')}"] += 1
                continue
            rows = json.loads(body)["results"]["bindings"]
            told = [(int(row["y"]["value"]), row["t"]["value"]) for row in rows]
            years = {year for year, _ in told} | {int(found) for _, t in told for found in re.findall(r"\d{4}", t)}
            self.looks += 1
            if len(rows) != 3 or len(years) != 1:
                self.mixed.append(str(sorted(told))[:300])
                continue
            year = years.pop()
            self.seen[year] += 1
            if year < before:
                self.back.append(f"{year} after {before}")
            before = year
            time.sleep(0.05)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The whole of it."""
    folder, marks = args.folder, args.folder / "marks"
    where = {"POLICYKG_STORE": args.store, **({"POLICYKG_GRAPH": args.graph} if args.graph else {})}
    environment = {**os.environ, **where}
    write_marks(marks, FIRST)

    def policykg(home: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        command = [*_PROGRAM, "--home", str(folder / home), *words]
        return subprocess.run(command, env=environment, check=check, capture_output=True)

    begun = time.monotonic()
    policykg("writer", "ingest", str(args.documents), str(marks))
    filled = time.monotonic() - begun
    servers: list[tuple[int, subprocess.Popen[bytes]]] = []
    try:
        cloned = []
        for number in range(args.servers):
            port, begun = free_port(), time.monotonic()
            command = [*_PROGRAM, "--home", str(folder / f"server-{number}"), "serve", "--port", str(port)]
            log = (folder / f"server-{number}.log").open("wb")
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            servers.append((port, process))
            wait(port, process)
            cloned.append(round(time.monotonic() - begun, 2))
        for port, _ in servers:
            for _, path in calls(port):  # opens the stores
                one(port, path)
        started = time.monotonic()
        loads = [Marked(port, calls(port), math.inf, args.pause) for port, _ in servers]
        before = [cpu(process.pid) for _, process in servers]
        threads = [
            threading.Thread(target=loads[number % len(loads)].client, args=(number,)) for number in range(args.clients)
        ] + [threading.Thread(target=load.watch) for load in loads for _ in range(2)]
        for thread in threads:
            thread.start()
        published, errors = [], []
        for number in range(args.publishes):
            time.sleep(max(0.0, args.seconds / (args.publishes + 1) - (published[-1] if published else 0.0)))
            write_marks(marks, FIRST + number + 1)
            begun = time.monotonic()
            done = policykg("writer", "ingest", str(marks), check=False)
            published.append(round(time.monotonic() - begun, 2))
            if done.returncode:
                errors.append(done.stderr.decode()[-300:])
        for load in loads:  # the last publish is to be seen
            load.until = max(started + args.seconds, time.monotonic() + _AFTERWARDS)
        for thread in threads:
            thread.join()
        took = time.monotonic() - started
        times = {kind: [t for load in loads for t in load.times[kind]] for kind in loads[0].times}
        total = sum(map(len, times.values()))
        return {
            "clients": args.clients,
            "servers": len(servers),
            "seconds": round(took, 1),
            "filled_seconds": round(filled, 1),
            "started_seconds": cloned,
            "published_seconds": published,
            "publish_errors": errors,
            "requests_per_second": round(total / took, 1),
            "server_cpu_seconds": [
                round(cpu(process.pid) - was, 1) for (_, process), was in zip(servers, before, strict=True)
            ],
            "failures": dict(sum((load.failures for load in loads), Counter())),
            "marks": {
                "looks": sum(load.looks for load in loads),
                "of_two_versions": [each for load in loads for each in load.mixed],
                "back_in_time": [each for load in loads for each in load.back],
                "seen": [dict(sorted(load.seen.items())) for load in loads],
            },
            "latency": table(times),
        }
    finally:
        for _, process in servers:
            process.send_signal(signal.SIGINT)
        for _, process in servers:
            process.wait(30)


def main() -> None:
    """Read the options, print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--graph", default="")
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds that a client thinks between two requests")
    parser.add_argument("--publishes", type=int, default=3)
    print(json.dumps(run(parser.parse_args()), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
