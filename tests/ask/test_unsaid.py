"""What a text must say itself: a name, a number, a stage, the place that is meant; and what it says in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask.amounts import amount_tests
from kg.ask.library import Library
from kg.ask.reading import read
from ontology.forms import load
from tests.ask.told import assert_not_told, assert_told

_FUND = """甲市智能装备产业若干政策
一、设立产业引导基金。由市工业和信息化局与开发集团共同发起，设立规模首期30亿元的智能装备产业引导基金。
二、成立智能装备产业领导小组，由分管副市长挂帅，市发展改革委、市财政局参加，办公室设在市工业和信息化局。
三、跟踪完成《智能装备统计导则》的报审与发布，继续开展统计标准编制工作。
四、总投资1亿元以上的装备企业，按年度缴交应急预防费用，具体办法另行规定。
五、供养服务机构每月按照不低于基本生活供养金20%的标准发放零用钱。
六、配额单位使用减排量抵消的，不得超过上年度实际排放量的百分之十。
七、除做好风电、光伏指标外，增加储能、弃水、弃风指标的统计。
八、企业未按要求组织隐患排查的，由市生态环境局责令改正；拒不改正的，处五万元以下罚款。
九、封场以后，应当继续监测，直到水质连续两年不超出本底水平。
"""
_DUST = """乙平山市工地扬尘防治条例
第一条 为了防治扬尘，制定本条例。
第二条 城市主要干道旁的施工工地围挡，高度不得低于二百五十厘米。
第三条 本条例自2020年3月1日起施行。
"""
_CALL = """丙市青年文明岗申报通知
请各单位于2024年5月10日前申报青年文明岗。
联系人：王小明，联系电话：0123-4567890。
"""
_PROVINCE = """山东省水源地管理规定
第一条 省人民政府应当自收到撤销水源地申请之日起九十日内，报国务院水行政主管部门备案。
第二条 本规定自2021年1月1日起施行。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    texts = {"政策.txt": _FUND, "扬尘.txt": _DUST, "申报.txt": _CALL, "水源地.txt": _PROVINCE}
    return holding(texts)


@pytest.mark.parametrize(
    "question",
    [
        "智能装备产业引导基金的二期规模是多少？",
        "智能装备产业引导基金的二期规模是多少，何时设立？",
        "智能装备产业领导小组挂帅的分管副市长叫什么名字？",
        "智能装备统计导则 标准编号 发布日期",
        "总投资1亿元以上的装备企业，每年应当缴交的应急预防费用是多少？",
        "智能装备产业领导小组的联系人是谁，联系电话是多少？",
    ],
)
def test_what_a_text_does_not_say_is_not_told_from_it(held: Any, question: str) -> None:
    assert_not_told(held, question)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("丙市青年文明岗申报的联系人是谁，联系电话是多少？", "联系人：＊＊＊，联系电话：＊"),
        ("供养服务机构每月发给的零用钱不得低于基本生活供养金的多少？", "20%"),
        ("城市主要干道 施工工地围挡 高度", "二百五十厘米"),
        ("除做好风电、光伏指标外，要求增加哪些指标的统计？", "储能、弃水、弃风"),
        ("配额单位 减排量抵消 不超过上年度实际排放量", "百分之十"),
        ("封场以后要继续监测到什么程度？", "连续两年不超出本底水平"),
        ("山东省政府收到撤销水源地申请后，应在多少日内报哪个部门备案？", "国务院水行政主管部门"),
    ],
)
def test_it_is_told_in_its_own_way(held: Any, question: str, said: str) -> None:
    assert_told(held, question, said)


def test_a_shop_of_ones_own_is_no_district(held: Any) -> None:
    assert not read("我家小店卖的白酒要不要标保质期？", Library(held)).places


def test_a_place_is_not_cut_to_fit_a_title(held: Any) -> None:
    """Of 平山市扬尘… the characters stand in a title of 乙平山市; who writes 中平山市 means another place."""
    spans = read("中山市工地扬尘防治条例规定围挡要设多高？", Library(held)).of("title")
    assert not spans


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2019年9月1日以后开工的工地，围挡要设多高？", False),
        ("减排量抵消不超过上年度排放量的多少？", False),
        ("我公司中了个标，到2025年以后对方最晚几个工作日付钱？", False),
        ("我在县里开的工厂今年刚升规，能奖多少钱？", False),
        ("2025年以后有哪些申报通知？", True),
        ("2024年青年文明岗什么时候申报？", True),
        ("2024年5月10日印发的通知要求什么？", True),
    ],
)
def test_a_year_of_the_matter_is_none_of_the_document(held: Any, question: str, *, years: bool) -> None:
    assert bool(read(question, Library(held)).years) is years


def test_a_sum_that_is_given_takes_no_other_away(held: Any) -> None:
    """5元 of a question is no part of 25元, and digits of a year are no sums at all."""
    five = amount_tests(read("交了5元的，退多少钱？", Library(held)), load())[0]
    assert five("退还25元")
    assert not five("交了5元的")
    year = amount_tests(read("2020年的围挡要设多高？", Library(held)), load())[0]
    assert year("不低于2.0米")
    assert year("占20%")
