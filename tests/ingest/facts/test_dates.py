"""Dates and periods."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.facts.dates import find_dates, period_of


@pytest.mark.parametrize(
    ("text", "words", "first", "last", "precision"),
    [
        ("于2024年9月5日印发", "2024年9月5日", "2024-09-05", "2024-09-05", "day"),
        ("二〇二四年九月五日", "二〇二四年九月五日", "2024-09-05", "2024-09-05", "day"),
        ("一九九六年六月二十九日。", "一九九六年六月二十九日", "1996-06-29", "1996-06-29", "day"),
        ("2024 年 9月 6日印发", "2024 年 9月 6日", "2024-09-06", "2024-09-06", "day"),
        ("9月29日，市长", "9月29日", "2022-09-29", "2022-09-29", "day"),
        ("7月初，向全市", "7月初", "2022-07-01", "2022-07-10", "part"),
        ("9月1日至9月30日", "9月1日至9月30日", "2022-09-01", "2022-09-30", "range"),
        ("2024年9月1日至30日", "2024年9月1日至30日", "2024-09-01", "2024-09-30", "range"),
        ("2019—2022年", "2019—2022年", "2019-01-01", "2022-12-31", "range"),
        ("2023年12月20日至1月5日", "2023年12月20日至1月5日", "2023-12-20", "2024-01-05", "range"),
        ("发布于2024-09-06。", "2024-09-06", "2024-09-06", "2024-09-06", "day"),
        ("2024.9.6更新", "2024.9.6", "2024-09-06", "2024-09-06", "day"),
        ("2024年2月", "2024年2月", "2024-02-01", "2024-02-29", "month"),
        ("2024年上半年", "2024年上半年", "2024-01-01", "2024-06-30", "part"),
        ("9-10月", "9-10月", "2022-09-01", "2022-10-31", "range"),
    ],
)  # fmt: skip
def test_forms(text: str, words: str, first: str, last: str, precision: str) -> None:
    [found] = find_dates(text, year=2022)
    assert (text[found.start : found.end], found.iso_start, found.iso_end, found.precision) == (
        words,
        first,
        last,
        precision,
    )


@pytest.mark.parametrize("text", ["30日内", "3个月", "三年行动", "第三十条", "2024年13月40日期", "1.2.3", "倒计时30天"])
def test_lengths_of_time_and_numbers_are_no_days(text: str) -> None:
    assert [d for d in find_dates(text, year=2024) if d.precision == "day"] == []


def test_without_a_year_there_is_no_iso_date() -> None:
    [found] = find_dates("9月29日")
    assert (found.iso_start, found.iso_end) == (None, None)


def test_year_carries_over_within_the_sentence() -> None:
    found = find_dates("2023年8月1日开始，9月2日结束。10月1日总结", year=2024)
    assert [d.iso_start for d in found] == ["2023-08-01", "2023-09-02", "2024-10-01"]


def test_period_prefers_a_range() -> None:
    assert period_of("2024年8月发文，活动时间为9月1日至9月30日", 2024) == ("2024-09-01", "2024-09-30")
    assert period_of("无日期", 2024) is None


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)))
def test_any_day_round_trips_in_every_form(day: dt.date) -> None:
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
    ):
        [found] = find_dates(text)
        assert (found.iso_start, found.start, found.end) == (day.isoformat(), 0, len(text))


@given(st.text(alphabet="0123456789年月日至—-.初中旬上下半〇一二三十 。\n第", max_size=40))
def test_never_raises_and_never_overlaps(text: str) -> None:
    found = find_dates(text, year=2024)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= d.start < d.end <= len(text) for d in found)
