"""The bodies that stand among the responsible ones of some documents, all or of one kind."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.answer.focus import Ask
from kg.answer.lexicon import Event
from kg.answer.model import Answer
from kg.answer.phrase import column, listed
from kg.answer.plan import Constraint, Contains, Hub, OneOf, Plan
from kg.answer.reply import reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session
from kg.answer.topic import match_events, topic_of

# the nouns by which people ask -> how such bodies are told in the graph: by a word of the name, or by category
_NAMED = {
    "协会": "协会",
    "学会": "学会",
    "商会": "商会",
    "研究院": "研究院",
    "公司": "公司",
    "委员会": "委员会",
    "局": "局",
}
_CATEGORY = {"企业": "企业", "行业组织": "协会", "事业单位": "事业单位", "党委部门": "党委部门", "群团": "群团组织"}
_ALL_OF_IT = 0.9
_MANY = 20  # beyond this, a table of bodies alone
_ASKED = re.compile(r"(?:哪|几|什么)(?:些|几|个|家)*(" + "|".join([*_NAMED, *_CATEGORY, "单位", "部门", "机构"]) + ")")


def _of_topic(session: Session, scope: Scope, words: list[str]) -> list[Event]:
    """The activities whose titles hold the words."""
    topic = topic_of(session.question, session.names, chunks=words)
    if topic.unknown:
        return []
    docs = (doc.id for doc in scope.documents)
    return [match.event for match in match_events(topic, session.lexicon, session.names, docs, _ALL_OF_IT)]


def answer_participants(session: Session) -> Answer | None:
    """`2019年哪些协会参与了质量月活动`, `青浦方案涉及哪些责任单位`."""
    question = session.question
    asked = _ASKED.search(question.flat) or re.search(r"(责任)单位", question.flat)
    if asked is None or question.number or question.bodies or question.series or question.policies:
        return None
    topic = topic_of(question, session.names)
    leftovers = [
        word
        for word in map(str.strip, topic.words)
        if word not in _NAMED and word not in _CATEGORY and word not in ("涉及", "责任")
    ]
    scope = scope_of(question, session.names)
    if not scope.said or not scope.documents:
        return None
    limits: list[Constraint] = [OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in scope.documents))]
    if leftovers:
        # 哪几个协会办了论坛: of the kinds of bodies only, who is responsible for one activity is told by others
        events = _of_topic(session, scope, leftovers) if asked[1] in (*_NAMED, *_CATEGORY) else []
        if not events:
            return None
        documents = session.lexicon.documents
        limits.append(OneOf(Hub.ACTIVITY, tuple(session.iris.activity(documents[e.doc].id, e.id) for e in events)))
    elif not question.has(Ask.DUTY, Ask.LEAD, Ask.ACTIVITIES) and "涉及" not in question.flat:
        return None
    if word := _NAMED.get(asked[1]):
        limits.append(Contains(Hub.PARTY, "skos:prefLabel", word))
    elif category := _CATEGORY.get(asked[1]):
        limits.append(Contains(Hub.PARTY, "pkg:agencyCategory", category))
    plan = Plan(
        Hub.PARTY, ("责任单位", "活动", "年份", "文件"), tuple(limits), order=("年份", "文序", "活动序", "责任序")
    )
    columns, rows, query = session.rows(plan)
    if not rows:
        return None
    names = column(rows, "责任单位")
    citations = session.citations(plan)
    if len(names) > _MANY:
        columns, rows, query = session.rows(replace(plan, columns=("责任单位",), order=("责任单位",)))
    kind = asked[1] if asked[1] in (*_NAMED, *_CATEGORY) else "责任单位"
    return reply(
        session,
        f"{scope.label}写明的{kind}有{len(names)}个：{listed(names, most=40)}。",
        understood=f"{scope.label}中活动的{kind}",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=citations,
    )
