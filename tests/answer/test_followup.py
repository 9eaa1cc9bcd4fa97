"""One follow-up: the question before, with the part named replaced."""

from __future__ import annotations

import pytest

from kg.answer import Answer, ask
from kg.answer.parts import parts_of

FLAGSHIP = "哪些区开展过质量开放日，历年有何变化？"


@pytest.mark.parametrize(
    ("before", "said", "whole"),
    [
        (FLAGSHIP, "2019年呢？", "2019年哪些区开展过质量开放日？"),
        ("青浦今年的质量开放日由哪些单位负责", "那浦东呢？", "浦东今年的质量开放日由哪些单位负责"),
        ("2024年青浦有没有质量开放日", "谁负责？", "2024年青浦质量开放日由谁负责？"),
        ("2019年全市的质量月活动主题是什么？", "2022年呢", "2022年全市的质量月活动主题是什么？"),
        ("2019年青浦区市场监管局牵头了几项活动？", "那静安呢？", "2019年静安区市场监管局牵头了几项活动？"),
        ("青浦方案是根据什么制定的？", "那浦东的呢？", "浦东方案是根据什么制定的？"),
        (FLAGSHIP, "首席质量官呢？", "哪些区开展过首席质量官活动，历年有何变化？"),
    ],
)
def test_a_follow_up_is_the_whole_question(before, said, whole, context):
    found = ask(said, context=context, previous=ask(before, context=context))
    assert found.rows == ask(whole, context=context).rows
    assert found.answer == ask(whole, context=context).answer
    assert found.question == said
    assert "接上一问" in found.interpretation


def test_a_place_takes_the_place_of_which_places(context):
    found = ask("那浦东呢？", context=context, previous=ask(FLAGSHIP, context=context))
    assert {(row["年份"], row["地区"], row["状态"]) for row in found.rows} == {
        (2019, "浦东新区", "推及"),
        (2022, "浦东新区", "未提及"),
        (2024, "浦东新区", "点名"),
    }


@pytest.mark.parametrize("whole", ["青浦区经委负责什么", "72号文要求什么时候前报送总结，报给谁？", "《纲要》指什么"])
def test_a_whole_question_stands_by_itself(whole, context):
    found = ask(whole, context=context, previous=Answer(FLAGSHIP, True, ""))
    assert found.rows == ask(whole, context=context).rows
    assert "接上一问" not in found.interpretation


def test_parts_that_ask():
    assert parts_of("办了什么活动，谁负责？") == ["办了什么活动", "谁负责"]
    assert parts_of("2019年，谁负责？") == []


def test_two_kinds_are_both_answered(context):
    found = ask("浦东2024年质量月的主题是什么？文号是多少？", context=context)
    assert "加快培育新质生产力" in found.answer
    assert "浦市监质〔2024〕99号" in found.answer


def test_a_part_that_is_not_held_is_said_so(context):
    found = ask("质量进党校组织了什么活动，多少人参加", context=context)
    assert found.answerable
    assert "“质量进党校”培训班" in found.answer
    assert "没有写明数量" in found.answer


def test_the_service_takes_the_question_before(service):
    found = service.ask("谁负责？", previous="2024年青浦有没有质量开放日")
    assert "青浦区各街镇" in found["answer"]
