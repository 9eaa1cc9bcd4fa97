"""A pattern that is tried only where it can match finds what the pattern finds."""

from __future__ import annotations

import re
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

from ontology.forms import load
from ontology.forms.quick import Quick, first_characters, needed_words

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
