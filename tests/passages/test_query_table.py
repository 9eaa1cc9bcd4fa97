"""The query table moves questions, never passages, and is learnt from questions whose passages are known."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kg.core.errors import EnvironmentProblem, UsageError
from kg.passages.embedder import DEFAULT_MODEL, load_embedder
from kg.passages.query_table import FILE, QueryTable
from kg.passages.query_training import Question, Recipe, learn_query_table
from kg.passages.signs import PLAIN, TAUGHT
from kg.passages.static import StaticEmbedder

PASSAGES = [
    "用人单位应当按时足额支付劳动报酬。",
    "驾驶电动自行车应当佩戴安全头盔。",
    "犬只应当登记并接受免疫。",
    "供热企业应当按时供热。",
    *(f"第{number}类特种设备应当定期检验，检验周期为{number}年。" for number in range(1, 80)),
]
ASKED = [("公司拖欠大家的工资", 0), ("骑小电驴要戴帽子吗", 1), ("毛孩子要办什么证", 2), ("屋里冷没有暖气", 3)]


@pytest.fixture(scope="module")
def plain() -> StaticEmbedder:
    return StaticEmbedder.load(DEFAULT_MODEL).with_table(None)


@pytest.fixture(scope="module")
def table(plain: StaticEmbedder) -> QueryTable:
    questions = [Question(text, (row,)) for text, row in ASKED for _ in range(16)]
    return learn_query_table(plain, questions, plain.encode(PASSAGES), recipe=Recipe(epochs=20, batch=32, others=40))


def test_a_taught_question_finds_its_passage(plain: StaticEmbedder, table: QueryTable) -> None:
    vectors = plain.encode(PASSAGES)
    taught = plain.with_table(table)
    for text, row in ASKED:
        assert int(np.argmax(vectors @ taught.encode([text], kind="query")[0])) == row, text
    right = [int(np.argmax(vectors @ plain.encode([text])[0])) == row for text, row in ASKED]
    assert not all(right), "the plain model knows them all: the test shows nothing"


def test_passages_and_the_name_of_the_model_stay(plain: StaticEmbedder, table: QueryTable) -> None:
    taught = plain.with_table(table)
    np.testing.assert_array_equal(taught.encode(PASSAGES), plain.encode(PASSAGES))
    assert taught.name == plain.name
    np.testing.assert_allclose(np.linalg.norm(taught.encode([ASKED[0][0]], kind="query"), axis=1), 1, atol=1e-5)


def test_it_comes_back_from_its_file(plain: StaticEmbedder, table: QueryTable, tmp_path: Path) -> None:
    table.save(tmp_path)
    again = QueryTable.load(tmp_path)
    assert again is not None
    texts = [text for text, _ in ASKED]
    np.testing.assert_array_equal(
        plain.with_table(again).encode(texts, kind="query"), plain.with_table(table).encode(texts, kind="query")
    )
    assert QueryTable.load(tmp_path / "none") is None
    (tmp_path / FILE).write_bytes(b"no tensors")
    with pytest.raises(EnvironmentProblem, match="检索词表"):
        QueryTable.load(tmp_path)


def test_what_is_near_a_question_is_sought_in_its_own_corpus(plain: StaticEmbedder) -> None:
    vectors = plain.encode(PASSAGES)
    twice, count = np.concatenate([vectors, vectors]), len(PASSAGES)
    recipe = Recipe(epochs=4, batch=16, near=3, others=0, tables=1)
    questions = [Question(text, (row,)) for text, row in ASKED * 20]
    alone = learn_query_table(plain, questions, vectors, recipe=recipe)
    beside = learn_query_table(plain, questions, twice, starts=(0, count), recipe=recipe)
    np.testing.assert_array_equal(alone.deltas, beside.deltas)
    among_all = learn_query_table(plain, questions, twice, recipe=recipe)
    assert not np.array_equal(alone.scales, among_all.scales), "the copies of what answers are near, too"
    with pytest.raises(ValueError, match="starts"):
        learn_query_table(plain, questions, vectors, starts=(1,), recipe=recipe)


def test_questions_that_count_less_teach_less(plain: StaticEmbedder) -> None:
    vectors = plain.encode(PASSAGES)
    right = [Question(text, (row,)) for text, row in ASKED * 20]
    wrong = [Question(text, ((row + 1) % len(PASSAGES),), 0.01) for text, row in ASKED * 20]
    taught = plain.with_table(
        learn_query_table(plain, right + wrong, vectors, recipe=Recipe(epochs=20, batch=32, others=40, tables=1))
    )
    for text, row in ASKED:
        assert int(np.argmax(vectors @ taught.encode([text], kind="query")[0])) == row, text


def test_a_model_knows_whether_it_was_taught(plain: StaticEmbedder, table: QueryTable) -> None:
    assert plain.with_table(table).taught
    assert not plain.taught
    assert PLAIN.vector / PLAIN.lexical < TAUGHT.vector / TAUGHT.lexical


def test_a_text_of_no_known_characters_is_left(plain: StaticEmbedder, table: QueryTable) -> None:
    for text in ("", "！？", "𠀀"):
        assert not plain.with_table(table).encode([text], kind="query").any()


def test_too_few_questions_are_refused(plain: StaticEmbedder) -> None:
    with pytest.raises(UsageError, match="50"):
        learn_query_table(plain, [Question("甲", (0,))], plain.encode(PASSAGES))


def test_the_shipped_model_has_one_and_a_model_trained_anew_has_none(tmp_path: Path) -> None:
    shipped = load_embedder("default")
    assert isinstance(shipped, StaticEmbedder)
    assert shipped.taught
    assert (DEFAULT_MODEL / FILE).stat().st_size < 4_000_000
    copy = tmp_path / "own"
    shutil.copytree(DEFAULT_MODEL, copy, ignore=shutil.ignore_patterns(FILE))
    assert not StaticEmbedder.load(copy).taught
    assert StaticEmbedder.load(copy).name == shipped.name
