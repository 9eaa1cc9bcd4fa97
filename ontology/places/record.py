"""What is known of one place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.core.making import made_by_slots
from ontology.naming import formal_name

TOWN = "街镇"
"""The level of townships, which no reference list holds as a whole (ontology/places/towns.py reads them)."""

_KIND = re.compile(r"(自治[县旗州区]|特别行政区|行政委员会|地区|林区|特区|新区|[省市县旗盟])$")


@made_by_slots
@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place. `level` is one of 国家 省 市 区 县 (县 also for a 县级市, 省 also for a 直辖市), or `TOWN`.

    A place of the past has `until`, the year in which it ended, and `successors`, what it belongs to now.
    """

    name: str  # 青浦区
    qualified: str  # 上海市青浦区
    code: str | None  # GB/T 2260, six digits; a township has nine
    level: str
    parent: str | None  # the qualified name of the place that contains it
    bare: str  # 青浦
    short: str | None  # 沪
    aliases: tuple[str, ...]
    municipality: bool  # 北京 天津 上海 重庆
    kind: str = ""  # 地级市, 自治州, 市辖区, 县级市, 自治旗 …; 园区 for a zone with an administration, 兵团, 师
    ranks: tuple[str, ...] = ()  # 直辖市, 副省级市, 计划单列市, 省会, 首府, 国家级新区
    since: str | None = None  # a year, or a year and month
    until: str | None = None
    successors: tuple[str, ...] = ()  # qualified names

    @property
    def formal(self) -> str:
        """The place as the names of its bodies carry it: 广州市天河区, for there are four 鼓楼区; 嘉定区徐行镇."""
        carries = self.level == TOWN or (self.kind == "市辖区" and self.code)
        return formal_name(self.name, self.qualified) if carries else self.name


def kind_of(name: str, level: str) -> str:
    """The legal kind of a place by name and level: 昆山市 at level 县 is a 县级市, 阿克苏地区 at 市 a 地区."""
    found = _KIND.search(name)
    if level == "区":
        return "市辖区"
    if found is None:
        return ""
    if found[1] == "市":
        return {"省": "直辖市", "市": "地级市", "县": "县级市"}.get(level, "")
    return found[1]
