"""What is in force on which day, asked by full titles, short ones and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.reading import read

_NEW = """青松市人民政府办公室文件
青政办规〔2023〕8号
青松市人民政府办公室关于印发青松市公共停车场运行管理暂行办法的通知
各区人民政府，市政府各部门：
现将《青松市公共停车场运行管理暂行办法》印发给你们，请遵照执行。
青松市人民政府办公室
2023年4月20日
青松市公共停车场运行管理暂行办法
第一条 为了规范公共停车场管理，制定本办法。
第二条 市交通运输局负责全市公共停车场的监督管理。
第三条 本办法自2023年6月1日起施行，有效期2年。《青松市停车场收费管理办法》（青政办发〔2015〕27号）同时废止。
"""
_OPEN = """青松市教育局关于开展校园阅读活动的实施意见
青教〔2024〕15号
各区教育局：
为推进校园阅读，提出如下意见。
一、开展读书分享活动。
青松市教育局
2024年3月1日
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"停车.txt": _NEW, "阅读.txt": _OPEN})


@pytest.mark.parametrize(
    "question",
    ["青政办规〔2023〕8号什么时候失效", "青政办规2023年8号有效期到什么时候", "青松停车场运行管理暂行办法还有效吗"],
)
def test_from_when_until_when_and_what_follows_for_today(held: Any, question: str) -> None:
    answer = ask(question, context=held)
    assert answer.answerable
    assert "2023年6月1日" in answer.answer
    assert "2025年5月31日" in answer.answer
    assert "已过有效期" in answer.answer
    assert [quote for quote in answer.evidence if "有效期2年" in quote.quote]


@pytest.mark.parametrize(
    ("day", "state"), [("2023年5月1日", "尚未施行"), ("2024年5月1日", "仍在有效期内"), ("2025年6月1日", "已过有效期")]
)
def test_on_a_day_that_is_named(held: Any, day: str, state: str) -> None:
    answer = ask(f"{day}，青政办规〔2023〕8号有效吗", context=held)
    assert state in answer.answer


@pytest.mark.parametrize("question", ["青政办发〔2015〕27号还作数吗", "《青松市停车场收费管理办法》废止了吗"])
def test_what_is_not_held_is_repealed_by_what_is(held: Any, question: str) -> None:
    answer = ask(question, context=held)
    assert answer.answerable
    assert "废止《青松市停车场收费管理办法》" in answer.answer
    assert "青政办规〔2023〕8号" in answer.answer


def test_a_document_that_says_nothing_of_it_is_never_told_to_be_in_force(held: Any) -> None:
    answer = ask("校园阅读活动的实施意见还有效吗", context=held)
    assert "没有写明施行日期和有效期" in answer.answer
    assert not answer.answerable


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("青松停车场运行管理暂行办法由谁负责", "青松停车场运行管理暂行办法"),
        ("市教育局校园阅读实施意见的文号", "市教育局校园阅读实施意见"),
    ],
)
def test_short_titles_are_the_documents(held: Any, question: str, short: str) -> None:
    assert short in [span.text for span in read(question, Library(held)).of("title")]


@pytest.mark.parametrize("question", ["停车办法由谁负责", "道路交通安全管理办法由谁负责"])
def test_what_fits_by_chance_is_no_title(held: Any, question: str) -> None:
    assert not read(question, Library(held)).of("title")


def test_the_notice_of_another_year_is_another_notice(context: Any) -> None:
    assert read("上海市质量月通报了什么", Library(context)).has("title")
    assert not read("2020年上海市质量月通报了什么", Library(context)).has("title")


def test_all_fields_that_are_asked_are_told(held: Any) -> None:
    answer = ask("校园阅读活动实施意见的文号和日期", context=held).answer
    assert "青教〔2024〕15号" in answer
    assert "2024年3月1日" in answer


def test_the_rules_of_another_place_are_not_told(held: Any) -> None:
    answer = ask("北京市公共停车场运行管理暂行办法还有效吗", context=held)
    assert "2025年5月31日" not in answer.answer


def test_how_many_years_something_holds_is_no_question_of_a_day(held: Any) -> None:
    answer = ask("停车证按青政办规〔2023〕8号什么时候失效", context=held)
    assert "2025年5月31日" not in answer.answer
