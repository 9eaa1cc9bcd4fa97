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


def test_whose_document_says_it_and_whether_the_place_is_named(context):
    answer = ask("2019年青浦区有没有开展质量开放日？", context=context)
    assert "2019年上海市“质量月”活动安排》写到" in answer.answer
    assert "青浦区由集体推及，原文没有点名" in answer.answer
    assert not answer.answer.startswith("有")
    named = ask("2024年青浦区有没有开展质量开放日？", context=context)
    assert named.answer.startswith("有。")


def test_a_member_of_a_collective_is_not_denied(context):
    answer = ask("2019年质量开放日是不是由静安区市场监管局负责？", context=context)
    assert not answer.answer.startswith(("是", "不是"))
    assert "原文写的是上海市各区市场监督管理局，没有逐一写明静安区市场监督管理局" in answer.answer
    assert ask("2024年青浦区质量开放日是不是由区质量办负责？", context=context).answer.startswith("是。")
    other = ask("2019年质量开放日是不是由上海市公安局负责？", context=context).answer
    assert "其中没有上海市公安局" in other
