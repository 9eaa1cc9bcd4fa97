"""Numbers of labels and the way back to Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.numerals import label_number, number_to_chinese, whole_number


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("第二十三条之一", 23), ("第108条", 108), ("（三）", 3), ("12.", 12), ("二十、", 20), ("二十三、", 23),
        ("①", 1), ("㉟", 35), ("⑶", 3), ("⒓", 12), ("【四】", 4), ("Q1", 1), ("一是", 1), ("附件", None),
    ],
)  # fmt: skip
def test_the_number_of_a_label(label: str, number: int | None) -> None:
    assert label_number(label) == number


@given(st.integers(1, 9999))
def test_a_number_comes_back(number: int) -> None:
    assert whole_number(number_to_chinese(number)) == number
    assert label_number(f"第{number_to_chinese(number)}条") == number
