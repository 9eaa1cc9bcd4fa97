"""Paths, tracing, sets and the four states."""

from __future__ import annotations

import pytest

from kg.answer import ask
from kg.graph.sparql import run


def column(answer, name):
    return [row[name] for row in answer.rows]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("2024年哪些区既安排了质量开放日又安排了市民质量体验活动？", ["浦东新区", "青浦区"]),
        ("哪些区既办了质量开放日又办了首席质量官活动？", ["黄浦区", "徐汇区", "静安区", "杨浦区", "青浦区", "嘉善县"]),
    ],
)
def test_both(question, places, context):
    assert set(column(ask(question, context=context), "地区")) <= set(places)
    assert {"青浦区"} <= set(column(ask(question, context=context), "地区"))


def test_one_year_and_not_another_tells_silence_from_absence(context):
    answer = ask("哪些区2019年办过质量开放日，而2022年没有办？", context=context)
    assert set(column(answer, "后者状态")) == {"未提及"}
    assert len(answer.rows) == 16
    answer = ask("哪些区2019年办过质量开放日，而2024年没有办？", context=context)
    assert set(column(answer, "后者状态")) == {"未入库"}
    assert not {"青浦区", "浦东新区"} & set(column(answer, "地区"))


def test_one_series_and_not_another(context):
    answer = ask("2022年哪些区办了首席质量官活动，但没有办质量开放日？", context=context)
    assert "杨浦区" in column(answer, "地区")
    assert set(column(answer, "后者状态")) == {"未提及"}


def test_places_without_it(context):
    answer = ask("2024年哪些区没有办首席质量官活动", context=context)
    states = {row["状态"]: row["地区"] for row in answer.rows}
    assert states["未提及"] == "浦东新区"
    assert "崇明区" in states["未入库"]


def test_a_series_of_one_place_and_not_of_another(context):
    series = column(ask("浦东办了而青浦没有办的活动", context=context), "系列")
    assert "放心消费创建" in series
    assert not {"质量开放日", "市民质量体验"} & set(series)


@pytest.mark.parametrize(
    ("question", "through"),
    [
        ("青浦区农业农村委和青浦区市场监管局有什么联系", "开展质量领域专项执法检查活动"),
        ("青浦区融媒体中心和青浦区农业农村委有什么关系", "青浦区质量工作领导小组办公室"),
    ],
)
def test_paths_between_bodies(question, through, context):
    answer = ask(question, context=context)
    assert through in answer.answer
    assert answer.evidence
    assert len(run(context.store, answer.sparql).rows) == len(answer.rows)


def test_up_to_the_national_basis(context):
    answer = ask("从青浦方案可以一路追溯到国家的哪些依据？", context=context)
    steps = {(row["文件"][:12], row["依据"], row["入库"]) for row in answer.rows}
    assert ("关于开展2024年全国“", "质量强国建设纲要", "未入库") in steps
    assert any(policy == "关于开展2024年全国“质量月”活动的通知" and held == "已入库" for _, policy, held in steps)


@pytest.mark.parametrize(
    ("question", "word"), [("火星基地建设由谁负责？", "火星"), ("火星的质量开放日由谁负责", "火星")]
)
def test_an_unknown_word_is_named_and_refused(question, word, context):
    answer = ask(question, context=context)
    assert not answer.answerable
    assert f"“{word}”" in answer.answer


def test_a_body_inside_a_longer_name_is_not_meant(context):
    answer = ask("质量开放日是由区政府质量奖获奖组织开展的吗", context=context)
    assert column(answer, "责任单位") == ["各政府质量奖获奖组织"]


def test_the_same_department_of_every_district(context):
    answer = ask("2019年哪些区的市场监管局牵头了活动", context=context)
    assert len(set(column(answer, "责任单位"))) == 16


def test_reported_is_not_planned(context):
    assert set(column(ask("哪些活动是报告过已经开展的", context=context), "年份")) == {2022}
    refused = ask("青浦2024年哪些活动已经开展了", context=context)
    assert not refused.answerable
    assert "只有安排" in refused.answer
