"""Vectors of documents, and passages that say the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.passages.documents import DocumentVectors, document_means, save_document_vectors
from kg.passages.keys import Numbers
from kg.passages.vectors import ExactIndex

RNG = np.random.default_rng(0)


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _ids(document: int, numbers: range) -> np.ndarray:
    return np.array([Numbers().key_of(f"d-{document:010x}-p{n}") for n in numbers], np.int64)


@pytest.fixture
def index() -> ExactIndex:
    """Four hundred documents of three passages, all with much in common; 1 and 2 share a subject of their own."""
    index = ExactIndex(32)
    common, subject = RNG.normal(size=32) * 3, RNG.normal(size=32)
    for document in range(1, 401):
        own = subject if document in (1, 2) else RNG.normal(size=32)
        index.add(_ids(document, range(1, 4)), _unit(common + own + RNG.normal(size=(3, 32)) * 0.3))
    return index


def test_a_mean_is_that_of_the_passages_however_they_were_added(index: ExactIndex) -> None:
    late = _unit(RNG.normal(size=(2, 32)))
    first = index._rows[:3].copy()
    index.add(_ids(1, range(4, 6)), late)
    numbers, means = document_means(index)
    assert numbers.tolist() == list(range(1, 401))
    np.testing.assert_allclose(means[0], np.concatenate([first, late]).mean(axis=0), atol=1e-6)


def test_what_all_have_in_common_makes_none_alike(index: ExactIndex) -> None:
    nearest = DocumentVectors.of_means(*document_means(index)).nearest(1, top=399)
    assert len(nearest) == 399
    assert nearest[0][0] == 2
    plain = _unit(document_means(index)[1])
    strangers = (plain @ plain.T)[2:, 2:][np.triu_indices(398, 1)]
    assert np.median(strangers) > 0.8
    assert nearest[0][1] > nearest[1][1] + 0.1
    assert nearest[-1][1] < 0.7


def test_they_come_back_from_disk_or_are_made_anew(index: ExactIndex, tmp_path: Path) -> None:
    made = DocumentVectors.open(tmp_path, index)
    save_document_vectors(tmp_path, index)
    saved = DocumentVectors.open(tmp_path, ExactIndex(32))
    np.testing.assert_array_equal(saved.numbers, made.numbers)
    np.testing.assert_allclose(saved.vectors, made.vectors, atol=1e-2)  # half precision on disk


def test_a_document_without_passages_has_no_neighbours(index: ExactIndex) -> None:
    vectors = DocumentVectors.of_means(*document_means(index))
    assert vectors.nearest(0xFFF, top=3) == []
    assert DocumentVectors.open(Path("/nonexistent"), ExactIndex(8)).nearest(1, top=3) == []
