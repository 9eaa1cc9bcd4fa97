"""`benchmarks/retrieval.py` measures what it says, on a set small enough to check by hand."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSAGES = [
    {"id": 7, "name": "劳动法第一条", "text": "用人单位应当按月以货币形式支付工资给劳动者本人。"},
    {"id": 8, "name": "劳动法第二条", "text": "劳动者享有平等就业和选择职业的权利。"},
    {"id": 9, "name": "水污染防治法第一条", "text": "禁止向水体排放油类、酸液、碱液。"},
]
QUERIES = [
    {"id": 1, "question": "单位应当按月支付工资吗？", "relevant": [7]},
    {"id": 2, "question": "可以向水体排放酸液吗？", "relevant": [9, 8]},
]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    folder = tmp_path_factory.mktemp("benchmark")
    for name, rows in (("p", PASSAGES), ("q", QUERIES)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "benchmarks/retrieval.py",
            *("--passages", str(folder / "p.jsonl"), "--queries", str(folder / "q.jsonl"), "--json"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    value: dict[str, dict[str, float]] = json.loads(done.stdout)
    return value


def test_each_arm_has_each_measure(result: dict[str, dict[str, float]]) -> None:
    assert result["passages"] == 3
    assert result["questions"] == 2
    for arm in ("lexical", "vector", "hybrid"):
        expected = {"R@5", "R@10", "R@30", "R@100", "MRR@10", "nDCG@10", "p50_ms", "p95_ms"}
        assert set(result[arm]) == expected


def test_the_values_are_right(result: dict[str, dict[str, float]]) -> None:
    """The vector arm ranks all three passages; BM25 never finds the second relevant one of question 2."""
    assert result["vector"]["R@5"] == 1
    assert result["lexical"]["R@5"] == pytest.approx(0.75)
    assert result["lexical"]["MRR@10"] == 1
    ideal = 1 + 1 / math.log2(3)
    assert result["lexical"]["nDCG@10"] == pytest.approx((1 + 1 / ideal) / 2, abs=1e-3)
