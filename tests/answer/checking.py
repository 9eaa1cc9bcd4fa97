"""What it means that an answer says what is expected, for all question sets of these tests."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.answer import ask
from kg.graph.sparql import run

_DROP = re.compile(r"[\s“”\"'‘’《》〈〉，,。．.；;：:、·—\-–…〔〕\[\]【】()（）]+")


def load(name: str) -> Any:
    """A question set beside the tests."""
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def norm(value: object) -> str:
    text = unicodedata.normalize("NFKC", str(value))
    text = re.sub(r"(\d{4})年(\d{1,2})月(\d{1,2})日", lambda m: f"{m[1]}{int(m[2]):02}{int(m[3]):02}", text)
    return _DROP.sub("", text).lower()


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def _said(leaf: object, text: str) -> bool:
    wanted = norm(leaf)
    if wanted == "没有":
        return any(word in text for word in ("没有", "未提", "不包括", "未见"))
    return bool(re.search(rf"(?<!\d){wanted}(?!\d)", text)) if wanted.isdigit() and len(wanted) < 4 else wanted in text


def missing(case: dict[str, Any], context: Any) -> list[object]:
    """What the answer to a case leaves out; empty when it is right."""
    answer = ask(case["question"], context=context).to_dict()
    if case.get("unanswerable"):
        return ["应拒答"] if answer["answerable"] else []
    if not answer["answerable"]:
        return ["拒答"]
    said = norm(answer["answer"]) + "|" + "|".join(norm(cell) for row in answer["rows"] for cell in leaves(row))
    return [leaf for leaf in leaves(case["answer"]) if not _said(leaf, said)]


def query_gives_rows(question: str, context: Any) -> bool:
    """Whether the query shown, run by itself, gives the rows and columns of the answer."""
    answer = ask(question, context=context)
    if answer.sparql is None:
        return not answer.rows
    result = run(context.store, answer.sparql)
    plain = [[cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row] for row in result.rows]
    rows = sorted(str(list(row.values())) for row in answer.rows)
    return sorted(map(str, plain)) == rows and list(result.variables) == answer.columns
