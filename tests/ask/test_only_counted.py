"""What is counted and not named, years of the asker's own story, and other first-run kinds: told rightly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.naming import names_none_of
from kg.ask.reading import read
from kg.ask.slots import Slots
from ontology.forms import load
from tests.ask.told import assert_not_told, assert_told

_BANK = """乙省农村支付服务情况
2025年以来，乙省金融办联合五部门印发《乙省农村支付行动方案》，构建覆盖广、产品优、服务暖的格局。
再选择一批企业开展支付服务试点。
全省已建成10个重点产业园，累计创建18个示范基地。
甲集团、丁公司、戊银行为第一批试点单位，由省财政厅、省农业农村厅负责。
业务中心经批准后挂牌成立，由依托单位管理。
"""
_TALENT = """乙省住院医师招录通知
2015年招录对象：往届毕业生应取得执业医师资格；应届毕业生须在2016年7月前毕业。
本科毕业生年龄不超过三十五周岁，近两年研发费用占销售收入的比例不低于3%的企业可以推荐。
"""
_FEES = """乙省团费收缴通知
各单位要于2月28日前将2020年度应缴团费拨付至指定账户。
共青团乙省工作委员会
2021年1月19日
"""
_MOUNTAIN = """乙省房屋开裂调查情况的复函
根据国土资源部意见，经讨论，专家组认为，马山村房屋开裂主要是浅源地震所造成的。
"""
_COUNT = """乙省食品许可办法
第一条 食品许可证编号由SC和14位阿拉伯数字组成。
第二条 食品许可的有效期为3年。食品经营者需要延续的，应当在食品许可证有效期届满三十日前提出申请。
第三条 园区占地由规划确定，安排资金5000万元，职工300人。
"""

_FUNDS = """丁县医保筹资说明
2018年居民筹资标准为每人660元，其中三级政府补贴450元。
2018年1至11月，全县水质优良断面比例为82.0%。
七条河流水质优良断面比例为85.7%，同比上升5.2个百分点。
县政府全体会议每半年召开一次，县政府常务会议每月召开一次。
"""
_NEWS = """确保特殊时期各项措施落实落地
9月19日，戊集团召开经营管控调度会。会议对安全生产、信访稳定、疫情防控进行了部署，要求各单位结合实际认真抓好落实，层层压实责任，确保不出问题。
会议还听取了上半年各项指标完成情况的汇报，分析了存在的困难，研究了下一步的措施，明确了时间表和路线图，并对有关事项作了具体安排。
要按照《大气污染综合治理攻坚行动方案》要求，提前部署四季度错峰生产、运输。
应急救援指挥部总指挥由酒店总经理张三担任，副总指挥由安全部经理李四担任。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    texts = {"支付.txt": _BANK, "招录.txt": _TALENT, "团费.txt": _FEES, "开裂.txt": _MOUNTAIN, "食品.txt": _COUNT}
    texts |= {"筹资.txt": _FUNDS, "确保特殊时期各项措施落实落地.txt": _NEWS}
    return holding(texts)


@pytest.mark.parametrize(
    "question",
    [
        "乙省金融办联合印发农村支付行动方案，联合的五部门具体是哪五个？",
        "乙省开展农村支付服务试点的具体是哪几家企业？",
        "乙省 10个重点产业园 名单",
        "乙省目前已经批准挂牌成立了哪些业务中心？",
        "乙省 2021年度应缴团费 拨付截止日期",
        "乙省食品园区的占地面积是多少？",
        "丁县2018年三级政府补贴的450元中，中央、省、县财政各承担多少元？",
    ],
)
def test_what_is_only_counted_or_of_another_year_is_not_told(held: Any, question: str) -> None:
    assert_not_told(held, question)


def test_a_refusal_says_that_the_thing_is_spoken_of_and_not_named(held: Any) -> None:
    answer = ask("乙省金融办联合印发农村支付行动方案，联合的五部门具体是哪五个？", context=held)
    assert "没有写出所问的内容" in answer.answer


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("乙省农村支付服务第一批试点单位是哪几家单位？", "丁公司"),
        ("我2013年本科毕业，乙省2015年住院医师招录往届毕业生要有什么资格？", "执业医师资格"),
        ("乙省食品许可证编号由SC和几位阿拉伯数字组成？", "14位"),
        ("国土资源部专家组认为乙省马山村房屋开裂是什么造成的？", "浅源地震"),
        ("乙省食品许可的有效期是多长？需要延续的应当在届满前多少日提出申请？", "3年"),
        ("乙省2020年度应缴团费最迟哪一天拨付？", "2月28日"),
        (
            "戊集团9月19日的经营管控调度会要求提前部署四季度错峰生产、运输，依据的是哪个方案？",
            "大气污染综合治理攻坚行动方案",
        ),
        ("应急救援指挥部的总指挥由谁担任？", "张三"),
        ("县政府全体会议、县政府常务会议各多久召开一次？", "每月"),
    ],
)
def test_what_is_named_is_told(held: Any, question: str, told: str) -> None:
    assert_told(held, question, told)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("我是党员，1993年10月出生，想考2023年的专职辅导员，年龄符合要求吗？", (2023,)),
        ("我在甲市开厂，2016年7月买了几台机器人，没拿过别的补贴，能按多少比例补？", ()),
        ("我2013年本科毕业，2015年的规培能报名吗？", (2015,)),
        ("我们公司想进2017年的企业培育库，近两年研发费用要占销售收入多少？", (2017,)),
        ("我想知道2020年印发的方案，有哪些任务？", (2020,)),
        ("我市2019年的主题，后来变了没有？", (2019,)),
        ("2022年了解到的情况，由谁负责？", (2022,)),
        ("我在网上看到2021年发布了人才办法，补贴多少钱？", (2021,)),
        ("我们厂想申请补贴，按2019年发的方案，最多能拿多少？", (2019,)),
        ("请告诉我2022年市里印发的方案，由谁牵头？", (2022,)),
        ("2021年开展了自我评估，由谁负责？", (2021,)),
        ("我市2024年准备新建多少所学校？", (2024,)),
        ("我在甲市开了家民宿，2023年要是新评上乙级，能拿多少奖励？", ()),
        ("申报 示范基地 近三年 未发生", ()),
    ],
)
def test_years_of_the_askers_own_story_are_no_years_of_documents(
    held: Any, question: str, years: tuple[int, ...]
) -> None:
    assert read(question, Library(held)).years == years


def test_a_year_and_a_kind_name_no_document(held: Any) -> None:
    library = Library(held)
    for text in ("乙省2015年通知招录多少人？", "按乙省医师2015年的通知怎么办"):
        assert not read(text, library).has("title"), text


@pytest.mark.parametrize(
    ("question", "text", "none"),
    [
        ("联合的五部门具体是哪五个？", "联合五部门印发方案，落实国务院部署，", True),
        ("联合的五部门具体是哪五个？", "省财政厅、省教育厅等五部门联合印发", False),
        ("再选择的是哪几家企业？", "再选择一批企业开展试点", True),
        ("再选择的是哪几家企业？", "再选择甲集团、乙公司等2家企业", False),
        ("再选择的是哪几家企业？", "试点企业：", False),
        ("再选择的是哪几家企业？", "延长石油、陕煤集团", False),
        ("获奖学校 名单", "获奖学校\n甲小学\n乙小学\n丙小学", False),
        ("公示专家 名单", "甲市评审专家\t张三\t李四", False),
        ("验收的是哪三位专家？", "验收专家由张三、李四、王五担任", False),
    ],
)
def test_naming_none_is_seen_in_the_text(held: Any, question: str, text: str, none: bool) -> None:
    names_none = names_none_of(read(question, Library(held)), load())
    assert names_none is not None
    assert names_none(text) is none


@pytest.mark.parametrize(
    ("question", "text", "has"),
    [
        ("护栏高度是多少？", "不低于1.1m", True),
        ("护栏高度是多少？", "安排资金5000万元", False),
        ("占地面积是多少？", "占地面积（平方米）：1200", True),
        ("占地面积是多少？", "占地12hm2", True),
        ("占地面积是多少？", "职工300人", False),
        ("密码长度是多少？", "密码为8位", True),
    ],
)
def test_a_figure_stands_in_the_unit_of_what_is_measured(held_by: Any, question: str, text: str, has: bool) -> None:
    assert held_by(question, text) is has


@pytest.fixture
def held_by(held: Any) -> Callable[[str, str], bool]:
    library = Library(held)
    return lambda question, text: Slots(read(question, library), load(), lambda _: 0).held(text) == 1


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("共青团乙省工作委员会\n2021年1月19日", True),
        ("2021年1月19日印发", True),
        ("笔试时间 2023年5月20日", False),
        ("报名截止日期\t2021年1月19日", False),
        ("面试定于2021年1月19日", False),
    ],
)
def test_a_signature_is_a_body_and_a_day(text: str, signed: bool) -> None:
    found = load().full("said.signature", text)
    assert bool(found and (not found["who"] or load().full("header.name_line", found["who"]))) is signed
