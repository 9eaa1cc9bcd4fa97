"""Questions in Chinese -> typed plan -> SPARQL and retrieval -> an answer with its evidence (DESIGN §5).

    question text --understand--> Question (who, where, when, what is asked)
                  --plans-------> Plan (target, constraints, columns, order)
                  --compile-----> SPARQL, whose rows are the rows of the answer
                  --answer------> Answer (sentences, rows, quotes, chart)

Rules speak of question grammar and of the ontology, never of one document. What the documents do not say is
answered so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.answer.model import Answer
    from kg.answer.session import AnswerContext

__all__ = ["ask"]


def ask(question: str, *, context: AnswerContext, previous: Answer | None = None) -> Answer:
    """Answer a question from what is held; `previous` fills what a follow-up leaves out (那浦东呢？).

    Never raises for what a person may type.
    """
    from kg.answer.answering import answer

    return answer(question, context=context, previous=previous)


def __getattr__(name: str) -> Any:
    if name == "Answer":
        from kg.answer.model import Answer

        return Answer
    if name == "AnswerContext":
        from kg.answer.session import AnswerContext

        return AnswerContext
    raise AttributeError(name)
