"""Which documents speak of a word that is no policy and no activity: 哪些文件提到了新质生产力."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.lexicon import Doc
from kg.answer.model import Answer
from kg.answer.phrase import column, listed, quoted
from kg.answer.plan import Hub, OneOf, Plan
from kg.answer.reply import refuse, reply
from kg.answer.scope import scope_of
from kg.answer.session import Session
from kg.answer.text import grams
from kg.answer.topic import title_grams

_SPEAKS = re.compile(r"(?:提到|提及|提了|写了|写到|出现|涉及|谈到|讲到|用到|包含|含有)(?:过|了)?")
_ASKED = re.compile(
    r"(?:哪|几)(?:些|几|一)?[个份部]?(?:\S{0,3})?(?:文件|通知|方案|通报)|提没提|有没有提|是否提|没有提|提到.{1,20}吗"
)
_SEARCHED = 50
_MOST_OF_IT = 0.6


def answer_mentions(session: Session) -> Answer | None:
    """Documents that hold a phrase, word for word."""
    question = session.question
    if (
        question.policies
        or not question.has(Ask.CITE)
        or not _SPEAKS.search(question.flat)
        or not _ASKED.search(question.flat)
    ):
        return None
    phrase = _phrase(session)
    if not phrase:
        return None
    scope = scope_of(question, session.names)
    candidates = _candidates(session, phrase, scope.documents if scope.said else ())
    spots = [(doc, spot) for doc in candidates if (spot := _find(session, doc, phrase))]
    asks_whether = question.has(Ask.EXIST) or "提没提" in question.flat
    if not spots and not question.quoted and _said_otherwise(session, phrase, candidates):
        return None  # 食品安全宣传 is not written so, 加强食品安全知识媒体宣传 is: others answer better
    if not spots:
        text = f"{'没有。' if asks_whether else ''}{scope.label}没有出现“{phrase}”。"
        if asks_whether and scope.said:
            return reply(session, text, understood=f"{scope.label}是否提到“{phrase}”")
        return refuse(session, text, understood=f"提到“{phrase}”的文件")
    plan = Plan(
        Hub.DOCUMENT,
        ("年份", "发文地", "文件"),
        (OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc, _ in spots)),),
        order=("年份", "文序"),
    )
    columns, rows, query = session.rows(plan)
    titles = column(rows, "文件")
    return reply(
        session,
        f"{'有。' if asks_whether else ''}提到“{phrase}”的文件有{len(titles)}份：{listed(map(quoted, titles))}。",
        understood=f"{scope.label}中写有“{phrase}”的文件",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes([(doc.id, *spot) for doc, spot in spots]),
    )


def _said_otherwise(session: Session, phrase: str, documents: list[Doc]) -> bool:
    """Whether the title of some activity holds most of a phrase."""
    wanted, held = grams(phrase), {doc.id for doc in documents}
    return any(
        session.names.weights.coverage(wanted, title_grams(event.title)) >= _MOST_OF_IT
        for event in session.lexicon.events
        if session.lexicon.documents[event.doc].id in held
    )


def _phrase(session: Session) -> str:
    """The words asked about: quoted, or what stands behind 提到."""
    question = session.question
    if question.quoted:
        return question.quoted[0]
    words = [word for chunk in question.content for word in re.split(_SPEAKS, chunk) if len(word) > 1]
    words = [word for word in words if not re.fullmatch(r"(?:文件|通知|方案|通报|质量月|活动)+(?:引用)?", word)]
    return words[-1].strip() if words else ""


def _candidates(session: Session, phrase: str, meant: tuple[Doc, ...]) -> list[Doc]:
    if meant:
        return list(meant)[:_SEARCHED]
    if len(session.lexicon.documents) <= _SEARCHED:
        return list(session.lexicon.documents)
    hits = session.context.search.search(phrase, top=_SEARCHED)
    by_id = {doc.id: doc for doc in session.lexicon.documents}
    return [by_id[i] for i in dict.fromkeys(hit.document_id for hit in hits) if i in by_id]


def _find(session: Session, doc: Doc, phrase: str) -> tuple[int, int] | None:
    pattern = re.compile(r"[“”\"\s]?".join(map(re.escape, phrase)), re.IGNORECASE)
    match = pattern.search(session.document(doc.id).text)
    return match.span() if match else None
