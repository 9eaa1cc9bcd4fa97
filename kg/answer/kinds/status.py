"""Activities by what documents say of them: reported as done, or only planned."""

from __future__ import annotations

import re

from kg.answer.chart import count_chart
from kg.answer.focus import Ask
from kg.answer.kinds.events import in_series
from kg.answer.model import Answer
from kg.answer.phrase import grouped, listed, quoted
from kg.answer.plan import Constraint, Hub, OneOf, Plan, Reported, Spoken, TopLevel
from kg.answer.reply import refuse, reply
from kg.answer.scope import scope_of
from kg.answer.session import Session

_DO = "(?:开展|举办|举行|组织|完成|办|做|搞|实施|落实)"
_DONE = re.compile(
    rf"(?:已经?|确实|真正|实际上?|真的)(?:报告|通报)?的?{_DO}|(?:报告|通报)(?:过|说|了)?的?已经?{_DO}|报告过的?|"
    rf"(?:报告|通报)(?:过|为)的?活动"
)
_PLANNED = re.compile(rf"(?:只是|仅仅?|只|还只)(?:是)?(?:计划|安排|打算)|(?:尚未|还没有?){_DO}|计划中的?活动")
_SHOWN = 8


def answer_status(session: Session) -> Answer | None:
    """`哪些活动是报告过已经开展的`, `青浦哪些活动只是计划`."""
    question = session.question
    if not question.has(Ask.ACTIVITIES) or question.has(Ask.PLACES, Ask.WHO) or question.bodies:
        return None
    done = bool(_DONE.search(question.flat))
    if not done and not _PLANNED.search(question.flat):
        return None
    scope = scope_of(question, session.names)
    word = "通报为已开展" if done else "只见于安排"
    understood = f"{scope.label}中{word}的活动（安排不等于已经开展）"
    limits: list[Constraint] = [
        OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in scope.documents)),
        Reported(done),
    ]
    if question.series:
        own = [event for concept in question.series for event in in_series(session, concept.label, scope.documents)]
        keys = (session.iris.activity(session.lexicon.documents[event.doc].id, event.id) for event in own)
        limits.append(OneOf(Hub.ACTIVITY, tuple(keys)))
    else:
        limits.append(TopLevel())
    if scope.above:
        limits += [Spoken(session.iris.place(place.qualified)) for place in question.places]
    plan = Plan(Hub.ACTIVITY, ("年份", "活动", "状态", "文件"), tuple(limits), order=("年份", "文序", "活动序"))
    columns, rows, query = session.rows(plan) if scope.documents else ([], [], "")
    if not rows:
        kinds = "只有安排，没有通报" if done else "没有只是安排的活动"
        return refuse(session, f"{scope.label}{kinds}。", understood=understood)
    told = [
        f"{quoted(title)}{word}的有{len(titles)}项：{listed(titles[:_SHOWN])}"
        + ("等，详见下表" if len(titles) > _SHOWN else "")
        for title, titles in grouped(rows, "文件", "活动").items()
    ]
    note = "" if done else "（安排不等于已经开展，也不等于没有开展）"
    return reply(
        session,
        "；".join(told) + f"。{note}",
        understood=understood,
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.citations(plan),
        chart=count_chart(rows, "文件") if len({row["文件"] for row in rows}) > 1 else None,
    )
