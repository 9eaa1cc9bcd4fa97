"""An answer is of the kind that is asked for: a count of the very things, papers, ages, what a text rests on, a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.reading import read
from ontology.forms import load
from tests.ask.told import assert_told
from tests.clock import cpu_seconds

_NOTICE = """江州市人民政府关于餐桌浪费三起案件的通报
江政〔2021〕6号
8月18日，河东村食堂倒塌造成27人受伤。最近又发生了南渡县特大食堂起火事故（正在调查处理中），教训深刻。
要深入贯彻“四个全面”和“五位一体”总体布局，坚持以人民为中心，到2035年建成江州新城食堂体系。
《江州市食堂条例》依照市人大常委会的决定修改，修改后的食堂规定报送备案。
江州市人民政府
2021年9月1日
"""
_RULE = """江州市食堂档案管理办法
第一条 根据《江州市档案条例》和《食堂条例》，制定本办法。
第二条 食堂设立以下情形之一的，可以申请开办：补报年度报告并公示；场所已经变更登记。
第三条 符合第二条规定的当事人申请开办食堂的，应当向市商务局提交以下材料：
（一）开办申请书；
（二）守信承诺书。
第四条 年满十六岁至六十岁的公民，每人每年义务帮厨三至五次。未帮厨的，收取一至二倍的费用。
第五条 本办法下列用语的含义：
（一）中央厨房，是指集中加工的场所；
（二）配送站，是指设置在街道、分发餐食的设施。
第六条 本办法自2022年3月1日起施行。
"""
_PLAN = """江州市食堂体检工作方案
江食办〔2020〕3号
一、样本食堂
东门、西门、南门、北门等食堂（共36个）。
二、体检内容
食堂体检内容包括卫生、口味、安全等8个方面。
三、招生计划
食堂学徒招生计划，详见附件2。到2024年年底，参加学徒培训达到2500人，2000余家食堂的1.1万员工参训。
开展两方面工作，一是检查食堂卫生，二是检查食堂口味。市里出台了食堂检查意见。
河西区、河东区食堂补助标准每人每月分别为300元、280元。
6月底前，河西区将食堂工作计划报送至市商务局。
食堂早餐收费上限为每份20元。检查档案室卫生，发现隐患8个，整改完毕。机关食堂共有5个APP。
一次性补助不得重复领取，人事教育处负责编制食堂目录。
江州市食堂工作办公室
2020年5月1日
"""
_NOTICES = {
    f"{place}.txt": f"{place}人民政府办公室关于印发{place}2023年食堂公开工作要点的通知\n{number}\n各区：\n现印发给你们。\n"
    f"{place}人民政府办公室\n2023年{month}月6日\n"
    for place, number, month in (("山东省", "鲁政办发〔2023〕8号", 5), ("宁夏回族自治区", "宁政办发〔2023〕24号", 6))
}
_NOTICES |= {
    f"{place}.txt": f"{place}人民政府办公室关于食堂厨师的通知\n各区：\n给予食堂厨师一次性{what}{sum_}元。\n{place}人民政府办公室\n2022年5月6日\n"
    for place, what, sum_ in (("杭州市", "补助", 5000), ("温州市", "资助", 8000))
}
_OF_THE_STATE = """国务院办公厅关于开展城镇社区食堂治理工作的通知
国办发〔2019〕3号
各省：
各地应于2019年6月底前完成治理。
国务院办公厅
2019年1月9日
"""
_REPLY = """国务院关于河东江州新区总体规划（2018—2035年）的批复
国函〔2018〕159号
江州市人民政府：
同意规划。
国务院
2018年12月25日
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    texts = {"通报.txt": _NOTICE, "江州市食堂档案管理办法.txt": _RULE, "方案.txt": _PLAN}
    return holding(texts | _NOTICES | {"治理.txt": _OF_THE_STATE, "批复.txt": _REPLY})


@pytest.mark.parametrize(
    "question",
    [
        "南渡县特大食堂起火事故造成多少人受伤",  # the sentence before tells of another
        "江州新城到2035年要住多少人",  # 五位一体 counts nobody
        "江州 食堂学徒 录取最低分",  # no operator, a thing that the text does not tell
        "江州食堂体检方案安排了多少个名额，其中小学、初中各多少",  # a part of what is told nowhere
        "江州市教育局的食堂目录由哪个处室负责编制",  # 人事教育处 is another body's
        "编写餐具目录，由哪个处室负责编制",  # 餐具 is what is asked about, no paper of the asker's
        "江州食堂早餐收费下限是多少",  # the most is told
        "江州企业给厨师的一次性补助多少元",  # who is paid by whom is told otherwise
        "江州检查了多少个档案室",  # what was found is counted, not they
    ],
)
def test_what_is_of_another_kind_is_no_answer(held: Any, question: str) -> None:
    found = ask(question, context=held)
    assert not found.answerable, found.answer


@pytest.mark.parametrize(
    ("question", "said", "never"),
    [
        ("江州食堂体检一共有多少个样本食堂", "36个", "8个方面"),
        ("江州食堂的目录由哪个处室负责编制", "人事教育处", ""),
        ("江州食堂早餐收费上限是多少", "20元", ""),
        ("江州机关食堂共有多少个APP", "5个APP", ""),
        ("2020年江州的食堂体检看哪几个方面", "8个方面", ""),
        ("江州开办食堂要提交哪些材料", "守信承诺书", "年度报告"),
        ("江州食堂档案 中央厨房 是指", "集中加工", "配送站"),
        ("参训的食堂员工有多少人", "1.1万员工", ""),
        ("江州市食堂档案管理办法依据的是哪些条例", "江州市档案条例", ""),
        ("江州市食堂档案管理办法 制定依据", "江州市档案条例", ""),
        ("江州市现行的食堂档案管理规章从何时起施行", "2022年3月1日", ""),
        ("山东、宁夏两省区印发2023年食堂公开工作要点的文件，发文字号分别是什么", "宁政办发〔2023〕24号", ""),
        ("国务院关于江州新区总体规划的批复与国务院办公厅关于社区食堂治理的通知，哪一份成文在先", "2018年12月25日", ""),
        ("整理江州政策台账：食堂档案管理办法从什么时候起施行", "2022年3月1日", ""),
        ("河西区食堂在6月底前要向市商务局交什么材料", "工作计划", ""),
        ("杭州市给食堂厨师的一次性补助，和温州市给食堂厨师的一次性资助，标准分别是多少", "8000元", ""),
        ("对比一下江州河西区、河东区两个区的食堂补助标准，各是多少", "280元", ""),
    ],
)
def test_the_thing_that_is_asked_for_is_found(held: Any, question: str, said: str, never: str) -> None:
    assert_told(held, question, said, never)


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        ("重庆市民多大年纪有义务", "place", "重庆"),
        ("江苏省内食堂几家", "place", "江苏省内"),
        ("有人举报医保定点食堂", "place", ""),  # no 保定: 医保|定点
        ("保定有几家食堂", "place", "保定"),
        ("江苏农村食堂每年补助多少钱", "place", "江苏"),
        ("重庆城镇居民食堂补多少", "place", "重庆"),
        ("深圳市内部审计由谁负责", "place", "深圳市"),
        ("补助申请材料要写明哪些内容", "said.purpose", ""),
        ("江州市食堂共有桌椅多少张，供老人使用", "said.purpose", ""),
        ("巴东县官渡口镇有多少户", "place", "巴东县"),  # no 官渡区
        ("街道办事指南要写清楚：食堂怎么申请开办", "said.purpose", "街道办事指南要写清楚:"),
        ("食堂体检从哪几个方面下手？请列出来供写材料用。", "said.purpose", "?请列出来供写材料用。"),
        ("江州今年的食堂主题", "year", "今年"),
    ],
)
def test_what_a_stretch_of_a_question_is(held: Any, question: str, kind: str, words: str) -> None:
    spans = read(question, Library(held)).of(kind)
    assert "".join(span.text for span in spans) == words


@pytest.mark.parametrize("question", ["公司今年没给我安排食堂", "我妈今年62能去食堂吗"])
def test_the_askers_own_year_is_not_that_of_a_document(held: Any, question: str) -> None:
    assert not read(question, Library(held)).years


@pytest.mark.parametrize(
    "question", ["我市今年的食堂主题是什么", "我想知道江州今年食堂的主题", "江州今年每人补助多少", "去年每天检查几次"]
)
def test_the_year_of_documents_stands_whoever_asks(held: Any, question: str) -> None:
    assert read(question, Library(held)).years


@pytest.mark.parametrize("question", ["小区里能开食堂吗", "超市里卖饭要什么证", "三个市场怎么管"])
def test_words_are_not_cut_in_two(held: Any, question: str) -> None:
    words = "".join(word.text for word in read(question, Library(held)).words)
    assert any(word in words for word in ("小区", "超市", "市场"))


def test_what_counts_nothing_is_left_out_in_a_time_that_grows_with_the_text() -> None:
    pattern = load().pattern("slot.no_amount")  # made before the clock runs: by itself the test would time the forms
    for size in (2_000, 4_000):
        text = "“" + "一" * size
        assert cpu_seconds(lambda text=text: pattern.sub("", text)) < 0.05


@pytest.mark.parametrize(
    "question", ["江州编制年度报告要交什么材料", "江州食堂申请材料有哪些", "江州食堂工作总结什么时候报"]
)
def test_what_is_asked_of_a_paper_is_no_purpose(held: Any, question: str) -> None:
    assert not read(question, Library(held)).of("said.purpose")
