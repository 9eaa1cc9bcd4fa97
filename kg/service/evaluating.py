"""Reads a file of questions with expected answers and scores the service's answers to them.

Every leaf of the expected answer must be said, with words that carry it. A question file is a JSON list of cases:
`question`, and `answer` (a value, a list, or objects of them), or `"unanswerable": true`; optional `id`, `type`,
`evidence` (words that a quote must hold), and `accept` (other values that are right too).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.core.errors import UsageError

_DROP = re.compile(r"[\s“”\"'‘’《》〈〉「」，,。．.；;：:、·—\-–…〔〕\[\]【】()（）]+")
_MARK = re.compile(r"\[\d+\]")  # of a source: no number of the answer
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_NOT_ANSWERS = ("document", "how", "note")  # keys of objects that explain, and need not be said
_SHORT_NUMBER = 3  # digits: 16 must not be found in 2016
_LONGEST = 4000  # characters of an answer with its rows; longer is no answer
_UNTYPED = "未分类"
UNANSWERABLE = "不可回答"


@dataclass(frozen=True, slots=True)
class Miss:
    """A case that failed, and why."""

    id: str
    question: str
    reasons: tuple[str, ...]
    answered: str


@dataclass(slots=True)
class Report:
    """Figures by type: (correct, all); how many answers cite the expected words; the misses."""

    by_type: dict[str, tuple[int, int]] = field(default_factory=dict)
    cited: tuple[int, int] = (0, 0)
    misses: list[Miss] = field(default_factory=list)

    @property
    def total(self) -> tuple[int, int]:
        """(correct, all)."""
        return sum(right for right, _ in self.by_type.values()), sum(count for _, count in self.by_type.values())


def normal(value: object) -> str:
    """The form in which values are compared: NFKC, no punctuation, dates as digits.

    >>> normal("2024年9月6日") == normal("2024-09-06")
    True
    """
    text = unicodedata.normalize("NFKC", str(value))
    text = _DATE.sub(lambda m: f"{m[1]}{int(m[2]):02}{int(m[3]):02}", text)
    return _DROP.sub("", text).lower()


def leaves(value: object) -> Iterator[object]:
    """The single values of an expected answer."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key not in _NOT_ANSWERS:
                yield from leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part)
    elif value not in (None, ""):
        yield value


def check(case: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[list[str], bool | None]:
    """Why an answer fails (nothing: it is right), and whether it cites the expected words (None: none expected)."""
    if case.get("unanswerable"):
        return (["文件没有写，却给出了答案"] if answer["answerable"] else []), None
    cells = [normal(cell) for row in answer["rows"] for cell in leaves(row)]
    said = "|".join([normal(_MARK.sub("", answer["answer"])), *cells])
    accepted = [normal(value) for value in leaves(case.get("accept"))]
    reasons = [
        f"缺少：{leaf}"
        for leaf in leaves(case.get("answer"))
        if not any(_holds(said, option) for option in (normal(leaf), *accepted))
    ]
    if not answer["answerable"]:
        reasons.append("答为库内没有")
    if len(said) > _LONGEST:
        reasons.append(f"答案过长：{len(said)}字")
    wanted = [normal(words) for words in case.get("evidence") or ()]
    quotes = [normal(item["quote"]) for item in answer["evidence"]]
    cited = any(words in quote or quote in words for words in wanted for quote in quotes if quote) if wanted else None
    return reasons, cited


def _holds(said: str, wanted: str) -> bool:
    if wanted.isdigit() and len(wanted) <= _SHORT_NUMBER:
        return bool(re.search(rf"(?<!\d){wanted}(?!\d)", said))
    return bool(wanted) and wanted in said


def compare(cases: Sequence[Mapping[str, Any]], ask: Callable[[str], Mapping[str, Any]]) -> Report:
    """Ask every question and compare. Raises `UsageError` for cases of another shape."""
    report = Report()
    for number, case in enumerate(cases, 1):
        if not isinstance(case, Mapping) or not isinstance(case.get("question"), str) or not case["question"].strip():
            raise UsageError(f"第 {number} 题缺少 question（问题）")
        if "answer" not in case and not case.get("unanswerable"):
            raise UsageError(f"第 {number} 题缺少 answer（答案）；文件没有写的题请加 “unanswerable”: true")
        given = ask(case["question"])
        reasons, cited = check(case, given)
        kind = UNANSWERABLE if case.get("unanswerable") else str(case.get("type") or _UNTYPED)
        right, count = report.by_type.get(kind, (0, 0))
        report.by_type[kind] = (right + (not reasons), count + 1)
        if cited is not None:
            report.cited = (report.cited[0] + cited, report.cited[1] + 1)
        if reasons:
            name = str(case.get("id") or number)
            report.misses.append(Miss(name, case["question"], tuple(reasons), str(given["answer"])))
    return report


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
