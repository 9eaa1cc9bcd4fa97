"""What the same department of several places does: 2019年哪些区的市场监管局牵头了活动."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.lexicon import Body, Department
from kg.answer.model import Answer
from kg.answer.names import department_name
from kg.answer.phrase import column, grouped, listed
from kg.answer.plan import Constraint, Hub, InSeries, OneOf, Plan
from kg.answer.reply import refuse, reply
from kg.answer.scope import scope_of
from kg.answer.session import Session

_WHICH = re.compile(r"(?:哪|几)(?:些|几)?个?(区县|区|县|市|省)(?:里|中)?的?(?=[\u4e00-\u9fff])")
_EVERY = re.compile(r"(?:的|各|所有)(区|县|市|省)级?的?(?=[\u4e00-\u9fff])")
_LONGEST = 12
_SHOWN = 6


def answer_departments(session: Session) -> Answer | None:
    """Which places' bodies of one kind are responsible for activities, and for which."""
    question = session.question
    if not question.has(Ask.ACTIVITIES, Ask.DUTY, Ask.LEAD) or question.places:
        return None
    found = _asked(session)
    if found is None:
        return None
    tiers, department = found
    bodies = _bodies(session, tiers, department)
    scope = scope_of(question, session.names)
    understood = f"{scope.label}中各{listed(tiers)}的{department.name}负责的活动"
    if not bodies or not scope.documents:
        text = f"{scope.label}没有写到{listed(tiers)}的{department.name}。"
        return refuse(session, text, understood=understood)
    limits: list[Constraint] = [
        OneOf(Hub.PARTY, tuple(session.iris.agency(body.place, body.name) for body in bodies)),
        OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in scope.documents)),
    ]
    if question.series:
        limits.append(InSeries(session.iris.series(question.series[0].label)))
    shown = ("年份", "责任单位", "角色", "活动", "文件")
    plan = Plan(Hub.PARTY, shown, tuple(limits), order=("年份", "文序", "活动序", "责任序"))
    columns, rows, query = session.rows(plan)
    if not rows:
        return refuse(session, f"{scope.label}没有把{department.name}列为责任单位。", understood=understood)
    names = column(rows, "责任单位")
    told = [f"{name}（{listed(titles, most=_SHOWN)}）" for name, titles in grouped(rows, "责任单位", "活动").items()]
    verb = "牵头" if all(row["角色"] == "牵头" for row in rows) else "负责"
    return reply(
        session,
        f"{scope.label}中，{verb}活动的{listed(tiers)}{department.name}有{len(names)}个：{'；'.join(told)}。",
        understood=understood,
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.citations(plan),
    )


def _asked(session: Session) -> tuple[tuple[str, ...], Department] | None:
    """The tiers and the department behind 哪些区的."""
    flat = session.question.flat
    for match in (*_WHICH.finditer(flat), *_EVERY.finditer(flat)):
        for length in range(min(_LONGEST, len(flat) - match.end()), 1, -1):
            if department := session.names.tails.get(flat[match.end() : match.end() + length]):
                return tuple(match[1]), department
    return None


def _bodies(session: Session, tiers: tuple[str, ...], department: Department) -> list[Body]:
    """The bodies of the documents that are this department in a place of these tiers."""
    out: list[Body] = []
    for place in session.lexicon.places:
        if place.held and place.level in tiers:
            own = session.names.bodies.get(department_name(department, place), ())
            out += [body for body in own if body.docs and body.place == place.qualified]
    return out
