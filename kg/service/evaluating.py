"""Reads a file of questions with expected answers and scores the service's answers to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.ask.evaluation import evaluate as compare
from kg.core.errors import UsageError


def evaluate(path: Path, ask: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Scores by type, and the misses. Raises `UsageError` for a file that is no list of questions."""
    try:
        cases = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"题目文件 {path} 无法读取：{error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"题目文件 {path} 不是有效的 JSON（UTF-8）：{error}") from error
    if not isinstance(cases, list) or not cases:
        raise UsageError(f"题目文件 {path} 应为非空的 JSON 列表，用法见：policykg evaluate --help")
    report = compare(cases, ask)
    return {
        "total": _score(report.total),
        "cited": _score(report.cited),
        "types": {kind: _score(score) for kind, score in report.by_type.items()},
        "misses": [
            {"id": miss.id, "question": miss.question, "reasons": list(miss.reasons), "answered": miss.answered}
            for miss in report.misses
        ],
    }


def _score(score: tuple[int, int]) -> dict[str, int]:
    return {"correct": score[0], "of": score[1]}
