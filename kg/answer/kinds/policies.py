"""Policies: who issued one, which documents cite it, what a document is based on, what stands beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.answer.focus import Ask
from kg.answer.lexicon import Policy
from kg.answer.model import Answer, Citation, Row
from kg.answer.phrase import column, day, grouped, listed, quoted
from kg.answer.plan import Constraint, Hub, OneOf, Plan
from kg.answer.question import Question
from kg.answer.reply import refuse, reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session, sentence_around
from kg.answer.text import grams, plain
from kg.answer.topic import topic_of
from kg.core.model import PolicyReference

_CITED_BY = re.compile(
    r"(?:哪|几|什么).{0,8}(?:文件|通知|方案|通报|地方|区).{0,6}(?:引用|提到|提及|援引|贯彻|落实|依据|涉及)"
)
_BESIDE = re.compile(r"还(?:有|提|要|各自)|同时|另外|除了?.{0,16}(?:还|以外|之外)|以及.{0,4}什么|本(?:区|市|地)的?")
_ISSUER = re.compile(r"谁|哪.{0,4}(?:单位|部门|机关|发|出台|印发|制定)|制定机关|发文机关|什么(?:单位|部门)")
_FEW = 4
_ENOUGH = 0.55  # share of the question's telling pairs in the sentence that names the policy


def answer_policy_issuer(session: Session) -> Answer | None:
    """`《质量强国建设纲要上海实施方案》是谁出台的`, `沪质办〔2022〕902号是什么文件，谁发的`."""
    question = session.question
    if not question.policies or question.documents or (question.series and not question.has(Ask.ISSUED)):
        return None
    defines = question.has(Ask.DEFINE) and not question.places
    if question.bodies and not defines:
        return None
    if not (question.has(Ask.ISSUED) and (_ISSUER.search(question.flat) or question.has(Ask.WHEN))) and not defines:
        return None
    policies = question.policies[:4]
    iris = tuple(iri for policy in policies if (iri := _iri(session, policy)))
    plan = Plan(Hub.POLICY, ("政策", "文号", "制定机关", "发布日期"), (OneOf(Hub.POLICY, iris),), order=("政策",))
    columns, rows, query = session.rows(plan)
    if not rows:
        return None
    told: list[str] = []
    for title, issuers in grouped(rows, "政策", "制定机关").items():
        number = next((f"（{row['文号']}）" for row in rows if row["政策"] == title and row["文号"]), "")
        names = list(dict.fromkeys(name for value in issuers for name in _names(session, value)))
        date = next((f"，{day(row['发布日期'])}发布" for row in rows if row["政策"] == title and row["发布日期"]), "")
        told.append(
            f"{quoted(title)}{number}" + (f"由{listed(names)}印发" if names else "，文件中没有写明制定机关") + date
        )
    text = "；".join(told) + "。" + _held_note(session, policies)
    undated = question.has(Ask.WHEN) and not any(row["发布日期"] for row in rows)
    if (not any(row["制定机关"] for row in rows) and not defines) or (undated and not _ISSUER.search(question.flat)):
        return refuse(session, text, understood="政策的制定机关", citations=session.citations(plan))
    return reply(
        session,
        text,
        understood=f"{listed(quoted(p.title or p.number) for p in policies)}是什么、由谁制定",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=_nearest(session, policies) or session.citations(plan),
    )


def _nearest(session: Session, policies: tuple[Policy, ...]) -> list[Citation]:
    """The sentences that name the policy together with its issuer."""
    places: list[tuple[str, int, int]] = []
    for doc in session.lexicon.documents:
        for reference in session.document(doc.id).policy_references if doc.announces else ():
            if reference.issuer and any(_same(reference, policy) for policy in policies):
                places.append((doc.id, reference.evidence.start, reference.evidence.end))  # noqa: PERF401
    return session.quotes(places)


def _same(reference: PolicyReference, policy: Policy) -> bool:
    title = reference.alias_of or reference.title
    return bool(
        (title and policy.title and plain(title) == plain(policy.title))
        or (reference.number and reference.number == policy.number)
    )


def _names(session: Session, issuers: str) -> list[str]:
    """A list of issuers as written, each by its full name."""
    out = []
    for name in re.split(r"[、,，\s]+", issuers):
        bodies = session.names.surfaces.get(plain(name), [])
        full = next((body.name for body in bodies if hasattr(body, "docs") and hasattr(body, "name")), name)
        out.append(full)
    return [name for name in out if name]


def _held_note(session: Session, policies: tuple[Policy, ...]) -> str:
    held = {plain(doc.title) for doc in session.lexicon.documents}
    absent = [p for p in policies if plain(p.title or "") not in held]
    return (
        f"（{listed(quoted(p.title or p.number) for p in absent)}本身未入库，以上据引用它的文件或已知政策目录。）"
        if absent
        else ""
    )


def _iri(session: Session, policy: Policy) -> str | None:
    return session.iris.policy(title=policy.title, number=policy.number)


def answer_citations(session: Session) -> Answer | None:
    """`哪些文件引用了质量强国建设纲要`; `浦东和青浦还各自提到本区的什么文件`."""
    question = _with_held(session)
    session.question = question
    if not question.policies or not question.has(Ask.DOCUMENTS, Ask.CITE, Ask.PLACES, Ask.EXIST):
        return None
    if _BESIDE.search(question.flat) and question.has(Ask.DOCUMENTS) and question.places:
        return _beside(session)
    if not (
        _CITED_BY.search(question.flat)
        or (question.has(Ask.CITE) and question.has(Ask.DOCUMENTS, Ask.PLACES, Ask.EXIST))
    ):
        return None
    scope = scope_of(question, session.names)
    limits: list[Constraint] = [OneOf(Hub.POLICY, tuple(i for p in question.policies if (i := _iri(session, p))))]
    asked = {plain(p.title) for p in question.policies if p.title}
    citing = [doc for doc in scope.documents if plain(doc.title) not in asked]  # held itself, it is not where to look
    if len(citing) < len(scope.documents) and not citing:
        scope = Scope(session.lexicon.documents, said=False)
    elif scope.said and citing:
        limits.append(OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in citing)))
    plan = Plan(Hub.POLICY, ("年份", "文件", "关系", "提法"), tuple(limits), order=("年份", "文序"))
    columns, rows, query = session.rows(plan)
    name = listed(quoted(p.title or p.number) for p in question.policies)
    if not rows:
        text = f"没有。{scope.label}没有提到{name}。"
        if question.has(Ask.EXIST):
            return reply(session, text, understood=f"{scope.label}是否提到{name}", columns=columns, sparql=query)
        return refuse(session, text, understood=f"引用{name}的文件")
    documents = column(rows, "文件")
    text = f"引用{name}的文件有{len(documents)}份：{listed(quoted(title) for title in documents)}。"
    return reply(
        session,
        text,
        understood=f"{scope.label}中引用{name}的文件",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.citations(plan),
    )


def _with_held(session: Session) -> Question:
    """哪些文件依据了全国的通知: a held document that others cite is the policy asked about."""
    question = session.question
    if question.policies or not _CITED_BY.search(question.flat) or question.places:
        return question
    held = scope_of(question, session.names)
    titles = {plain(doc.title) for doc in held.documents} if held.said and len(held.documents) == 1 else set()
    found = tuple(p for p in session.lexicon.policies if p.mentioned and p.title and plain(p.title) in titles)
    if not found:
        return question
    return replace(question, policies=found, documents=(), years=(), nation=False, flat=question.flat)


def _beside(session: Session) -> Answer | None:
    """The policies that stand in the same sentence as the one asked about, in each document."""
    question = session.question
    scope = scope_of(question, session.names)
    own = [word for place in question.places for word in (place.name, place.bare)]
    local = bool(re.search(r"本(?:区|市|县|省|地)", question.flat)) and bool(own)
    named = {plain(p.title or p.number or "") for p in question.policies}
    iris: list[str] = []
    for doc in scope.documents:
        document = session.document(doc.id)
        spots = [r for r in document.policy_references if plain(r.alias_of or r.title or r.number or "") in named]
        around = {sentence_around(document.text, r.evidence.start, r.evidence.end) for r in spots}
        for reference in document.policy_references:
            title = reference.alias_of or reference.title or reference.number or ""
            if plain(title) in named or not any(a <= reference.evidence.start < b for a, b in around):
                continue
            if local and not any(word in title or word in reference.as_written for word in own):
                continue
            if iri := session.iris.policy(title=reference.alias_of or reference.title, number=reference.number):
                iris.append(iri)
    if not iris:
        return None
    limits = (
        OneOf(Hub.POLICY, tuple(dict.fromkeys(iris))),
        OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc in scope.documents)),
    )
    plan = Plan(Hub.POLICY, ("发文地", "提法", "政策", "文件"), limits, order=("文序",))
    columns, rows, query = session.rows(plan)
    told = [f"{place}提到“{'”“'.join(titles)}”" for place, titles in grouped(rows, "发文地", "提法").items()]
    name = listed(quoted(p.title or p.number) for p in question.policies)
    return reply(
        session,
        "；".join(told) + "（均为原文写法）。",
        understood=f"{scope.label}中与{name}同句提到的{'本地' if local else '其他'}文件",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.citations(plan),
    )


def answer_basis(session: Session) -> Answer | None:
    """`青浦的方案是根据什么制定的`: the policies that a document relates to by 根据, 依据, 贯彻落实 …"""
    question = session.question
    if not question.has(Ask.BASIS) or question.policies:
        return None
    scope = _below(scope_of(question, session.names, own=True), session)
    if not scope.documents or not scope.said or len(scope.documents) > _FEW:
        return None
    strict = not re.search(r"贯彻|落实", question.flat)
    found = [
        (doc, reference)
        for doc in scope.documents
        for reference in session.document(doc.id).policy_references
        if is_basis(session, doc.id, reference, strict=strict)
    ]
    if not found:
        return None
    iris = tuple(
        dict.fromkeys(
            iri for _, r in found if (iri := session.iris.policy(title=r.alias_of or r.title, number=r.number))
        )
    )
    limits = (OneOf(Hub.DOCUMENT, tuple(session.doc_iri(doc) for doc, _ in found)), OneOf(Hub.POLICY, iris))
    plan = Plan(Hub.POLICY, ("文件", "政策", "关系", "制定机关"), limits, order=("文序",))
    columns, rows, query = session.rows(plan)
    told = [
        f"{quoted(title)}的依据是{listed(quoted(policy) for policy in policies)}"
        for title, policies in grouped(rows, "文件", "政策").items()
    ]
    places = [(doc.id, reference.evidence.start, reference.evidence.end) for doc, reference in found]
    return reply(
        session,
        "；".join(told) + "。",
        understood=f"{scope.label}的制定依据",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes(places),
    )


def _below(scope: Scope, session: Session) -> Scope:
    """从青浦方案能追溯到哪份国家文件: the document to start from is the local one, then what it is based on."""
    if not session.question.places or len({doc.qualified for doc in scope.documents}) == 1:
        return scope
    wanted = {place.qualified for place in session.question.places}
    own = [doc for doc in scope.documents if doc.qualified in wanted]
    above = [doc for doc in scope.documents if doc.qualified not in wanted]
    return Scope((*own, *above), scope.said, scope.missing) if own else scope


def is_basis(session: Session, document_id: str, reference: PolicyReference, *, strict: bool) -> bool:
    """Whether the sentence puts the policy under 根据, 依据, 按照 (or 贯彻落实, in the opening paragraph)."""
    document = session.document(document_id)
    start, _ = sentence_around(document.text, reference.evidence.start, reference.evidence.end)
    before = document.text[start : reference.evidence.end]
    if re.search(r"根据|依据|按照|依照|遵照|落实|贯彻", before):
        opening = min((activity.evidence.start for activity in document.activities), default=len(document.text))
        return reference.evidence.start < opening and (not strict or not re.search(r"宣传|学习", before))
    return False


def answer_reference(session: Session) -> Answer | None:
    """`一站式服务平台下一步要对标哪个文件`: the policy named in the sentence that the question is about."""
    question = session.question
    if not question.has(Ask.DOCUMENTS) or question.has(Ask.PLACES):
        return None
    scope = scope_of(question, session.names)
    documents = scope.documents or session.lexicon.documents
    topic = topic_of(question, session.names)
    if not topic.grams:
        return None
    best: list[tuple[float, str, PolicyReference]] = []
    for doc in documents[:50]:
        document = session.document(doc.id)
        for reference in document.policy_references:
            start, end = sentence_around(document.text, reference.evidence.start, reference.evidence.end)
            held = set(grams(document.text[start:end] + (reference.relation or "")))
            score = session.names.weights.coverage(topic.grams, held)
            if reference.relation and plain(reference.relation) in question.flat:
                score += 0.15
            if score >= _ENOUGH:
                best.append((score, doc.id, reference))
    if not best:
        return None
    top = max(score for score, _, _ in best)
    chosen = [(doc, reference) for score, doc, reference in best if score >= top * 0.97]
    iris = {session.iris.policy(title=r.alias_of or r.title, number=r.number) for _, r in chosen}
    limits = (
        OneOf(Hub.POLICY, tuple(sorted(i for i in iris if i))),
        OneOf(Hub.DOCUMENT, tuple(dict.fromkeys(session.iris.document(doc) for doc, _ in chosen))),
    )
    plan = Plan(Hub.POLICY, ("政策", "关系", "提法", "文件"), limits, order=("文序",))
    columns, rows, query = session.rows(plan)
    if not rows:
        return None
    return reply(
        session,
        _references_text(rows),
        understood=f"{scope.label}中谈到“{listed(topic.words)}”时提到的政策文件",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes([(doc, r.evidence.start, r.evidence.end) for doc, r in chosen]),
    )


def _references_text(rows: list[Row]) -> str:
    told = []
    for title, policies in grouped(rows, "文件", "政策").items():
        relation = next((row["关系"] for row in rows if row["文件"] == title and row["关系"]), "提到")
        told.append(f"{quoted(title)}{relation}的是{listed(quoted(policy) for policy in policies)}")
    return "；".join(told) + "。"
