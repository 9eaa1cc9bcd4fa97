"""What a text says of another thing is no answer; what it says in a list, of a place, or by a contraction is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.compile import compile_form
from kg.ask.compose import question_to_readings
from kg.ask.library import Library
from kg.ask.opposed import Opposites
from kg.ask.reading import read
from tests.ask.told import assert_told

_REPORT = """江州市应急管理局关于2021年上半年食堂安全情况的通报
江应急〔2021〕9号
各区应急管理局：
上半年全市食堂共发生事故17起，受伤23人。
一、检查情况
2020年检查发现隐患310处。
食堂拨付款划至江州市商务局（以下简称市商务局）。
二、下一步工作
江州市应急管理局
2021年7月12日
"""
_RULE = """江州市食堂租用办法
第一条 根据《江州市房屋租赁条例》（江州市人大常委会公告第7号），制定本办法。
第二条 市民政局会同市财政局制定租用补贴标准。租金为每平方米每月32元（不含物业管理费）。
第三条 食堂议事会每季度召开一次。召集食堂全体会议，应当提前十天通知。
第四条 禁止在下列地点开设食堂：
（一）河道堤岸两侧五十米范围内修建厨房；
（二）在加油站周边一百米范围内修建锅炉房；
第五条 经营者收到通知之日起十五个工作日内领取奖励。
第六条 本办法所称联办单位，是指共同开办食堂的单位。本办法所称承办单位，是指负责食堂经营的单位。
第七条 老旧锅炉检测报告有效期为一年。
第八条 本办法自2022年3月1日起施行。《江州市食堂管理意见》（江政发〔2012〕5号）停止执行。
"""
_REPLY = """关于食堂工时有关问题的复函
苏州市人力资源社会保障局：
你局《关于食堂工时的请示》（苏人社函〔2020〕7号）收悉，函复如下：
一、问：食堂职工是否每周必须休息两天？答：食堂可以自行安排，职工每周工作六天，每周至少休息1天。
二、实行轮班的食堂应按《轮班工作审批办法》（江劳发〔2019〕3号）办理审批手续。
"""
_AGENCY = """江州市统计局关于2022年食堂收入的公报
江统〔2023〕1号
申请对象可于2023年3月25日上午10时至3月27日内提交食堂意向。系统于2023年3月28日根据提交食堂意向的先后摇号。
各区食堂年度总结报送江州市统计局贸易统计处。
食堂工作领导小组由市政府主要负责同志任组长，定期研究重大问题。
“十二五”期间全市建成食堂150座，并谋划“十三五”食堂建设。
一、全面实施。完成80%食堂的标准化建设任务（2024年12月前完成）。
二、总结验收。确保全面完成食堂标准化建设目标（2025年12月前完成）。
推广烹饪机器人，打造食堂“智慧厨房”。（市商务局、市民政局）
就餐人员须有“健康证、就餐证”（下称“两证”）方可入内。
江州市统计局
2023年5月1日
"""
_OF_PLACES = {
    f"{place}.txt": f"{place}人民政府办公室关于食堂采购的通知\n各区：\n一、发展跨境电商，食堂可经跨境电商采购。\n{place}人民政府办公室\n2022年5月6日\n"
    for place in ("杭州市", "温州市")
} | {
    "万载.txt": "万载县统计局关于2022年食堂收入的公报\n全县有3个乡镇（街道）食堂收入超过5000万元，分别是康乐街道、黄茅镇、株潭镇。\n"
    "万载县统计局\n2023年2月1日\n"
}
_PLAIN = """关于学校食堂一体化的实施方案
为完善我市学校食堂，结合实际制定本方案。江州市成立工作专班。江州各学校食堂由学校自办，江州的伙食补助为每人每天6元。
一、工作目标
实现统一采购。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    texts = {"通报.txt": _REPORT, "江州市食堂租用办法.txt": _RULE, "方案.txt": _PLAIN}
    return holding(texts | {"复函.txt": _REPLY, "公报.txt": _AGENCY} | _OF_PLACES)


@pytest.mark.parametrize(
    "question",
    [
        "2021年下半年全市食堂事故伤了多少人",  # the first half is told
        "2021年检查发现隐患多少处",  # the year before is told
        "食堂物业管理费每平方米多少元",  # that the rent does not hold it
        "江州市食堂租用办法有效期到哪年",  # that of a report in it
        "联办单位的有效期是几年",
        "食堂工作领导小组的副组长由谁担任",  # who leads it is told
        "江州十三五食堂建设任务多少座",  # those of the five years before are told
        "食堂拨付款由哪个部门牵头",  # whom it is paid to
    ],
)
def test_what_is_said_of_another_thing_is_no_answer(held: Any, question: str) -> None:
    found = ask(question, context=held)
    assert not found.answerable, found.answer


@pytest.mark.parametrize(
    ("question", "said", "never"),
    [
        ("食堂议事会多久开一次", "每季度召开一次", "十天"),
        ("江州市食堂租用办法 施行日期", "2022年3月1日", ""),
        ("江政发〔2012〕5号那个食堂意见还管用吗", "停止执行", ""),
        ("江州市食堂租用办法依据的是哪个文件", "江州市房屋租赁条例", ""),
        ("河道堤岸两侧多少米以内不准修厨房", "五十米", ""),
        ("食堂 领奖时限", "十五个工作日", ""),
        ("租用补贴标准是市里哪个局会同别家定的", "市民政局", ""),
        ("联办单位是指什么", "共同开办食堂", "负责食堂经营"),
        ("江州学校伙食补助每天多少元", "6元", ""),
        ("江州市食堂租用办法第几条规定了施行日期", "第八条", ""),
        ("给苏州市人力资源社会保障局的那份复函说实行轮班的食堂按哪个文件办理审批", "轮班工作审批办法", ""),
        ("万载2022年哪些乡镇街道食堂收入超过五千万", "黄茅镇", ""),
        ("2023年食堂意向提交起止时间", "3月27日", "摇号"),
        ("食堂年度总结报送市统计局哪个处", "贸易统计处", ""),
        pytest.param(
            "食堂职工每周至少歇几天",
            "至少休息1天",
            "",
            marks=pytest.mark.xfail(
                strict=True,
                reason="told with .4 likelihood since the fit of 30 November, which is right no oftener than wrong",
            ),
        ),
        ("江州在什么时候以前完成八成食堂的标准化建设", "2024年12月", "2025年12月"),
        ("食堂就餐的“两证”是哪两个证", "健康证、就餐证", ""),
        ("2012年5月1日公布的江州市食堂管理意见还有效吗", "停止执行", "尚未施行"),
        ("2012年5月印发的江州市食堂管理意见还有效吗", "停止执行", "尚未施行"),
        ("食堂 智慧厨房 烹饪机器人 责任部门", "市商务局", ""),
        ("哪几个地方的文件里谈到跨境电商", "温州市", ""),
        ("哪几个地方的文件里谈到跨境电商", "杭州市", ""),
        ("江政发〔2012〕5号公布的食堂管理意见在新办法出台后还有效吗", "停止执行", ""),
    ],
)
def test_what_a_text_says_is_found_and_nothing_beside(held: Any, question: str, said: str, never: str) -> None:
    assert_told(held, question, said, never)


@pytest.mark.parametrize(
    ("question", "text", "heads", "around", "another"),
    [
        ("下半年用电", "上半年用电10度", "", "", True),
        ("下半年用电", "用电10度", "上半年通报", "", True),
        ("下半年用电", "用电10度", "上半年通报", "下半年预计", False),
        ("全年用电", "上半年用电10度", "", "", False),
        ("非全日制职工", "非全日制职工按小时计", "", "", False),
        ("用气报装几天办结", "“用水报装”在2个工作日内办结", "", "", True),
        ("用气报装几天办结", "用水用气报装在2个工作日内办结", "", "", False),
        ("主任由谁担任", "副主任由市长担任", "", "", True),
        ("副主任由谁担任", "主任由市长担任", "", "", True),
        ("主任由谁担任", "主任由市长担任，副主任由秘书长担任", "", "", False),
    ],
)
def test_opposites_are_told_apart(held: Any, question: str, text: str, heads: str, around: str, another: bool) -> None:
    assert Opposites(question, Library(held).forms).speaks_of_another(text, heads, around) is another


def test_what_a_sum_leaves_out_is_not_said_of_it(held: Any) -> None:
    forms, text = Library(held).forms, "租金32元（不含物业费）"
    assert Opposites("物业费", forms).without_left_out(text) == "租金32元（）"
    assert Opposites("租金不含什么", forms).without_left_out(text) == text


@pytest.mark.parametrize(
    "question", ["江州哪些活动由市民政局牵头", "江州食堂检查由谁负责", "江州有哪些文件", "江州哪些区出台了办法"]
)
def test_in_a_query_what_must_hold_stands_before_what_may(held: Any, question: str) -> None:
    """An engine joins what stands before an OPTIONAL first: two patterns that only a later one ties are every pair."""
    library = Library(held)
    for reading in question_to_readings(read(question, library), library):
        query = compile_form(reading.form, library.iris).text
        for inner in re.findall(r"\{ SELECT DISTINCT [^{]*WHERE \{ (.*) \} LIMIT \d+ \}", query):
            while inner != (inner := re.sub(r"(OPTIONAL )?\{[^{}]*\}", lambda m: "MAY" if m[1] else "", inner)):
                pass
            assert ":" not in re.sub(r"FILTER.*", "", inner.partition("MAY")[2]), inner
