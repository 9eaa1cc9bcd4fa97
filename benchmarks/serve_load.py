"""Many clients on a running `policykg serve`: errors, latencies, memory, and a new generation in the middle.

    python benchmarks/serve_load.py HOME [--clients 64] [--seconds 60] [--publish FOLDER] [--hostile 0.1]

Starts the server on HOME, lets each client ask one thing after another (SPARQL, questions, searches, documents in
turn, each client from another place), and prints a JSON object. `--publish` ingests FOLDER after a third of the time
(HOME then changes: give a copy). With `--hostile` that share of the requests is hostile (serve_hostile.py), after a run
without any: the latencies are those of the honest ones, `p95_ratio` compares the two. Memory is the resident memory of
the server and its query processes together, in MB.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from serve_hostile import Hostile

QUERIES = (
    "SELECT ?t WHERE { ?d a pkg:Document ; dcterms:title ?t } ORDER BY ?t LIMIT 50",
    "SELECT ?l (COUNT(*) AS ?n) WHERE { ?d eli:passed_by/skos:prefLabel ?l } GROUP BY ?l ORDER BY DESC(?n) LIMIT 20",
    "SELECT DISTINCT ?n ?y WHERE { ?a a schema:Event ; schema:name ?n ; pkg:activityYear ?y } LIMIT 100",
    "CONSTRUCT { ?d eli:cites ?c } WHERE { ?d eli:cites ?c } LIMIT 200",
    "ASK { ?d a pkg:Document }",
)
QUESTIONS = (
    "哪些区开展过质量开放日，历年有何变化？",
    "青浦区市场监督管理局负责哪些活动？",
    "哪些文件引用了质量强国建设纲要？",
    "2024年上海市质量月有哪些活动？",
    "劳动合同应当具备哪些条款？",
)
SEARCHES = ("首席质量官", "质量月启动仪式", "食品安全监督管理", "劳动合同解除", "产品质量监督抽查")


def calls(port: int) -> list[tuple[str, str]]:
    """(kind, path) of what clients ask, kinds in turn."""
    reply = one(port, "/api/documents?limit=200")
    ids = [item["id"] for item in json.loads(reply[1])][::40][:5]
    quoted = urllib.parse.quote
    rounds = []
    for query, question, words, key in zip(QUERIES, QUESTIONS, SEARCHES, ids * 5, strict=False):
        rounds += [
            ("sparql", f"/sparql?query={quoted(query)}"),
            ("search", f"/api/search?q={quoted(words)}"),
            ("document", f"/api/documents/{key}"),
            ("ask", f"/api/ask?q={quoted(question)}"),
        ]
    return rounds


def one(port: int, path: str, connection: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
    own = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    own.request("GET", path)
    reply = own.getresponse()
    return reply.status, reply.read()


class Load:
    """What the clients saw."""

    def __init__(
        self, port: int, todo: list[tuple[str, str]], until: float, hostile: float = 0.0, pause: float = 0.0
    ) -> None:
        self.port, self.todo, self.until, self.pause = port, todo, until, pause
        self.times: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        self.generations: Counter[int] = Counter()
        self.share, self.hostile = hostile, Hostile(port)
        self.sent: Counter[str] = Counter()

    def client(self, number: int) -> None:
        """Ask until the time is over."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        at, dice = number, random.Random(number)
        while time.monotonic() < self.until:
            if dice.random() < self.share:
                connection.close()  # it would be closed for its silence meanwhile
                try:
                    self.sent[self.hostile.send(dice)] += 1
                except OSError:
                    self.sent["not let in"] += 1
                continue
            kind, path = self.todo[at % len(self.todo)]
            at += 1
            begun = time.perf_counter()
            try:
                status, body = one(self.port, path, connection)
            except (OSError, http.client.HTTPException) as error:
                self.failures[f"{kind} {type(error).__name__}"] += 1
                connection.close()
                continue
            self.times[kind].append(time.perf_counter() - begun)
            if status != 200:
                self.failures[f"{kind} {status} {body[:120].decode(errors='replace')}"] += 1
            time.sleep(self.pause)
            if at % 20 == 0:
                self.generations[json.loads(one(self.port, "/health", connection)[1])["generation"]] += 1


def memory(pid: int) -> float:
    """Resident MB of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    pids = [pid, *map(int, " ".join(p.read_text() for p in Path(f"/proc/{pid}/task").glob("*/children")).split())]
    assert children.exists()
    pages = 0
    for each in set(pids):
        try:
            pages += int(Path(f"/proc/{each}/statm").read_text().split()[1])
        except FileNotFoundError:
            continue
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1)


def cpu(pid: int) -> float:
    """CPU seconds of a process and its ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def table(times: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    def row(values: list[float]) -> dict[str, float]:
        values = sorted(values)
        at = {f"p{p}_ms": round(values[min(len(values) - 1, len(values) * p // 100)] * 1000) for p in (50, 95, 99)}
        return {"requests": len(values), **at, "max_ms": round(values[-1] * 1000)}

    everything = [value for values in times.values() for value in values]
    return {**{kind: row(values) for kind, values in sorted(times.items())}, "all": row(everything)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while True:
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, "the server did not start"
        try:
            if one(port, "/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)


def run(home: str, clients: int, seconds: float, publish: str | None, hostile: float = 0.0) -> dict[str, Any]:
    port = free_port()
    policykg = [sys.executable, "-c", "from kg.cli import main; main()"]
    command = [*policykg, "--home", home, "serve", "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait(port, server)
        todo = calls(port)
        for _, path in todo:  # opens the stores
            one(port, path)
        begun, before = time.monotonic(), cpu(server.pid)
        load = Load(port, todo, begun + seconds, hostile)
        threads = [threading.Thread(target=load.client, args=(number,)) for number in range(clients)]
        rss = {"0": memory(server.pid)}
        for thread in threads:
            thread.start()
        writer = None
        for step in range(1, 13):
            time.sleep(max(0.0, begun + seconds * step / 12 - time.monotonic()))
            rss[str(round(seconds * step / 12))] = memory(server.pid)
            if publish and step == 4:
                writer = subprocess.Popen([*policykg, "--home", home, "ingest", publish], stdout=subprocess.DEVNULL)
        for thread in threads:
            thread.join()
        if writer is not None:
            assert writer.wait() == 0
        took = time.monotonic() - begun
        return {
            "clients": clients,
            "seconds": round(took, 1),
            "requests_per_second": round(sum(map(len, load.times.values())) / took, 1),
            "server_cpu_seconds": round(cpu(server.pid) - before, 1),
            "failures": dict(load.failures),
            "latency": table(load.times),
            "memory_mb": rss,
            "generations_seen": dict(load.generations),
            **({"hostile": dict(load.sent)} if hostile else {}),
        }
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--publish")
    parser.add_argument("--hostile", type=float, default=0.0, help="share of the requests")
    given = parser.parse_args()
    if given.hostile:
        runs = [run(given.home, given.clients, given.seconds, None, share) for share in (0.0, given.hostile)]
        kinds = runs[0]["latency"].keys() & runs[1]["latency"].keys()
        rows = {kind: [one["latency"][kind]["p95_ms"] for one in runs] for kind in sorted(kinds)}
        ratios = {kind: round(after / max(before, 1), 2) for kind, (before, after) in rows.items()}
        print(json.dumps({"runs": runs, "p95_ratio": ratios}, ensure_ascii=False, indent=1))
        return
    print(json.dumps(run(given.home, given.clients, given.seconds, given.publish), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
