"""The themes (slogans) that documents announce: by year and place, or those that contain a word."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.model import Answer
from kg.answer.phrase import listed
from kg.answer.plan import Constraint, Contains, Hub, InYears, OneOf, Plan
from kg.answer.reply import refuse, reply
from kg.answer.scope import scope_of
from kg.answer.session import Session

COLUMNS = ("年份", "发文地", "活动主题", "文件")
_NOT_THE_THEME = re.compile(r"主题(?:宣传|论坛|海报|圆桌|沙龙|党日|公园|活动(?!的|是|主题))")
_CONTAINS = re.compile(
    r"(?:写了|写到|含有?|包含|带有?|提到|提了|出现|里有|中有|有)(?:了|过)?[“\"']?([\u4e00-\u9fff]{2,12}?)[”\"']?(?:这个词|一词|字样|的)?[?？]?$"
)


def answer_themes(session: Session) -> Answer | None:
    """`2019年全市的质量月活动主题是什么`, `哪些活动主题里写了“新质生产力”`."""
    question = session.question
    if not question.has(Ask.THEME) or _NOT_THE_THEME.search(question.flat) or question.series:
        return None
    scope = scope_of(question, session.names, own=True)
    limits: list[Constraint] = []
    words = _words(session)
    if scope.said and not words and not scope.documents:
        text = f"库内没有{listed(scope.missing)}的文件，无法回答活动主题。"
        return refuse(session, text + _held(session), understood=f"{listed(scope.missing)}的活动主题")
    if scope.said and scope.documents and (question.places or question.nation or question.documents):
        limits.append(OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in scope.documents)))
    elif question.years:
        limits.append(InYears(question.years))
    if words:
        limits.append(Contains(Hub.DOCUMENT, "pkg:slogan", words))
    plan = Plan(Hub.DOCUMENT, COLUMNS, tuple(limits), order=("年份", "文序"))
    columns, rows, query = session.rows(plan)
    what = f"含“{words}”的" if words else ""
    if not rows:
        text = f"{scope.label}没有{what}活动主题。"
        return refuse(session, text, understood=f"{what}活动主题")
    told = [f"{row['发文地'] or ''}{row['年份'] or ''}年“{row['活动主题']}”" for row in rows]
    head = f"{what}活动主题有{len(rows)}个：" if words or len(rows) > 1 else "活动主题是："
    missing = f"（库内没有{listed(scope.missing)}的文件）" if scope.missing else ""
    spans = [
        (doc.id, evidence.start, evidence.end)
        for doc in session.lexicon.documents
        if any(row["文件"] == doc.title for row in rows)
        and (evidence := session.document(doc.id).header_evidence.get("theme"))
    ]
    return reply(
        session,
        head + "；".join(told) + "。" + missing,
        understood=f"{scope.label}中{what}活动主题",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes(spans),
    )


def _words(session: Session) -> str:
    """The words that the theme must contain."""
    question = session.question
    if not re.search(r"写|含|带有?|提|出现|哪些|哪个|哪几", question.flat):
        return ""
    if question.quoted:
        return question.quoted[0]
    found = _CONTAINS.search(question.flat)
    return found[1] if found and session.names.weights.known(found[1][:2]) else ""


def _held(session: Session) -> str:
    years = sorted({doc.year for doc in session.lexicon.documents if doc.announces and doc.year})
    return f"库内有{listed(years)}年的文件。"
