"""Sentences and clauses."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.sentences import Segmentation, bracket_pairs, quoted_spans


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
