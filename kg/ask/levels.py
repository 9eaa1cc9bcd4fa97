"""The levels of the places that a question asks for: 哪些区, 哪几个城市."""

from __future__ import annotations

from kg.ask.library import Library
from kg.ask.question import Question


def levels_asked(question: Question, library: Library) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The levels of the places asked for and how their names end: 区, 县 for 哪些区; None for a word without a row."""
    asked = {str(span.value) for span in question.of("ask.place") if span.value}
    rows = [row for row in library.forms.rows("level.words") if asked & set(row["words"])]
    if asked - {word for row in rows for word in row["words"]} or len(rows) > 1:
        return None
    return (tuple(rows[0]["levels"]), tuple(rows[0].get("ends", ()))) if rows else ((), ())
