import pytest

from kg.core.model import Passage
from kg.passages.characters import RARE, telling_characters
from kg.passages.query import Alternative, Query
from kg.passages.signs import OTHER, PLAIN, TextSigns, text_scores


def passage(text: str) -> Passage:
    return Passage("d-1-p1", "d-1", 1, 0, len(text), (), text)


def test_a_character_tells_the_more_the_fewer_have_it() -> None:
    weights = telling_characters("的退窨，2024年ab的")
    assert list(weights) == ["的", "退", "窨", "年"]
    assert weights["的"] < weights["年"] < weights["退"] < weights["窨"] == RARE


def test_a_passage_in_other_words_with_the_same_characters_is_nearer() -> None:
    signs = TextSigns(Query("买的货能退", "买的货能退"), lambda _: 1.0)
    near, far = passage("消费者退回商品的，经营者应当返还货款。"), passage("本办法自公布之日起施行。")
    found, folded = signs.of(["", ""], [near, far])
    words, characters, _ = found[0].tolist()
    assert words == 0
    assert 0.5 < characters < 1
    scores = text_scores(found, PLAIN).tolist()
    assert scores[0] > scores[1]
    assert folded == [near.text.replace("，", ","), far.text]


def test_what_a_text_has_in_another_wording_counts_less_and_once() -> None:
    alternatives = (Alternative("退货", ("返还货款", "退回商品")),)
    signs = TextSigns(Query("退货运费", "退货运费", alternatives=alternatives), lambda _: 1.0)
    found, _ = signs.of(["", "", "退货"], [passage("退回商品并返还货款。"), passage("退货"), passage("运费")])
    # 退货, 货运, 运费 are worth a third each; the third has the first in its title
    assert found[:, 0].tolist() == pytest.approx([OTHER / 3, 1 / 3, 2 / 3])


def test_titles_and_headings_count_with_the_text() -> None:
    signs = TextSigns(Query("质量月经费", "质量月经费"), lambda _: 1.0)
    inside = Passage("d-1-p1", "d-1", 1, 0, 4, ("三、经费保障",), "按预算。")
    found, folded = signs.of(["质量月方案"], [inside])
    assert found[0, 0] == pytest.approx(3 / 4)
    assert folded == ["按预算。"]


def test_an_empty_query_has_no_signs() -> None:
    found, _ = TextSigns(Query("", ""), lambda _: 1.0).of([""], [passage("正文")])
    assert found.tolist() == [[0, 0, 0]]
    assert TextSigns(Query("正文", "正文"), lambda _: 1.0).of([], [])[0].shape == (0, 3)
