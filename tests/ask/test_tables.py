"""Names and texts are found alike before and after a table or an automaton of them is built."""

from __future__ import annotations

import random

import pytest
from ahocorasick_rs import AhoCorasick, MatchKind

from kg.ask import matching, tables
from kg.ask.folded import Body, Policy
from kg.ask.lexicon import Concept, Lexicon
from kg.ask.matching import Texts
from kg.ask.sentences import Word
from kg.ask.shares import Doc
from kg.ask.text import all_plain, plain
from kg.ask.titles import other_names, other_titles, policy_called_as
from kg.core import longest
from kg.core.ids import title_key
from kg.core.longest import Longest

WORDS = ["上海", "上海市", "海市", "市质量", "质量", "质量协会", "质", "x"]
NAMES = ("中华人民共和国产品质量法", "质量法")


def _doc(ident: str, title: str, place: str | None) -> Doc:
    asked = other_titles(title, place or "")
    return Doc(ident, "a", title, title_key(title), None, None, 2024, None, place, (), 0, asked, plain(title))


def _body(name: str, place: str, form: str) -> Body:
    return Body(name, place, False, (form,), (), other_names(name, place, (form,), group=False))


LEXICON = Lexicon(
    documents=(
        _doc("1", "上海市电梯办法（2024年版）", "上海市"),
        _doc("2", "关于印发《质量 提升方案》的通知", None),
    ),
    bodies=(
        _body("上海市工业经济联合会", "上海市", "上海市工业经济联合会"),
        _body("广州市住房保障办", "广州市", "市住房保障办"),
    ),
    series=(Concept("质量月", ("全国“质量月”",), used=True),),
    policies=(Policy("中华人民共和国产品质量法", None, NAMES, "", policy_called_as(NAMES)),),
    events=(),
    places=(),
    terms={},
)


@pytest.mark.parametrize("seed", range(20))
def test_stretches_are_looked_up_as_the_automaton_finds_them(seed: int) -> None:
    text = "".join(random.Random(seed).choices("上海市质量协会xy", k=60))
    expected = AhoCorasick(WORDS, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes(text)
    found = Longest(WORDS)
    assert found.find_matches_as_indexes(text) == expected
    assert found.find_matches_as_indexes(text * 10)[: len(expected) - 1] == expected[:-1]  # by the automaton
    assert found.find_matches_as_indexes(text) == expected


def test_a_word_asked_for_often_is_found_by_the_automaton(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(longest, "_OFTEN", 1)
    found = Longest(WORDS)
    assert (
        found.find_matches_as_indexes("上海市质量")
        == found.find_matches_as_indexes("上海市质量")
        == [(1, 0, 3), (4, 3, 5)]
    )
    assert found._automaton is not None
    assert Longest([]).find_matches_as_indexes("上海") == []


def test_texts_speak_of_a_word_with_a_table_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["质量开放日", "开放实验室", "", "质检", "放日"]
    words = [Word(text, (text,), 1.0) for text in ("开放日", "质量", "量", "会议")]
    without = [Texts(texts).speaking_of(word) for word in words]
    assert without[:2] == [{0}, {0, 3}]  # a pair alone covers too little of three characters
    monkeypatch.setattr(matching, "_LOOKED_THROUGH", 0)
    table = Texts(texts)
    assert [table.speaking_of(word) for word in words] == without
    assert table._is_table


@pytest.mark.parametrize("texts", [[], [""], ["“质量 月”", "ＡＢＣ", ""], ["a\0b", "C"], ["\u0301e", "e\u0301", "Σ"]])
def test_many_texts_are_plain_as_each_is(texts: list[str]) -> None:
    assert all_plain(texts) == [plain(text) for text in texts]


def test_tables_name_what_the_lexicon_has() -> None:
    found = tables.tables_of(LEXICON)
    assert found.bodies == {
        "上海市工业经济联合会": [0], "工业经济联合会": [0], "市住房保障办": [1], "广州市住房保障办": [1],
        "住房保障办": [1],
    }  # fmt: skip
    assert {key: numbers for key, numbers in found.titles.items() if "方案" in key} == {"质量提升方案": [1]} | {
        key: [1] for key in found.titles if key.endswith("通知")
    }
    assert found.titles["上海电梯办法"] == [0]
    assert found.series == {"质量月": 0, "全国质量月": 0}
    assert found.policies == {"产品质量法": 0}
