"""The same passages in files of this machine and in a database: building, queries by arm, quality, one document more.

    python benchmarks/search_store.py --passages ../shared/eval/stard/articles.jsonl \
        --queries ../shared/eval/stard/queries-dev.jsonl --size 20000 [--store mysql://…] [--questions 300] [--json]

Without `--store` a seekdb is started in a temporary folder (PyPI `pylibseekdb`). The documents that hold what questions
ask for come first, others by chance until there are `size` passages. Years are dealt out, so that a filter keeps one in
twenty. CPU seconds are those of this process and of the database, if it was started here; wall times are of a machine
that others use, too.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from retrieval import measures, quantile, read_lines, rows_to_documents

from kg.catalogue import Catalogue
from kg.passages.facets import Filters
from kg.passages.oceanbase.draft import Store
from kg.passages.oceanbase.tables import state_of
from kg.passages.projection import build_passage_indexes
from kg.passages.query import text_to_query
from kg.passages.search import PassageSearch
from kg.passages.vector_arm import read_card
from kg.shared.address import address

YEARS = 20
QUIET = 4  # seconds in which a database that has settled uses a tenth of a core at most
FILTER = Filters(year=2005)


class Clock:
    """Wall and CPU seconds of a stretch of work, those of a process beside this one included."""

    def __init__(self, beside: int | None) -> None:
        self._beside = beside
        self._wall, self._own, self._other = self._now()

    def spent(self) -> dict[str, float]:
        """Seconds since it was made."""
        wall, own, other = self._now()
        found = {"seconds": wall - self._wall, "own_cpu": own - self._own, "database_cpu": other - self._other}
        return {name: round(value, 2) for name, value in found.items()}

    def _now(self) -> tuple[float, float, float]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return time.perf_counter(), used.ru_utime + used.ru_stime, cpu_of(self._beside)


def cpu_of(process: int | None) -> float:
    if process is None:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(process: int | None) -> dict[str, float]:
    """Wait until a database has done what it goes on with after indexes were made; what that took."""
    clock, before = Clock(process), cpu_of(process)
    while process is not None:
        time.sleep(QUIET)
        now = cpu_of(process)
        if now - before < QUIET / 10:
            break
        before = now
    return clock.spent()


def process_named(name: str) -> int | None:
    """The newest process of a program that this one started."""
    found = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/comm")
        if path.exists() and path.read_text(encoding="utf-8", errors="replace").strip() == name
    ]
    return max(found, default=None)


def fill(options: argparse.Namespace, catalogue: Catalogue) -> tuple[list[dict[str, Any]], dict[str, Any], list[str]]:
    """Put documents into a catalogue; the questions, the judges' ids of passages, and the documents' ids."""
    questions = [row for row in read_lines(options.queries) if row["relevant"]]
    relevant = {ident for row in questions for ident in row["relevant"]}
    documents = list(rows_to_documents(read_lines(options.passages)))
    random.Random(0).shuffle(documents)
    documents.sort(key=lambda each: not relevant & set(each[2]))
    names: dict[str, Any] = {}
    ids: list[str] = []
    for number, (document, passages, theirs) in enumerate(documents):
        if len(names) >= options.size:
            break
        catalogue.put_document(dataclasses.replace(document, year=2000 + number % YEARS), passages, steps={})
        names |= dict(zip((p.id for p in passages), theirs, strict=True))
        ids.append(document.id)
    held = set(names.values())
    return [q for q in questions if held & set(q["relevant"])][: options.questions], names, ids


def times(ask: Callable[[str], Any], questions: list[dict[str, Any]], beside: int | None) -> dict[str, float]:
    """Wall times of a question, and the CPU time of either side, the mean."""
    for row in questions[:20]:
        ask(row["question"])
    clock, found = Clock(beside), []
    for row in questions:
        begun = time.perf_counter()
        ask(row["question"])
        found.append((time.perf_counter() - begun) * 1000)
    spent = clock.spent()
    return {
        "p50_ms": round(quantile(found, 0.5), 1),
        "p95_ms": round(quantile(found, 0.95), 1),
        "own_cpu_ms": round(spent["own_cpu"] * 1000 / len(questions), 2),
        "database_cpu_ms": round(spent["database_cpu"] * 1000 / len(questions), 2),
    }


def asked(
    search: PassageSearch, questions: list[dict[str, Any]], names: dict[str, Any], beside: int | None
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    text, vectors = search._fulltext, search.vectors  # noqa: SLF001 - the arms alone
    assert vectors is not None
    for label, filters in (("", Filters()), ("_filtered", FILTER)):

        def query(question: str, filters: Filters = filters) -> Any:
            return text_to_query(question, search._wordings, filters)  # noqa: SLF001

        def near(question: str, filters: Filters = filters) -> Any:
            under = query(question, filters) if filters.given() else None
            return vectors.search(question, top=200, under=under)

        result[f"words{label}"] = times(lambda q, f=filters: text.search(query(q, f), top=200), questions, beside)
        result[f"vectors{label}"] = times(near, questions, beside)
        result[f"search{label}"] = times(lambda q, f=filters: search.search(q, filters=f), questions, beside)
    for arm in ("lexical", "vector", "hybrid"):
        scores = []
        for row in questions:
            hits = search.rank_ids(row["question"], top=100, arm=arm)  # type: ignore[arg-type]
            scores.append(measures(set(row["relevant"]), [names[ident] for ident in hits]))
        result[arm] = {k: round(sum(s[k] for s in scores) / len(scores), 4) for k in ("R@10", "R@100", "MRR@10")}
    return result


def run(options: argparse.Namespace, folder: Path, setting: str, server: int | None) -> dict[str, Any]:
    with Catalogue.open(folder / "catalogue.sqlite") as catalogue:
        questions, names, ids = fill(options, catalogue)
        everything = frozenset(ids)
        result: dict[str, Any] = {"passages": len(names), "questions": len(questions)}
        build = {"catalogue": catalogue, "removed": frozenset[str]()}
        # computes the vectors, which either engine then takes from the catalogue
        build_passage_indexes(folder / "warm", previous=None, changed=everything, **build)
        at = address(setting)
        assert at is not None
        for name, store in (("files", ""), ("database", setting)):
            beside = server if store else None
            clock = Clock(beside)
            engine = Store(at, catalogue.identity()) if store else None
            build_passage_indexes(folder / name, previous=None, changed=everything, engine=engine, **build)
            result[name] = {"build": clock.spent()}
            result[name]["after_build"] = settled(beside)
            search = PassageSearch.open(folder / name, catalogue, "default", store=store)
            result[name] |= asked(search, questions, names, beside)
            changes = []
            previous = folder / name
            for number in range(3):
                state = state_of(read_card(previous))
                engine = Store(at, catalogue.identity(), (state,)) if store and state else None
                clock = Clock(beside)
                target = folder / f"{name}-{number}"
                changed = frozenset([ids[number]])
                build_passage_indexes(target, previous=previous, changed=changed, engine=engine, **build)
                passages = sum(1 for _ in catalogue.passages(ids[number]))
                changes.append({"passages": passages, **clock.spent()})
                previous = target
            result[name]["one_document"] = changes
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--store", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.store:
            result = run(options, folder, options.store, None)
        else:
            import pylibseekdb

            server = pylibseekdb.open(str(folder / "seekdb"))
            socket = quote(server.connection_options()["unix_socket"])
            result = run(options, folder, f"mysql://root@localhost/test?unix_socket={socket}", process_named("seekdb"))
            files = [f for f in (folder / "seekdb").rglob("*") if f.is_file()]
            result["database_disk_mb"] = round(sum(f.stat().st_blocks * 512 for f in files) / 1e6)
            server.close()
    print(json.dumps(result, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
