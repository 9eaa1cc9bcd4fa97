"""Documents and activities of one title are as many as there are."""

from __future__ import annotations

import dataclasses

import pytest

from kg.ask import ask
from kg.core.config import Settings
from kg.service import Service

_NOTICE = """关于做好节水周工作的通知

各有关单位：
为做好节水周工作，现将有关事项通知如下。
一、重点任务
（一）开展节水宣传。{text}（责任单位：{body}）
（二）组织节水检查。{more}（责任单位：市水务局）

江州市水务局
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("two")
    for name, text, body, more in (
        ("甲", "在社区张贴宣传画。", "市教育局", "检查学校和医院。"),
        ("乙", "在学校举办讲座。", "市文化局", "检查工厂。"),
    ):
        (folder / f"{name}.txt").write_text(_NOTICE.format(text=text, body=body, more=more), encoding="utf-8")
    service = Service(dataclasses.replace(Settings.load(home=tmp_path_factory.mktemp("home")), embedder="none"))
    assert not service.ingest([folder])["failed"]
    return service.snapshot()


def test_both_are_counted_and_told_apart_by_their_files(two):
    assert "共2份" in ask("库里有几份通知？", context=two).answer
    told = ask("哪些通知提到节水周", context=two).answer
    if "份：" in told:
        assert "甲.txt" in told
        assert "乙.txt" in told


def test_activities_of_one_title_are_two(two):
    answer = ask("市水务局负责哪些活动", context=two)
    assert "2项活动" in answer.answer, answer.answer


def test_the_duties_of_each_stay_with_its_own_text(two):
    answer = ask("节水宣传由谁负责", context=two)
    assert answer.answerable
    quotes = {number: cited.quote for number, cited in enumerate(answer.evidence, 1)}
    for body in ("教育局", "文化局"):
        assert body in answer.answer
        assert any(body in quote for quote in quotes.values())


def test_a_kind_of_document_that_is_not_held_is_no_other_kind(two):
    assert not ask("库里有几份方案？", context=two).answerable
    assert "共2份" in ask("库里有几份文件？", context=two).answer


def test_running_text_of_other_places_is_not_told_for_a_place(two):
    answer = ask("青浦区哪些文件提到市水务局", context=two)
    assert "节水" not in answer.answer
