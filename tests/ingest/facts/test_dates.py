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


@pytest.mark.parametrize(
    ("text", "words", "first", "last", "precision"),
    [
        ("年底前完成", "年底", "2023-12-01", "2023-12-31", "part"),
        ("第三季度开展", "第三季度", "2023-07-01", "2023-09-30", "part"),
        ("三、四季度开展", "三、四季度", "2023-07-01", "2023-12-31", "part"),
        ("前三季度完成", "前三季度", "2023-01-01", "2023-09-30", "part"),
        ("本月底前报送", "本月底", "2023-11-21", "2023-11-30", "part"),
        ("次年3月底前", "次年3月底", "2024-03-21", "2024-03-31", "part"),
        ("“十四五”末达到", "“十四五”末", "2025-01-01", "2025-12-31", "range"),
        ("国庆节前完成", "国庆节", "2023-10-01", "2023-10-01", "day"),
        ("2024年春节前", "春节", "2024-02-10", "2024-02-10", "day"),
        ("9月1-30日", "9月1-30日", "2023-09-01", "2023-09-30", "range"),
        ("6月27日10：00—7月1日15:00", "6月27日10：00—7月1日", "2023-06-27", "2023-07-01", "range"),
        ("2025.3.20-2025.3.24", "2025.3.20-2025.3.24", "2025-03-20", "2025-03-24", "range"),
        ("每年5月底前", "每年5月底", None, None, "recurring"),
        ("每月25日前", "每月25日", None, None, "recurring"),
        ("5.2011年1月21日前", "2011年1月21日", "2011-01-21", "2011-01-21", "day"),
    ],
)  # fmt: skip
def test_forms_of_plans(text: str, words: str, first: str | None, last: str | None, precision: str) -> None:
    found = [d for d in find_dates(text, year=2023, date="2023-11-05") if text[d.start : d.end] == words]
    assert [(d.iso_start, d.iso_end, d.precision) for d in found] == [(first, last, precision)], text


@pytest.mark.parametrize("text", ["三年内", "2025年内容", "初中毕业", "全国各地", "第三十条", "每季度通报", "12个月"])
def test_words_that_resemble_parts_of_a_year(text: str) -> None:
    assert [text[d.start : d.end] for d in find_dates(text, year=2023)] in ([], ["2025年"])


def test_the_year_of_a_heading_holds_below_it_and_one_in_a_title_does_not() -> None:
    text = "一、2022年回顾\n6月完成。\n二、2024年任务\n（一）甲\n9月完成。\n三、要求\n5月报送。"
    assert [d.iso_end for d in find_dates(text, year=2023) if d.implied] == ["2022-06-30", "2024-09-30", "2023-05-31"]
    assert [d.iso_end for d in find_dates("按《2021年1月方案》，6月完成", year=2023)][-1] == "2023-06-30"


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
