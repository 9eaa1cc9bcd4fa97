"""What is asked is read: operators, fields, articles, numbers, names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.numerals import number_to_chinese, whole_number
from kg.passages.facets import Filters
from kg.passages.numerals import other_writings
from kg.passages.query import article_key, article_label, last_day, text_to_articles, text_to_query, title_keys
from kg.passages.wordings import Wordings
from ontology.forms import load
from ontology.reference import load_reference
from tests.clock import growth


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    return Wordings.of(load_reference(), load())


@pytest.mark.parametrize(
    ("text", "words", "excluded"),
    [
        ("电梯 -检查", "电梯", ("检查",)),
        ("电梯 NOT “专项检查” 安全", "电梯 安全", ("专项检查",)),
        ("电梯 不含：检查", "电梯", ("检查",)),
        ("2020-2022年电梯", "2020-2022年电梯", ()),
        ("不含税价格怎么算", "不含税价格怎么算", ()),
    ],
)
def test_what_must_not_occur(wordings: Wordings, text: str, words: str, excluded: tuple[str, ...]) -> None:
    query = text_to_query(text, wordings)
    assert query.text.split() == words.split()
    assert query.excluded == excluded


def test_fields_become_filters_and_those_given_win(wordings: Wordings) -> None:
    query = text_to_query("标题：质量月 地区:青浦 日期：2023-02..2024 启动仪式", wordings, Filters(place="上海市"))
    assert query.in_title == ("质量月",)
    assert query.filters.given() == {"place": "上海市", "since": "2023-02-01", "until": "2024-12-31"}
    assert query.text.split() == ["启动仪式"]
    assert text_to_query("年份：2024 电梯", wordings).filters.year == 2024


@pytest.mark.parametrize("text", ["日期：另行通知", "联系人：某某", "活动主题是什么", "年份：去年"])
def test_what_only_looks_like_a_field_is_text(wordings: Wordings, text: str) -> None:
    query = text_to_query(text, wordings)
    assert query.filters == Filters()
    assert len(query.text.replace(" ", "")) == len(text)


def test_the_last_day_of_a_month_and_a_year() -> None:
    assert [last_day(d) for d in ("2024-2", "2023-02", "2024", "2024-5-6", "")] == [
        "2024-02-29", "2023-02-28", "2024-12-31", "2024-05-06", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("产品质量法第四十条", "产品质量法#40"),
        ("请问《产品质量法》第40条怎么说", "产品质量法#40"),
        ("民法典19条", "民法典#19"),
        ("刑法第一百三十三条之一", "刑法#133.1"),
        ("民诉法第六十七条", "民事诉讼法#67"),
        ("某市实施《中华人民共和国献血法》办法第九条", "某市实施中华人民共和国献血法办法#9"),
        ("关于适用某法若干问题的解释（一）第三条", "关于适用某法若干问题的解释一#3"),
        ("关于印发《优化营商环境三十条》的通知第七条", "关于印发优化营商环境三十条的通知#7"),
        ("产品质量法第四十条和食品安全法第三条", "食品安全法#3"),
    ],
)
def test_an_article_by_its_number(wordings: Wordings, text: str, key: str) -> None:
    assert key in list(text_to_articles(text, wordings))


@pytest.mark.parametrize("text", ["条例", "有三条意见", "第三条", "三条"])
def test_no_law_no_article(wordings: Wordings, text: str) -> None:
    assert not any(key.startswith(("条例", "#")) for key in text_to_articles(text, wordings))


def test_labels_and_titles_meet() -> None:
    assert article_label("第一百三十三条之一") == "133.1"
    assert article_label("第 二 条") == "2"
    assert article_label("附则") is None
    assert article_key("刑法", "133.1") == "刑法#133.1"
    assert list(title_keys("浙江省电动自行车管理条例", ["浙江省"])) == [
        "浙江省电动自行车管理条例",
        "~电动自行车管理条例",
    ]
    assert list(title_keys("某省条例", ["某省"])) == ["某省条例"]


@given(st.integers(1, 9999))
def test_numbers_come_back(number: int) -> None:
    assert whole_number(number_to_chinese(number)) == number


def test_numbers_in_the_other_writing() -> None:
    found = dict(other_writings("七日内、30个工作日，第十五条，85%，百分之三十"))
    assert found == {
        "七日": "7日", "30个工作日": "三十个工作日", "十五条": "15条", "85%": "百分之八十五", "百分之三十": "30%",
    }  # fmt: skip
    assert list(other_writings("统一市场、三农、万一")) == []
    assert whole_number("二〇二四") == 2024
    assert whole_number("两百零五") == 205
    assert whole_number("甲") is None


def test_a_short_and_a_full_name_are_read_alike(wordings: Wordings) -> None:
    pairs = [
        ("青浦区市监局", "青浦区市场监督管理局"),
        ("市场监管总局", "国家市场监督管理总局"),
        ("某市发改委", "某市发展和改革委员会"),
        ("商丘市记协", "商丘市新闻工作者协会"),
        ("质量办", "质量工作领导小组办公室"),
    ]
    for short, full in pairs:
        assert text_to_query(short, wordings).text == text_to_query(full, wordings).text, short


def test_two_characters_are_a_name_only_by_themselves_or_behind_a_place(wordings: Wordings) -> None:
    assert "文学艺术界" in text_to_query("重庆市文联", wordings).text
    assert text_to_query("中文联系方式", wordings).text == "中文联系方式"


def test_words_in_quotes_are_left_as_they_are(wordings: Wordings) -> None:
    query = text_to_query("“市监局”检查", wordings)
    assert query.required == ("市监局",)
    assert "市监局" in query.text
    assert "市场监督管理局" in text_to_query("市监局检查", wordings).text


def test_a_word_stays_and_its_other_wordings_are_looked_for_too(wordings: Wordings) -> None:
    query = text_to_query("电瓶车充电", wordings)
    assert query.text == "电瓶车充电"
    assert {item.word: item.others for item in query.alternatives}["电瓶车"][0] == "电动自行车"
    licence = text_to_query("卫星通信牌照", wordings)  # not only a number plate
    assert licence.text == "卫星通信牌照"


def test_words_that_only_ask_are_not_looked_for(wordings: Wordings) -> None:
    said = {
        "银川新增多少户企业": "银川新增 企业",
        "电梯由谁负责": "电梯 负责",
        "出了事故多久上报？": "出了事故 上报 ",
        "谁执法谁普法": "谁执法谁普法",
        "“怎么办”热线怎么打": "“怎么办”热线 打",
        "怎么办？": "怎么办?",  # nothing else is in it
    }
    assert {text: text_to_query(text, wordings).said for text in said} == said


def test_wordings_are_kept_with_a_generation(wordings: Wordings, tmp_path: object) -> None:
    from pathlib import Path

    from kg.passages.wordings import load_wordings

    folder = Path(str(tmp_path))
    wordings.save(folder)
    assert load_wordings(folder) == wordings
    assert load_wordings(folder / "none") == Wordings()


def test_reading_a_long_text_takes_no_longer_than_its_length(wordings: Wordings) -> None:
    def prepare(times: int) -> Callable[[], object]:
        texts = ("第1条、第二条、" * times, "一" * times * 8, "市监局 -" * times, "（一）《" * times)
        return lambda: [text_to_query(text, wordings) for text in texts]

    assert growth(prepare, 100) <= 12
