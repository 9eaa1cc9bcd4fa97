"""Puts an answer together: rows from the plan's query, citations, the sentence that says how it was understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.answer.model import Answer, Citation, Row
from kg.answer.session import Session

MOST_CITED = 12


def reply(
    session: Session,
    text: str,
    *,
    understood: str,
    columns: Sequence[str] = (),
    rows: Sequence[Row] = (),
    sparql: str | None = None,
    citations: Sequence[Citation] = (),
    chart: dict[str, Any] | None = None,
    answerable: bool = True,
    next_questions: Sequence[str] = (),
) -> Answer:
    """An answer with everything that a reader needs to trust it."""
    return Answer(
        question=session.question.text,
        answerable=answerable,
        answer=text,
        columns=list(columns),
        rows=list(rows),
        interpretation=_understood(session, understood),
        sparql=sparql,
        evidence=list(citations)[:MOST_CITED],
        chart=chart,
        next_questions=list(next_questions),
    )


def refuse(session: Session, text: str, *, understood: str, citations: Sequence[Citation] = ()) -> Answer:
    """Say plainly that the documents do not tell; `citations` are the nearest thing that they hold."""
    return reply(session, text, understood=understood, citations=citations, answerable=False)


def _understood(session: Session, understood: str) -> str:
    notes = "；".join(session.question.notes)
    sentence = f"理解为：{understood}"
    return f"{sentence}（{notes}）。" if notes else f"{sentence}。"
