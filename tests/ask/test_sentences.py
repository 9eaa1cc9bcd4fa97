"""How far a text covers a word, and what an answer must hold."""

from __future__ import annotations

import pytest

from kg.ask.sentences import Word, stretches_uncovered
from kg.ask.synonyms import wordings_of
from kg.ask.windows import sentences_of
from ontology.forms import load

FORMS = load()


def _word(text):
    return Word(text, wordings_of(text, FORMS), 1.0)


@pytest.mark.parametrize(
    ("word", "text", "missing"),
    [
        ("养狗不办证", "饲养犬只，养犬不办理登记", []),
        ("备案费", "应向主管单位备案", []),  # a single character is no stretch; the slot asks for money
        ("取消", "组织质量开放日活动", ["取消"]),
        ("大运会", "第26届世界大学生夏季运动会", []),
        ("经费", "开展质量攻关", ["经费"]),
    ],
)
def test_what_of_a_word_a_text_does_not_hold(word, text, missing):
    assert stretches_uncovered(_word(word), text) == missing


def test_a_word_of_one_character_stands_only_for_itself():
    assert "奖项励" not in wordings_of("奖励", FORMS)
    assert all(len(wording) > 1 for wording in wordings_of("经费", FORMS))
    assert "犬" in wordings_of("狗", FORMS)


@pytest.mark.parametrize(
    ("slot", "holds", "lacks"),
    [
        ("slot.money", "处二百元以上一千元以下罚款", "完成率达到50%"),
        ("slot.day", "9月29日", "2024年9月"),
        ("slot.clock", "9时30分", "2024年9月1日"),
        ("slot.person", "办公室主任由赵英民兼任", "启动仪式"),
    ],
)
def test_what_an_answer_must_hold(slot, holds, lacks):
    assert FORMS.pattern(slot).search(holds)
    assert not FORMS.pattern(slot).search(lacks)


def test_sentences_and_clauses_are_cut_and_trimmed():
    text = "甲乙丙丁。 戊己庚辛；壬癸子丑\n寅"
    assert [text[a:b] for a, b in sentences_of(text)] == ["甲乙丙丁。", "戊己庚辛；", "壬癸子丑"]
