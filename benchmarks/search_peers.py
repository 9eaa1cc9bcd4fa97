"""Side by side: this project, bm25s, and txtai with the same vectors, on the same passages and questions.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install bm25s txtai torch==2.13.0
    python benchmarks/search_peers.py --passages articles.jsonl --queries queries.jsonl --peers /tmp/peers/bin/python

The peers live in an environment of their own (txtai brings a good deal along), get the same CJK bigrams, which neither
would make of Chinese by itself, and the same vectors, ready made: their index times are without embedding, ours with.
All on one thread. Wall and CPU milliseconds of one query each; a query of ours also reads, folds and highlights ten
passages, theirs gives ids.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOP = 100


def timed(run: Callable[[int], list[int]], count: int) -> dict[str, Any]:
    """Rankings and times of all questions."""
    for number in range(min(20, count)):
        run(number)
    rankings, wall, cpu = [], [], []
    for number in range(count):
        at, used = time.perf_counter(), time.process_time()
        rankings.append(run(number))
        cpu.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - at) * 1000)
    return {"rankings": rankings, "wall": wall, "cpu": cpu}


def bm25s_stage(folder: Path) -> dict[str, Any]:
    import bm25s

    passages = [line.split() for line in (folder / "passages.txt").read_text(encoding="utf-8").split("\n")]
    questions = [line.split() for line in (folder / "questions.txt").read_text(encoding="utf-8").split("\n")]
    begun, used = time.perf_counter(), time.process_time()
    index = bm25s.BM25()
    index.index(passages, show_progress=False)
    spent = time.perf_counter() - begun, time.process_time() - used

    def run(number: int) -> list[int]:
        found, _ = index.retrieve([questions[number]], k=TOP, show_progress=False)
        return [int(i) for i in found[0]]

    return {"index": spent, **timed(run, len(questions))}


def txtai_stage(folder: Path) -> dict[str, Any]:
    import numpy as np
    from txtai import Embeddings

    passages = (folder / "passages.txt").read_text(encoding="utf-8").split("\n")
    questions = (folder / "questions.txt").read_text(encoding="utf-8").split("\n")
    vectors = {**dict(zip(passages, np.load(folder / "passages.npy"), strict=True))}
    vectors |= dict(zip(questions, np.load(folder / "questions.npy"), strict=True))
    begun, used = time.perf_counter(), time.process_time()
    index = Embeddings(
        method="external",
        transform=lambda texts: np.stack([vectors[text] for text in texts]),
        hybrid=True,
        scoring={"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"alphanum": False}},
        backend="faiss",
        faiss={"components": "IDMap,Flat"},
    )
    index.index((number, text, None) for number, text in enumerate(passages))
    spent = time.perf_counter() - begun, time.process_time() - used

    def run(number: int) -> list[int]:
        return [int(ident) for ident, _ in index.search(questions[number], TOP)]

    return {"index": spent, **timed(run, len(questions))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--peers", help="Python of the environment that has bm25s and txtai")
    parser.add_argument("--stage", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        stage = {"bm25s": bm25s_stage, "txtai": txtai_stage}[options.stage[0]]
        folder = Path(options.stage[1])
        (folder / f"{options.stage[0]}.json").write_text(json.dumps(stage(folder)), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as name:
        compare(options, Path(name))


def compare(options: argparse.Namespace, folder: Path) -> None:
    import numpy as np
    from retrieval import measures, quantile, read_lines, run

    from kg.passages.embedder import load_embedder
    from kg.passages.tokens import presplit

    rows, questions = read_lines(options.passages), [q for q in read_lines(options.queries) if q["relevant"]]
    embedder = load_embedder("default")
    assert embedder is not None
    for kind, texts in (
        ("passages", [f"{row.get('name') or ''}\n{row['text']}" for row in rows]),
        ("questions", [question["question"] for question in questions]),
    ):
        # A number makes equal texts different keys; it is no term of any question.
        split = [f"{presplit(text)} #{number}" for number, text in enumerate(texts)]
        (folder / f"{kind}.txt").write_text("\n".join(split), encoding="utf-8")
        np.save(folder / f"{kind}.npy", embedder.encode(texts))
    result: dict[str, Any] = {}
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    for peer in ("bm25s", "txtai"):
        subprocess.run([options.peers, __file__, "--stage", peer, str(folder)], check=True, env=one_thread)
        given = json.loads((folder / f"{peer}.json").read_text(encoding="utf-8"))
        scores = [
            measures(set(question["relevant"]), [rows[i]["id"] for i in ranking])
            for question, ranking in zip(questions, given["rankings"], strict=True)
        ]
        result[peer] = {key: round(sum(score[key] for score in scores) / len(scores), 4) for key in scores[0]}
        result[peer] |= {"index_seconds": round(given["index"][0], 1), "index_cpu_seconds": round(given["index"][1], 1)}
        for kind in ("wall", "cpu"):
            result[peer] |= {f"{kind}_p{p}_ms": round(quantile(given[kind], p / 100), 2) for p in (50, 95)}
    (folder / "own").mkdir()
    own = run(options.passages, options.queries, "default", folder / "own")
    result["policykg"] = {**own["hybrid"], "index_seconds": own["seconds"]["indexes"]}
    print(json.dumps(result, indent=1), file=sys.stdout)


if __name__ == "__main__":
    main()
