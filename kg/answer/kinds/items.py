"""What one activity consists of: by its number (第17项是什么), or by its title (……有哪些内容)."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.kinds.events import body_of, by_number, matched
from kg.answer.model import Answer
from kg.answer.phrase import named, quoted
from kg.answer.plan import Hub, OneOf, Plan
from kg.answer.reply import reply
from kg.answer.scope import scope_of
from kg.answer.session import Session

_CONTENT = re.compile(
    r"(?:哪些|什么|具体)(?:\S{0,2})?内容|内容(?:是|有|包括)|具体(?:做|是|怎么)|怎么(?:开展|做|搞|办)|如何开展|包括哪些"
)
_FEW = 3
_SURE = 0.85


def answer_items(session: Session) -> Answer | None:
    """The title of an activity and the words under it."""
    question = session.question
    if question.bodies or question.has(Ask.WHO, Ask.DUTY, Ask.LEAD, Ask.COUNT, Ask.WHEN, Ask.WHERE):
        return None
    scope = scope_of(question, session.names)
    events = by_number(session, scope.documents)
    if not events and _CONTENT.search(question.flat) and scope.said:
        events = [match.event for match in matched(session, scope, floor=_SURE) if match.event.no]
    if not events or len(events) > _FEW:
        return None
    documents = session.lexicon.documents
    iris = tuple(session.iris.activity(documents[event.doc].id, event.id) for event in events)
    plan = Plan(Hub.ACTIVITY, ("年份", "序号", "活动", "文件"), (OneOf(Hub.ACTIVITY, iris),), order=("文序", "活动序"))
    columns, rows, query = session.rows(plan)
    told: list[str] = []
    places: list[tuple[str, int, int]] = []
    for event in events:
        start, end = body_of(session, event)
        body = session.document(documents[event.doc].id).text[start:end].strip()
        told.append(
            f"{quoted(documents[event.doc].title)}第{event.no}项是{named(event.title)}" + (f"：{body}" if body else "")
        )
        places += [(documents[event.doc].id, start, end)] if body else []
    return reply(
        session,
        "；".join(told) + ("" if told[-1].endswith(("。", "）")) else "。"),
        understood=f"{scope.label}中这一项活动的内容",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=[*session.citations(plan), *session.quotes(places, whole=False)],
    )
