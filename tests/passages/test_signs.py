from kg.core.model import Passage
from kg.passages.characters import RARE, telling_characters
from kg.passages.query import Query
from kg.passages.signs import WORDS, TextSigns


def passage(text: str) -> Passage:
    return Passage("d-1-p1", "d-1", 1, 0, len(text), (), text)


def test_a_character_tells_the_more_the_fewer_have_it() -> None:
    weights = telling_characters("的退窨，2024年ab的")
    assert list(weights) == ["的", "退", "窨", "年"]
    assert weights["的"] < weights["年"] < weights["退"] < weights["窨"] == RARE


def test_a_passage_in_other_words_with_the_same_characters_is_nearer() -> None:
    signs = TextSigns(Query("买的货能退", "买的货能退"), lambda _: 1.0)
    near, far = passage("消费者退回商品的，经营者应当返还货款。"), passage("本办法自公布之日起施行。")
    words, characters, _ = signs.of("", near, near.text)
    assert words == 0
    assert 0.5 < characters < 1
    assert signs.score("", near, near.text, WORDS) > signs.score("", far, far.text, WORDS)


def test_an_empty_query_has_no_signs() -> None:
    assert TextSigns(Query("", ""), lambda _: 1.0).of("", passage("正文"), "正文") == (0, 0, 0.0)
