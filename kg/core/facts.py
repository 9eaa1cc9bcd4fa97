"""Every kind of fact, declared once (`kg.core.declaration` says what follows from a declaration).

A new kind is its dataclass in `kg.core.model`, its declaration here, and a producer in `ingest.facts`; a term that no
vocabulary has yet is defined in `ontology/policy.ttl`. Only what differs from all others is written by hand: how an
activity touches places, what a citation says of the policy, whom a body belongs to (`kg.graph`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.core import cells, model
from kg.core.declaration import Choice, Field, Kind, Tab, Written
from kg.core.header import HEADER
from kg.core.tasks import ACTIVITY, AGENCY, DUE, DUTY, EVIDENCE, JUDGED

__all__ = ["ACTIVITY", "AGENCY", "DUE", "DUTY", "JUDGED"]  # declared in kg.core.tasks

REFERENCE = Kind(
    model.PolicyReference,
    key="policy_references",
    name="reference",
    label="引用文件",
    fields=(
        Field("as_written", "原文写法", "pkg:asWritten", needed="引用应保留原文写法"),
        Field("title", "文件", column=lambda r: r["alias_of"] or r["title"] or r["as_written"]),
        Field("number", "文号", column=True),
        Field("relation", "关系", "pkg:relation", column=True),
        Field("issuer", "制定机关", column=True),
        Field("alias_of", "简称所指"),
        Field("date", "日期"),
        Field(
            "document_id",
            "正文",
            given=True,
            hint=str | None,
            column=lambda r: "已入库" if r["document_id"] else "未入库",
        ),
        *JUDGED,
        EVIDENCE,
    ),
    rdf=("pkg:PolicyMention",),
    tab=Tab.ALWAYS,
    known_by=("as_written",),
    words=lambda r: r.title or r.number or r.as_written,
)

WORK = Kind(
    model.Work,
    key="works",
    name="work",
    label="作品",
    fields=(
        Field("title", "题名", "schema:name", needed="作品应有题名", column=True),
        Field("kind", "类别", "pkg:workKind", column=True),
        Field("review", "核定"),
        EVIDENCE,
    ),
    rdf=("schema:CreativeWork",),
    tab=Tab.NONE,
    listed=False,
    known_by=("title",),
)

FIGURE = Kind(
    model.Figure,
    key="figures",
    name="figure",
    label="数字",
    fields=(
        Field("what", "内容", "pkg:what", needed="数字应说明所计对象", column=True),
        Field("value", "数值", "schema:value", needed="数字应有数值", column=cells.quantity),
        Field("upper", "上限", "schema:maxValue"),
        Field("unit", "单位", "schema:unitText", needed="数字应有单位"),
        Field("qualifier", "限定词", "pkg:qualifier"),
        Field("direction", "变化", "pkg:direction", column=True),
        Field("time", "时间", "schema:temporalCoverage", Written.CODE, column=True),
        Field(
            "status",
            "性质",
            "pkg:status",
            choices=(
                Choice("target", cells.FIGURE_STATUS["target"], "pkg:Target"),
                Choice("achieved", cells.FIGURE_STATUS["achieved"], "pkg:Achieved"),
            ),
            column=lambda f: cells.FIGURE_STATUS.get(f.get("status") or "", f.get("status")),
        ),
        Field("scope", "范围", "pkg:scope", column=True),
        Field("as_of", "截至", "schema:observationDate", Written.DATE),
        Field("as_written", "原文写法", "pkg:asWritten"),
        *JUDGED,
        EVIDENCE,
    ),
    rdf=("schema:Observation",),
    tab=Tab.ALWAYS,
    known_by=("as_written", "value"),
    called=("指标", "数据"),
    words=lambda f: f"{f.what}：{f.as_written or f.value}",
)

DEADLINE = Kind(
    model.Deadline,
    key="deadlines",
    name="deadline",
    label="时限",
    fields=(
        Field("what", "事项", "pkg:what", needed="时限应说明报送内容", column=True),
        Field("date", "截止日期", "pkg:dueDate", Written.DATE, column=cells.due),
        Field("to", "报送对象", "pkg:submitTo", column=True),
        Field("as_written", "原文写法", "pkg:asWritten"),
        *JUDGED,
        EVIDENCE,
    ),
    rdf=("pkg:Deadline",),
    known_by=("as_written",),
    called=("截止日期", "完成时限", "时间节点", "要交什么", "要报什么"),
    words=lambda d: d.what,
)

ARTICLE = Kind(
    model.Article,
    key="articles",
    name="article",
    label="条款",
    fields=(
        Field("number", "条号", "eli:number", needed="条款应有条号"),
        Field("label", "条", "schema:name", needed="条款应有原文的编号", column=True),
        Field("chapter", "章", "pkg:section", column=True),
        Field("start", "起", "oa:start", needed="条款应有起点"),
        Field("end", "止", "oa:end", needed="条款应有终点"),
        Field("paragraphs", "款", column=lambda a: cells.counted(a["paragraphs"])),
        Field("items", "项", column=lambda a: cells.counted(a["items"])),
    ),
    rdf=("eli:LegalResourceSubdivision",),
    states=False,
    named_by="label",
    listed=False,  # of a code, a thousand lines
)

PERSON = Kind(
    model.Person,
    key="persons",
    name="person",
    label="人员",
    fields=(
        Field("name", "姓名", "schema:name", needed="人员应有姓名", column=True),
        Field("post", "职责", "schema:roleName", needed="人员应有所任职责", column=True),
        Field("title", "职务", "schema:jobTitle", column=True),
        Field("group", "所在机构", "pkg:groupName", column=True),
        *JUDGED,
        EVIDENCE,
    ),
    rdf=("org:Membership",),
    personal=True,
    known_by=("name", "post"),
    called=("组成人员", "成员名单", "人员名单"),
    words=lambda p: f"{p.post}：{p.name}",
)

EFFECT = Kind(
    model.Effect,
    key="effects",
    name="effect",
    label="效力",
    fields=(
        Field("act", "效力", "pkg:act", needed="效力应说明施行、废止、修改或有效期", column=True),
        Field("target", "所及文件", column=lambda e: e["target"] or "本文件"),
        Field("date", "日期", "pkg:effectDate", Written.DATE, column=True),
        *JUDGED,
        EVIDENCE,
    ),
    rdf=("pkg:Effect",),
    known_by=("act", "target"),
    words=lambda e: f"{e.act}{e.target or ''}",
)

PLACE = Kind(
    model.Place,
    key="places",
    name="place",
    label="地区",
    fields=(
        Field("name", "地区", "skos:prefLabel", column=True),
        Field("qualified", "全称", column=True),
        Field("code", "行政区划代码", "skos:notation", Written.CODE, column=True),
        Field("as_written", "文中写法", column=lambda p: cells.several(p["as_written"])),
    ),
    states=False,  # a place is one node for all documents, not a fact of this one
    tab=Tab.NONE,
    listed=False,
)

CONTACT = Kind(
    model.Contact,
    key="contacts",
    name="contact",
    label="联系方式",
    fields=(
        Field("unit", "单位", "pkg:what", column=True),
        Field("persons", "联系人", "schema:name", column=lambda c: cells.several(c["persons"])),
        Field("phones", "电话", "schema:telephone", Written.CODE, column=lambda c: cells.several(c["phones"])),
        Field("emails", "邮箱", "schema:email", Written.CODE, column=lambda c: cells.several(c["emails"])),
        EVIDENCE,
    ),
    rdf=("pkg:Contact",),
    private=True,
    tab=Tab.NONE,
)

NOTICE = Kind(
    model.Notice,
    key="notices",
    name="notice",
    label="提示",
    fields=(
        Field("code", "提示代码", "pkg:noticeCode", Written.CODE, needed="提示应有代码"),
        Field("message", "提示", "pkg:what", needed="提示应有内容", column=True),
        EVIDENCE,
    ),
    rdf=("pkg:Notice",),
    tab=Tab.ALWAYS,
)

DOUBT = Kind(
    model.Doubt,
    key="to_check",
    name="doubt",
    label="待核",
    fields=(
        Field("kind", "类别", column=lambda doubt: label_of(doubt["kind"])),
        Field("text", "内容", column=True),
        *JUDGED[:2],
        EVIDENCE,
    ),  # not in the graph: what is not sure enough is not known
    known_by=("kind", "text"),
    left_out=frozenset(("proposal",)),
)

LOSS = Kind(
    model.Loss,
    key="fidelity",
    name="loss",
    label="未读内容",
    fields=(
        Field("part", "部分", column=True),
        Field("count", "处数", column=True),
        Field("reason", "原因", column=True),
    ),
    states=False,
)

KINDS: tuple[Kind, ...] = (
    ACTIVITY,
    AGENCY,
    REFERENCE,
    WORK,
    FIGURE,
    DEADLINE,
    ARTICLE,
    PERSON,
    EFFECT,
    PLACE,
    CONTACT,
    NOTICE,
    DOUBT,
    LOSS,
)
"""All kinds, in the order in which people are shown them."""

DECLARED: tuple[Kind, ...] = (*KINDS, DUE, DUTY)
"""With those that are parts of others."""


def kind_named(name: str) -> Kind | None:
    """The kind of fact with this name or key; None where there is none."""
    return next((kind for kind in (*KINDS, DUTY) if name and name in (kind.name, kind.key)), None)


def label_of(name: str) -> str:
    """What people call a kind: 数字 for figure; one that is not declared, by its name."""
    if name in (own := {HEADER: "文档", "body": "机构", "policy": "政策"}):
        return own[name]
    return next((kind.label for kind in DECLARED if kind.name == name), name)


def facts_of(document: model.Document, kind: Kind, *, with_contacts: bool = False) -> Iterator[tuple[int, Any]]:
    """The facts of a kind that may be given, each with its number in the document (from 1).

    Contacts are personal data and only given on request. A person is given whom the document announces in a post; one
    who was read from the words of a contact is a contact, whatever the producer took them for.
    """
    if kind.private and not with_contacts:
        return
    contacts = () if with_contacts else document.contacts
    for number, fact in enumerate(getattr(document, kind.key), start=1):
        names_person = kind.personal or (kind is DOUBT and fact.kind == PERSON.name)
        if not (names_person and any(_overlap(fact.evidence, contact.evidence) for contact in contacts)):
            yield number, fact


def _overlap(one: model.Evidence, other: model.Evidence) -> bool:
    return one.start < other.end and other.start < one.end
