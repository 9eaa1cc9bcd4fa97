"""Question -> answer: the kinds are tried in order, the most specific first; passages come last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from kg.answer.focus import Ask
from kg.answer.followup import complete, follow
from kg.answer.kinds.activities import answer_activities
from kg.answer.kinds.compare import answer_compare
from kg.answer.kinds.contacts import answer_contacts
from kg.answer.kinds.definitions import answer_definition
from kg.answer.kinds.departments import answer_departments
from kg.answer.kinds.duties import answer_duties
from kg.answer.kinds.facts import answer_deadline, answer_facts, answer_membership, answer_order
from kg.answer.kinds.figures import answer_figures
from kg.answer.kinds.items import answer_items
from kg.answer.kinds.links import answer_links
from kg.answer.kinds.mentions import answer_mentions
from kg.answer.kinds.participants import answer_participants
from kg.answer.kinds.passages import answer_passages
from kg.answer.kinds.policies import answer_basis, answer_citations, answer_policy_issuer, answer_reference
from kg.answer.kinds.responsibility import answer_responsibility
from kg.answer.kinds.sections import answer_sections
from kg.answer.kinds.series import answer_series
from kg.answer.kinds.sets import answer_sets
from kg.answer.kinds.status import answer_status
from kg.answer.kinds.superlative import answer_superlative
from kg.answer.kinds.themes import answer_themes
from kg.answer.kinds.trace import answer_trace
from kg.answer.lexicon import Lexicon
from kg.answer.llm import rephrase
from kg.answer.model import Answer
from kg.answer.names import Names
from kg.answer.parts import parts_of
from kg.answer.question import Question
from kg.answer.session import AnswerContext, Session
from kg.answer.understand import understand
from kg.graph.iris import Iris

_NOT_UNDERSTOOD = "未能理解"
_PART = "分问"
_SEVERAL = 2
_MOST_READ = 2_000  # characters: `understand` reads fewer and says so

KINDS: tuple[Callable[[Session], Answer | None], ...] = (
    answer_contacts,
    answer_membership,
    answer_superlative,
    answer_links,
    answer_trace,
    answer_sets,
    answer_departments,
    answer_status,
    answer_compare,
    answer_definition,
    answer_sections,
    answer_order,
    answer_themes,
    answer_deadline,
    answer_series,
    answer_policy_issuer,
    answer_citations,
    answer_mentions,
    answer_facts,
    answer_items,
    answer_figures,
    answer_duties,
    answer_activities,
    answer_participants,
    answer_responsibility,
    answer_basis,
    answer_reference,
)


Kind = Callable[[Session], Answer | None]


def answer(question: str, *, context: AnswerContext, previous: Answer | None = None) -> Answer:
    """Answer a question. Whatever is typed gives an `Answer`, if need be one that says what is missing.

    `previous` is the answer before: a short question that leaves things out (那浦东呢？) is filled from its question.
    """
    begun = time.perf_counter()
    parts = Session.open(context)
    names = parts[1]
    text = question[:_MOST_READ]
    note = ""
    if previous is not None and (whole := follow(text, previous.question[:_MOST_READ], names)):
        text, note = whole, f"接上一问，按“{whole}”回答"
    session = Session(context, understand(text, names), *parts)
    found, kind = _by_rules(session)
    several = _several(session, parts, found, kind, text)
    if several is not None:
        found = several
    if found is None and (said := rephrase(text, context.settings, names)):
        found = _by_rules(Session(context, understand(said, names), *parts))[0]
        if found is not None:
            note = f"规则未能理解原问，经语言模型改写为“{said}”，再按同样的规则回答"
    if found is None:
        found = answer_passages(session)
    if note:
        found = replace(found, interpretation=f"{found.interpretation.rstrip('。')}（{note}）。")
    return replace(found, question=question, elapsed_ms=round((time.perf_counter() - begun) * 1000, 1))


def _by_rules(session: Session) -> tuple[Answer | None, Kind | None]:
    """The answer of the first kind that has one."""
    for kind in KINDS:
        found = kind(session)
        if found is not None:
            return found, kind
    return None, None


def _several(
    session: Session, opened: tuple[Lexicon, Names, Iris], whole: Answer | None, kind: Kind | None, text: str
) -> Answer | None:
    """Two parts of different kinds, where the whole was answered as the first part alone; else None."""
    parts = parts_of(text)
    if not parts or (kind is None and whole is not None) or session.question.span or session.question.has(Ask.CHANGE):
        return None
    names = opened[1]
    anchored = all(_anchored(understand(part, names)) for part in parts)
    answers: list[tuple[str, Answer, Kind | None]] = []
    for part in parts:
        asked = complete(part, parts[0], names) if answers and not anchored else part
        one = Session(session.context, understand(asked, names), *opened)
        found, by = _by_rules(one)
        if not answers and (by is None or found is None or (not anchored and _differs(whole, kind, found, by))):
            return None
        if anchored and by is None:
            return None
        answers.append((part, found or answer_passages(one), by))
    first = answers[0]
    others = [
        one for one in answers[1:] if one[2] is not first[2] and (not one[1].rows or one[1].rows != first[1].rows)
    ]
    others = [one for one in others if _NOT_UNDERSTOOD not in one[1].interpretation]
    if not others:
        return None
    base = _together(session, [found for _, found, _ in (first, *others) if found.rows]) or first[1]
    told = first[1].answer + "".join(f"另问“{part}”：{found.answer}" for part, found, _ in others)
    read = [found.interpretation.removeprefix("理解为：").rstrip("。") for _, found, _ in answers]
    return replace(
        base,
        answerable=any(found.answerable for _, found, _ in answers),
        answer=told,
        interpretation=f"分{len(answers)}问理解：{'；'.join(dict.fromkeys(read))}。",
        evidence=list(dict.fromkeys(c for _, found, _ in answers if found.answerable for c in found.evidence)),
    )


def _anchored(question: Question) -> bool:
    """Whether a part names by itself what it is about (浦东的通知是哪天发的), so that it stands alone."""
    return bool(question.places or question.bodies or question.documents or question.nation)


def _together(session: Session, answers: list[Answer]) -> Answer | None:
    """The first answer with the rows of all, from one query: the one that is shown gives what is shown."""
    if len(answers) < _SEVERAL:
        return answers[0] if answers else None
    columns = list(dict.fromkeys(name for found in answers for name in found.columns))
    parts = [
        f'  {{ {{\n{found.sparql}\n  }} BIND("第{number}问" AS ?{_PART}) }}' for number, found in enumerate(answers, 1)
    ]
    names = " ".join(f"?{name}" for name in (_PART, *columns))
    query = f"SELECT {names}\nWHERE {{\n" + "\n  UNION\n".join(parts) + "\n}"
    shown, rows = session.select(query)
    return replace(answers[0], columns=shown, rows=rows, sparql=query, chart=None)


def _differs(whole: Answer | None, kind: Kind | None, first: Answer, by: Kind) -> bool:
    """Whether the whole was understood as more, or as something else, than its first part."""
    return whole is not None and (kind is not by or whole.rows != first.rows)
