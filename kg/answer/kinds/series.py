"""Which places held a series, when, and how that changed: the four states of DESIGN §4."""

from __future__ import annotations

import re

from kg.answer.chart import trend_chart
from kg.answer.focus import Ask
from kg.answer.kinds.events import chosen_events, event_words
from kg.answer.lexicon import Event, Place
from kg.answer.model import Answer, Citation, Row
from kg.answer.phrase import column, listed, named
from kg.answer.question import Question
from kg.answer.reply import refuse, reply
from kg.answer.scope import scope_of
from kg.answer.session import Session
from kg.answer.topic import topic_of
from kg.answer.trend import TrendPlan, compile_trend, compile_trend_evidence
from kg.core.model import PartyKind, Role, Status

_DISTRICTS = ("区", "县")
_MOST_TOLD = 6
_MOST_LISTED = 60
_EXCEPT = re.compile(r"除(?:了|去)?.{1,12}(?:还|以外|之外|外)")


def answer_series(session: Session) -> Answer | None:
    """`哪些区办过质量开放日，历年有何变化`, `青浦2022年有没有质量开放日`."""
    question = session.question
    if _is_other(question):
        return None
    exists = question.has(Ask.EXIST, Ask.NEGATED) and bool(question.places or question.series)
    about_places = question.has(Ask.PLACES) or exists
    first = question.has(Ask.FIRST, Ask.LAST) or bool(re.search(r"哪.{0,2}年", question.flat))
    trend = question.has(Ask.CHANGE) or question.span or (first and bool(question.series))
    if not (about_places or trend) or (question.bodies and not question.has(Ask.PLACES)):
        return None
    events, label = chosen_events(session)
    if label is None and not events:
        events = _all_events(session) if question.has(Ask.PLACES) else []
        if not events:
            return None
    except_for = question.places if _EXCEPT.search(question.flat) else ()
    by_series = label is not None and bool(question.series)
    plan = TrendPlan(
        series=session.iris.series(label) if by_series and label else None,
        activities=() if by_series else tuple(_iri(session, event) for event in events),
        years=question.years,
        places=tuple(
            session.iris.place(place.qualified)
            for place in question.places
            if _asked(place, session) and place not in except_for
        ),
        excluded=tuple(session.iris.place(place.qualified) for place in except_for),
        levels=_DISTRICTS if (question.has(Ask.PLACES) and "区" in question.flat) or "县" in question.flat else (),
        states=_states(session, trend=trend, by_series=by_series),
        documents=_telling(session),
        some=bool(events),
    )
    query = compile_trend(plan)
    columns, rows = session.select(query)
    if not rows:
        return None
    held = [
        event for event in events if not question.years or session.lexicon.documents[event.doc].year in question.years
    ]
    name = named(label) if by_series and label else named(events[0].title) if len(events) <= _MOST_TOLD else "活动"
    _, spans = session.select(compile_trend_evidence(plan))
    citations = session.quote_spans(str(row["span"]) for row in spans)
    citations = citations or _searched(session, rows)
    citations += [c for event in held[:8] for c in _how_citations(session, event, label or "")]
    text = _sentences(session, name, rows, held, label or "", trend=trend)
    if first:
        text = _first(name, rows, last=question.has(Ask.LAST)) + text
    if question.places and all(row["状态"] == "未入库" for row in rows):
        return refuse(session, text, understood=_understood(session, name, plan))
    return reply(
        session,
        text,
        understood=_understood(session, name, plan),
        columns=columns,
        rows=rows,
        sparql=query,
        citations=_unique(citations),
        chart=trend_chart(rows) if len({row["年份"] for row in rows}) > 1 else None,
        next_questions=[f"{question.places[0].name if question.places else ''}{label}由哪些单位负责？"]
        if label
        else [],
    )


def _telling(session: Session) -> tuple[str, ...]:
    """The documents that announce activities, unless there are so many that a list of them would hide the query."""
    announcing = [session.doc_iri(doc) for doc in session.lexicon.documents if doc.announces]
    return tuple(announcing) if len(announcing) <= _MOST_LISTED else ()


def _is_other(question: Question) -> bool:
    """What looks like a question about places and is none."""
    spots = "地方" in question.flat and question.places and not re.search(r"哪.{0,2}[区县]", question.flat)
    return bool(
        (question.has(Ask.CLOCK, Ask.WHERE) and not question.has(Ask.PLACES))
        or spots  # 浦东的海报贴在哪些地方
        or (question.policies and question.has(Ask.ISSUED))
        or (not question.series and question.has(Ask.THEME, Ask.CITE))
    )


def _all_events(session: Session) -> list[Event]:
    """2022年哪些区办了活动: every activity of the documents meant, when the question tells no more."""
    scope = scope_of(session.question, session.names)
    topic = topic_of(session.question, session.names)
    if not scope.said or topic.grams or topic.unknown:
        return []
    wanted = {doc.id for doc in scope.documents}
    return [e for e in session.lexicon.events if session.lexicon.documents[e.doc].id in wanted and e.parent is None]


def _states(session: Session, *, trend: bool, by_series: bool) -> tuple[str, ...]:
    """哪些区没有…… wants the places without it; which places held one certain activity, only those that did."""
    question = session.question
    if question.has(Ask.NEGATED) and question.has(Ask.PLACES):
        return ("未提及", "未入库")
    return () if trend or by_series or question.has(Ask.EXIST, Ask.NEGATED) else ("点名", "推及")


def _asked(place: Place, session: Session) -> bool:
    """A city beside 哪些区 says where to look, not which place is asked about."""
    return not (session.question.has(Ask.PLACES) and place.level in ("省", "市"))


def _iri(session: Session, event: Event) -> str:
    return session.iris.activity(session.lexicon.documents[event.doc].id, event.id)


def _understood(session: Session, name: str, plan: TrendPlan) -> str:
    question = session.question
    years = f"{listed(question.years)}年" if question.years else "库内各年度"
    places = listed(place.name for place in question.places) or ("各区" if plan.levels else "各地")
    return f"{years}{places}{name}的安排或开展情况，按点名、推及、未提及、未入库四种状态列出；安排不等于已经开展"


def _merged(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The rows of one year by state: those of one state differ in their carriers only."""
    out: dict[str, list[Row]] = {}
    for row in rows:
        out.setdefault(str(row["状态"]), []).append(row)
    return list(out.items())


def _sentences(session: Session, name: str, rows: list[Row], events: list[Event], label: str, *, trend: bool) -> str:
    parts: list[str] = []
    if len(rows) == 1 and not trend and rows[0]["状态"] == "点名" and not label and len(events) == 1:
        # where one certain activity takes place
        done = "通报" if _status(session, events[0]) == "reported" else "安排"
        places = str(rows[0]["地区"]).split("、")
        return f"{rows[0]['年份']}年{name}{done}在{len(places)}个{_kind(places)}：{listed(places)}。" + (
            "（安排不等于已经开展）" if done == "安排" else ""
        )
    for year in column(rows, "年份"):
        of_year = [row for row in rows if str(row["年份"]) == year]
        parts.append(
            f"{year}年："
            + "；".join(_state(session, *one) for one in _merged(of_year))
            + _others(session, events, year, label)
        )
    told = {str(row["状态"]) for row in rows} & {"点名", "推及"}
    planned = told and any(_status(session, event) == "planned" for event in events)
    tail = "以上“点名”“推及”多为文件安排，不等于已经开展。" if planned else ""
    if session.question.has(Ask.NEGATED) and session.question.has(Ask.PLACES):
        head = f"文件没有写到{name}的地方"
    elif not told:
        head = f"库内文件没有{name}的记载"
    else:
        head = f"{name}的情况"
    change = _change(rows) if trend and len(column(rows, "年份")) > 1 else ""
    return f"{head}：{'。'.join(parts)}。{change}{tail}"


def _state(session: Session, state: str, rows: list[Row]) -> str:
    """The places of one state in a year: 点名2个（浦东新区、青浦区）."""
    places = [place for row in rows for place in str(row["地区"]).split("、")]
    whole = _whole(session, places)
    said = whole or f"{len(places)}个{_kind(places)}"
    notes = {"未提及": "文件在库而未提到，不等于没有开展", "未入库": "库内没有其文件，不能判断"}
    inside = "；".join(filter(None, ("" if whole else listed(places), notes.get(state, ""))))
    said += f"（{inside}）" if inside else ""
    if state == "推及":
        carriers = listed(row["承担单位"] for row in rows) or "统称"
        return f"推及{said}，由{carriers}推及，未逐一列名"
    return f"{state}{said}"


def _whole(session: Session, places: list[str]) -> str:
    """全市16个区, where the places are all districts of one city; else nothing."""
    names = session.names
    held = [place for place in names.lexicon.places if place.held and place.name in places and place.parent]
    for parent in dict.fromkeys(place.parent or "" for place in held):
        own = {place.name for place in names.children(parent) if place.level in _DISTRICTS}
        if len(own) > 1 and own == set(places):
            tier = "市" if names.places[parent].level in ("市", "省") else ""
            return f"全{tier}{len(own)}个{_kind(places)}"
    return ""


def _kind(places: list[str]) -> str:
    """What a list of places is of: 区, or 地方 where they differ."""
    tiers = {place[-1] for place in places}
    return tiers.pop() if len(tiers) == 1 and tiers <= set("区县省市") else "地方"


def _others(session: Session, events: list[Event], year: str, label: str) -> str:
    """What the table of places does not show: who else carries it, and in whose words where nobody is named."""
    said: list[str] = []
    asked = {place.qualified for place in session.question.places}
    asked |= {place.parent or "" for place in session.question.places}
    for event in events:
        doc = session.lexicon.documents[event.doc]
        if str(doc.year) != year or event.parent is not None or (asked and doc.qualified not in asked):
            continue
        activity = next(a for a in session.document(doc.id).activities if a.id == event.id)
        number = f"第{event.no}项" if event.no else ""
        bodies = [party.name for party in activity.responsible if party.kind is not PartyKind.PLACE]
        if bodies:
            lead = any(party.role is Role.LEAD for party in activity.responsible)
            verb = "牵头" if lead else "开展" if activity.status is Status.REPORTED else "负责"
            said.append(f"{doc.place or ''}{number or named(event.title)}由{listed(bodies)}{verb}")
        elif activity.responsible:
            continue
        elif words := event_words(session, event, label):
            said.append(f"{doc.place or ''}{number}写明{named(words[0][2].strip('。；'))}")
    if len(said) > _MOST_TOLD:
        said = [*said[:_MOST_TOLD], "等"]
    if session.question.has(Ask.NEGATED) and session.question.has(Ask.PLACES):
        return ""
    return "。其中" + "，".join(said) if said else ""


def _status(session: Session, event: Event) -> str:
    document = session.document(session.lexicon.documents[event.doc].id)
    return next((a.status.value for a in document.activities if a.id == event.id), "")


def _first(name: str, rows: list[Row], *, last: bool) -> str:
    years = [str(row["年份"]) for row in rows if row["状态"] in ("点名", "推及")]
    return f"库内文件中{name}最{'近一次' if last else '早'}见于{(max if last else min)(years)}年。" if years else ""


def _change(rows: list[Row]) -> str:
    """2019年推及16个→2024年点名2个、未入库14个."""
    told: list[str] = []
    for year in column(rows, "年份"):
        by_state = _merged([row for row in rows if str(row["年份"]) == year])
        states = [f"{state}{sum(int(row['数量'] or 0) for row in own)}个" for state, own in by_state]
        told.append(f"{year}年{'、'.join(states)}")
    return f"变化：{'→'.join(told)}。"


def _how_citations(session: Session, event: Event, label: str) -> list[Citation]:
    doc = session.lexicon.documents[event.doc]
    return list(session.quotes([(doc.id, start, end) for start, end, _ in event_words(session, event, label)[:1]]))


def _searched(session: Session, rows: list[Row]) -> list[Citation]:
    """Where nothing is said, the titles of the documents that say nothing."""
    silent = {title for row in rows if row["状态"] == "未提及" for title in str(row["文件"]).split("；")}
    spots = [
        (doc.id, found.start, found.end)
        for doc in session.lexicon.documents
        if doc.title in silent and (found := session.document(doc.id).header_evidence.get("title"))
    ]
    return session.quotes(spots)


def _unique(citations: list[Citation]) -> list[Citation]:
    return list(dict.fromkeys(citations))
