"""Questions in Chinese -> candidate readings over the ontology's schema -> SPARQL or passages -> an answer.

    question --reading--> spans (names, times, question words) and the words that are left
             --compose--> forms: target, constraints, operator; ranked by how much of the question they explain
             --compile--> SPARQL 1.1, whose rows are the rows of the answer
             --passages-> the stretch of text that covers the words and holds what is asked
             --telling--> sentences with numbered sources

Words are data (`ontology/forms/questions.toml`, `operators.toml`, `answers.toml`); no rule speaks of one document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.ask.library import AnswerContext
    from kg.ask.model import Answer

__all__ = ["ask", "prepare"]


def ask(question: str, *, context: AnswerContext, previous: Answer | None = None) -> Answer:
    """Answer a question from what is held; `previous` fills what a follow-up leaves out (那浦东呢？).

    Never raises for what a person may type.
    """
    from kg.ask.answering import answer

    return answer(question, context=context, previous=previous)


def prepare(context: AnswerContext) -> None:
    """Read what every question needs: names, the resolver, the patterns of the genre, the indexes of passages.

    The first question takes some seconds for these; asks nothing of anybody, least of all of a language model.
    """
    from kg.ask.answering import prepare

    prepare(context)


def __getattr__(name: str) -> Any:
    if name == "Answer":
        from kg.ask.model import Answer

        return Answer
    if name == "AnswerContext":
        from kg.ask.library import AnswerContext

        return AnswerContext
    raise AttributeError(name)
