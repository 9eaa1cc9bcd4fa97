"""What it means that an answer is right, for all question sets of these tests: facts are compared, not sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.ask import ask
from kg.ask.evaluation import leaves, normal
from kg.graph.sparql import run

_NO = ("没有", "未提", "不包括", "未见", "0处")


def load(name: str) -> Any:
    """A question set beside the tests."""
    return json.loads((Path(__file__).parent / "questions" / name).read_text(encoding="utf-8"))


def verdict(case: dict[str, Any], context: Any) -> str:
    """right, partly, wrong, refused (wrongly) or false (an answer to what the documents do not say)."""
    answer = ask(case["question"], context=context).to_dict()
    if case.get("unanswerable"):
        return "false" if answer["answerable"] else "right"
    if not answer["answerable"]:
        return "refused"
    said = "|".join([normal(answer["answer"]), *(normal(cell) for row in answer["rows"] for cell in leaves(row))])
    wanted = [normal(leaf) for leaf in leaves(case["answer"])]
    missing = [leaf for leaf in wanted if leaf not in said and not (leaf == "没有" and any(no in said for no in _NO))]
    return "right" if not missing else "partly" if len(missing) < len(wanted) else "wrong"


def query_gives_rows(question: str, context: Any) -> bool:
    """Whether the query shown, run by itself, gives the rows of the answer."""
    answer = ask(question, context=context)
    if answer.sparql is None:
        return not answer.rows
    result = run(context.store, answer.sparql)
    plain = [[cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row] for row in result.rows]
    return sorted(map(str, plain)) == sorted(str(list(row.values())) for row in answer.rows)
