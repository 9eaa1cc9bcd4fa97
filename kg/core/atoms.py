"""What facts are made of: values of closed lists, words of the text, bodies, places, headings (`kg.core.model`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kg.core.making import made_by_slots


class Status(StrEnum):
    """Whether a document plans an activity (部署) or reports it (通报)."""

    PLANNED = "planned"
    REPORTED = "reported"


class Role(StrEnum):
    """The part that a body plays in an activity; no role at all is `None`, not a member."""

    LEAD = "lead"  # 牵头、主办、负责
    CO = "co"  # 配合、协办、会同


class PartyKind(StrEnum):
    """What a responsible party is: one body, a collective (各区市场监管局), or a place (青浦区)."""

    AGENCY = "agency"
    GROUP = "group"
    PLACE = "place"


class Level(StrEnum):
    """The administrative level of the body that issued a document."""

    STATE = "国家"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"
    DISTRICT = "区"
    TOWN = "街镇"


@made_by_slots
@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of the document that carry a fact (W3C Web Annotation: text quote + text position)."""

    quote: str
    start: int
    end: int


@made_by_slots
@dataclass(frozen=True, slots=True)
class Party:
    """A body (or a collective, or a place) as resolved in the context of its document.

    `name` is the full official name (青浦区市场监督管理局), `place` the qualified name of its jurisdiction
    (上海市青浦区; 全国 for the state), `members` the full names of a collective's members where known,
    `rule` the resolution rule that fired, `confidence` between 0 and 1.
    """

    name: str
    as_written: str
    kind: PartyKind = PartyKind.AGENCY
    role: Role | None = None
    place: str | None = None
    category: str | None = None  # 政府部门, 党委部门, 群团组织, 领导小组, 企业, 协会, 事业单位, 内设机构 ...
    parent: str | None = None  # the superior body of an internal unit (办公室, 科, 处)
    members: tuple[Party, ...] = ()
    rule: str = ""
    confidence: float = 1.0
    start: int = -1
    end: int = -1
    review: str | None = None  # here and below: the id of the person's statement that a fact rests on (核定)


@made_by_slots
@dataclass(frozen=True, slots=True)
class Place:
    """An administrative place mentioned or implied; `code` is GB/T 2260 where known."""

    name: str  # 青浦区
    qualified: str  # 上海市青浦区
    code: str | None = None
    as_written: tuple[str, ...] = ()


@made_by_slots
@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it. `level` 1 is 一、, 2 （一）, 3 1., 4 （1）; `parent` indexes the list."""

    title: str
    label: str  # the number as written: 一、 / （一） / 1. / 第三条; empty for unnumbered headings
    level: int
    start: int  # of the heading
    body_start: int
    end: int  # of everything under it, subsections included
    parent: int | None = None
