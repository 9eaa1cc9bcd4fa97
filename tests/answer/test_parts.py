"""The small parts: years, mending, text, compilation."""

from __future__ import annotations

import pytest

from kg.answer.compile import compile_plan, words
from kg.answer.focus import Ask, asks
from kg.answer.lexicon import load_lexicon
from kg.answer.mend import mend
from kg.answer.names import names_of
from kg.answer.plan import Contains, Hub, OneOf, Plan
from kg.answer.text import clean, grams, sound
from kg.answer.understand import understand
from kg.answer.years import find_years
from kg.core.errors import EnvironmentProblem


@pytest.fixture(scope="module")
def names(context):
    return names_of(load_lexicon(context.folder))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2019和2022年分别", (2019, 2022)),
        ("2019年到2021年", (2019, 2020, 2021)),
        ("22年的通报", (2022,)),
        ("二〇一九年", (2019,)),
        ("今年的方案", (2024,)),
        ("去年", (2023,)),
        ("今年（2022）", (2022,)),
        ("第2024号", ()),
    ],
)
def test_years(text, years):
    assert find_years(clean(text).replace("第2024号", ""), [2019, 2024]).years == years


def test_relative_year_is_told():
    assert "2024" in find_years("今年", [2024]).note


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("青蒲区", "青浦区"), ("质量开放曰", "质量开放日"), ("一战式服务", "一站式服务"), ("浦东新去", "浦东新区")],
)
def test_typing_errors_are_mended(typed, meant, names):
    assert mend(typed, names)[0] == meant


@pytest.mark.parametrize("right", ["吴江市场监管局", "质量奖颁给了哪些企业", "青浦区经委负责什么"])
def test_right_words_are_left_alone(right, names):
    assert mend(right, names) == (right, [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("青浦区市监局", "青浦区市场监督管理局"),
        ("静安市场监管局", "静安区市场监督管理局"),
        ("青浦的团区委", "共青团青浦区委员会"),
        ("市水务局", "上海市水务局"),
        ("市场监管总局", "国家市场监督管理总局"),
        ("青浦区委宣传部", "中共青浦区委宣传部"),
    ],
)
def test_short_names_of_bodies(text, name, names):
    found = understand(text, names).bodies
    assert [body.name for mention in found for body in mention.bodies][:1] == [name]


def test_a_group_of_places_with_one_sector(names):
    (mention,) = understand("苏浙皖赣沪五地市场监管部门", names).bodies
    assert mention.all_of
    assert len(mention.bodies) == 5


def test_document_by_number_in_any_brackets(names):
    for text in ("青质办〔2024〕72号", "青质办[2024]72号", "青质办（2024）72号", "72号文"):
        assert [doc.place for doc in understand(text, names).documents] == ["青浦区"]


def test_focus():
    assert {Ask.PLACES, Ask.CHANGE} <= asks("哪些区办过，历年有何变化")
    assert Ask.WHO in asks("由哪些单位负责")
    assert Ask.PLACES not in asks("服务了多少市场主体")


def test_grams_do_not_cross_punctuation():
    assert grams("质量月，2024年") == ["质量", "量月", "2024", "年"]


def test_sound_is_without_tone():
    assert sound("青浦") == sound("青蒲")


def test_values_are_bound_as_terms():
    plan = Plan(Hub.DOCUMENT, ("文件",), (Contains(Hub.DOCUMENT, "pkg:slogan", '") } DROP ALL #'),))
    assert '"\\") } DROP ALL #"' in compile_plan(plan)
    assert words("a\nb") == '"a\\nb"'


def test_hubs_are_joined_along_the_schema():
    query = compile_plan(Plan(Hub.PARTY, ("责任单位", "文件"), (OneOf(Hub.PARTY, ("urn:x",)),)))
    assert "pkg:inActivity ?activity" in query
    assert "pkg:announcedIn ?document" in query


def test_a_missing_lexicon_says_what_to_do(tmp_path):
    with pytest.raises(EnvironmentProblem, match="rebuild"):
        load_lexicon(tmp_path)
