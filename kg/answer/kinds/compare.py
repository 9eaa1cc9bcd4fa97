"""Two or more documents or places side by side: what both have, what one has, how the same thing differs."""

from __future__ import annotations

import re

from kg.answer.compile import iris, words
from kg.answer.focus import Ask
from kg.answer.kinds.events import chosen_events, event_words, in_series
from kg.answer.lexicon import Doc, Event
from kg.answer.model import Answer, Row
from kg.answer.phrase import day, listed, named, quoted
from kg.answer.reply import reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session
from kg.answer.topic import topic_of

_BOTH = re.compile(r"都(?:有|安排|开展|搞|办|提|举办|包括|列)|共同(?:的|有|安排)|相同|一样|同时有")
_MORE = re.compile(r"(?:哪|谁).{0,6}(?:活动|项).{0,5}(?:多|少)")
_ONLY = re.compile(r"(?:而|但)?([\u4e00-\u9fff]{2,6}?)(?:区|县|市)?(?:却)?没有?(?:的|安排|列|办|开展|举办|搞|提)")


def answer_compare(session: Session) -> Answer | None:
    """`浦东和青浦在市民质量体验活动上有何异同`, `浦东和青浦都有哪些活动`, `浦东有而青浦没有的系列活动`."""
    question = session.question
    more = bool(_MORE.search(question.flat))
    if question.bodies or question.policies or question.has(Ask.COUNT, Ask.THEME, Ask.DEADLINE, Ask.NUMBER):
        return None
    if question.has(Ask.WHO) and not more:
        return None
    both = bool(_BOTH.search(question.flat))
    named = bool(question.places or question.nation or question.documents) and not question.has(Ask.PLACES)
    only = named and bool(_ONLY.search(question.flat))
    differ = more or bool(re.search(r"异同|区别|不同|差别|差异|对比|相比|比较", question.flat))
    if not (differ or ((both or only) and (question.has(Ask.ACTIVITIES) or "活动" in question.flat))):
        return None
    scope = scope_of(question, session.names)
    if len(scope.documents) == 1 or not scope.documents or not scope.said:
        return None
    if topic_of(question, session.names).grams or question.series:
        events, label = chosen_events(session, scope)
        if label:
            events = in_series(session, label, scope.documents)
        if len({event.doc for event in events}) > 1:
            return _side_by_side(session, scope, events, label or "")
    if both or only:
        return _series_sets(session, scope, both=both)
    return _overview(session, scope, most=more)


def _query(session: Session, events: list[Event]) -> str:
    chosen = iris(session.iris.activity(session.lexicon.documents[e.doc].id, e.id) for e in events)
    return f"""SELECT ?年份 ?发文地 ?活动 (GROUP_CONCAT(DISTINCT ?name; separator="、") AS ?责任单位) ?文件
WHERE {{
  VALUES ?activity {{ {chosen} }}
  ?activity schema:name ?活动 ; pkg:announcedIn ?document .
  ?document dcterms:title ?文件 .
  OPTIONAL {{ ?document pkg:activityYear ?年份 . }}
  OPTIONAL {{ ?document dcterms:spatial/skos:prefLabel ?发文地 . }}
  OPTIONAL {{ ?r pkg:inActivity ?activity ; pkg:party/skos:prefLabel ?party . }}
  BIND(COALESCE(?party, "未写明") AS ?name)
}}
GROUP BY ?年份 ?发文地 ?活动 ?文件
ORDER BY ?年份 ?发文地 ?活动"""


def _side_by_side(session: Session, scope: Scope, events: list[Event], label: str) -> Answer:
    query = _query(session, events)
    columns, rows = session.select(query)
    told: list[str] = []
    places: list[tuple[str, int, int]] = []
    for doc in scope.documents:
        own = [e for e in events if session.lexicon.documents[e.doc].id == doc.id]
        if not own:
            told.append(f"{doc.place or quoted(doc.title)}没有提到")
            continue
        said = _described(session, own, rows, doc, label)
        told.append(said[0])
        places += said[1]
    name = label or events[0].title
    citations = session.quotes(places)
    return reply(
        session,
        f"关于“{name}”：" + "；".join(told) + "。",
        understood=f"{scope.label}中“{name}”的异同",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=citations,
    )


def _described(
    session: Session, events: list[Event], rows: list[Row], doc: Doc, label: str
) -> tuple[str, list[tuple[str, int, int]]]:
    """What one document says: titles, who is responsible, and its own words."""
    titles = listed(named(event.title) for event in events[:3])
    bodies = listed(row["责任单位"] for row in rows if row["文件"] == doc.title and row["责任单位"] != "未写明")
    sentence = f"{doc.place or ''}{doc.year or ''}年列有{titles}，" + (
        f"由{bodies}负责" if bodies else "没有写明责任单位"
    )
    document = session.document(doc.id)
    places = [(doc.id, a.evidence.start, a.evidence.end) for a in document.activities if a.id in {e.id for e in events}]
    if own := event_words(session, events[0], label or events[0].title):
        sentence += f"，原文为{named(own[0][2].strip('。；'))}"
        places.append((doc.id, own[0][0], own[0][1]))
    return sentence, places


def _series_sets(session: Session, scope: Scope, *, both: bool) -> Answer:
    """Series that all have, or that the first has and another has not."""
    first, *others = scope.documents
    here, there = first, others
    if not both and (match := _ONLY.search(session.question.flat)):
        lacking = [
            doc for doc in scope.documents if (doc.place and match[1] in doc.place) or (doc.place or "") in match[1]
        ]
        if lacking:
            there = lacking[:1]
            here = next((doc for doc in scope.documents if doc not in there), first)
    test = " ".join(
        f"?e{n} pkg:inSeries ?series ; pkg:announcedIn {iris([session.doc_iri(doc)])} ." for n, doc in enumerate(there)
    )
    condition = (
        test
        if both
        else f"MINUS {{ ?other pkg:inSeries ?series ; pkg:announcedIn {iris([session.doc_iri(there[0])])} . }}"
    )
    query = f"""SELECT DISTINCT ?系列
WHERE {{
  ?activity pkg:inSeries ?series ; pkg:announcedIn {iris([session.doc_iri(here)])} .
  {condition}
  ?series skos:prefLabel ?系列 .
}}
ORDER BY ?系列"""
    columns, rows = session.select(query)
    names = [str(row["系列"]) for row in rows]
    events = [e for name in names for e in in_series(session, name, scope.documents)]
    places = _spots(session, events[:12])
    who = listed(doc.place or doc.title for doc in (scope.documents if both else [here]))
    text = (
        f"{who}都列有的系列活动有{len(names)}个：{listed(names)}。"
        if both
        else (f"{who}列有而{there[0].place}没有列的系列活动有{len(names)}个：{listed(names)}。")
    )
    return reply(
        session,
        text if names else f"{who}没有这样的系列活动。",
        understood=f"{scope.label}所列系列活动的{'交集' if both else '差集'}（名称不同的同类活动归为一个系列）",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes(places),
    )


def _spots(session: Session, events: list[Event]) -> list[tuple[str, int, int]]:
    out = []
    for event in events:
        doc = session.lexicon.documents[event.doc]
        found = next(a for a in session.document(doc.id).activities if a.id == event.id)
        out.append((doc.id, found.evidence.start, found.evidence.end))
    return out


def _overview(session: Session, scope: Scope, *, most: bool) -> Answer:
    """Documents side by side: date, theme, recipients, number of activities."""
    chosen = iris(session.doc_iri(doc) for doc in scope.documents)
    query = f"""SELECT ?发文地 ?年份 ?成文日期 ?活动主题 ?主送 (COUNT(DISTINCT ?activity) AS ?活动数) ?文件
WHERE {{
  VALUES ?document {{ {chosen} }}
  ?document dcterms:title ?文件 .
  OPTIONAL {{ ?document dcterms:spatial/skos:prefLabel ?发文地 . }}
  OPTIONAL {{ ?document pkg:activityYear ?年份 . }}
  OPTIONAL {{ ?document eli:date_document ?成文日期 . }}
  OPTIONAL {{ ?document pkg:slogan ?活动主题 . }}
  OPTIONAL {{ ?document dcterms:audience ?主送 . }}
  OPTIONAL {{ ?activity a schema:Event ; pkg:announcedIn ?document .
    FILTER NOT EXISTS {{ ?activity schema:superEvent ?above . }} }}
  FILTER(STR(?文件) != {words("")})
}}
GROUP BY ?发文地 ?年份 ?成文日期 ?活动主题 ?主送 ?文件
ORDER BY ?年份 ?成文日期"""
    columns, rows = session.select(query)
    told = [
        f"{row['发文地'] or ''}{row['年份'] or ''}年：主题“{row['活动主题'] or '未写明'}”，列{row['活动数']}项活动，"
        f"{'成文于' + day(row['成文日期']) if row['成文日期'] else '没有成文日期'}"
        for row in rows
    ]
    if most:
        ranked = sorted(rows, key=lambda row: -int(row["活动数"] or 0))
        told.insert(
            0, f"列活动最多的是{ranked[0]['发文地']}（{ranked[0]['活动数']}项），最少的是{ranked[-1]['发文地']}"
        )
    spans = [
        (doc.id, found.start, found.end)
        for doc in scope.documents
        for name in ("theme", "date", "title")
        if (found := session.document(doc.id).header_evidence.get(name))
    ]
    return reply(
        session,
        "；".join(told) + "。",
        understood=f"{scope.label}的主题、日期和活动数的比较",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes(spans),
    )
