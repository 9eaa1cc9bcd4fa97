"""What is left of a question beside names and question words: content words; how people say it and documents do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.parts import parts_of
from kg.ask.reading import read
from kg.ask.synonyms import wordings_of
from kg.ask.words import content_words, only_acts
from ontology.forms import load

_RULE = """江州市人民政府办公室关于印发江州市便民食堂管理办法（试行）的通知
江政办发〔2023〕18号
各区人民政府：
现将《江州市便民食堂管理办法（试行）》印发给你们，请遵照执行。
江州市人民政府办公室
2023年4月20日
江州市便民食堂管理办法（试行）
第一条 为了规范便民食堂管理，制定本办法。
第二条 本办法所称便民食堂，是指为老年人提供餐食的场所。
第三条 便民食堂应当提供早餐和午餐，可以提供晚餐。每餐补贴3元。
第四条 区民政局应当在10个工作日内办结开办申请；材料不全的，可以延长5个工作日。
第五条 甲类食堂每年检查一次；乙类食堂每年检查两次；丙类食堂每年检查四次。
第六条 本办法自2023年6月1日起施行，有效期五年。《江州市老年食堂管理规定》（江政办发〔2018〕7号）同时废止。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"食堂.txt": _RULE})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("弘扬中医药传统文化这一条", ["弘扬中医药传统文化"]),
        ("之内要申请", ["申请"]),
        ("老人食堂自己", ["老人食堂"]),
        ("不受理", ["不受理"]),
        ("GB/T 9704", ["GB/T 9704"]),
        ("", []),
    ],
)
def test_a_stretch_is_cut_at_words_that_tell_nothing(text: str, words: list[str]) -> None:
    assert [text[a:b] for a, b in content_words(text, 0, len(text), load(), lambda pair: True)] == words


def test_words_that_only_say_what_is_done() -> None:
    assert [word for word in ("列为", "压到", "分成", "不罚", "民政局", "考核方案") if only_acts(word)] == [
        "列为", "压到", "分成",
    ]  # fmt: skip


def test_a_word_of_one_character_stands_for_whole_words_alone() -> None:
    assert "质量管" not in wordings_of("质量监管", load())
    assert "早餐" in wordings_of("早饭", load())


def test_everyday_words_find_what_documents_write(held: Any) -> None:
    answer = ask("便民食堂必须管早饭吗", context=held)
    assert answer.answerable
    assert "应当提供早餐" in answer.answer


def test_what_a_document_sends_out_is_its_title_too(held: Any) -> None:
    for question in ("《江州市便民食堂管理办法（试行）》第三条怎么规定的", "江州市便民食堂管理办法(试行)第三条"):
        assert "每餐补贴3元" in ask(question, context=held).answer


def test_what_a_document_repeals(held: Any) -> None:
    answer = ask("《江州市便民食堂管理办法（试行）》同时废止了哪个文件", context=held)
    assert "江州市老年食堂管理规定" in answer.answer
    assert answer.evidence


def test_a_definition_is_of_the_very_word(held: Any) -> None:
    assert "是指为老年人提供餐食的场所" in ask("什么是“便民食堂”", context=held).answer


def test_clauses_that_tell_of_each_are_quoted_together(held: Any) -> None:
    assert "四次" in ask("甲类食堂、乙类食堂、丙类食堂分别怎么检查", context=held).answer


def test_a_part_is_asked_of_what_was_named_before(held: Any) -> None:
    library = Library(held)
    first, second = parts_of(read("江州市开办便民食堂几天办结，最多延长几天", library))
    assert first.whole == first.alone
    assert {word.text for word in first.whole.words} <= {word.text for word in second.whole.words} | {"办结"}
    answer = ask("上海市去年发生了几起食堂安全事故，死了几个人", context=held)
    assert not answer.answerable


def test_a_refusal_shows_the_nearest_text_and_calls_it_no_answer(held: Any) -> None:
    answer = ask("便民食堂每餐用电补贴多少度", context=held)
    assert not answer.answerable
    assert "不作为答案" in answer.answer or "最接近" not in answer.answer


@pytest.mark.parametrize("question", ["便民食堂占几成", "便民食堂一共发出去多少钱"])
def test_a_sum_of_something_else_is_no_answer(question: str, held: Any) -> None:
    assert not ask(question, context=held).answerable
