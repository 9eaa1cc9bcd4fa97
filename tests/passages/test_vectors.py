"""One contract for all vector indexes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.passages.faiss_index import FaissIndex
from kg.passages.vectors import ExactIndex, VectorIndex

DIMENSION = 64
BASE = 1 << 60  # ids are large in practice: a document's hash


def _bits(dimension: int) -> FaissIndex:
    return FaissIndex(dimension, exact_limit=10)


@pytest.fixture(params=[ExactIndex, FaissIndex, _bits], ids=["exact", "faiss", "faiss-bits"])
def make(request: pytest.FixtureRequest) -> Callable[[int], VectorIndex]:
    maker: Callable[[int], VectorIndex] = request.param
    return maker


def _rows(count: int, seed: int = 0) -> np.ndarray[Any, np.dtype[np.float32]]:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _filled(make: Callable[[int], VectorIndex], count: int = 300) -> VectorIndex:
    index = make(DIMENSION)
    index.add(BASE + np.arange(count, dtype=np.int64), _rows(count))
    return index


def test_a_row_finds_itself_first(make: Callable[[int], VectorIndex]) -> None:
    index = _filled(make)
    for number in (0, 17, 299):
        ids, scores = index.search(_rows(300)[number], top=5)
        assert ids[0] == BASE + number
        assert scores[0] == pytest.approx(1, abs=1e-5)
        assert list(scores) == sorted(scores, reverse=True)


def test_it_agrees_with_brute_force(make: Callable[[int], VectorIndex]) -> None:
    query = _rows(1, seed=5)[0]
    ids, scores = _filled(make).search(query, top=20)
    expected = np.sort(_rows(300) @ query)[::-1][:20]
    np.testing.assert_allclose(scores, expected, atol=1e-5)  # 300 rows: the sign-bit scan reranks all of them
    assert len(set(ids.tolist())) == 20


def test_allowed_ids_act_inside_the_search(make: Callable[[int], VectorIndex]) -> None:
    allowed = [BASE + 5, BASE + 250, BASE + 9, BASE + 9999]
    ids, _ = _filled(make).search(_rows(300)[0], top=10, allowed=allowed)
    assert sorted(ids.tolist()) == [BASE + 5, BASE + 9, BASE + 250]
    assert len(_filled(make).search(_rows(1)[0], top=10, allowed=[])[0]) == 0


def test_removal_is_real_and_leaves_the_other_ids(make: Callable[[int], VectorIndex]) -> None:
    index = _filled(make)
    assert index.remove(BASE + 10, BASE + 20) == 10
    assert index.remove(BASE + 10, BASE + 20) == 0
    assert len(index) == 290
    assert index.search(_rows(300)[25], top=1)[0][0] == BASE + 25
    assert not {BASE + 12} & set(index.search(_rows(300)[12], top=290)[0].tolist())


def test_it_comes_back_from_disk_and_can_be_changed(make: Callable[[int], VectorIndex], tmp_path: Path) -> None:
    index = _filled(make)
    index.save(tmp_path / "v")
    opened = type(index).open(tmp_path / "v")
    assert len(opened) == 300
    assert opened.dimension == DIMENSION
    np.testing.assert_array_equal(opened.search(_rows(300)[3], top=9)[0], index.search(_rows(300)[3], top=9)[0])
    writable = type(index).open(tmp_path / "v")
    writable.add(np.array([7], np.int64), _rows(1, seed=9))
    assert writable.search(_rows(1, seed=9)[0], top=1)[0][0] == 7
    assert len(type(index).open(tmp_path / "v")) == 300


def test_rows_that_do_not_fit_are_refused_with_both_numbers(make: Callable[[int], VectorIndex]) -> None:
    with pytest.raises(ValueError, match=rf"3\).*{DIMENSION}"):
        make(DIMENSION).add(np.zeros(1, np.int64), np.zeros((1, 3), np.float32))
    with pytest.raises(ValueError, match="2 ids for 1"):
        make(DIMENSION).add(np.zeros(2, np.int64), np.zeros((1, DIMENSION), np.float32))


def test_an_empty_index_finds_nothing(make: Callable[[int], VectorIndex]) -> None:
    assert len(make(DIMENSION).search(_rows(1)[0], top=3)[0]) == 0
