"""What it means that an answer is right, for all question sets of these tests: facts are compared, not sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.ask import ask
from kg.graph.sparql import run
from kg.service.evaluating import check, leaves


def load(name: str) -> Any:
    """A question set beside the tests."""
    return json.loads((Path(__file__).parent / "questions" / name).read_text(encoding="utf-8"))


def verdict(case: dict[str, Any], context: Any) -> str:
    """right, partly, wrong, refused (wrongly) or false (an answer to what the documents do not say)."""
    answer = ask(case["question"], context=context).to_dict()
    reasons, _ = check(case, answer)
    if not reasons:
        return "right"
    if case.get("unanswerable"):
        return "false"
    if not answer["answerable"]:
        return "refused"
    return "partly" if len(reasons) < len(list(leaves(case["answer"]))) else "wrong"


def query_gives_rows(question: str, context: Any) -> bool:
    """Whether the query shown, run by itself, gives the rows of the answer."""
    answer = ask(question, context=context)
    if answer.sparql is None:
        return not answer.rows
    result = run(context.store, answer.sparql)
    plain = [[cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row] for row in result.rows]
    return sorted(map(str, plain)) == sorted(str(list(row.values())) for row in answer.rows)
