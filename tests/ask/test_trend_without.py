"""Who does not tell of a series is asked of all places, not of the provinces that know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.trend import members_of

_TEXTS = {
    f"{place}{year}.txt": f"{place}市场监督管理局关于开展{year}年质量月活动的通知\n各区：\n一、{what}\n{place}市场监督管理局\n{year}年8月6日\n"
    for place, year, what in (
        ("上海市", 2022, "举办质量开放日活动。"),
        ("上海市", 2023, "举办质量开放日活动。"),
        ("江苏省", 2023, "开展企业诊断。"),
        ("浙江省", 2023, "开展企业诊断。"),
    )
}


@pytest.mark.parametrize("question", ["2023年哪些省没有提到质量开放日", "2023年哪些省没有举办质量开放日"])
def test_places_of_other_provinces_are_told(holding: Callable[[Mapping[str, str]], Any], question: str) -> None:
    found = ask(question, context=holding(_TEXTS))
    assert "没有未提到的地方" not in found.answer
    assert "江苏省" in found.answer
    assert "浙江省" in found.answer


@pytest.mark.parametrize(
    ("joined", "members"),
    [
        ("市教育局、各县（市、区）人民政府", ["市教育局", "各县（市、区）人民政府"]),
        ("各县（市、区）人民政府、市教育局", ["各县（市、区）人民政府", "市教育局"]),
        ("市教育局", ["市教育局"]),
        ("市教育局、别处的某局", []),  # it cannot be told where a name ends
        ("", []),
    ],
)
def test_a_name_that_holds_the_mark_is_not_parted(joined: str, members: list[str]) -> None:
    assert members_of(joined, "、", {"市教育局", "各县（市、区）人民政府"}) == members
