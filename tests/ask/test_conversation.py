"""Follow-ups keep what they do not replace; questions of several parts get an answer for each."""

from __future__ import annotations

import re

import pytest

from kg.ask import ask
from kg.ask.model import Answer


def _follow(before, question, context):
    return ask(question, context=context, previous=Answer(before, True, ""))


@pytest.mark.parametrize(
    ("before", "question", "said"),
    [
        ("青浦的质量开放日由哪些单位负责？", "那浦东呢？", "浦东"),
        ("2022年质量月全市办了多少场活动", "参加的企业呢", "1万余家"),
        ("2019年市公安局负责哪些活动", "那市水务局呢", "水务"),
    ],
)
def test_a_follow_up_replaces_what_it_names(before, question, said, context):
    assert said in _follow(before, question, context).answer


def test_a_whole_question_does_not_lean_on_the_one_before(context):
    alone = ask("青浦区经委负责什么", context=context)
    after = _follow("2022年质量攻关带来多少新增利润", "青浦区经委负责什么", context)
    assert after.answer == alone.answer


def test_two_bodies_are_two_answers(context):
    answer = ask("2019年市公安局、市水务局负责哪些活动", context=context).answer
    assert "上海市公安局" in answer
    assert "上海市水务局" in answer
    assert "互联网企业质量普法研讨会" in answer
    assert "啄木鸟杯" in answer


def test_a_districts_figure_is_not_the_citys(context):
    assert not ask("2022年徐汇区培育了多少首席质量官", context=context).answerable


def test_marks_point_to_evidence(context):
    for question in ("青浦区2024年质量开放日由谁负责", "搞质量月能不能向企业收费", "2022年质量攻关带来多少新增利润"):
        answer = ask(question, context=context)
        numbers = {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)}
        assert numbers
        assert numbers <= set(range(1, len(answer.evidence) + 1))


def test_silence_is_told_with_what_was_searched(context):
    answer = ask("2022年上海质量月活动花了多少经费", context=context)
    assert not answer.answerable
    assert "检索范围" in answer.answer
    assert "没有找到不等于没有" in answer.answer


def test_a_row_of_a_table_is_quoted_by_its_columns(context):
    answer = ask("航空质量论坛是谁举办的（2019年）", context=context).answer
    assert "牵头单位”部分" not in answer
    assert "\t" not in answer
    table = ask("哪几个协会2019年办了论坛？", context=context).answer
    assert "举办“技艺与质量”质量品牌论坛；牵头单位：市家具行业协会" in table
