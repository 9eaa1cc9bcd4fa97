"""Document, order and announcement numbers."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.facts.numbers import find_document_numbers, number_finder
from ontology.forms import load
from tests.clock import growth


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("青质办„2024‟72 号", "青质办〔2024〕72号"),
        ("国办发明电【2018】15号", "国办发明电〔2018〕15号"),
        ("国发[2015]43号", "国发〔2015〕43号"),
        ("沪质办（2022）5号", "沪质办〔2022〕5号"),
        ("沪质办(2022)第5号", "沪质办〔2022〕5号"),
        ("〔1996〕武司字第82号", "〔1996〕武司字第82号"),
        ("国务院令第707号", "国务院令第707号"),
        ("中华人民共和国国务院令第142号", "国务院令第142号"),
        ("国家市场监督管理总局第75号令", "国家市场监督管理总局令第75号"),
        ("国家税务总局公告2019年第13号", "国家税务总局公告2019年第13号"),
        ("市场监管总局2019年第5号公告", "市场监管总局公告2019年第5号"),
    ],
)
def test_normal_form(text: str, normalised: str) -> None:
    assert number_finder(load()).normalise(text) == normalised


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("要按照国办发〔1993〕71号文件的规定", ["国办发〔1993〕71号"]),
        ("依据沪府发〔2019〕1号和沪质办〔2022〕5号文件", ["沪府发〔2019〕1号", "沪质办〔2022〕5号"]),
        ("某某领导小组办公室文件 沪质办〔2022〕5号", ["沪质办〔2022〕5号"]),
        ("市人民政府京政发〔1985〕167号文件", ["京政发〔1985〕167号"]),
        ("重点宣贯市场监管总局的75号、76号令，", ["市场监管总局的75号", "76号令"]),
    ],
)
def test_words_before_the_mark_stay_outside(text: str, written: list[str]) -> None:
    assert [text[m.start : m.end] for m in find_document_numbers(text)] == written


def test_elliptical_orders_share_their_issuer() -> None:
    found = find_document_numbers("宣贯市场监管总局的75号、76号令")
    assert [m.normalised for m in found] == ["市场监管总局令第75号", "市场监管总局令第76号"]
    assert {m.issuer for m in found} == {"市场监管总局"}


@pytest.mark.parametrize("text", ["第75号楼", "2024年72号", "12345号", "（2024）年度", "长江路5号"])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_document_numbers(text) == []


@given(
    st.sampled_from("沪京青浦国浙苏皖"),
    st.sampled_from(["质办", "市监质", "府发", "办函", "税发"]),
    st.integers(1950, 2099),
    st.integers(1, 9999),
    st.sampled_from(["〔〕", "[]", "()", "（）", "【】", "„‟", "［］", "〈〉"]),
    st.sampled_from(["", " ", "\u3000"]),
)
def test_any_bracket_and_blank_gives_one_normal_form(
    place: str, mark: str, year: int, serial: int, brackets: str, blank: str
) -> None:
    text = f"{place}{mark}{blank}{brackets[0]}{year}{brackets[1]}{blank}{serial}{blank}号"
    assert number_finder(load()).normalise(text) == f"{place}{mark}〔{year}〕{serial}号"


def test_orders_in_han_numerals_and_brackets() -> None:
    assert number_finder(load()).normalise("中华人民共和国主席令第八十三号") == "主席令第83号"
    assert number_finder(load()).normalise("交通运输部令2020年第17号") == "交通运输部令2020年第17号"


@pytest.mark.parametrize("unit", ["1号、2号、", "〔2024〕", "号", "国务院令第", "甲"])
def test_time_grows_with_length(unit: str) -> None:
    assert growth(lambda count: partial(find_document_numbers, unit * count), 2_000) <= 12
