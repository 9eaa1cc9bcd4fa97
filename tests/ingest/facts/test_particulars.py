"""When and for whom."""

from __future__ import annotations

import pytest

from ingest.facts.particulars import ParticularReader
from ontology.forms import load

READER = ParticularReader(load())


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("9月29日，市长为获奖者颁奖", ("2022-09-29", "2022-09-29")),
        ("举办专场\n3月15日至4月15日", ("2022-03-15", "2022-04-15")),
        ("于6月30日前将总结报送办公室", None),
        ("截至9月30日共培训200人", None),
        ("发布2021年度白皮书", None),
        ("开展咨询活动", None),
    ],
)
def test_periods(words: str, period: tuple[str, str] | None) -> None:
    assert READER.period_in(words, 2022) == period


@pytest.mark.parametrize(
    ("words", "audience"),
    [
        ("面向中小企业开展公益培训", "中小企业"),
        ("向广大市民宣传展示先进方法", "广大市民"),
        ("为老年人提供免费体检", "老年人"),
        ("为广大企业提供咨询", "广大企业"),
        ("推动质量工作向纵深发展", None),
        ("开展检查", None),
    ],
)
def test_audiences(words: str, audience: str | None) -> None:
    assert READER.audience_in(words) == audience
