"""Typing errors by sound: looked for as documents write it, and never where passages have what was written."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pytest
from pypinyin import Style, pinyin

from kg.core.sounds import _readings, homophones
from kg.passages.misspelt import corrected

TEXTS = (
    *["各区建设一站式服务平台，办理营业执照。"] * 9,
    *["加强知识产权保护，优化营商环境。"] * 6,
    *["巩固统一战线。", "劳动仲裁时效为一年。", "位于省东部的县。", "位于山东省东部。", "打造省东北门户。"],
    *["劳动仲裁时不收费。", "仲裁时提交证据。"],
)


def found(query: str, texts: tuple[str, ...] = TEXTS) -> list[tuple[str, str]]:
    def holding(phrase: str) -> int:
        return sum(phrase in text for text in texts)

    def frequencies(pairs: Iterable[str]) -> dict[str, int]:
        return {pair: holding(pair) for pair in pairs}

    return list(corrected(query, frequencies, holding))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("一战式服务平台", [("一战式", "一站式")]),
        ("知识产权报护", [("权报护", "权保护")]),
        ("营商环竟优化", []),  # 环境 stands at the end there: nothing tells what follows it
        ("劳动仲才时效", [("仲才时", "仲裁时")]),
    ],
)
def test_one_character_of_the_same_sound_is_read_as_documents_write_it(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert found(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "一站式服务平台",  # stands there
        "统一战线",
        "“一战式”服务平台",  # in quotation marks: word for word
        "《一战式服务平台管理办法》",
        "于省洞是谁",  # a name
        "战式",  # two characters alone tell too little
        "abc 12",
        "",
    ],
)
def test_nothing_else_is_read_otherwise(query: str) -> None:
    assert found(query) == []


def test_what_few_passages_have_is_no_spelling() -> None:
    few = ("一站式服务。", "一站式办理。")
    assert found("一战式服务", few) == []
    assert found("一战式服务", (*few, "一站式平台。")) == [("一战式", "一站式")]


def test_what_many_passages_write_so_in_part_is_no_error() -> None:
    window = ("服务窗口。",) * 4
    assert found("上窗口引入", (*window, *("上创口。",) * 3)) == []


def test_the_characters_of_one_sound_are_those_of_pypinyin() -> None:
    assert "站" in homophones("战")
    assert "战" not in homophones("战")
    assert homophones("a") == ""
    table = _readings()
    assert len(table) == 6763
    readings = {char: {*chain(*pinyin(char, style=Style.NORMAL, heteronym=True))} for char in table}
    assert [char for char, reading in table.items() if reading not in readings[char]] == []
