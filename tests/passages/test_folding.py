"""Many texts folded and split at once: the same as one by one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.passages.folding import presplit_all, texts_to_codes
from kg.passages.tokens import normalise, presplit

# What goes wrong where a text is taken character by character, and what a number is cut at.
_PIECES = st.sampled_from(
    [*"质量國１２aＺ.．…㎡ΣΑ；\n ", "か\u3099", "e\u0301", "\u1100\u1161", "ﾊﾞ", "1.2.3", "𠮷", "\ud800", "①", "ﬁ"]
)
_TEXTS = st.lists(st.lists(st.one_of(_PIECES, st.characters()), max_size=12).map("".join), max_size=6)


@given(_TEXTS)
def test_terms_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    assert presplit_all(texts) == [presplit(text) for text in texts]


@given(_TEXTS)
def test_codes_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    codes, starts = texts_to_codes(texts)
    whole = codes.tobytes().decode("utf-32-le", "surrogatepass")
    assert [whole[a:b] for a, b in pairwise(starts)] == [normalise(text) for text in texts]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["质量月", "日"], ["质量 量月", "日"]),  # no pair over the end of a text
        (["第1", ".5条"], ["第 1", "5 条"]),
        (["1.2.3", "3.5%"], ["1.2 3", "3.5"]),
        (["", "，。"], ["", ""]),
    ],
)
def test_edges(texts: list[str], expected: list[str]) -> None:
    assert presplit_all(texts) == expected
