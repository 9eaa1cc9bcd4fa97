"""Index terms, keys of numbers and titles, folding."""

from __future__ import annotations

import itertools

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.ids import number_key
from kg.passages import tokens
from kg.passages.highlight import highlights


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("质量月", ["质量", "量月"]),
        ("2024年9月", ["2024", "年", "9", "月"]),
        ("ＧＢ/T 9704", ["gb", "t", "9704"]),
        ("質量，開放", ["质量", "开放"]),
        ("增长3.5%", ["增长", "3.5"]),
        ("，。", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert tokens.terms(text) == expected


@pytest.mark.parametrize(
    "written", ["青质办〔2024〕72号", "青质办[2024]72 号", "青质办（2024）72号", "青质办【2024】72号"]
)
def test_a_document_number_is_found_however_its_brackets_are_written(written: str) -> None:
    assert number_key("青质办〔2024〕72号") in tokens.document_numbers(f"现将{written}转发")


def test_titles_and_phrases() -> None:
    found = tokens.titles("贯彻《质量强国建设 纲要》和《中华人民共和国产品质量法》")
    assert found == ["质量强国建设纲要", "产品质量法"]
    assert tokens.phrases("“质量开放日” 浦东 「首席质量官」") == ["质量开放日", "首席质量官"]


def test_the_table_of_simplified_characters_is_that_of_opencc() -> None:
    converter = opencc.OpenCC("t2s")
    table = tokens._simplified()
    assert len(table) > 2500
    assert all(converter.convert(chr(source)) == chr(target) for source, target in table.items())


@given(st.text(max_size=60))
def test_aligned_folding_keeps_the_length(text: str) -> None:
    assert len(tokens.normalise_aligned(text)) == len(text)


@given(st.text(alphabet="质量開放日 abc12，…ﬁ", max_size=40), st.text(alphabet="质量开放日 abc12，…ﬁ", max_size=20))
def test_highlights_are_disjoint_and_inside(text: str, query: str) -> None:
    spans = highlights(query, text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b < c for (_, b), (c, _) in itertools.pairwise(spans))


def test_highlights_span_the_whole_match() -> None:
    text = "组织百家企业“質量开放日”活动"
    assert [text[a:b] for a, b in highlights("质量开放日", text)] == ["質量开放日"]
