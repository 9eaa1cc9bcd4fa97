"""Facts of documents: number, dates, issuers, recipients, deadlines; and which came first."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

from kg.answer.focus import Ask
from kg.answer.model import Answer, Citation, Row
from kg.answer.phrase import column, day, listed, quoted
from kg.answer.plan import Hub, OneOf, Plan
from kg.answer.reply import refuse, reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session

_ABOUT_DOCUMENT = re.compile(r"文件|通知|通报|方案|安排表|活动安排|报告|发文|文号|文(?!化|明|章|旅)|发的|印发")
_PAIR, _FEW = 2, 3
_DATE = r"(?:\d{4}\s*年\s*)?\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?"
_PERIOD = re.compile(rf"{_DATE}\s*(?:至|到|[—–~-]+)\s*{_DATE}")
_FIELDS = {
    "发文机关": "issuers",
    "主送": "recipients",
    "成文日期": "date",
    "印发日期": "printed_date",
    "发文字号": "doc_number",
    "活动主题": "theme",
}
_ISSUED_BY = re.compile(
    r"谁(?:联合)?(?:发|印发|发布|制定|出台|下发|写|签发)|(?:发文|制发|印发|制定)(?:单位|"
    r"机关|部门)|(?:哪|几)[^天日年月时号]{0,5}(?:发|印发|发布|制定|出台|下发)|由谁"
)


def answer_order(session: Session) -> Answer | None:
    """`国家、浦东、青浦三份文件，谁先发谁后发`."""
    question = session.question
    if not question.has(Ask.ORDER, Ask.FIRST) or question.series:
        return None
    if question.has(Ask.FIRST) and not _ABOUT_DOCUMENT.search(question.flat):
        return None
    scope = scope_of(question, session.names, own=True)
    if len(scope.documents) < _PAIR:
        return None
    plan = Plan(
        Hub.DOCUMENT, ("成文日期", "发文地", "文件", "发文字号"), _only(session, scope), order=("成文日期", "文序")
    )
    columns, rows, query = session.rows(plan)
    dated = [row for row in rows if row["成文日期"]]
    if len(dated) < _PAIR:
        return None
    told = [f"{row['发文地'] or ''}{quoted(row['文件'])}（{day(row['成文日期'])}）" for row in dated]
    text = (
        f"最先发的是{told[0]}，"
        + "，".join(f"{'其次' if n == 0 else '随后'}是{one}" for n, one in enumerate(told[1:]))
        + "。"
    )
    gaps = [_days(a["成文日期"], b["成文日期"]) for a, b in pairwise(dated)]
    text += f"前后相差{listed(f'{gap}天' for gap in gaps)}。" if len(dated) == _PAIR else ""
    undated = [row for row in rows if not row["成文日期"]]
    text += f"{listed(quoted(row['文件']) for row in undated)}没有成文日期，无法比较。" if undated else ""
    return reply(
        session,
        text,
        understood=f"{scope.label}按成文日期的先后",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=_header(session, scope, ["成文日期"]),
    )


def _days(first: object, second: object) -> int:
    try:
        return abs((dt.date.fromisoformat(str(second)) - dt.date.fromisoformat(str(first))).days)
    except ValueError:
        return 0


def answer_membership(session: Session) -> Answer | None:
    """`联合发文单位里有没有税务总局`: whether a body is among those that issued a document."""
    question = session.question
    if not question.bodies or not question.has(Ask.EXIST, Ask.NEGATED) or not question.has(Ask.JOINT, Ask.ISSUED):
        return None
    scope = scope_of(question, session.names, own=True)
    scope = Scope(tuple(d for d in scope.documents if d.issuers), scope.said, scope.missing)
    if not scope.documents or len(scope.documents) > _FEW:
        return None
    plan = Plan(Hub.ISSUER, ("发文机关", "文件"), _only(session, scope))
    columns, rows, query = session.rows(plan)
    order = [name for doc in scope.documents for name in doc.issuers]
    issuers = sorted(column(rows, "发文机关"), key=lambda name: order.index(name) if name in order else len(order))
    asked = [body.name for mention in question.bodies for body in mention.bodies[:1]]
    present = [name for name in asked if name in issuers]
    absent = [name for name in asked if name not in issuers]
    parts = []
    if present:
        parts.append(f"有，{listed(present)}在{scope.label}的{len(issuers)}个发文机关之中")
    if absent:
        parts.append(f"没有，{scope.label}的{len(issuers)}个发文机关中没有{listed(absent)}")
    return reply(
        session,
        "；".join(parts) + "。" + (f"发文机关为：{listed(issuers, most=40)}。" if absent else ""),
        understood=f"{listed(asked)}是否为{scope.label}的发文机关",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=[*_joint(session, scope), *_header(session, scope, ["发文机关"])],
    )


def _joint(session: Session, scope: Scope) -> list[Citation]:
    """The sentence that counts the joint issuers (市场监管总局等27个部门定于……)."""
    out: list[Citation] = []
    for doc in scope.documents:
        text = session.document(doc.id).text
        if match := re.search(r"等\s*\d+\s*个?(?:部门|单位|家)", text):
            out += session.quotes([(doc.id, match.start(), match.end())])
    return out


def answer_deadline(session: Session) -> Answer | None:
    """`72号文要求什么时候前报送总结，报给谁`."""
    question = session.question
    if not question.has(Ask.DEADLINE) or not question.has(Ask.WHEN, Ask.WHO, Ask.RECIPIENT, Ask.DEADLINE):
        return None
    scope = scope_of(question, session.names, own=True)
    if not scope.documents or not scope.said:
        return None
    plan = Plan(
        Hub.DEADLINE, ("文件", "报送内容", "截止日期", "报送对象"), _only(session, scope), order=("文序", "截止日期")
    )
    columns, rows, query = session.rows(plan)
    if not rows:
        return None
    dated = [row for row in rows if row["截止日期"]]
    if question.has(Ask.WHEN) and not dated:
        text = f"{scope.label}要求报送“{rows[0]['报送内容']}”，但没有写明截止日期。"
        return refuse(session, text, understood=f"{scope.label}的报送时限", citations=session.citations(plan))
    told = [_deadline(session, row, scope) for row in (dated or rows)]
    return reply(
        session,
        "；".join(told) + "。",
        understood=f"{scope.label}要求报送的内容、时限和对象",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.citations(plan),
    )


def _deadline(session: Session, row: Row, scope: Scope) -> str:
    """One sentence; a recipient as the document writes it is told by its full name where that is known."""
    to = str(row["报送对象"] or "")
    full = next(
        (
            entry.name
            for doc in scope.documents
            if doc.title == row["文件"]
            for entry in session.document(doc.id).agencies
            if to and to in entry.as_written
        ),
        to,
    )
    when = f"于{day(row['截止日期'])}前" if row["截止日期"] else ""
    return f"{quoted(row['文件'])}要求{when}将{row['报送内容']}报送{full}"


def answer_facts(session: Session) -> Answer | None:
    """`青质办〔2024〕72号是谁发给谁的`, `浦东的通知文号是多少，什么时候印发的`, `全国的通知是多少个部门联合发的`."""
    question = session.question
    fields = _fields(session)
    if not fields or (question.policies and not question.documents) or question.series:
        return None
    if not question.documents and not _ABOUT_DOCUMENT.search(question.flat) and fields != ["活动时间"]:
        return None
    scope = scope_of(question, session.names, own=True)
    if scope.said and not scope.documents:
        text = f"库内没有{listed(scope.missing)}的文件，不能回答。"
        return refuse(session, text, understood=f"{listed(scope.missing)}文件的{listed(fields)}")
    if not scope.said or len(scope.documents) > 2 * _FEW:
        return None
    plan = Plan(Hub.DOCUMENT, ("文件", *fields), _only(session, scope), order=("文序",))
    if "发文机关" in fields:
        plan = Plan(plan.target, plan.columns, plan.constraints, plan.order, optional=(Hub.ISSUER,))
    columns, rows, query = session.rows(plan)
    known = [row for row in rows if any(row[field] for field in fields)]
    if not known:
        text = f"{scope.label}没有写明{listed(fields)}。"
        return refuse(session, text, understood=f"{scope.label}的{listed(fields)}")
    return reply(
        session,
        _told(rows, fields, scope),
        understood=f"{scope.label}的{listed(fields)}",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=[*_header(session, scope, fields), *(_joint(session, scope) if "发文机关" in fields else ())],
    )


def _fields(session: Session) -> list[str]:
    question = session.question
    fields: list[str] = []
    if question.has(Ask.NUMBER):
        fields.append("发文字号")
    if question.has(Ask.ISSUED, Ask.RECIPIENT, Ask.JOINT) and (
        _ISSUED_BY.search(question.flat) or (question.has(Ask.JOINT) and question.has(Ask.COUNT, Ask.WHO))
    ):
        fields.append("发文机关")
    if question.has(Ask.RECIPIENT):
        fields.append("主送")
    if question.has(Ask.PRINTED):
        fields += ["成文日期", "印发日期"]
    elif question.has(Ask.WHEN) and question.has(Ask.ISSUED):
        fields.append("成文日期")
    if not fields and question.documents and question.has(Ask.DEFINE) and "是什么" in question.flat:
        fields += ["发文机关", "成文日期", "主送"]
    if question.has(Ask.PERIOD) and re.search(r"活动|[月周日节](?:的)?(?:时间|起止|从|期间)", question.flat):
        fields.append("活动时间")
    return list(dict.fromkeys(fields))


def _told(rows: list[Row], fields: list[str], scope: Scope) -> str:
    parts: list[str] = []
    for title in column(rows, "文件"):
        own = [row for row in rows if row["文件"] == title]
        said: list[str] = []
        for name in fields:
            values = column(own, name)
            if name == "发文机关":
                order = next((doc.issuers for doc in scope.documents if doc.title == title), ())
                values.sort(key=lambda value: order.index(value) if value in order else len(order))
            if name == "发文机关" and len(values) > 1:
                said.append(f"发文机关共{len(values)}个：{listed(values, most=40)}")
            elif values:
                said.append(f"{name}为{listed('至'.join(map(day, value.split('/'))) for value in values)}")
            else:
                said.append(f"没有写明{name}")
        parts.append(f"{quoted(title)}{'，'.join(said)}")
    return "；".join(parts) + "。" + (f"库内没有{listed(scope.missing)}的文件。" if scope.missing else "")


def _only(session: Session, scope: Scope) -> tuple[OneOf, ...]:
    return (OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in scope.documents)),)


def _header(session: Session, scope: Scope, fields: list[str]) -> list[Citation]:
    """The words of the header that carry the fields."""
    out: list[Citation] = []
    for doc in scope.documents:
        evidence = session.document(doc.id).header_evidence
        if "活动时间" in fields and (said := _PERIOD.search(session.document(doc.id).text)):
            out += session.quotes([(doc.id, *said.span())])
        for name in fields:
            if found := evidence.get(_FIELDS.get(name, "")):
                out += session.quotes([(doc.id, found.start, found.end)], whole=False)
    return out
