"""Retrieval quality, index time and latency of the product's own search.

    python benchmarks/retrieval.py --passages articles.jsonl --queries queries.jsonl [--json] [--embedder SETTING]

Passages are lines `{"id", "name", "text"}`, queries `{"id", "question", "relevant": [passage ids]}`. Passages are put
into a catalogue in a temporary folder, one document per law: the part of the name before 第…条 is the title of
the document. Indexing and searching are the product's, on one thread; near-duplicates are not folded, because
each is a passage of its own to the judges.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import re
import resource
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kg.catalogue import Catalogue
from kg.core.ids import document_id
from kg.core.model import Document, Passage
from kg.passages.projection import build_passage_indexes
from kg.passages.search import Arm, PassageSearch

DEPTHS = (5, 10, 30, 100)
ARMS: tuple[Arm, ...] = ("lexical", "vector", "hybrid")
ARTICLE = re.compile(r"^(.+?)(第[零〇一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?)$")


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def rows_to_documents(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[Document, list[Passage], list[Any]]]:
    """Documents with their passages, and the benchmark's ids of the passages in the same order."""
    groups: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row in rows:
        match = ARTICLE.match(row.get("name") or "")
        title, label = (match[1], match[2]) if match else (row.get("name") or "", "")
        groups.setdefault(title, []).append((label, row))
    for title, members in groups.items():
        ident = document_id(f"benchmark/{title}")
        passages: list[Passage] = []
        position = 0
        for number, (label, row) in enumerate(members, start=1):
            end = position + len(row["text"])
            path = (label,) if label else ()
            passages.append(Passage(f"{ident}-p{number}", ident, number, position, end, path, row["text"]))
            position = end + 1
        text = "\n".join(p.text for p in passages)
        yield Document(ident, title, ident, text, title=title), passages, [row["id"] for _, row in members]


def measures(relevant: set[Any], ranking: Sequence[Any]) -> dict[str, float]:
    """R@k, MRR@10 and nDCG@10 (binary gains) of one question."""
    values = {f"R@{k}": len(relevant & set(ranking[:k])) / len(relevant) for k in DEPTHS}
    places = [i for i, ident in enumerate(ranking[:10]) if ident in relevant]
    ideal = sum(1 / math.log2(i + 2) for i in range(min(10, len(relevant))))
    values["MRR@10"] = 1 / (places[0] + 1) if places else 0.0
    values["nDCG@10"] = sum(1 / math.log2(i + 2) for i in places) / ideal
    return values


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(passages: Path, queries: Path, embedder: str, folder: Path) -> dict[str, Any]:
    started = time.perf_counter()
    names: dict[str, Any] = {}
    catalogue = Catalogue.open(folder / "catalogue.sqlite")
    rows = read_lines(passages)
    for document, parts, ids in rows_to_documents(rows):
        catalogue.put_document(document, parts, steps={})
        names |= dict(zip((p.id for p in parts), ids, strict=True))
    stored = time.perf_counter()
    everything = frozenset(summary.id for summary in catalogue.documents())
    manifest = build_passage_indexes(
        folder / "g",
        previous=None,
        catalogue=catalogue,
        changed=everything,
        removed=frozenset(),
        embedder_setting=embedder,
    )
    built = time.perf_counter()
    search = PassageSearch.open(folder / "g", catalogue, embedder)
    questions = [q for q in read_lines(queries) if q["relevant"]]
    result: dict[str, Any] = {
        "passages": len(rows),
        "questions": len(questions),
        "model": manifest["model"],
        "seconds": {"catalogue": round(stored - started, 2), "indexes": round(built - stored, 2)},
        "disk_mb": round(sum(f.stat().st_size for f in (folder / "g").rglob("*") if f.is_file()) / 1e6, 1),
    }
    for arm in ARMS if manifest["model"] else ARMS[:1]:
        scores: list[dict[str, float]] = []
        times: list[float] = []
        for _, question in zip(range(20), questions, strict=False):  # warm
            search.search(question["question"], arm=arm)
        for question in questions:
            begin = time.perf_counter()
            search.search(question["question"], top=10, arm=arm)
            times.append((time.perf_counter() - begin) * 1000)
            hits = search.rank_ids(question["question"], top=max(DEPTHS), arm=arm)
            scores.append(measures(set(question["relevant"]), [names[ident] for ident in hits]))
        row = {name: round(sum(s[name] for s in scores) / len(scores), 4) for name in scores[0]}
        row |= {"p50_ms": round(quantile(times, 0.5), 2), "p95_ms": round(quantile(times, 0.95), 2)}
        result[arm] = row
    result["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    catalogue.close()
    return result


def table(result: dict[str, Any]) -> str:
    arms = [arm for arm in ARMS if arm in result]
    lines = ["".ljust(9) + "".join(name.rjust(9) for name in result[arms[0]])]
    lines += [arm.ljust(9) + "".join(f"{value:9.4g}" for value in result[arm].values()) for arm in arms]
    rest = {key: value for key, value in result.items() if key not in arms}
    return "\n".join(itertools.chain(lines, (f"{key}: {value}" for key, value in rest.items())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--embedder", default="default")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(options.passages, options.queries, options.embedder, Path(folder))
    print(json.dumps(result, ensure_ascii=False, indent=1) if options.json else table(result))


if __name__ == "__main__":
    main()
