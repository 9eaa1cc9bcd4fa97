"""Numerals: known forms, and round trips that any number must survive."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.numerals import NUMERAL, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", 12),
        ("两", 2),
        ("三百二十", 320),
        ("一千零五十", 1050),
        ("二〇二四", 2024),
        ("一亿二千万", 1.2e8),
        ("1.1万", 11000),
        ("1,000", 1000),
        ("２０", 20),
        ("百余", 100),
        ("1万余", 10000),
        ("10余万", 100000),
        ("十二点五", 12.5),
        ("3千万", 3e7),
        ("54.77", 54.77),
        ("壹佰贰拾", 120),
        ("万", 10000),
    ],
)
def test_written_forms(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "几十", "数百", "一二", "两三", "十百", "甲", "十二三", "1.2.3", "点五"])
def test_what_is_no_exact_number(text: str) -> None:
    assert parse_number(text) is None


def _han(n: int) -> str:
    """An independent writer of Chinese numerals below a myriad."""
    digits, units = "零一二三四五六七八九", ("千", "百", "十", "")
    out = "".join(digits[int(d)] + (u if d != "0" else "") for d, u in zip(f"{n:04d}", units, strict=True))
    return re.sub("零+", "零", out).strip("零")


@given(st.integers(1, 9999))
def test_han_numerals_round_trip(n: int) -> None:
    assert parse_number(_han(n)) == n


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_han_myriads_round_trip(high: int, low: int) -> None:
    middle = "零" if low < 1000 else ""
    assert parse_number(f"{_han(high)}万{middle}{_han(low)}") == high * 10000 + low


@given(st.integers(0, 10**12))
def test_arabic_round_trip_with_commas_and_full_width(n: int) -> None:
    assert parse_number(f"{n:,}") == n
    assert parse_number(str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == n


@given(st.text(alphabet="0123456789.,万亿千百十两余多〇一二三", max_size=12))
def test_never_raises(text: str) -> None:
    value = parse_number(text)
    assert value is None or value >= 0


def test_pattern_finds_the_whole_numeral() -> None:
    found = re.search(NUMERAL, "共计1.2亿元")
    assert found is not None
    assert found[0] == "1.2亿"
