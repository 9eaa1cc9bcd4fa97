"""What a question leaves out or denies: the answer leaves it out too, or there is none; never the opposite."""

from __future__ import annotations

import re

import pytest

from kg.ask import ask
from kg.ask.compose import question_to_readings
from kg.ask.library import Library
from kg.ask.reading import read


def test_places_that_are_left_out_are_not_listed(context):
    for question in ("除了青浦区，还有哪些区开展过质量开放日？", "青浦区以外哪些区开展过质量开放日"):
        answer = ask(question, context=context)
        assert answer.answerable
        assert "浦东新区" in answer.answer
        assert not any(row["地区"] == "青浦区" for row in answer.rows)
        assert "NOT IN" in (answer.sparql or "")


def test_bodies_that_are_left_out_are_not_listed(context):
    answer = ask("除了上海市市场监督管理局，2019年哪些单位牵头“QC小组”", context=context)
    assert answer.answerable
    assert {row["责任单位"] for row in answer.rows} == {"宝山区市场监督管理局"}
    alone = ask("除了市水务局，2019年还有哪些单位负责啄木鸟杯？", context=context)
    assert not alone.answerable


@pytest.mark.parametrize(
    "question",
    [
        "青浦区市场监管局不负责哪些活动",
        "2024年质量开放日不由谁负责",
        "青浦区市场监管局2024年没有参加哪些活动",
        "哪些单位2024年不配合质量开放日",
        "2019年哪个区的活动最多",
        "哪些区牵头了质量开放日",
    ],
)
def test_no_reading_ignores_an_operator(question, context):
    library = Library(context)
    assert question_to_readings(read(question, library), library) == []


def test_the_opposite_is_not_quoted(context):
    for question in ("青浦区市场监管局不负责哪些活动", "2024年质量开放日不由谁负责"):
        assert not ask(question, context=context).answerable


def test_those_that_did_not_are_told_before_those_that_did(context):
    told = ask("2024年哪些区没办过质量开放日", context=context).answer
    assert told.index("没有收录其文件、无从判断的有黄浦区") < told.index("文件点名的有浦东新区")
    assert "全国" not in told


def test_a_role_within_a_question_word_is_kept(context):
    answer = ask("2019年浦东新区市场监管局配合什么", context=context)
    assert not answer.answerable or "pkg:Co" in (answer.sparql or "")


def test_every_level_of_places_that_can_be_asked_for_has_a_row(context):
    forms = Library(context).forms
    known = {word for row in forms.rows("level.words") for word in row["words"]}
    asked = re.search(r"\(\?P<level>([^()]*)\)", forms.source("ask.place"))
    assert asked
    assert set(asked[1].split("|")) <= known


def test_districts_are_no_answer_to_towns(context):
    for question in ("哪些街道开展过质量开放日？", "哪些乡镇开展过质量开放日？", "哪些镇2019年没有开展质量开放日"):
        answer = ask(question, context=context)
        assert not any(str(row.get("地区", "")).endswith(("区", "市")) for row in answer.rows)
        assert not answer.answerable, answer.answer


def test_how_often_is_no_count_of_what_was_read(context):
    answer = ask("2022年全市搞了多少场活动", context=context)
    assert not answer.answerable or "1000多场" in answer.answer


def test_an_activity_without_a_body_is_told_beside_those_with_one(context):
    told = ask("浦东质量开放日谁来搞", context=context).answer
    assert "2019年上海市“质量月”活动安排》）" in told
    assert "另《关于开展2024年浦东新区“质量月”活动的通知》写到“组织开展“质量开放日”活动”，没有读出责任单位" in told
