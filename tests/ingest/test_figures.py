"""Figures, and the numbers that are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extract.figures import find_figures
from kg.core.model import Figure


def one(text: str) -> Figure:
    found = find_figures(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("开展活动1000多场", 1000, "场", "多"),
        ("参加企业1万余家", 10000, "家", "余"),
        ("参与近20万人次", 200000, "人次", "近"),
        ("惠及2万余市民", 20000, "名", "余"),
        ("1.1万员工参训", 11000, "人", None),
        ("本市16个区", 16, "个", None),
        ("收看量超过7000人次", 7000, "人次", "超过"),
        ("新增利润54.77亿元", 54.77, "亿元", None),
        ("创汇7.78亿美元", 7.78, "亿美元", None),
        ("发放三千五百万元", 3500, "万元", None),
        ("拉动消费1.2亿多元", 1.2, "亿元", "多"),
        ("占比达到80%以上", 80, "%", "以上"),
        ("比例不得低于20%", 20, "%", "不低于"),
        ("提高2.5个百分点", 2.5, "个百分点", None),
        ("百分之三十的企业", 30, "%", None),
        ("抽检1,256批次", 1256, "批次", None),
        ("检查19672个次", 19672, "个次", None),
        ("查处案件12起，", 12, "起", None),
        ("组织百家企业参加", 100, "家", "约"),
        ("等27个部门联合开展", 27, "个", None),
        ("建成100个示范点", 100, "个", None),
        ("总投资约３００万元", 300, "万元", "约"),
    ],
)
def test_value_unit_and_qualifier(text: str, value: float, unit: str, qualifier: str | None) -> None:
    found = one(text)
    assert (found.value, found.unit, found.qualifier) == (value, unit, qualifier)


@pytest.mark.parametrize(
    ("text", "value", "upper", "unit"),
    [
        ("节约20-30万元", 20, 30, "万元"),
        ("5至10名专家", 5, 10, "名"),
        ("处五千元以上一万元以下罚款", 5000, 10000, "元"),
        ("处5万元以上10万元以下罚款", 5, 10, "万元"),
        ("增长5%—10%", 5, 10, "%"),
    ],
)
def test_ranges(text: str, value: float, upper: float, unit: str) -> None:
    found = one(text)
    assert (found.value, found.upper, found.unit) == (value, upper, unit)


@pytest.mark.parametrize(
    "text",
    [
        "聚焦三个方面",
        "从5个阶段推进",
        "一是加强领导",
        "第五届大会",
        "第3次会议",
        "第三、四条",
        "第12个项目",
        "依照第二十条第三款",
        "倒计时30天",
        "历时3个月",
        "30日内报送",
        "20个工作日内公开",
        "满十八周岁",
        "2024年9月5日",
        "2019—2022年",
        "2024年度",
        "集中在“3＋6”重点产业",
        "实施“1341”工程",
        "《食安360》节目",
        "沪质办〔2022〕902号",
        "75号、76号令",
        "拨打12315热线",
        "12345市民服务热线",
        "G60科创走廊",
        "GB/T 19580-2012",
        "电话：68824341",
        "10:30开始",
        "数百家企业",
        "几十名代表",
        "一家企业",
        "千家万户",
        "三十条例",
        "1．举办活动",
        "12\t组织培训",
        "一批案件",
        "各级部门",
        "五项措施",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert find_figures(text) == []


def test_a_list_of_sums_has_a_phrase_for_each() -> None:
    found = find_figures("开展攻关为企业新增利润54.77亿元、节汇创汇7.78亿美元、节能降耗8.46亿元。")
    assert [f.what for f in found] == ["开展攻关为企业新增利润", "节汇创汇", "节能降耗"]


def test_what_is_counted_and_scope() -> None:
    found = find_figures("截至2023年底，全市168家企业共申报212项重点项目")
    assert [(f.what, f.scope, f.as_of) for f in found] == [
        ("企业", "全市", "2023-12-31"),
        ("重点项目", "全市", "2023-12-31"),
    ]
    assert find_figures("2000余家企业的1.1万员工参训")[0].what == "企业"


def test_spans_are_left_out() -> None:
    assert find_figures("标题3家\n正文5家", spans=[(0, 4)])[0].value == 5


@settings(max_examples=300)
@given(
    st.text(alphabet="0123456789.,万亿千百十三两近余多约第家个人次场元%以上下至-—、，。年月日条“”\t\n企业", max_size=50)
)
def test_never_raises_and_evidence_is_verbatim(text: str) -> None:
    for figure in find_figures(text):
        assert figure.evidence.quote == text[figure.evidence.start : figure.evidence.end]
        assert figure.as_written in text
        assert figure.value >= 0
