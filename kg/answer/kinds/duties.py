"""What a body is responsible for, alone, through a collective, or together with others; and how many."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.answer.focus import Ask
from kg.answer.kinds.events import matched
from kg.answer.lexicon import Body
from kg.answer.model import Answer, Row
from kg.answer.phrase import column, grouped, listed, named
from kg.answer.plan import AllParties, Constraint, Hub, InSeries, InYears, OneOf, Plan
from kg.answer.reply import refuse, reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session
from kg.answer.topic import topic_of
from ontology.terms import ORG

COLUMNS = ("年份", "序号", "活动", "责任单位", "角色", "状态", "文件")
_WITH_WHOM = re.compile(r"[跟和与同](?:谁|哪些?[个家]?(?:单位|部门|机构))|合作(?:单位|方)")
_ORDER = ("年份", "文序", "活动序", "责任单位")


def answer_duties(session: Session) -> Answer | None:
    """`青浦区经委负责什么`, `青浦区市场监管局2019年牵头了几项活动`, `苏浙皖赣沪五地市场监管部门一起做了什么`."""
    question = session.question
    if not question.bodies or not question.has(
        Ask.ACTIVITIES, Ask.DUTY, Ask.LEAD, Ask.COUNT, Ask.DEFINE, Ask.TOGETHER, Ask.EXIST, Ask.NEGATED
    ):
        return None
    if question.has(Ask.ISSUED, Ask.JOINT) and not question.has(Ask.ACTIVITIES, Ask.DUTY, Ask.LEAD):
        return None
    if (
        (question.policies or question.documents)
        and question.has(Ask.DEFINE)
        and not question.has(Ask.DUTY, Ask.ACTIVITIES)
    ):
        return None
    if question.has(Ask.WHO) and not question.has(Ask.ACTIVITIES):
        return None
    mentions = [mention for mention in question.bodies if mention.bodies]
    bodies = [body for mention in mentions for body in (mention.bodies if mention.all_of else mention.bodies[:1])]
    together = any(mention.all_of for mention in mentions) or (len(bodies) > 1 and question.has(Ask.TOGETHER))
    iris = [body_iri(session, body) for body in bodies]
    wanted: list[Constraint] = []
    if together:
        wanted.append(AllParties(tuple(iris)))
    elif len(mentions) == 1 and len(mentions[0].bodies) > 1 and not mentions[0].all_of:
        wanted.append(OneOf(Hub.PARTY, tuple(body_iri(session, body) for body in mentions[0].bodies[:20])))
    else:
        wanted.append(OneOf(Hub.PARTY, (iris[0], *groups_of(session, iris[0]))))
    limits = _limits(session)
    plan = Plan(Hub.ACTIVITY, COLUMNS, (*wanted, *limits), _ORDER, cite=(Hub.PARTY,))
    columns, rows, query = session.rows(plan)
    if not rows and any(isinstance(limit, OneOf) and limit.hub is Hub.ACTIVITY for limit in limits):
        limits = [limit for limit in limits if not (isinstance(limit, OneOf) and limit.hub is Hub.ACTIVITY)]
        plan = replace(plan, constraints=(*wanted, *limits))
        columns, rows, query = session.rows(plan)
    if rows and len(iris) == 1 and _WITH_WHOM.search(question.flat):
        with_all = replace(plan, target=Hub.PARTY, constraints=(AllParties(tuple(iris)), *limits), cite=(Hub.ACTIVITY,))
        columns, rows, query = session.rows(with_all)
        return reply(
            session,
            _partners(rows, bodies[0]),
            understood=f"{_years(session)}与{bodies[0].name}一起负责活动的单位",
            columns=columns,
            rows=rows,
            sparql=query,
            citations=session.citations(with_all),
        )
    if together and rows:
        rows_of = Plan(
            Hub.ACTIVITY, tuple(c for c in COLUMNS if c not in ("责任单位", "角色")), plan.constraints, _ORDER[:3]
        )
        columns, rows, query = session.rows(rows_of)
    names = listed(body.name for body in (mentions[0].bodies[:6] if len(bodies) == 1 else bodies))
    if not rows:
        return _nothing(session, names, bodies)
    text = _together(rows, names) if together else _text(session, rows, bodies[0], names)
    return reply(
        session,
        text,
        understood=f"{_years(session)}{names}{'共同' if together else ''}负责（牵头、参与）的活动，含经统称推及的",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.citations(plan),
    )


def groups_of(session: Session, body: str) -> list[str]:
    """The collectives to which a body belongs (各区市场监管局 for each of them)."""
    store = session.context.store
    return sorted({quad.subject for quad in store.quads(None, ORG.hasMember, body)})


def body_iri(session: Session, body: Body) -> str:
    """The IRI of a body; a collective without members known by name belongs to its document."""
    if body.group:
        doc = session.lexicon.documents[body.docs[0]].id if body.docs else ""
        return session.iris.group(body.place if body.place and body.members else doc, body.name)
    return session.iris.agency(body.place, body.name)


def _years(session: Session) -> str:
    return f"{listed(session.question.years)}年" if session.question.years else ""


def _limits(session: Session) -> list[Constraint]:
    """Years and documents of the question; activities that its topic singles out."""
    question = session.question
    out: list[Constraint] = []
    if question.documents:
        out.append(OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in question.documents)))
    elif question.years:
        out.append(InYears(question.years))
    if question.series:
        out.append(InSeries(session.iris.series(question.series[0].label)))
    elif topic_of(question, session.names).grams and not question.has(Ask.COUNT):
        pool = Scope(tuple(d for d in session.lexicon.documents if d.announces), said=False)
        found = matched(session, pool, floor=0.8, every=True)
        if found:
            iris = (session.iris.activity(session.lexicon.documents[m.event.doc].id, m.event.id) for m in found)
            out.append(OneOf(Hub.ACTIVITY, tuple(iris)))
    return out


def _text(session: Session, rows: list[Row], body: Body, names: str) -> str:
    alone = [row for row in rows if row["责任单位"] == body.name or not body.docs]
    through = [row for row in rows if row not in alone]
    lead = session.question.has(Ask.LEAD) and all(row["角色"] == "牵头" for row in rows)
    verb = "牵头" if lead else "负责"
    parts: list[str] = []
    for year, titles in grouped(alone, "年份", "活动").items():
        done = all(row["状态"] == "通报" for row in alone if str(row["年份"]) == year)
        parts.append(f"{year}年{'开展' if done else verb}{len(titles)}项活动：{'；'.join(titles[:20])}")
    text = f"{names}" + "。".join(parts) + "。" if parts else ""
    for year, titles in grouped(through, "年份", "活动").items():
        groups = listed(column([row for row in through if str(row["年份"]) == year], "责任单位"))
        text += f"另有{len(titles)}项" if parts else f"{names}{year}年有{len(titles)}项"
        text += f"通过“{groups}”推及：{'；'.join(titles[:10])}。"
    return text


def _partners(rows: list[Row], body: Body) -> str:
    """与谁一起: the other bodies that stand beside it, by activity."""
    told = []
    for title, names in grouped(rows, "活动", "责任单位").items():
        others = listed(name for name in names if name != body.name)
        year = next(row["年份"] for row in rows if row["活动"] == title)
        told.append(f"{year}年{'与' + others + '共同' if others else '单独'}负责{named(title)}")
    return f"{body.name}{'；'.join(told)}。"


def _together(rows: list[Row], names: str) -> str:
    parts = [f"{year}年：{'；'.join(titles)}" for year, titles in grouped(rows, "年份", "活动").items()]
    return f"{names}共同负责的活动，{'。'.join(parts)}。"


def _mentioned(session: Session, scope: Scope, bodies: list[Body]) -> list[tuple[str, int, int]]:
    """Where the documents speak of the bodies, the first two places."""
    out: list[tuple[str, int, int]] = []
    for doc in scope.documents[:12]:
        text = session.document(doc.id).text
        for form in {form for body in bodies for form in (body.name, *body.written)}:
            at = text.find(form)
            if at >= 0:
                out.append((doc.id, at, at + len(form)))
                break
    return out[:2]


def _nothing(session: Session, names: str, bodies: list[Body]) -> Answer | None:
    here = scope_of(session.question, session.names)
    if not any(body.docs for body in bodies) and here.said and here.documents and session.question.has(Ask.EXIST):
        text = f"没有。{here.label}没有提到{names}（文件未写明，不等于没有参加）。"
        return reply(session, text, understood=f"{here.label}是否提到{names}")
    if not any(body.docs for body in bodies):
        text = f"库内{len(session.lexicon.documents)}份文件没有提到{names}，不能回答。"
        return refuse(session, text, understood=f"{_years(session)}{names}负责的活动")
    scope = scope_of(session.question, session.names)
    if not session.question.has(Ask.EXIST, Ask.NEGATED, Ask.COUNT, Ask.LEAD) and (
        spots := _mentioned(session, scope, bodies)
    ):
        said = session.quotes(spots)
        text = f"{names}在{scope.label}中没有列为活动的责任单位，文件这样提到它：" + "；".join(
            f"“{c.quote}”" for c in said
        )
        return reply(session, text + "。", understood=f"{_years(session)}{names}要做的事", citations=said)
    what = f"“{session.question.series[0].label}”" if session.question.series else "任何活动"
    text = f"没有。{names}在{scope.label}中没有列为{what}的责任单位（文件未写明，不等于没有参加）。"
    if session.question.has(Ask.EXIST, Ask.NEGATED):
        return reply(session, text, understood=f"{_years(session)}{names}是否负责{what}")
    return refuse(session, text, understood=f"{_years(session)}{names}负责的活动")
