"""Distinct values of an array, as `np.unique` has them.

That one reads `numpy.ma` at its first use, a thirtieth of a second that each command would wait for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The values of `(n,)`, each once, ascending."""
    ordered = np.sort(values)
    return ordered[_firsts(ordered)]


def numbered(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The values of `(n,)`, each once, ascending, and for each of the n the place of its value among them."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    firsts = _firsts(ordered)
    places = np.empty(len(values), np.int64)
    places[order] = np.cumsum(firsts) - 1
    return ordered[firsts], places


def _firsts(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    firsts = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=firsts[1:])
    return firsts
