"""Words of time narrow an answer, or there is none: they are never dropped."""

from __future__ import annotations

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.reading import read


@pytest.fixture(scope="module")
def library(context):
    return Library(context)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2019到2022年质量月的主题", (2019, 2020, 2021, 2022)),
        ("2020年以后哪些区开展过质量开放日", (2022, 2024)),
        ("2022年以来哪些区开展过质量开放日", (2022, 2024)),
        ("2022年以前哪些区开展过质量开放日", (2019,)),
        ("2030年以后哪些区开展过质量开放日", (2031,)),
        ("今年浦东质量月主题是什么", (2024,)),
        ("去年青浦的质量月主题是什么？", (2023,)),
        ("近三年青浦区市场监管局负责哪些活动", (2022, 2023, 2024)),
        ("宝山19年搞了啥", (2019,)),
        ("工作满20年的职工有哪些", ()),
        ("经费保存10年以上吗", ()),
    ],
)
def test_years(question, years, library):
    assert read(question, library).years == years


def test_a_year_that_is_not_held_has_no_answer(context):
    for question in ("去年青浦的质量月主题是什么？", "2030年以后哪些区开展过质量开放日", "明年浦东有哪些活动"):
        assert not ask(question, context=context).answerable


def test_how_a_year_was_understood_is_said(context):
    answer = ask("今年青浦区有哪些活动", context=context)
    assert {row["年份"] for row in answer.rows} == {2024}
    assert "“今年”按库内文件的年份理解为2024年" in answer.interpretation


def test_the_latest_of_several_is_the_one_that_is_told(context):
    answer = ask("最近一次青浦质量月的主题是什么", context=context)
    assert "持续推进质量强区建设" in answer.answer
    latest = ask("最早的质量月通知是哪天发的", context=context)
    assert latest.answer.index("2024年7月26日") < latest.answer.index("2024年9月6日")
