"""How two bodies are connected: through activities or documents that both stand in, or through a third body."""

from __future__ import annotations

import re

from kg.answer.compile import iris
from kg.answer.focus import Ask
from kg.answer.kinds.duties import body_iri, groups_of
from kg.answer.lexicon import Body
from kg.answer.model import Answer, Citation, Row
from kg.answer.phrase import listed, named, quoted
from kg.answer.reply import refuse, reply
from kg.answer.session import Session

_CONNECTED = re.compile(
    r"联系|关系|关联|交集|路径|连起来|往来|交往|(?:怎么|如何|怎样).{0,3}(?:连|相关)|"
    r"(?:共同|一起)(?:参与|负责|出现|做)"
)
_PAIR, _MOST, _TOLD = 2, 30, 6


def answer_links(session: Session) -> Answer | None:
    """`青浦区农业农村委和青浦区市场监管局有什么联系`: the shortest steps that the graph holds."""
    question = session.question
    mentions = [mention for mention in question.bodies if mention.bodies]
    if len(mentions) != _PAIR or not _CONNECTED.search(question.flat) or question.has(Ask.COUNT):
        return None
    one, other = (mention.bodies[0] for mention in mentions)
    if one == other:
        return None
    ends = (_with_groups(session, one), _with_groups(session, other))
    understood = f"{one.name}与{other.name}之间的联系（先看共同的活动和文件，再看经哪个单位相连）"
    for query, word in ((_direct(ends), _say_direct), (_through(ends), _say_through), (_same(ends), _say_same)):
        columns, rows = session.select(query)
        if rows:
            _, spans = session.select(_spans(ends)) if word is _say_direct else ([], [])
            citations = session.quote_spans(str(row["span"]) for row in spans)
            return reply(
                session,
                word(rows, one, other),
                understood=understood,
                columns=columns,
                rows=rows,
                sparql=query,
                citations=citations or _mentions(session, one, other),
                next_questions=[f"{one.name}负责哪些活动？", f"{other.name}负责哪些活动？"],
            )
    text = f"库内文件没有写到{one.name}与{other.name}的联系（没有共同的活动、文件，也没有同一个第三方单位）。"
    return refuse(session, text, understood=understood)


Ends = tuple[list[str], list[str]]


def _with_groups(session: Session, body: Body) -> list[str]:
    own = body_iri(session, body)
    return [own, *groups_of(session, own)]


def _shared(ends: Ends) -> str:
    """Both are responsible for `?activity`."""
    return f"""VALUES ?one {{ {iris(ends[0])} }}
    VALUES ?other {{ {iris(ends[1])} }}
    ?r0 pkg:party ?one ; pkg:inActivity ?activity .
    ?r1 pkg:party ?other ; pkg:inActivity ?activity ."""


def _direct(ends: Ends) -> str:
    return f"""SELECT DISTINCT ?关系 ?经由 ?年份 ?文件
WHERE {{
  {{ {_shared(ends)}
    ?activity schema:name ?经由 ; pkg:announcedIn ?document .
    ?document dcterms:title ?文件 .
    OPTIONAL {{ ?document pkg:activityYear ?年份 . }}
    BIND("共同负责活动" AS ?关系) }}
  UNION
  {{ ?document eli:passed_by {iris(ends[0][:1])} , {iris(ends[1][:1])} ; dcterms:title ?经由 , ?文件 .
    OPTIONAL {{ ?document pkg:activityYear ?年份 . }}
    BIND("联合发文" AS ?关系) }}
}}
ORDER BY ?年份 ?文件 ?经由
LIMIT {_MOST}"""


def _spans(ends: Ends) -> str:
    # in each branch: a union of all quotations joined afterwards reads every quotation that is held
    return f"""SELECT DISTINCT ?span
WHERE {{
  {{ {_shared(ends)}
    ?activity prov:wasQuotedFrom ?span . }}
  UNION
  {{ {_shared(ends)}
    ?r0 prov:wasQuotedFrom ?span . }}
}}
ORDER BY ?span"""


def _through(ends: Ends) -> str:
    return f"""SELECT DISTINCT ?活动 ?经由单位 ?另一活动 ?文件 ?另一文件
WHERE {{
  VALUES ?one {{ {iris(ends[0])} }}
  VALUES ?other {{ {iris(ends[1])} }}
  ?r0 pkg:party ?one ; pkg:inActivity ?first .
  ?r1 pkg:inActivity ?first ; pkg:party ?between .
  ?r2 pkg:party ?between ; pkg:inActivity ?second .
  ?r3 pkg:party ?other ; pkg:inActivity ?second .
  FILTER(?between NOT IN ({", ".join(iris([end]) for end in (*ends[0], *ends[1]))}))
  ?between skos:prefLabel ?经由单位 .
  ?first schema:name ?活动 ; pkg:announcedIn/dcterms:title ?文件 .
  ?second schema:name ?另一活动 ; pkg:announcedIn/dcterms:title ?另一文件 .
}}
ORDER BY ?文件 ?经由单位 ?活动 ?另一活动
LIMIT {_MOST}"""


def _same(ends: Ends) -> str:
    return f"""SELECT DISTINCT ?活动 ?另一活动 ?年份 ?文件
WHERE {{
  VALUES ?one {{ {iris(ends[0])} }}
  VALUES ?other {{ {iris(ends[1])} }}
  ?r0 pkg:party ?one ; pkg:inActivity ?first .
  ?first pkg:announcedIn ?document ; schema:name ?活动 .
  ?r1 pkg:party ?other ; pkg:inActivity ?second .
  ?second pkg:announcedIn ?document ; schema:name ?另一活动 .
  ?document dcterms:title ?文件 .
  OPTIONAL {{ ?document pkg:activityYear ?年份 . }}
}}
ORDER BY ?年份 ?文件 ?活动 ?另一活动
LIMIT {_MOST}"""


def _say_direct(rows: list[Row], one: Body, other: Body) -> str:
    told = [
        f"{row['年份'] or ''}年{quoted(row['文件'])}中共同负责{named(row['经由'])}"
        if row["关系"] == "共同负责活动"
        else f"联合印发{quoted(row['文件'])}"
        for row in rows[:_TOLD]
    ]
    more = f"等{len(rows)}处" if len(rows) > _TOLD else ""
    return f"{one.name}与{other.name}直接相连：{'；'.join(dict.fromkeys(told))}{more}。"


def _say_through(rows: list[Row], one: Body, other: Body) -> str:
    between = listed((row["经由单位"] for row in rows), most=_TOLD)
    first = rows[0]
    return (
        f"{one.name}与{other.name}没有共同的活动，经{between}相连。例如：{one.name}→{named(first['活动'])}→"
        f"{first['经由单位']}→{named(first['另一活动'])}→{other.name}。"
    )


def _say_same(rows: list[Row], one: Body, other: Body) -> str:
    titles = listed(quoted(row["文件"]) for row in rows)
    return f"{one.name}与{other.name}没有共同的活动，只是同见于{titles}，各自负责其中的活动（详见下表）。"


def _mentions(session: Session, one: Body, other: Body) -> list[Citation]:
    """The first words by which each is named as responsible."""
    out: list[str] = []
    for body in (one, other):
        _, rows = session.select(
            f"SELECT ?span WHERE {{ ?r pkg:party {iris([body_iri(session, body)])} ; prov:wasQuotedFrom ?span . }}"
            " ORDER BY ?span LIMIT 2"
        )
        out += [str(row["span"]) for row in rows]
    return session.quote_spans(out)
