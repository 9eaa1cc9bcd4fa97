"""The activities of a place, of a document, or that several places share; and how many."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.answer.chart import count_chart
from kg.answer.focus import Ask
from kg.answer.kinds.events import body_of, in_series, matched
from kg.answer.lexicon import Event
from kg.answer.model import Answer, Citation, Row
from kg.answer.phrase import grouped, listed, quoted
from kg.answer.plan import AllPlaces, Constraint, Hub, OneOf, Plan, Spoken, TopLevel
from kg.answer.reply import reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session
from kg.answer.text import grams
from kg.answer.topic import topic_of

COLUMNS = ("年份", "序号", "活动", "状态", "文件")
_ORDER = ("年份", "文序", "活动序")
_SHORT_LIST = 8
_ITEMS = re.compile(r"(?:几|多少)[项条行](?:内容|$|[?？()（）,，。了])")  # 一共多少项, 有几条
_RELATED = re.compile(r"有关|相关|涉及|关于|提到")  # 和进博会有关的
_RELATED_FLOOR = 0.45
_FEW = 2


def answer_activities(session: Session) -> Answer | None:
    """`杨浦区2022年质量月办了哪些活动`, `青浦2024有哪些活动是和吴江、嘉善一起负责的`."""
    question = session.question
    items = bool(_ITEMS.search(question.flat)) and not question.has(Ask.WHO, Ask.WHEN)
    if not (question.has(Ask.ACTIVITIES) or items) or question.has(Ask.THEME):
        return None
    if question.bodies:
        return None
    scope = scope_of(question, session.names)
    if items and not question.has(Ask.ACTIVITIES) and len(scope.documents) != 1:
        return None
    meant = scope.documents and scope.said
    if not meant and not (question.series or topic_of(question, session.names).grams):
        return None
    limits, narrowed = _limits(session, scope)
    if limits is None:
        return None
    plan = Plan(Hub.ACTIVITY, COLUMNS, tuple(limits), _ORDER, cite=(Hub.PARTY,) if len(question.places) > 1 else ())
    columns, rows, query = session.rows(plan)
    if not rows:
        return None
    cited = Plan(plan.target, plan.columns, plan.constraints, plan.order)
    citations = session.citations(plan) or session.citations(cited)
    text, described = _described(session, rows, scope)
    said = _text(session, rows, narrowed)
    if len({row["文件"] for row in rows}) == 1 and len(rows) > _SHORT_LIST:
        columns, rows, query = session.rows(replace(plan, columns=("序号", "活动", "状态"), order=("活动序",)))
    return reply(
        session,
        said + text,
        understood=f"{scope.label}中{_who(session)}{narrowed}的活动",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=[*citations, *described],
        chart=count_chart(rows, "文件") if len({row.get("文件") for row in rows}) > 1 else None,
    )


def _who(session: Session) -> str:
    places = session.question.places
    return listed(place.name for place in places) + ("共同" if len(places) > 1 else "") if places else ""


def _limits(session: Session, scope: Scope) -> tuple[list[Constraint] | None, str]:
    question = session.question
    out: list[Constraint] = [OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in scope.documents))]
    shared = len(question.places) > 1 and question.has(Ask.TOGETHER)
    if shared:
        out.append(AllPlaces(tuple(session.iris.place(place.qualified) for place in question.places)))
        return [*out, TopLevel()], ""
    if scope.above:
        out += [Spoken(session.iris.place(place.qualified)) for place in question.places]
    topic = topic_of(question, session.names)
    if question.series:
        events = [e for concept in question.series for e in in_series(session, concept.label, scope.documents)]
        if not events:
            return None, ""
        iris = (session.iris.activity(session.lexicon.documents[e.doc].id, e.id) for e in events)
        return [*out, OneOf(Hub.ACTIVITY, tuple(iris))], f"“{question.series[0].label}”"
    if topic.grams:
        if section := _sections(session, scope, topic.grams):
            iris = (session.iris.activity(session.lexicon.documents[e.doc].id, e.id) for e in section)
            return [*out, OneOf(Hub.ACTIVITY, tuple(iris)), TopLevel()], f"关于“{listed(topic.words)}”"
        related = bool(_RELATED.search(question.flat))
        if found := matched(session, scope, floor=_RELATED_FLOOR if related else 0.7, every=related):
            iris = (session.iris.activity(session.lexicon.documents[m.event.doc].id, m.event.id) for m in found)
            return [*out, OneOf(Hub.ACTIVITY, tuple(iris))], f"关于“{listed(topic.words)}”"
        weight = sum(session.names.weights(pair) for pair in topic.grams)
        if weight > 6 or topic.unknown:
            return None, ""
    elif topic.unknown:
        return None, ""
    return [*out, TopLevel()], ""


def _sections(session: Session, scope: Scope, wanted: tuple[str, ...]) -> list[Event]:
    """The numbered activities under the headings that are about the topic (质量监管方面)."""
    docs = {doc.id for doc in scope.documents}
    return [
        event
        for event in session.lexicon.events
        if event.parent is None
        and event.section
        and session.lexicon.documents[event.doc].id in docs
        and session.names.weights.coverage(wanted, set(grams(event.section))) > 0.8
    ]


def _described(session: Session, rows: list[Row], scope: Scope) -> tuple[str, list[Citation]]:
    """For one or two activities, what the document says under their headings."""
    if len(rows) > _FEW:
        return "", []
    said: list[str] = []
    places: list[tuple[str, int, int]] = []
    for doc in scope.documents:
        titles = {row["活动"] for row in rows if row["文件"] == doc.title}
        for event in session.lexicon.events:
            if (
                event.title in titles
                and event.no
                and event.parent is None
                and session.lexicon.documents[event.doc].id == doc.id
            ):
                start, end = body_of(session, event)
                if end - start > _SHORT_LIST:
                    said.append(session.document(doc.id).text[start:end].strip())
                    places.append((doc.id, start, end))
    return ("具体内容：" + "".join(said) if said else ""), session.quotes(places, whole=False)


def _text(session: Session, rows: list[Row], narrowed: str) -> str:
    parts: list[str] = []
    for title, names in grouped(rows, "文件", "活动").items():
        status = next(str(row["状态"]) for row in rows if row["文件"] == title)
        shown = "；".join(names[:_SHORT_LIST]) + ("等，详见下表" if len(names) > _SHORT_LIST else "")
        verb = "安排" if status == "安排" else "通报"
        numbers = {row["序号"] for row in rows if row["文件"] == title and row["序号"]}
        grouped_by = f"（编为{len(numbers)}个序号）" if numbers and len(numbers) < len(names) else ""
        parts.append(f"{quoted(title)}{verb}{_who(session)}{narrowed}{len(names)}项活动{grouped_by}：{shown}")
    note = "（安排不等于已经开展）" if any(row["状态"] == "安排" for row in rows) else ""
    return "。".join(parts) + f"。{note}"
