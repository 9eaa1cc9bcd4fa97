"""有没有…: counted for the words that are asked for, each by itself; nothing is called absent that is only worded otherwise."""

from __future__ import annotations

import pytest

from kg.ask import ask


@pytest.mark.parametrize(
    ("question", "said", "lacks"),
    [
        (
            "青浦方案有没有提到区块链和首席质量官？",
            ["部分提到了", "“区块链”：关于印发", "0处", "“首席质量官”：关于印发"],
            "“方案”",
        ),
        ("浦东的通知有没有提到长三角", ["提到了", "“长三角”"], "“通知”"),
        ("青浦方案有没有提到区块链和元宇宙", ["没有提到", "“区块链”", "“元宇宙”"], "“方案”"),
    ],
)
def test_each_word_behind_the_verb_is_counted(question, said, lacks, context):
    answer = ask(question, context=context)
    assert all(words in answer.answer for words in said), answer.answer
    assert lacks not in answer.answer


@pytest.mark.parametrize("question", ["浦东的通知有没有提到食品安全宣传", "浦东有而青浦没有提到食品安全宣传吗？"])
def test_words_that_stand_apart_are_not_called_absent(question, context):
    assert "没有提到。" not in ask(question, context=context).answer
