"""Who does what by when, as declared: activities, the duties and limits that hang on them, bodies (`kg.core.facts`)."""

from __future__ import annotations

from kg.core import cells, model
from kg.core.declaration import Choice, Field, Kind, Tab, Written

EVIDENCE = Field("evidence", "原文")
"""The words that carry a fact."""

JUDGED = (
    Field("rule", "识别规则", "pkg:rule", Written.CODE),
    Field("confidence", "可信度", "pkg:confidence", column=cells.sureness),
    Field("review", "核定"),
)
"""What every fact that was decided on has: the form that found it, how sure it is, and a person's word on it."""

DUE = Kind(
    model.Due,
    key="",
    name="due",
    label="完成时限",
    fields=(
        Field("date", "截止日期", "pkg:dueDate", Written.DATE),
        Field("as_written", "原文写法", "pkg:asWritten"),
    ),
    rdf=("pkg:TaskDeadline",),
)

DUTY = Kind(
    model.Party,
    key="",
    name="responsible",
    label="责任",
    fields=(
        Field("name", "机构"),
        Field("as_written", "原文写法", "pkg:asWritten", needed="责任方应保留原文写法"),
        Field(
            "role",
            "角色",
            "pkg:role",
            choices=(Choice("lead", cells.ROLES["lead"], "pkg:Lead"), Choice("co", cells.ROLES["co"], "pkg:Co")),
        ),
        Field("kind", "类别"),
        Field("members", "成员", value=lambda party: [member.name for member in party.members], hint=tuple[str, ...]),
        Field("place", "地区"),
        *JUDGED,
        Field("start", "起", value=lambda party: party.start if party.start >= 0 else None, hint=int | None),
        Field("end", "止", value=lambda party: party.end if party.start >= 0 else None, hint=int | None),
    ),
    rdf=("pkg:Responsibility",),
    left_out=frozenset(("category", "parent")),  # of the body, not of the duty: see agencies
    known_by=("as_written",),
)

ACTIVITY = Kind(
    model.Activity,
    key="activities",
    name="activity",
    label="活动",
    fields=(
        Field("id", "编号"),
        Field("no", "序号", "pkg:number", Written.CODE, column=True),
        Field("section", "所在章节", "pkg:section"),
        Field("title", "活动", "schema:name", needed="活动应有题名", column=True),
        Field("parent", "上级活动"),
        Field("responsible", "责任单位", part=DUTY, column=lambda a: cells.responsible(a["responsible"])),
        Field("deadline", "时限", part=DUE, column=lambda a: cells.due(a.get("deadline"))),
        Field("series", "系列", column=True),
        Field(
            "status",
            "状态",
            "pkg:status",
            needed="活动应是部署或通报",
            choices=(
                Choice("planned", cells.STATUS["planned"], "pkg:Planned"),
                Choice("reported", cells.STATUS["reported"], "pkg:Reported"),
            ),
            column=lambda a: cells.STATUS.get(a["status"], a["status"]),
        ),
        Field("themes", "主题"),
        Field("places", "地点"),
        Field("period", "期间"),
        Field("audience", "对象", "schema:audience"),
        *JUDGED,
        EVIDENCE,
    ),
    rdf=("schema:Event",),
    tab=Tab.ALWAYS,
)

AGENCY = Kind(
    model.AgencyEntry,
    key="agencies",
    name="agency",
    label="机构",
    fields=(
        Field("name", "机构", column=True),
        Field("as_written", "文中写法", "pkg:asWritten", column=lambda a: cells.several(a["as_written"])),
        Field("kind", "类别", column=True),
        Field("region", "地区"),
        Field("parent", "隶属"),
        Field("members", "成员", column=lambda a: cells.several(a["members"])),
        Field("spans", "出现处"),
        *JUDGED,
    ),
    rdf=("pkg:AgencyMention",),
    tab=Tab.ALWAYS,
    listed=False,
    known_by=("name",),
)
