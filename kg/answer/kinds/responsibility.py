"""Who is responsible for an activity: by series, by the words of its title, by its number."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.kinds.events import body_of, by_number, chosen_events, spoken_events
from kg.answer.lexicon import Event
from kg.answer.model import Answer, Row
from kg.answer.phrase import grouped, listed, named
from kg.answer.plan import Hub, OneOf, Plan
from kg.answer.reply import refuse, reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session

_MOST = 12
_FEW = 3
# 推动……获奖单位开展: the text moves somebody to act without listing a responsible body
_MOVES = re.compile(r"(?:推动|发动|组织|指导|鼓励|引导|支持|由)[^，。；]{2,40}?(?:开展|举办|举行|申报|制作)")
COLUMNS = ("年份", "序号", "活动", "责任单位", "角色", "原文写法", "文件")


def answer_responsibility(session: Session) -> Answer | None:
    """`青浦的质量公益宣传由哪些部门负责`, `青浦方案第10项由谁负责`, `2019年宣贯培训的是哪部条例，谁牵头`."""
    question = session.question
    if not question.has(Ask.WHO, Ask.DUTY, Ask.LEAD) or not question.has(Ask.WHO, Ask.LEAD, Ask.DUTY):
        return None
    if not question.has(Ask.WHO) and (question.bodies or question.has(Ask.ACTIVITIES, Ask.COUNT)):
        return None
    if re.search(r"面向|针对|对象|受众|见证|出席|主持|讲话|颁", question.flat):
        return None  # asks for whom, or for a person: the words of the document tell
    scope = scope_of(question, session.names)
    if scope.said and not scope.documents:
        return None
    events = by_number(session, scope.documents) or chosen_events(session, scope)[0]
    if question.has(Ask.RESULT) and not any(_about_result(question.flat, event.title) for event in events):
        return None
    if not events and scope.said and not question.bodies and len(scope.documents) <= _FEW:
        events = spoken_events(session, scope)
    if not events or len(events) > _MOST:
        return None
    return responsible_for(session, events, scope) or _unnamed(session, events, scope)


def _about_result(text: str, title: str) -> bool:
    """Whether 获奖 and its like belong to the name of the activity, and are not what is asked for."""
    found = re.findall(r"名单|获奖|颁给|获得|得奖|表彰|入选", text)
    return all(word in title for word in found)


def responsible_for(session: Session, events: list[Event], scope: Scope) -> Answer | None:
    """The answer for some activities; None when the documents name nobody for them."""
    found, upward = _with_parties(session, events)
    if not found:
        return None
    plan = Plan(
        Hub.PARTY,
        COLUMNS,
        (OneOf(Hub.ACTIVITY, tuple(_iri(session, event) for event in found)),),
        order=("年份", "文序", "活动序", "责任序"),
        cite=(Hub.ACTIVITY,),
    )
    columns, rows, query = session.rows(plan)
    if not rows:
        return None
    silent = [event for event in events if event not in found and event.parent is None]
    text = _text(rows, upward)
    if silent and (place := session.lexicon.documents[silent[0].doc].place):
        text += f"{place}的文件没有写明{listed(named(event.title) for event in silent[:3])}的责任单位。"
    return reply(
        session,
        text,
        understood=f"在{scope.label}中，{listed(named(event.title) for event in found[:4])}的责任单位",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.citations(plan),
        next_questions=[f"{rows[0]['责任单位']}还负责哪些活动？"],
    )


def _unnamed(session: Session, events: list[Event], scope: Scope) -> Answer | None:
    """Nobody is named as responsible: whom the text moves to act is quoted, else the gap is told."""
    if not scope.said or len(events) > _FEW:
        return None
    heads = listed(named(event.title) for event in events)
    understood = f"在{scope.label}中，{heads}的责任单位"
    places: list[tuple[str, int, int]] = []
    for event in events:
        document = session.lexicon.documents[event.doc]
        start, end = body_of(session, event)
        text = session.document(document.id).text
        if match := _MOVES.search(text, start, end):
            places.append((document.id, match.start(), match.end()))
    citations = session.quotes(places)
    if not citations:
        return refuse(session, f"{scope.label}没有写明{heads}由谁负责。", understood=understood)
    said = "；".join(named(citation.quote) for citation in citations)
    text = f"{scope.label}没有为{heads}列出责任单位，正文写的是：{said}。"
    return reply(session, text, understood=understood, citations=citations)


def _iri(session: Session, event: Event) -> str:
    return session.iris.activity(session.lexicon.documents[event.doc].id, event.id)


def _with_parties(session: Session, events: list[Event]) -> tuple[list[Event], bool]:
    """The activities that name somebody; for a part of an activity that names nobody, the whole."""
    by_id = {(event.doc, event.id): event for event in session.lexicon.events}
    out: list[Event] = []
    upward = False
    own = [event for event in events if _parties(session, event)]
    for event in events:
        at: Event | None = event
        while at is not None and not _parties(session, at):
            at = by_id.get((at.doc, at.parent)) if at.parent else None
        if at is None or (at is not event and own):
            continue
        upward = upward or at is not event
        if at not in out:
            out.append(at)
    return out, upward


def _parties(session: Session, event: Event) -> bool:
    document = session.document(session.lexicon.documents[event.doc].id)
    return any(activity.id == event.id and activity.responsible for activity in document.activities)


def _text(rows: list[Row], upward: bool) -> str:
    parts: list[str] = []
    for title, bodies in list(grouped(rows, "活动", "责任单位").items())[:6]:
        own = [row for row in rows if row["活动"] == title]
        roles = {row["角色"] for row in own}
        verb = "牵头" if roles == {"牵头"} else "负责"
        year = own[0].get("年份")
        number = f"第{own[0]['序号']}项" if own[0].get("序号") else ""
        if "配合" in roles and len(roles) > 1:
            lead = listed(row["责任单位"] for row in own if row["角色"] != "配合")
            co = listed(row["责任单位"] for row in own if row["角色"] == "配合")
            parts.append(f"{year}年{number}{named(title)}由{lead}负责，{co}配合")
        else:
            parts.append(f"{year}年{number}{named(title)}由{listed(bodies)}{verb}")
    tail = "（该内容列在这一项之下，责任单位为整项所列。）" if upward else ""
    return "；".join(parts) + "。" + tail
