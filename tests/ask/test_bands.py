"""Figures that a question gives as conditions, what is denied, and key words that ask for a body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ask import ask
from kg.ask.bands import Bands
from kg.ask.implied import with_implied
from kg.ask.opposed import Opposites
from kg.ask.question import Question, Span
from kg.ask.sentences import denied
from kg.core.numerals import number_to_chinese
from ontology.forms import load

_RULES = """白水市就餐补贴办法
第一条 为了方便职工就餐，制定本办法。
第二条 本办法由市商务局负责解释，职工餐厅应当向市市场监管局备案。
第三条 2023年12月31日前年满六十周岁及以上的职工，按照下列标准发放：年满六十周岁不满七十周岁的，每月领取就餐补贴三百元；七十周岁以上的，每月领取就餐补贴五百元。
第四条 职工人数五十人至二百人的单位，应当设立一处职工餐厅。
第五条 职工餐厅未按照规定办理备案手续的，由市市场监管局处一千元罚款。
就餐补贴每月按时发给职工，发给现金三十元的另行登记。
第六条 职工餐厅公示菜单的，给予奖励二百元。
第七条 日最高气温37℃以上、40℃以下时，餐厅连续营业时间不得超过六小时。
第八条 本办法自2023年1月1日起施行。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"就餐.txt": _RULES})


def bands(question: str) -> Bands:
    return Bands(Question(question, (), ()), load())


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("我妈今年62，坐车要钱吗", "年满60周岁不满65周岁的老年人半价", True),
        ("我妈今年66，坐车要钱吗", "年满60周岁不满65周岁的老年人半价", False),
        ("我们一共80来号人", "人数五十人至二百人的单位", True),
        ("我们一共80来号人", "人数二百人以上的单位", False),
        ("单位有30人", "超过50人但不超过100人的单位", False),
        ("单位有30人", "一百零五人以上的单位", False),
        ("都二十多天了才报", "自意见书出具之日起15日后重新申请的", True),
        ("一万二千元的款", "一万元以上一万五千元以下的", True),
        ("今天气温41度", "日最高气温35℃以上40℃以下", False),
        # what is no band of it
        ("都30天了", "2020年9月1日后开工的", None),
        ("职工57岁", "男职工年满60周岁、女职工年满55周岁", None),
        ("出资比例百分之七十", "不超过百分之五十", None),
        ("来了几十人", "二十人以上的", None),
        ("占地80平方米", "职工20人以上500平方米以上的", False),
        ("每户一个名额", "三人以上的户", None),
    ],
)
def test_a_figure_lies_in_the_bands_of_a_rule_or_not(question: str, text: str, fits: bool | None) -> None:
    assert bands(question).speaks_of(text) is fits


@given(st.integers(min_value=2, max_value=9_999))
def test_numbers_in_words_are_read_whole(number: int) -> None:
    for written in (str(number), number_to_chinese(number)):
        assert [one.low for one in bands(f"单位有{written}人").given] == [number]


@pytest.mark.parametrize(
    ("thing", "text", "told"),
    [
        ("备案", "未按照规定办理备案手续的", True),
        ("续签", "合同到期未续签", True),
        ("清犬粪", "携犬出户不即时清理犬粪的", True),
        ("备案", "不满十八周岁的人员应当备案", False),
        ("健康证明", "未持有有效身份证明", None),
        ("登记", "不得收费登记", False),
        ("许可", "不断完善许可制度", False),
        ("系安全带", "没有违法所得的，处二万元以下罚款", None),
    ],
)
def test_a_thing_is_denied_only_where_the_denial_is_its_own(thing: str, text: str, told: bool | None) -> None:
    assert denied(thing, text, load().pattern("said.denying")) is told


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("职工62岁，每月领取就餐补贴多少？", "三百元"),
        ("职工71岁，每月领取就餐补贴多少？", "五百元"),
        ("职工餐厅没有备案罚多少？", "一千元"),
        ("最高气温38度，餐厅连续营业时间最长几个小时？", "六小时"),
        ("白水市就餐补贴办法 职工餐厅 备案部门", "市市场监管局"),
    ],
)
def test_the_rule_for_the_very_case_is_quoted_first(held: Any, question: str, said: str) -> None:
    answer = ask(question, context=held)
    assert answer.answerable
    assert said in answer.answer.split("[1]")[0]


@pytest.mark.parametrize(
    "question",
    [
        "职工45岁，每月领取就餐补贴多少？",
        "职工餐厅没有公示菜单罚多少？",
        "白水市就餐补贴办法 职工餐厅 审批部门",
    ],
)
def test_what_no_rule_tells_of_is_not_answered(held: Any, question: str) -> None:
    assert not ask(question, context=held).answerable


def test_a_part_of_a_question_is_of_the_grade_that_the_part_before_spoke_of() -> None:
    told = Opposites("自公告之日起几日内完成", load(), lead="一级召回应当多久启动，")
    assert told.says_it("一级召回十日内完成")
    assert not told.says_it("二级召回二十日内完成")
    assert told.speaks_of_another("二级召回二十日内完成", "", "")
    assert not Opposites("二级召回几日内完成", load(), lead="一级召回应当多久启动，").says_it("一级召回十日内完成")


def test_key_words_keep_the_act_that_a_body_is_asked_for_by() -> None:
    word = Span(5, 9, "word", None, "备案部门")
    found = with_implied(Question("职工餐厅 备案部门", (), (word,)), load())
    assert found.asks == {"body"}
    assert [one.text for one in found.words] == ["备案"]
