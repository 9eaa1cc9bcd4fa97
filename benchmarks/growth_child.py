"""What benchmarks/growth.py does in processes of their own; each prints one JSON value.

Writing with a clock at each projection; questions to a warm program, beside the engines alone; profiles.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import sqlite3
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from kg.build import ingest, remove
from kg.build.projections import PROJECTIONS, Projection, Task
from kg.core.config import Settings
from kg.core.errors import PolicyKGError
from kg.service import Service
from ontology.terms import PREFIXES

ROUNDS = 2
SLOW = 3000.0  # milliseconds: what takes longer is asked once
AT_ONCE = 4  # users in the trial of several
PLAIN = {
    "文件数按年": "SELECT ?year (COUNT(?d) AS ?n) { ?d a pkg:Document ; pkg:activityYear ?year } GROUP BY ?year",
    "按编号查题名": 'SELECT ?title { ?d dcterms:identifier "%s" ; dcterms:title ?title }',
}


class Timed:
    """A projection that notes its seconds, wall and CPU."""

    def __init__(self, inner: Projection, seconds: dict[str, list[float]]) -> None:
        self._inner, self._seconds, self.name = inner, seconds, inner.name

    def version(self) -> str:
        """That of the projection."""
        return self._inner.version()

    def build(self, task: Task) -> dict[str, Any]:
        """Build and note."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return self._inner.build(task)
        finally:
            spent = time.perf_counter() - wall, time.process_time() - cpu
            self._seconds[self.name] = [round(each, 3) for each in spent]


def write(options: argparse.Namespace) -> dict[str, Any]:
    """`ingest` or `remove` as the commands do it."""
    settings = Settings.load(home=options.home)
    seconds: dict[str, list[float]] = {}
    projections = tuple(Timed(each, seconds) for each in PROJECTIONS)
    wanted = [str(Path(path).absolute()) for path in options.paths]

    def work() -> None:
        if options.stage == "remove":
            from kg.service.naming import find_documents

            remove(settings, lambda c: [k for name in wanted for k in find_documents(c, name)], projections=projections)
        else:
            report = ingest(settings, [Path(path) for path in wanted], projections=projections).as_dict()
            result["report"] = {n: report[n] if isinstance(report[n], int) else len(report[n]) for n in
                                ("added", "updated", "unchanged", "skipped", "failed")}  # fmt: skip

    result: dict[str, Any] = {}
    if options.profile:
        result["profile"] = profiled(work)
    else:
        work()
    manifest = json.loads((options.home / "current" / "manifest.json").read_text(encoding="utf-8"))
    result |= {"publish_seconds": manifest["seconds"], "documents": manifest["documents"], "projections": seconds}
    result |= {name: manifest["entries"].get(name) for name in ("quads", "graphs", "passages")}
    return result


def profiled(work: Callable[[], object]) -> dict[str, list[list[Any]]]:
    """The functions in which most time was spent, alone and with what they call: [where, calls, seconds]."""
    profile = cProfile.Profile()
    profile.runcall(work)
    stats: Any = pstats.Stats(profile)
    found: dict[str, list[list[Any]]] = {}
    for label, at, most in (("own", 2, 30), ("with_called", 3, 70)):
        rows = sorted(stats.stats.items(), key=lambda row: -row[1][at])[:most]
        found[label] = [
            [f"{'/'.join(Path(file).parts[-2:])}:{line} {name}", values[1], round(values[at], 3)]
            for (file, line, name), values in rows
        ]
    return found


def percentiles(values: Iterable[float]) -> dict[str, float]:
    """p50, p95 and the number of values."""
    ordered = sorted(values)
    if not ordered:
        return {"n": 0}
    last = len(ordered) - 1
    return {"p50": round(ordered[last // 2], 3), "p95": round(ordered[int(last * 0.95)], 3), "n": len(ordered)}


def timed(work: Callable[[Any], object], things: Iterable[Any], rounds: int = ROUNDS) -> dict[str, Any]:
    """Milliseconds of one thing after the other, wall clock and this process's CPU; the first round warms."""
    wall: list[float] = []
    cpu: list[float] = []
    given = list(things)
    for number in range(rounds + 1):
        for thing in given:
            begun, used = time.perf_counter(), time.process_time()
            work(thing)
            if number:
                wall.append((time.perf_counter() - begun) * 1000)
                cpu.append((time.process_time() - used) * 1000)
    return {"wall": percentiles(wall), "cpu": percentiles(cpu)}


def status(*names: str) -> dict[str, int]:
    """Lines of /proc/self/status in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return {line.partition(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.startswith(names)}


def warm(options: argparse.Namespace) -> dict[str, Any]:
    """Search, ask, SPARQL and rows, each beside its engine alone; memory after each."""
    asked = json.loads(options.questions.read_text(encoding="utf-8"))
    service = Service(Settings.load(home=options.home))
    result: dict[str, Any] = {}
    memory: dict[str, Any] = {"bare": status("VmRSS", "RssAnon")}
    begun = time.perf_counter()
    service.search(asked["search"][0], top=10)
    result["first_search_seconds"] = round(time.perf_counter() - begun, 3)
    result["search"] = timed(lambda q: service.search(q, top=10), asked["search"])
    memory["search"] = status("VmRSS", "RssAnon")
    result |= beside_search(service, asked["search"])
    result["rows"] = beside_rows(service, asked["seed"])
    begun = time.perf_counter()
    service.prepare()
    result["prepare_seconds"] = round(time.perf_counter() - begun, 3)
    answers = {question: service.ask(question) for question in asked["ask"]}
    result["ask"] = timed(service.ask, asked["ask"], rounds=1)
    result["answered"] = sum(bool(answer["answerable"]) for answer in answers.values())
    memory["ask"] = status("VmRSS", "RssAnon")
    result["users"] = several(service, asked["ask"])
    memory["users"] = status("VmRSS", "RssAnon", "VmHWM")
    result["sparql"] = sparql(service, options.home)
    result["memory_mb"] = memory
    return result


def beside_search(service: Service, questions: list[str]) -> dict[str, Any]:
    """The bigrams of a question in tantivy, its vector in FAISS, and what makes the vector."""
    import tantivy

    from kg.passages.fulltext_writer import TEXT
    from kg.passages.tokens import terms

    found = service.snapshot()
    index = tantivy.Index.open(str(found.folder / "fulltext"))
    searcher, schema = index.searcher(), index.schema

    def words(question: str) -> object:
        wanted = [tantivy.Query.term_query(schema, TEXT, each) for each in dict.fromkeys(terms(question))]
        return searcher.search(
            tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in wanted]), 10, count=False
        )

    arm: Any = found.search.vectors
    vectors = [arm.embedder.encode([question], kind="query")[0] for question in questions]
    return {
        "tantivy": timed(words, questions),
        "faiss": timed(lambda vector: arm.index.search(vector, top=200), vectors),
        "embedding": timed(lambda question: arm.embedder.encode([question], kind="query"), questions),
        "segments": searcher.num_segments if hasattr(searcher, "num_segments") else None,
    }


def beside_rows(service: Service, seed: int) -> dict[str, Any]:
    """A document and a passage by their ids: the catalogue, and SQLite alone."""
    catalogue = service.snapshot().catalogue
    begun = time.perf_counter()
    ids = [item.id for item in catalogue.documents()]
    listing = round((time.perf_counter() - begun) * 1000, 1)
    some = random.Random(seed).sample(ids, min(200, len(ids)))
    with closing(sqlite3.connect(f"file:{catalogue.path}?mode=ro", uri=True)) as bare:
        return {
            "all_documents_ms": listing,
            "document": timed(catalogue.document, some),
            "sqlite_document": timed(
                lambda key: bare.execute("SELECT facts FROM documents WHERE id = ?", (key,)).fetchone(), some
            ),
            "passage": timed(lambda key: catalogue.passage(f"{key}-p1"), some),
            "sqlite_passage": timed(
                lambda key: bare.execute("SELECT text FROM passages WHERE id = ?", (f"{key}-p1",)).fetchone(), some
            ),
        }


def several(service: Service, questions: list[str]) -> dict[str, Any]:
    """Answers a second, by one user and by some at once."""
    found: dict[str, Any] = {}
    for users in (1, AT_ONCE):
        begun = time.perf_counter()
        with ThreadPoolExecutor(users) as pool:
            list(pool.map(service.ask, questions))
        found[f"{users}_per_second"] = round(len(questions) / (time.perf_counter() - begun), 2)
    return found


def sparql(service: Service, home: Path) -> dict[str, Any]:
    """Saved queries and plain ones: through the program (in its process for queries), and pyoxigraph alone."""
    import pyoxigraph

    bare = pyoxigraph.Store.read_only(str(home / "current" / "graph"))
    some = next(iter(service.snapshot().catalogue.documents())).id
    queries = {str(query["name"]): str(query["text"]) for query in service.saved_queries()}
    queries |= {name: text % some if "%s" in text else text for name, text in PLAIN.items()}

    def ours(text: str) -> int:
        return len(service.query(text).rows or ())

    def alone(text: str) -> int:
        answer: Any = bare.query(text, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        return sum(1 for _ in answer)

    found: dict[str, Any] = {}
    for name, text in queries.items():
        row: dict[str, Any] = {}
        try:
            row["ms"], row["rows"] = quickest(ours, text)
            row["bare_ms"], _ = quickest(alone, text)
        except PolicyKGError as error:  # beyond a limit of the settings; alone it would have none
            row["refused"] = str(error)[:80]
        found[name] = row
    return found


def quickest(work: Callable[[str], int], text: str) -> tuple[float, int]:
    """Milliseconds of the quickest of three runs, or of the only one where it is slow; and what it gave."""
    best, rows = float("inf"), 0
    for _ in range(3):
        begun = time.perf_counter()
        rows = work(text)
        best = min(best, (time.perf_counter() - begun) * 1000)
        if best > SLOW:
            break
    return round(best, 1), rows


def first(options: argparse.Namespace) -> dict[str, Any]:
    """Where a program that has just started spends its first answer."""
    asked = json.loads(options.questions.read_text(encoding="utf-8"))
    service = Service(Settings.load(home=options.home))
    return {"profile": profiled(lambda: service.ask(asked["ask"][0]))}


def slowest(options: argparse.Namespace) -> dict[str, Any]:
    """Where warm answers and warm searches spend their time."""
    asked = json.loads(options.questions.read_text(encoding="utf-8"))
    service = Service(Settings.load(home=options.home))
    for question in asked["ask"]:
        service.ask(question)
    return {
        "ask": profiled(lambda: [service.ask(question) for question in asked["ask"]]),
        "search": profiled(lambda: [service.search(question, top=10) for question in asked["search"]]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    stages = {"ingest": write, "remove": write, "warm": warm, "first": first, "slowest": slowest}
    parser.add_argument("stage", choices=stages)
    parser.add_argument("home", type=Path)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    print(json.dumps(stages[options.stage](options), ensure_ascii=False))


if __name__ == "__main__":
    main()
