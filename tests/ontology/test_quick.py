"""A pattern that is tried only where it can match finds what the pattern finds."""

from __future__ import annotations

import re
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

from ontology.forms import load
from ontology.forms.parsed import edge_characters, first_characters, held_words, is_at_end, needed_words
from ontology.forms.quick import Quick

TEXT = (
    "某市人民政府办公室关于印发《某市数据条例》的通知\n第一条 为了规范，于2023年5月30日制定。\n"
    "二、成立工作领导小组，处一万元以上五万元以下罚款；联系人：某某，电话010-12345678。专项专项检查\n"
    "附件1\n抄送：某局。 2024年1月2日印发\n目录\n（一）每月报送。"
)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?:市|区).{0,9}(?:领导小组(?:办公室)?|专班)", ("领导小组", "专班")),
        ("[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日?", ("月",)),
        ("(?:甲|乙)?丙{0,3}", ()),
        ("(?i:abc)", ()),
        ("(?=甲)乙", ("乙",)),
    ],
)
def test_the_words_that_a_match_holds(pattern: str, words: tuple[str, ...]) -> None:
    assert needed_words(parser.parse(pattern)) == words


@pytest.mark.parametrize(
    ("pattern", "opens"),
    [
        ("[一二三][月日]", "[一二三][月日]"),
        ("甲?乙(?:丙|丁)", "[甲乙][乙丙丁]"),
        ("(?<=月)[0-9]{1,2}日", "[0-9][0-9日]"),
        ("甲|乙丙", "[甲乙]"),  # a match of one character has no second
        ("甲*", None),
        (".甲", None),
        ("(?i:a)b", None),
    ],
)
def test_what_can_open_a_match(pattern: str, opens: str | None) -> None:
    found = first_characters(parser.parse(pattern))
    assert (found.pattern if found else None) == opens


@pytest.mark.parametrize(
    ("pattern", "words", "reach"),
    [
        ("(?:市|区).{0,9}(?:领导小组|专班)", ("领导小组", "专班"), 10),
        ("甲{0,3}(?:乙|丙丁)戊己", ("戊己",), 5),
        ("甲.*乙丙", ("甲",), 0),  # 乙丙 may stand anywhere
        ("[甲乙]*丙", (), 0),
    ],
)
def test_how_far_behind_its_beginning_a_match_holds_a_word(pattern: str, words: tuple[str, ...], reach: int) -> None:
    assert held_words(parser.parse(pattern), 120) == (words, reach)


@pytest.mark.parametrize(
    ("pattern", "last", "but_one"),
    [
        ("甲[乙丙]", "乙丙", "甲"),
        ("甲乙?[。；]?", "甲乙。；", None),  # a match may be 甲 alone
        ("甲{2,3}(?:乙|[0-2]丙)$", "乙丙", "甲012"),
        ("甲*", None, None),
        ("甲.", None, "甲"),
        ("(?i:甲)", None, None),
    ],
)
def test_what_a_match_ends_with(pattern: str, last: str | None, but_one: str | None) -> None:
    expected = tuple(None if chars is None else frozenset(chars) for chars in (last, but_one))
    assert edge_characters(parser.parse(pattern), backwards=True) == expected


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [("甲$", True), ("(?:甲$|(?:乙|丙)$)", True), ("甲$|乙", False), ("(?m:甲$)", False), ("", False)],
)
def test_a_pattern_of_the_end_of_a_text(pattern: str, holds: bool) -> None:
    assert is_at_end(parser.parse(pattern)) is holds


@pytest.mark.parametrize("text", ["什么时候开会？", "什么时候开会？\n", "甲乙丙丁。", "问：何时", ""])
def test_one_of_several_ways_is_enough(text: str) -> None:
    pattern = re.compile(r"(?:问|Q)：|[^。]{2,9}[?？]$")
    assert _span(Quick(pattern).match(text)) == _span(pattern.match(text))
    assert _span(Quick(pattern).search(text)) == _span(pattern.search(text))


def test_every_form_finds_the_same_in_a_long_text() -> None:
    told = [e if isinstance(e, str) else e[0] for form in load() for e in form.examples]
    text = "，".join(told[::3]) + TEXT + "\n".join(told[1::3])
    for form in load():
        if form.rows:
            continue
        pattern = load().pattern(form.name)
        quick = Quick(pattern)
        assert _span(quick.search(text, 2)) == _span(pattern.search(text, 2)), form.name
        found = [m.span() for m in quick.finditer(text, 3, len(text) - 5)]
        assert found == [m.span() for m in pattern.finditer(text, 3, len(text) - 5)], form.name


def test_every_form_finds_the_same() -> None:
    lines = [TEXT, *TEXT.split("\n"), ""]
    for form in load():
        if form.rows:
            continue
        pattern = load().pattern(form.name)
        quick = Quick(pattern)
        for text in (*lines, *(e if isinstance(e, str) else e[0] for e in form.examples), *form.counter):
            assert _span(quick.search(text)) == _span(pattern.search(text)), form.name
            assert _span(quick.match(text)) == _span(pattern.match(text)), form.name
            assert _span(quick.fullmatch(text)) == _span(pattern.fullmatch(text)), form.name
            assert [m.span() for m in quick.finditer(text, 1)] == [m.span() for m in pattern.finditer(text, 1)], (
                form.name
            )


def _span(found: re.Match[str] | None) -> tuple[int, int] | None:
    return found.span() if found else None
