"""One item of a list is told where it is the one that is asked about; the list where its items are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.items import Items
from kg.ask.sentences import Word
from kg.core.config import Settings
from kg.service import Service

RULES = """甲市养护管理条例

第一条 为了加强养护管理，制定本条例。

第二条 本条例适用于本市行政区域内的养护活动。

第三条 违反本条例规定的，由市城市管理部门按照下列规定处理：
（一）未按照规定办理养护备案手续的，责令限期改正；逾期不改正的，处二千元以上一万元以下罚款；
（二）不执行优惠价格的，责令改正，并处三千元以上二万元以下罚款；
（三）拒绝提供养护资料的，责令限期改正，给予警告。

第四条 有下列情形之一的，可以申请养护补助：
（一）养护年限满五年的；
（二）养护面积超过一百亩的；
（三）受灾损失超过三成的。

第五条 养护工作过错按照下列规定确定责任人：
（一）承办人造成过错的，由承办人承担责任。
（二）集体研究决定出现错误的，由主持人和坚持错误意见者承担责任。
（三）工作人员不履行职责的，由工作人员承担责任。

第六条 养护单位应当建立档案，不按规定建立的，由主管部门责令改正。

第七条 本条例自2021年1月1日起施行。
"""


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("items")
    file = folder / "甲市养护管理条例.txt"
    file.write_text(RULES, encoding="utf-8")
    service = Service(Settings.load(home=folder / "home"))
    service.ingest([file])
    yield service.snapshot()
    service.close()


def test_the_item_that_is_asked_about_is_told_without_the_others(held: Any) -> None:
    answer = ask("甲市未按照规定办理养护备案手续，逾期不改正的处多少罚款？", context=held)
    assert answer.answerable
    assert "二千元以上一万元以下" in answer.answer
    assert "二万元" not in answer.answer


def test_where_the_items_are_asked_for_all_are_told(held: Any) -> None:
    answer = ask("甲市有哪些情形可以申请养护补助？", context=held)
    assert all(item in answer.answer for item in ("满五年", "一百亩", "三成"))


def test_of_a_named_article_the_item_is_told_and_that_others_are_left_out(held: Any) -> None:
    answer = ask("《甲市养护管理条例》第五条，集体研究决定出现错误的由谁承担责任？", context=held)
    assert "主持人和坚持错误意见者" in answer.answer
    assert "承办人造成" not in answer.answer
    assert "其他各项未列" in answer.answer
    whole = ask("《甲市养护管理条例》第五条怎么规定？", context=held)
    assert all(item in whole.answer for item in ("承办人造成", "主持人", "工作人员不履行"))


def test_an_article_without_the_figure_that_is_asked_for_says_so(held: Any) -> None:
    answer = ask("根据《甲市养护管理条例》第六条，不建立档案的处多少元罚款？", context=held)
    assert not answer.answerable
    assert "没有找到" in answer.answer
    assert answer.evidence, "the article can be opened"


@pytest.mark.parametrize(
    ("asked", "item"),
    [
        ("集体研究决定出现错误", "（二）"),
        ("过错责任", None),  # what most items say
        ("与此无关的事项", None),
    ],
)
def test_an_item_must_say_far_more_of_the_question_than_the_others(asked: str, item: str | None) -> None:
    text = RULES[RULES.index("第五条") : RULES.index("第六条")]
    found = Items.of(text).asked(text, [Word(asked, (asked,), 1.0)])
    assert (text[found[0] : found[0] + 3] if found else None) == item


def test_two_clauses_that_ask_for_the_same_are_answered_one_by_one(held: Any) -> None:
    answer = ask("甲市养护补助要求养护年限满几年？要求养护面积超过多少亩？", context=held)
    assert "五年" in answer.answer
    assert "一百亩" in answer.answer
