"""Places that have both, or one and not the other: 既办A又办B, 办了A而没有办B, 2019年办过而2024年没有办."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.answer.focus import Ask
from kg.answer.kinds.events import chosen_events
from kg.answer.model import Answer, Citation, Row
from kg.answer.phrase import listed, named
from kg.answer.reply import refuse, reply
from kg.answer.session import Session
from kg.answer.trend import TrendPlan, compile_trend_evidence, what
from kg.answer.understand import understand

_BOTH = (
    re.compile(r"既(?P<one>[^又]{2,30})又(?P<other>[^?？]{2,40})"),
    re.compile(r"(?P<one>.{2,30}?)(?:、|和|与|以及|同)(?P<other>.{2,30}?)(?:这?[两二]样|两者|[两二]项)?(?:都|同时|均)"),
    re.compile(r"同时(?P<one>.{2,30}?)(?:、|和|与|以及|又)(?P<other>[^?？]{2,30})"),
)
_BUT_NOT = re.compile(
    r"(?P<one>.{2,40}?)(?:而|但是?|却|可是?|[,，])+(?P<other>[^,，?？]{0,20}?(?:没有?|未曾?|不再?)[^,，?？]{0,20})"
)
_NEGATION = re.compile(r"没有?|未曾?|不再?")
_LEVELS = '"区", "县"'


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the question: a series or some activities, in some years."""

    label: str
    series: str | None
    activities: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def said(self) -> str:
        """2019年“质量开放日”."""
        return (f"{listed(self.years)}年" if self.years else "") + named(self.label)

    def pattern(self, n: int, *, years: bool = True) -> str:
        """The activity of this side at `?place`."""
        only = f"VALUES ?year{n} {{ {' '.join(map(str, self.years))} }} " if self.years and years else ""
        return (
            f"{only}{what(self.series, self.activities, f'?activity{n}')} ?activity{n} pkg:activityYear ?year{n} . "
            f"?at{n} pkg:inActivity ?activity{n} ; pkg:atPlace ?place ."
        )


def answer_sets(session: Session) -> Answer | None:
    """`哪些区既办了质量开放日又办了市民质量体验`, `哪些区2019年办过质量开放日，而2024年没有办`."""
    question = session.question
    if not question.has(Ask.PLACES) and not re.search(r"的(?:区|地方|县)", question.flat):
        return None
    if question.bodies or question.places:
        return None
    if len(question.series) > 1 or "既" in question.text:
        for pattern in _BOTH:
            if (match := pattern.search(question.text)) and (sides := _sides(session, match)):
                return _answer(session, *sides, both=True)
    match = _BUT_NOT.search(question.text)
    if match and _NEGATION.search(match["other"]) and (sides := _sides(session, match)):
        return _answer(session, *sides, both=False)
    return None


def _sides(session: Session, match: re.Match[str]) -> tuple[_Side, _Side] | None:
    """Both sides; what one leaves out (the series, the years) is as the question says before it."""
    texts = (session.question.text[: match.end("one")], _NEGATION.sub("", match["other"]))
    first, second = (replace(session, question=understand(text, session.names)) for text in texts)
    one = _side(first)
    if one is None:
        return None
    other = _side(second)
    if other is None:
        if second.question.content and not second.question.years:
            return None
        other = one
    years = second.question.years or one.years or other.years
    other = replace(other, years=years)
    if not one.years and not first.question.years:
        one = replace(one, years=() if second.question.years and other.label == one.label else other.years)
    return None if one == other else (one, other)


def _side(session: Session) -> _Side | None:
    events, label = chosen_events(session)
    years = session.question.years
    if label is not None and session.question.series:
        return _Side(label, session.iris.series(label), (), years)
    if not events or not session.question.content:
        return None
    chosen = tuple(session.iris.activity(session.lexicon.documents[e.doc].id, e.id) for e in events)
    return _Side(events[0].title, None, chosen, years)


def _answer(session: Session, one: _Side, other: _Side, *, both: bool) -> Answer:
    query = _both(one, other) if both else _but_not(one, other)
    columns, rows = session.select(query)
    word = "既有" if both else "有"
    what_for = f"{word}{one.said}{'又有' if both else '而没有'}{other.said}的区县"
    understood = f"{what_for}（按文件写明或推及；安排不等于已经开展）"
    citations = [c for side in (one, other) for c in _quotes(session, side, [str(row["地区"]) for row in rows])]
    citations = list(dict.fromkeys(citations))
    if not rows:
        return refuse(session, f"库内文件中没有{what_for}。", understood=understood, citations=citations[:3])
    names = [str(row["地区"]) for row in rows]
    text = f"{what_for}有{len(names)}个：{listed(names)}。" if both else _unlike(rows, one, other)
    return reply(session, text, understood=understood, columns=columns, rows=rows, sparql=query, citations=citations)


def _unlike(rows: list[Row], one: _Side, other: _Side) -> str:
    """The two ways of not having it told apart: the documents are silent, or there are none."""
    silent = [row["地区"] for row in rows if row["后者状态"] == "未提及"]
    absent = [row["地区"] for row in rows if row["后者状态"] == "未入库"]
    parts = []
    if silent:
        parts.append(f"{other.said}未提及的有{len(silent)}个（{listed(silent)}；文件在库而未提到，不等于没有开展）")
    if absent:
        parts.append(f"未入库的有{len(absent)}个（{listed(absent)}；库内没有其文件，不能判断）")
    return f"有{one.said}的区县中，{'；'.join(parts)}。"


def _named(extra: str) -> str:
    return f"""  ?place skos:prefLabel ?地区 ; pkg:placeLevel ?level .
  OPTIONAL {{ ?place skos:notation ?code . }}
  FILTER(?level IN ({_LEVELS}))
  {extra}"""


def _both(one: _Side, other: _Side) -> str:
    return f"""SELECT ?地区
  (GROUP_CONCAT(DISTINCT STR(?year0); separator="、") AS ?前者年份)
  (GROUP_CONCAT(DISTINCT STR(?year1); separator="、") AS ?后者年份)
WHERE {{
  {one.pattern(0)}
  {other.pattern(1)}
{_named("")}
}}
GROUP BY ?地区 ?code
ORDER BY ?code ?地区"""


def _but_not(one: _Side, other: _Side) -> str:
    held = f"?held pkg:covers ?place ; pkg:activityYear ?in . FILTER(?in IN ({', '.join(map(str, other.years))}))"
    if not other.years:
        held = "?held pkg:covers ?place ."
    return f"""SELECT ?地区 (GROUP_CONCAT(DISTINCT STR(?year0); separator="、") AS ?前者年份) ?后者状态
WHERE {{
  {one.pattern(0)}
{_named(f"MINUS {{ {other.pattern(1)} }}")}
  BIND(IF(EXISTS {{ {held} }}, "未提及", "未入库") AS ?后者状态)
}}
GROUP BY ?地区 ?code ?后者状态
ORDER BY ?后者状态 ?code ?地区"""


def _quotes(session: Session, side: _Side, places: list[str]) -> list[Citation]:
    """The words that name the activities of one side at the places of the answer."""
    keys = [p.qualified for p in session.lexicon.places if p.name in places and p.held]
    plan = TrendPlan(
        series=side.series,
        activities=side.activities,
        years=side.years,
        places=tuple(session.iris.place(key) for key in keys),
    )
    _, spans = session.select(compile_trend_evidence(plan))
    return session.quote_spans((str(row["span"]) for row in spans), most=6)
