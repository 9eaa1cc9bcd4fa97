"""What an asker tells of themselves: where they live, their own years, names of things that are names of places, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.reading import read

_PROVINCE = """辽宁省人民政府关于印发《辽宁省稳定经济若干政策举措》的通知

各市人民政府，省政府各厅委、各直属机构：

现将《辽宁省稳定经济若干政策举措》印发给你们，请认真贯彻执行。

一、减免租金。承租国有门面从事生产经营的个体工商户，免除3个月房屋租金。

二、贴息贷款。个体工商户申请创业担保贷款，贴息累计次数不得超过4次。

三、保障住房。2023年新开工保障性租赁住房12万套。

辽宁省人民政府

2023年2月1日
"""
_REPORT = """辽宁省人民政府关于2023年商贩培训情况的报告

全省组织商贩培训，每期培训时间为9天。

辽宁省人民政府

2023年12月1日
"""
_SOFTWARE = """软件著作权登记办法
第一条 法人的软件著作权，保护期为五十年，截止于首次发表后第五十年的12月31日。
第二条 小店购买软件的，应当索取发票。
第三条 本办法自2022年1月1日起施行。
"""
_COMPANY = """中华人民共和国公司法
第一条 为了规范公司的组织和行为，制定本法。
第二条 本法自2006年1月1日起施行。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"辽宁.txt": _PROVINCE, "报告.txt": _REPORT, "软件.txt": _SOFTWARE, "公司法.txt": _COMPANY})


@pytest.mark.parametrize(
    "question",
    [
        "我在沈阳租了国有门面，是个体工商户，能免几个月房屋租金？",
        "我刚退伍，在沈阳当个体工商户，承租国有门面能免除几个月房屋租金？",
    ],
)
def test_what_the_province_lays_down_holds_where_the_asker_lives(held: Any, question: str) -> None:
    answer = ask(question, context=held)
    assert answer.answerable, answer.answer
    assert "3个月" in answer.answer
    assert "辽宁省" in answer.answer, "whose paper it is must be told"


@pytest.mark.parametrize(
    "question",
    [
        "沈阳市的个体工商户能免几个月房屋租金？",
        "我在沈阳，商贩培训每期培训时间是几天？",
        "我在沈阳，2023年新开工保障性租赁住房多少套？",
        "我想查到沈阳2023年新开工保障性租赁住房多少套？",
        "我想知道2023年在沈阳新开工保障性租赁住房多少套？",
        "我们市在沈阳2023年新开工保障性租赁住房多少套？",
    ],
)
def test_what_is_the_provinces_is_not_told_as_that_of_a_city(held: Any, question: str) -> None:
    assert not ask(question, context=held).answerable


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("想报2021年的软件登记，去年刚出过事故，还能报吗？", (2021,)),
        ("去年（2022年）登记的软件有哪些？", (2022,)),
        ("我们公司前年干的工程出过事故，还能登记软件吗？", ()),
        ("2021年的软件登记比去年多了几件？", (2021, 2022)),
        ("去年登记的软件有哪些？", (2022,)),
        ("2021年登记的软件有哪些？今年的呢？", (2021, 2023)),
        ("想了解2021年的登记要求，以及今年的要求", (2021, 2023)),
        ("我们公司要参加今年的登记，有哪些要求", (2023,)),
        ("我们公司想知道去年的登记要求是什么", (2022,)),
    ],
)
def test_a_story_has_years_of_its_own(held: Any, question: str, years: tuple[int, ...]) -> None:
    assert read(question, Library(held)).years == years


def test_a_thing_is_no_place_that_no_document_is_of(held: Any) -> None:
    assert not read("我开小店的，要索取发票吗？", Library(held)).places
    assert read("合肥的小店要索取发票吗？", Library(held)).places == ("安徽省合肥市",), "a city, and a noun"
    assert read("太原市小店区的小店要索取发票吗？", Library(held)).places == ("山西省太原市小店区",)


def test_key_words_are_no_title_across_the_blank_between_them(held: Any) -> None:
    question = read("公司 法人 软件著作权 保护期 截止", Library(held))
    assert not question.has("title")
    assert "五十年" in ask("公司 法人 软件著作权 保护期 截止", context=held).answer
    assert read("公司 法 何时施行", Library(held)).has("title"), "whose words end at the blank"
