"""The full names of departments, in questions as in documents."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ontology.naming import department_in, formal_name


@dataclass(frozen=True)
class At:
    name: str
    qualified: str
    bare: str

    @property
    def formal(self) -> str:
        return formal_name(self.name, self.qualified)


@pytest.mark.parametrize(
    ("place", "name", "template", "full"),
    [
        (At("青浦区", "上海市青浦区", "青浦"), "市场监督管理局", None, "青浦区市场监督管理局"),
        (At("青浦区", "上海市青浦区", "青浦"), "宣传部", "中共{place}委宣传部", "中共青浦区委宣传部"),
        (At("闵行区", "上海市闵行区", "闵行"), "公安分局", "{city}公安局{bare}分局", "上海市公安局闵行分局"),
        (At("吴中区", "江苏省苏州市吴中区", "吴中"), "公安分局", "{city}公安局{bare}分局", "苏州市公安局吴中分局"),
        (
            At("青秀区", "广西壮族自治区南宁市青秀区", "青秀"),
            "公安分局",
            "{city}公安局{bare}分局",
            "南宁市公安局青秀分局",
        ),
        (At("萧县", "安徽省宿州市萧县", "萧"), "甲办", "{bare}{tier}甲办", "萧县甲办"),
    ],
)
def test_full_names(place: At, name: str, template: str | None, full: str) -> None:
    assert department_in(place, name, template) == full
