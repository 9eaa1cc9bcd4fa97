"""Distinct values are those of `np.unique`."""

from __future__ import annotations

import numpy as np
import pytest

from kg.passages.distinct import distinct, numbered


@pytest.mark.parametrize(
    "values",
    [np.zeros(0, np.int64), np.array([7]), np.array([3, 1, 3, 3, 2, 1]), np.array([5, 5], np.uint32)],
)
def test_distinct_values_are_those_of_numpy(values: np.ndarray) -> None:
    expected, places = np.unique(values, return_inverse=True)
    assert distinct(values).tolist() == expected.tolist()
    assert [found.tolist() for found in numbered(values)] == [expected.tolist(), places.tolist()]


def test_many_values() -> None:
    values = np.random.default_rng(5).integers(0, 300, 2_000)
    expected, places = np.unique(values, return_inverse=True)
    assert [found.tolist() for found in numbered(values)] == [expected.tolist(), places.tolist()]
