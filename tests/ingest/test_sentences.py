"""Sentences and clauses."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import Segmentation, bracket_pairs, quoted_spans
from tests.clock import growth


def clauses(text: str) -> list[str]:
    return [s.of(text) for s in Segmentation(text).clauses]


def sentences(text: str) -> list[str]:
    return [s.of(text) for s in Segmentation(text).sentences]


def test_punctuation_inside_brackets_and_quotes_does_not_cut() -> None:
    assert clauses("发布《甲，乙》，举办“讲好故事，做好品牌”活动。") == [
        "发布《甲，乙》，",
        "举办“讲好故事，做好品牌”活动。",
    ]
    assert sentences("甲说：“好。很好。”乙说（不。）好。") == ["甲说：“好。很好。”", "乙说（不。）好。"]


def test_an_unclosed_mark_swallows_nothing() -> None:
    assert sentences("落实《纲要。第二句。\n第三句") == ["落实《纲要。", "第二句。", "第三句"]


def test_numbers_and_clock_times_are_whole() -> None:
    assert clauses("共1,000场，10:30开始") == ["共1,000场，", "10:30开始"]


def test_cells_of_a_table_are_sentences_of_their_own() -> None:
    assert sentences("1\t举办论坛\t市局") == ["1\t", "举办论坛\t", "市局"]


def test_evidence_has_no_punctuation_at_its_edges() -> None:
    text = "甲，乙丙，丁"
    seg = Segmentation(text)
    evidence = seg.evidence(seg.clause_at(2))
    assert (evidence.quote, text[evidence.start : evidence.end]) == ("乙丙", "乙丙")


def test_mixed_width_brackets_match() -> None:
    assert bracket_pairs("（试行)") == [(0, 3)]
    assert [s.of('a"b"c') for s in quoted_spans('a"b"c')] == ['"b"']


@given(st.text(alphabet='甲乙，。；：“”‘’《》（）()\n\t1,0:"', max_size=60))
def test_spans_are_ordered_disjoint_and_cover_all_words(text: str) -> None:
    seg = Segmentation(text)
    for spans in (seg.sentences, seg.clauses):
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
        covered = "".join(s.of(text) for s in spans)
        assert "".join(covered.split()) == "".join(text.split())
    for position in range(len(text)):
        evidence = seg.evidence(seg.clause_at(position))
        assert evidence.quote == text[evidence.start : evidence.end]


def test_what_closes_nothing_is_passed_over() -> None:
    assert bracket_pairs("）（甲》乙）”") == [(1, 5)]
    assert bracket_pairs("（《甲）》") == [(0, 3)]  # the inner one is lost with the outer
    assert bracket_pairs("（甲\n乙）") == []


def test_runs_of_clauses_and_sentences() -> None:
    text = "甲，乙。丙；丁。"
    seg = Segmentation(text)
    assert seg.clause_at(0, 3).of(text) == "甲，乙。"
    assert seg.sentence_at(2, 6).of(text) == text
    assert seg.sentence_at(4).of(text) == "丙；丁。"
    assert Segmentation("").sentence_at(0, 0).of("") == ""


ADVERSARIAL: dict[str, Callable[[int], str]] = {
    "open brackets": lambda n: "（" * n,
    "brackets that do not match": lambda n: "（" * (n // 2) + "》" * (n // 2),
    "a quotation mark in each": lambda n: "（" * (n // 2) + '"' * (n // 2),
    "quotation marks": lambda n: "“”" * (n // 2),
    "commas": lambda n: "，" * n,
    "counted things": lambda n: "、".join(f"{i}号" for i in range(n // 5)),
    "digits": lambda n: "1," * (n // 2),
    "no punctuation": lambda n: "中" * n,
    "empty lines": lambda n: "\n" * n,
}


@pytest.mark.parametrize("kind", ADVERSARIAL)
def test_time_grows_with_the_length(kind: str) -> None:
    """Ten times the length, at most twelve times the time."""
    assert growth(lambda length: partial(Segmentation, ADVERSARIAL[kind](length)), 5_000) <= 12
