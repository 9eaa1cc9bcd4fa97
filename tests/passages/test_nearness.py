"""How near a text is to a question, gram by gram."""

from __future__ import annotations

import numpy as np
import pytest

from kg.passages.nearness import Grams, Nearness, _products
from kg.passages.query_table import QueryTable

ASKED = "老板拖欠工钱找哪个部门"


def near(question: str, *texts: str) -> Nearness:
    return Nearness(Grams(question), [Grams(text) for text in texts])


def test_a_text_that_holds_every_gram_says_all():
    found = near(ASKED, f"问：{ASKED}？")
    assert found.of(0, found.texts[0].keys) == pytest.approx(1.0)
    assert found.question.held(found.texts[0].keys, bigrams=True) == pytest.approx(1.0)


def test_other_words_for_the_same_are_nearer_than_other_things():
    texts = ("用人单位未及时足额支付劳动报酬的，由劳动行政部门责令支付", "苗木检疫由林业主管部门负责", "")
    found = near(ASKED, *texts)
    said, other, nothing = (found.of(n, text.keys) for n, text in enumerate(found.texts))
    assert said > other > nothing == 0.0


def test_a_part_of_the_question_is_weighed_alone():
    found = near("养犬登记费是多少", "养犬登记每年一次")
    held = found.texts[0].keys
    assert found.of(0, held, Grams("养犬登记").keys) == pytest.approx(1.0)
    assert found.of(0, held, Grams("费是").keys) < 1.0
    assert found.of(0, held, Grams("完全不在问题里").keys) == 0.0


def test_products_in_pieces_are_those_of_the_whole():
    random = np.random.default_rng(2)
    left, right = random.random((37, 256), np.float32), random.random((803, 256), np.float32)
    assert np.allclose(_products(left, right), left @ right.T, atol=1e-3)
    assert _products(left[:0], right).shape == (0, 803)


def test_a_query_table_without_rows_changes_nothing():
    empty = QueryTable(np.zeros(0, np.int64), np.zeros((0, 4), np.int8), np.zeros(0, np.float32))
    assert (empty.changes(np.array([20_320, 20_321])) == np.zeros((2, 4))).all()
