"""How near texts are to a question, gram by gram."""

from __future__ import annotations

import numpy as np
import pytest

from kg.passages.nearness import Grams, Nearness, _products
from kg.passages.query_table import QueryTable

ASKED = "老板拖欠工钱找哪个部门"
SAID, SAID_AROUND, PAIRS, PAIRS_AROUND, CHARACTERS, CHARACTERS_AROUND = range(6)  # of `shares`


def near(question: str, *texts: str, around: str = "") -> Nearness:
    grams = Grams.of((question, around, *texts))
    return Nearness(grams[question], [grams[text] for text in texts], [grams[around]] * len(texts))


def test_a_text_that_holds_every_gram_says_all():
    (shares,) = near(ASKED, f"问：{ASKED}？").shares()
    assert shares == pytest.approx([1.0] * 6)


def test_other_words_for_the_same_are_nearer_than_other_things():
    texts = ("用人单位未及时足额支付劳动报酬的，由劳动行政部门责令支付", "苗木检疫由林业主管部门负责", "")
    said, other, nothing = (shares[SAID] for shares in near(ASKED, *texts).shares())
    assert said > other > nothing == 0.0
    cosines = near(ASKED, *texts).cosines([Grams.of(texts)[text] for text in texts])
    assert cosines[0] > cosines[1:].max()
    assert cosines[2] == 0.0


def test_what_stands_around_a_text_is_held_beside_it():
    (alone,) = near("养犬登记费是多少", "每只每年二百元").shares()
    (beside,) = near("养犬登记费是多少", "每只每年二百元", around="养犬登记").shares()
    assert beside[PAIRS] == alone[PAIRS] < beside[PAIRS_AROUND]
    assert beside[CHARACTERS] == alone[CHARACTERS] < beside[CHARACTERS_AROUND]
    assert beside[SAID] == alone[SAID] < beside[SAID_AROUND]


def test_a_part_of_the_question_is_weighed_alone():
    found = near("养犬登记费是多少", "养犬登记每年一次")
    parts = Grams.of(("养犬登记", "费是", "完全不在问题里"))
    assert found.said_of(0, parts["养犬登记"].keys) == pytest.approx(1.0)
    assert found.said_of(0, parts["费是"].keys) < 1.0
    assert found.said_of(0, parts["完全不在问题里"].keys) == 0.0


def test_what_other_texts_hold_of_the_question():
    found = near("养犬登记费是多少", "养犬登记每年一次")
    grams = Grams.of(("养犬登记费是多少", "养犬登记", "植树", ""))
    assert found.held_by([grams[text] for text in ("养犬登记费是多少", "植树", "")]).tolist() == pytest.approx(
        [1, 0, 0]
    )
    assert 0 < found.held_by([grams["养犬登记"]])[0] < 1


def test_texts_that_are_written_alike_are_read_once_and_none_makes_none():
    assert list(Grams.of(["养犬", "养犬", "登记"])) == ["养犬", "登记"]
    assert Grams.of([]) == {}
    keys = Grams.of(["养犬养犬"])["养犬养犬"].keys
    assert (np.diff(keys) > 0).all(), "each once, ascending"


def test_products_in_pieces_are_those_of_the_whole():
    random = np.random.default_rng(2)
    left, right = random.random((37, 256), np.float32), random.random((803, 256), np.float32)
    assert np.allclose(_products(left, right), left @ right.T, atol=1e-3)
    assert _products(left[:0], right).shape == (0, 803)


def test_a_query_table_without_rows_changes_nothing():
    empty = QueryTable(np.zeros(0, np.int64), np.zeros((0, 4), np.int8), np.zeros(0, np.float32))
    assert (empty.changes(np.array([20_320, 20_321])) == np.zeros((2, 4))).all()
