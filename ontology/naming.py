"""How a department is called in full in a place; light, for questions as well as documents."""

from __future__ import annotations

import re
from typing import Protocol

_PROVINCE = re.compile(r"^[\u4e00-\u9fff]{2,}?(?:省|自治区)(?=.)")

_COUNTY = re.compile(r"[\u4e00-\u9fff]{2,}?(?:市|州|盟|地区)(?P<county>[\u4e00-\u9fff]{2,}[区县市旗])")


class Named(Protocol):
    """What is needed of a place."""

    @property
    def name(self) -> str:
        """青浦区."""
        ...

    @property
    def qualified(self) -> str:
        """上海市青浦区."""
        ...

    @property
    def bare(self) -> str:
        """青浦."""
        ...

    @property
    def formal(self) -> str:
        """The place as the names of its bodies carry it: 广州市天河区, 青浦区, 苏州工业园区."""
        ...


def formal_name(name: str, qualified: str) -> str:
    """A place as the names of its bodies carry it: 广州市天河区 (there are four 鼓楼区), 青浦区, 嘉定区徐行镇."""
    above = qualified.removesuffix(name)
    if above and name.endswith(("镇", "乡", "街道")):
        return county_of(above) + name
    city = _PROVINCE.sub("", above)
    return city + name if name.endswith("区") and city != above and city.endswith("市") else name


def county_of(qualified: str) -> str:
    """The county or district at the end of a qualified name: 嘉定区 of 上海市嘉定区, 昆山市 of 江苏省苏州市昆山市."""
    below = _PROVINCE.sub("", qualified)
    found = _COUNTY.fullmatch(below)
    return found["county"] if found else below


def department_in(place: Named, name: str, template: str | None) -> str:
    """青浦区市场监督管理局; by a template 中共青浦区委宣传部 (`中共{place}委宣传部`).

    `{city}` is the city of a district, whose police is a branch of the city's: 上海市公安局闵行分局.
    """
    filled = (template or "{place}" + name).replace("{place}", place.formal).replace("{bare}", place.bare)
    filled = filled.replace("{tier}", place.name[-1:])
    if "{city}" in filled:
        filled = filled.replace("{city}", _PROVINCE.sub("", place.qualified.removesuffix(place.name)))
    return filled
