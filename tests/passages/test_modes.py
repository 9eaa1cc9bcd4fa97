"""Queries typed in a mode: only the title, only the words as they stand."""

from __future__ import annotations

import pytest

from kg.passages.query import in_mode
from kg.passages.wordings import Wordings
from ontology.forms import load
from ontology.reference import load_reference


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    return Wordings.of(load_reference(), load())


@pytest.mark.parametrize(
    ("typed", "mode", "query"),
    [
        ("质量 电梯", "meaning", "质量 电梯"),
        ("质量 电梯", "literal", "“质量” “电梯”"),
        ("“质量 月” 检查", "literal", "“质量 月” “检查”"),
        ("质量月 -检查 地区：青浦", "literal", "“质量月” -检查 地区：青浦"),
        ("标题:质量月 检查", "literal", "标题:质量月 “检查”"),
        ("电梯 NOT 检查", "literal", "“电梯” NOT 检查"),
        ("联系人：张三", "literal", "“联系人：张三”"),
        ("质量月 -检查", "title", "标题：质量月 -检查"),
        ("“质量 开放日” 方案", "title", "标题：“质量 开放日” 标题：方案"),
        ("电梯 不含：“专项 检查”", "title", "标题：电梯 不含：“专项 检查”"),
    ],
)
def test_a_mode_writes_what_is_typed_as_the_search_reads_it(
    wordings: Wordings, typed: str, mode: str, query: str
) -> None:
    assert in_mode(typed, mode, wordings) == query
