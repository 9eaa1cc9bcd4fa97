"""A model is taught by questions whose passages are known: what passages say, and what questions mean beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.core.errors import UsageError
from kg.passages.embedder import DEFAULT_MODEL
from kg.passages.static import StaticEmbedder
from kg.passages.teaching import Question, Recipe, Taught, teach
from kg.passages.train import save_model

PASSAGES = [
    "用人单位应当按时足额支付劳动报酬。",
    "驾驶电动自行车应当佩戴安全头盔。",
    "犬只应当登记并接受免疫。",
    "供热企业应当按时供热。",
    *(f"第{number}类特种设备应当定期检验，检验周期为{number}年。" for number in range(1, 80)),
]
ASKED = [("公司不给大家发钱", 0), ("骑小电驴要戴帽子吗", 1), ("毛孩子要办什么证", 2), ("屋里冷没有暖气", 3)]
QUICK = Recipe(epochs=20, batch=32, others=40, spans=16, models=1)


@pytest.fixture(scope="module")
def plain() -> StaticEmbedder:
    """Vectors without meaning, so that whatever is found was learnt here."""
    keys = StaticEmbedder.load(DEFAULT_MODEL).keys
    noise = np.random.default_rng(0).standard_normal((len(keys), 64), np.float32)
    return StaticEmbedder.of("plain", keys, noise)


def passages(embedder: StaticEmbedder, times: int = 1) -> Taught:
    vectors = np.concatenate([embedder.encode(PASSAGES)] * times)
    starts = tuple(len(PASSAGES) * number for number in range(times))
    return Taught([""] * len(vectors), PASSAGES * times, vectors, starts)


def questions(times: int = 16) -> list[Question]:
    return [Question(text, (row,)) for text, row in ASKED for _ in range(times)]


@pytest.fixture(scope="module")
def taught(plain: StaticEmbedder) -> StaticEmbedder:
    return teach(plain, questions(), passages(plain), recipe=QUICK)


def found(model: StaticEmbedder, text: str) -> int:
    return int(np.argmax(model.encode(PASSAGES) @ model.encode([text], kind="query")[0]))


def test_taught_questions_find_their_passages(plain: StaticEmbedder, taught: StaticEmbedder) -> None:
    assert [found(taught, text) for text, _ in ASKED] == [row for _, row in ASKED]
    assert not all(found(plain, text) == row for text, row in ASKED), "the plain model knows them all"


def test_passages_move_too_and_questions_mean_more(plain: StaticEmbedder, taught: StaticEmbedder) -> None:
    assert not np.allclose(taught.encode(PASSAGES), plain.encode(PASSAGES))
    text = ASKED[0][0]
    assert taught.taught
    assert not np.allclose(taught.encode([text], kind="query"), taught.encode([text]))
    np.testing.assert_allclose(np.linalg.norm(taught.encode(PASSAGES), axis=1), 1, atol=1e-5)


def test_the_same_questions_teach_the_same(plain: StaticEmbedder, taught: StaticEmbedder) -> None:
    again = teach(plain, questions(), passages(plain), recipe=QUICK)
    np.testing.assert_array_equal(again.encode(PASSAGES), taught.encode(PASSAGES))


def test_spans_keep_what_no_question_asks_about(plain: StaticEmbedder) -> None:
    """Without a question about them, words that stand together come near each other."""
    model = teach(plain, questions(), passages(plain), recipe=QUICK)
    without = teach(plain, questions(), passages(plain), recipe=replace(QUICK, spans=0))
    near = [float((m.encode(["特种设备"]) @ m.encode(["检验周期"]).T)[0, 0]) for m in (model, without)]
    assert near[0] > near[1] + 0.05, near


def test_what_is_near_a_question_is_sought_in_its_own_corpus(plain: StaticEmbedder) -> None:
    """Copies that stand in another corpus are none of its wrong answers."""
    recipe = replace(QUICK, epochs=2, others=0, spans=0, near=3, drawn=3)
    alone = teach(plain, questions(), passages(plain), recipe=recipe)
    beside = teach(plain, questions(), passages(plain, times=2), recipe=recipe)
    np.testing.assert_array_equal(alone.encode(PASSAGES), beside.encode(PASSAGES))
    one = passages(plain, times=2)
    among_all = teach(plain, questions(), Taught(one.heads, one.bodies, one.vectors), recipe=recipe)
    assert not np.array_equal(alone.encode(PASSAGES), among_all.encode(PASSAGES))
    with pytest.raises(ValueError, match="starts"):
        teach(plain, questions(), Taught(one.heads, one.bodies, one.vectors, (1,)), recipe=recipe)


def test_questions_that_count_less_teach_less(plain: StaticEmbedder) -> None:
    wrong = [Question(text, ((row + 1) % len(PASSAGES),), 0.01) for text, row in ASKED for _ in range(16)]
    model = teach(plain, questions() + wrong, passages(plain), recipe=QUICK)
    assert [found(model, text) for text, _ in ASKED] == [row for _, row in ASKED]


def test_too_few_questions_are_refused(plain: StaticEmbedder) -> None:
    with pytest.raises(UsageError, match="50"):
        teach(plain, questions(2), passages(plain))


def test_a_taught_model_comes_back_from_its_folder(taught: StaticEmbedder, tmp_path: Path) -> None:
    save_model(tmp_path, taught.keys, taught.rows(taught.keys)[1], {"name": "own"})
    assert taught.table is not None
    taught.table.save(tmp_path)
    again = StaticEmbedder.load(tmp_path)
    assert again.name.startswith("own@")
    for kind in ("passage", "query"):
        texts = [text for text, _ in ASKED] + PASSAGES[:9]
        np.testing.assert_allclose(again.encode(texts, kind=kind), taught.encode(texts, kind=kind), atol=1e-6)


def test_the_shipped_model_says_what_taught_it() -> None:
    card = json.loads((DEFAULT_MODEL / "static.json").read_text(encoding="utf-8"))
    assert card["taught"]["questions"] > 20_000
