"""Persons in posts that a document announces (all names are invented)."""

from __future__ import annotations

from functools import lru_cache

import pytest

from ingest.facts.persons import PersonProducer
from ontology.forms import load


@lru_cache(maxsize=1)
def producer() -> PersonProducer:
    return PersonProducer(load())


def persons(text: str) -> list[tuple[str, str, str | None]]:
    return [(c.fact.name, c.fact.post, c.fact.title) for c in producer().propose(text)]


LIST = """甲市质量工作领导小组组成人员名单

组　长：张小三（市委常委、副市长）
副组长：李四平　市政府副秘书长
　　　　王五生（市市场监管局局长）
成  员：赵六（市教育局副局长）、钱七一（市财政局副局长）
        周 九　市农业农村局副局长
领导小组办公室设在市市场监管局，办公室主任由王五生同志兼任。
联系人：郑小二，电话：0551-62631234
"""


def test_a_list_of_members() -> None:
    found = producer().propose(LIST)
    assert [(c.fact.name, c.fact.post, c.fact.title) for c in found] == [
        ("张小三", "组长", "市委常委、副市长"),
        ("李四平", "副组长", "市政府副秘书长"),
        ("王五生", "副组长", "市市场监管局局长"),
        ("赵六", "成员", "市教育局副局长"),
        ("钱七一", "成员", "市财政局副局长"),
        ("周九", "成员", "市农业农村局副局长"),
        ("王五生", "主任", None),
    ]
    assert {c.fact.group for c in found} == {"甲市质量工作领导小组"}
    for c in found:
        assert c.fact.evidence.quote == LIST[c.fact.evidence.start : c.fact.evidence.end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("主任由生态环境部副部长赵小民兼任。", [("赵小民", "主任", "生态环境部副部长")]),
        (
            "成立工作专班，由副市长张小明任组长，市政府秘书长李明同志任副组长。",
            [("张小明", "组长", "副市长"), ("李明", "副组长", "市政府秘书长")],
        ),
        ("任命王小明为市教育局局长。", [("王小明", "市教育局局长", None)]),
        ("任免名单\n张小华任市财政局副局长（试用期一年）；", [("张小华", "市财政局副局长", None)]),
        ("人员名单\n主  任\t张三丰\t市长\n副主任\t李四光\t副市长", [("张三丰", "主任", "市长"), ("李四光", "副主任", "副市长")]),
        ("成立指挥部\n总 指 挥：陈大文  市长\n副总指挥：林小雨  副市长", [("陈大文", "总指挥", "市长"), ("林小雨", "副总指挥", "副市长")]),
    ],
)  # fmt: skip
def test_forms(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert persons(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "组长由区政府分管副区长担任，副组长由区局主要负责人担任。",
        "领导小组\n组长：市政府分管副市长\n成员：市教育局、市财政局、市公安局主要负责人",
        "联系人：李小四，电话：62631234",
        "任何单位和个人为他人担保，任期三年。",
        "成员单位：市教育局、市财政局。",
        "免去李小红的市教育局局长职务。",
    ],
)
def test_posts_without_persons_and_contacts(text: str) -> None:
    assert persons(text) == []
