"""How a department is called in full in a place; light, for questions as well as documents."""

from __future__ import annotations

import re
from typing import Protocol

_PROVINCE = re.compile(r"^[\u4e00-\u9fff]{2,}?(?:省|自治区)(?=.)")


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


def department_in(place: Named, name: str, template: str | None) -> str:
    """青浦区市场监督管理局; by a template 中共青浦区委宣传部 (`中共{place}委宣传部`).

    `{city}` is the city of a district, whose police is a branch of the city's: 上海市公安局闵行分局.
    """
    filled = (template or "{place}" + name).replace("{place}", place.name).replace("{bare}", place.bare)
    filled = filled.replace("{tier}", place.name[-1:])
    if "{city}" in filled:
        filled = filled.replace("{city}", _PROVINCE.sub("", place.qualified.removesuffix(place.name)))
    return filled
