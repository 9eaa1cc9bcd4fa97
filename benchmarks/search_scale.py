"""Latency, memory and disk of the product's search at a chosen number of passages, and recall of its vector index.

    python benchmarks/search_scale.py --size 1000000 --articles ../shared/eval/stard/articles.jsonl \
        --laws ../shared/corpus/laws --queries ../shared/eval/stard/queries-dev.jsonl --folder /tmp/scale [--json]

The passages are real articles, and where more are asked for, variants of them: a sentence dropped, one taken over from
another article, two neighbours swapped; the seed fixes which. A folder that holds a finished set of that size is
searched without building it again (`--rebuild` makes its indexes anew); an interrupted run goes on with the vectors
that it has. Building and searching run in processes of their own, so that the memory of one is not counted for the
other. All on one thread. A query is what a face of the program asks: hybrid, ten passages with their text,
near-duplicates folded, highlights, documents. Beside it, question by question, tantivy alone: the ten
best by the bigrams of the question, keys only. CPU time is that of the searching thread: unlike wall time it depends
little on what else the machine does, and the ratio of the two least of all.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from retrieval import quantile, read_lines
from train_default_embedder import read_pairs

from kg.catalogue import Catalogue
from kg.core.ids import document_id
from kg.core.model import Document, Passage
from kg.passages.fulltext import FulltextIndex
from kg.passages.projection import build_passage_indexes
from kg.passages.query import Query
from kg.passages.search import PassageSearch
from kg.passages.vector_arm import CARD
from kg.service.searching import rows

_SENTENCE = re.compile(r"[^。；\n]+[。；\n]*")
_EXACT_QUERIES = 200  # compared with a scan of all vectors
LONGEST_DOCUMENT = 400  # passages; the law code of a whole country is divided as a site would hold it


def varied(text: str, pool: list[str], rng: random.Random) -> str:
    """`text` with one sentence less, one from elsewhere, and two neighbours swapped, as far as it has any."""
    parts = _SENTENCE.findall(text)
    if len(parts) > 2:
        del parts[rng.randrange(len(parts))]
    foreign = rng.choice(_SENTENCE.findall(rng.choice(pool)) or [""])
    parts.insert(rng.randrange(len(parts) + 1), foreign)
    if len(parts) > 2:
        at = rng.randrange(len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return "".join(parts)


def documents(size: int, laws: Path | None, articles: Path, seed: int) -> Iterator[tuple[Document, list[Passage]]]:
    """Documents of together `size` passages: the real ones first, then one varied edition of all after the other."""
    groups: dict[str, list[str]] = {}
    for text, title in read_pairs(laws, articles).items():
        groups.setdefault(title, []).append(text)
    pool = [text for texts in groups.values() for text in texts]
    rng = random.Random(seed)
    edition, left = 0, size
    while left > 0:
        for title, texts in groups.items():
            for first in range(0, len(texts), LONGEST_DOCUMENT):
                part = texts[first : first + LONGEST_DOCUMENT][:left]
                chosen = [varied(text, pool, rng) for text in part] if edition else part
                if chosen:
                    yield _document(f"{title}/{edition}/{first}", title, edition, chosen)
                left -= len(chosen)
        edition += 1


def _document(name: str, title: str, edition: int, texts: list[str]) -> tuple[Document, list[Passage]]:
    ident = document_id(f"scale/{name}")
    passages, position = [], 0
    for number, text in enumerate(texts, start=1):
        end = position + len(text)
        passages.append(Passage(f"{ident}-p{number}", ident, number, position, end, (), text))
        position = end + 1
    full = f"{title}（第{edition}稿）" if edition else title
    return Document(ident, name, ident, "\n".join(texts), title=full), passages


def build(options: argparse.Namespace) -> dict[str, Any]:
    """Fill the folder; what is there is used."""
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    result: dict[str, Any] = {}
    with Catalogue.open(folder / "catalogue.sqlite") as catalogue:
        if catalogue.meta("size") != str(options.size):
            if catalogue.count():
                raise SystemExit(f"{folder} holds another set; name an empty folder")
            begun = time.perf_counter()
            for document, passages in documents(options.size, options.laws, options.articles, options.seed):
                catalogue.put_document(document, passages, steps={})
            catalogue.set_meta("size", str(options.size))
            result["catalogue_seconds"] = round(time.perf_counter() - begun, 1)
        if (folder / "g" / CARD).exists() and not options.rebuild:  # the card is written last
            return result
        shutil.rmtree(folder / "g", ignore_errors=True)
        stages: dict[str, float] = {}
        wall, cpu = time.perf_counter(), time.process_time()

        def note(_done: int, _total: int | None, label: str) -> None:
            stages[label] = time.perf_counter()

        manifest = build_passage_indexes(
            folder / "g",
            previous=None,
            catalogue=catalogue,
            changed=frozenset(item.id for item in catalogue.documents()),
            removed=frozenset(),
            progress=note,
        )
        ends = list(stages.values())
        result |= {
            "index_seconds": round(time.perf_counter() - wall, 1),
            "index_cpu_seconds": round(time.process_time() - cpu, 1),
            "stage_seconds": {
                label: round(end - begin, 1) for label, begin, end in zip(stages, [wall, *ends], ends, strict=False)
            },
            "passages": manifest["passages"],
            "build_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
    return result


def memory_mb(name: str) -> float:
    """A line of /proc/self/status: VmRSS now, VmHWM at the most, RssAnon without mapped files."""
    match = re.search(rf"^{name}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return round(int(match[1]) / 1024, 1) if match else 0.0


def search(options: argparse.Namespace) -> dict[str, Any]:
    """Ask all questions."""
    folder: Path = options.folder
    questions = [row["question"] for row in read_lines(options.queries)][: options.limit]
    begun = time.perf_counter()
    with Catalogue.open(folder / "catalogue.sqlite", read_only=True) as catalogue:
        opened = PassageSearch.open(folder / "g", catalogue, "default")
        opened.search(questions[0])
        first = time.perf_counter() - begun
        for question in questions:  # warm: the index in memory, as in a running app
            opened.search(question)
        alone = FulltextIndex(folder / "g" / "fulltext")
        wall, cpu, alone_wall, alone_cpu = [], [], [], []
        for question in questions:
            at, used = time.perf_counter(), time.thread_time()
            alone.search(Query(question, question), top=10)
            alone_cpu.append((time.thread_time() - used) * 1000)
            alone_wall.append((time.perf_counter() - at) * 1000)
            at, used = time.perf_counter(), time.thread_time()
            rows(catalogue, opened.search(question, top=10))
            cpu.append((time.thread_time() - used) * 1000)
            wall.append((time.perf_counter() - at) * 1000)
        memory = {name: memory_mb(key) for name, key in (("rss", "VmRSS"), ("peak", "VmHWM"), ("own", "RssAnon"))}
        return {
            "passages": catalogue.passage_count(),
            "queries": len(questions),
            **{f"{name}_ms": {f"p{share}": round(quantile(times, share / 100), 2) for share in (50, 95, 99)}
               for name, times in (
                   ("wall", wall), ("cpu", cpu), ("tantivy_wall", alone_wall), ("tantivy_cpu", alone_cpu)
               )},
            "open_and_first_search_seconds": round(first, 2),
            "memory_mb": memory,
            "disk_mb": {
                part: round(size_of(folder / path) / 1e6, 1)
                for part, path in (("catalogue", "catalogue.sqlite"), ("fulltext", "g/fulltext"), ("all indexes", "g"))
            },
            "vector_index": index_recall(opened, questions[:_EXACT_QUERIES]),
        }  # fmt: skip


def size_of(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())


def index_recall(opened: PassageSearch, questions: list[str]) -> dict[str, Any]:
    """recall@10 and @200 of the index against a scan of all its vectors, and its time alone."""
    arm: Any = opened.vectors
    queries = arm.embedder.encode(questions, kind="query")
    best: Any = np.full((len(questions), 200), -np.inf, np.float32)
    ids: Any = np.zeros((len(questions), 200), np.int64)
    for keys, block in arm.index.blocks():
        scores = np.concatenate([best, queries @ block.T], axis=1)
        keys_ = np.concatenate([ids, np.broadcast_to(keys, (len(questions), len(keys)))], axis=1)
        top = np.argpartition(-scores, 200, axis=1)[:, :200]
        best, ids = np.take_along_axis(scores, top, 1), np.take_along_axis(keys_, top, 1)
    order = np.argsort(-best, axis=1)
    ids = np.take_along_axis(ids, order, 1)
    times, shares = [], {10: 0.0, 200: 0.0}
    for number, query in enumerate(queries):
        used = time.thread_time()
        found, _ = arm.index.search(query, top=200)
        times.append((time.thread_time() - used) * 1000)
        for depth in shares:
            shares[depth] += len(set(found[:depth].tolist()) & set(ids[number, :depth].tolist())) / depth
    recall = {f"recall@{depth}": round(total / len(queries), 4) for depth, total in shares.items()}
    return {**recall, "cpu_p50_ms": round(quantile(times, 0.5), 2), "cpu_p95_ms": round(quantile(times, 0.95), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--laws", type=Path)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=771, help="questions asked")
    parser.add_argument("--rebuild", action="store_true", help="make the indexes anew from the folder's catalogue")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--stage", choices=("build", "search"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        print(json.dumps(build(options) if options.stage == "build" else search(options)))
        return
    result: dict[str, Any] = {}
    for stage in ("build", "search"):
        done = subprocess.run(
            [sys.executable, *sys.argv, "--stage", stage],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        result |= json.loads(done.stdout)
    print(json.dumps(result, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
