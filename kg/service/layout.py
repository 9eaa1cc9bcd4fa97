"""Where agencies stand in their picture, before the browser fits it to its canvas and parts the names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TURNS = 150  # steps of the forces: with more the pictures no longer get better
_FIRST = 0.25  # how far a node may go in the first step; less with each, nothing after the last
_TIED = 2.0  # how many ties of a node pull with full force
_KIN = 0.5  # how strongly a community holds together, beside its ties
_ALL = 0.5  # how strongly all hold together: who is tied to nobody stays near
_DIGITS = 3  # of what is sent

Point = tuple[float, float]


def positions(groups: Sequence[int], ties: Sequence[tuple[int, int]]) -> list[Point]:
    """A place in the unit square for each node; `groups` are their communities, `ties` pairs of their numbers.

    Nodes push each other away, ties and communities pull (Fruchterman and Reingold 1991, in whole matrices). They begin
    on a circle, communities side by side, the best connected first: nothing is drawn by lot, so that a picture is
    always the same. Takes some 10 ms for sixty nodes, 150 for three hundred.
    """
    import numpy as np

    count = len(groups)
    if not count:
        return []
    pull = np.zeros((count, count))
    for first, last in ties:
        pull[first, last] = pull[last, first] = 1.0
    degree = pull.sum(1)
    # Where all are tied to many each tie says less: without this a dense picture falls into a heap.
    pull *= min(_TIED / max(degree.mean(), 1e-9), 1.0)
    of = np.asarray(groups)
    kin = of[:, None] == of[None, :]
    pull += _KIN * kin / kin.sum(1)[:, None] + _ALL / count

    order = sorted(range(count), key=lambda node: (groups[node], -degree[node], node))
    turn = np.empty(count)
    turn[order] = 2 * np.pi * np.arange(count) / count
    at = _settled(np.column_stack([np.cos(turn), np.sin(turn)]) / 2, pull)
    at -= at.min(0)
    at /= np.maximum(at.max(0), 1e-9)
    return [(round(float(x), _DIGITS), round(float(y), _DIGITS)) for x, y in at]


def _settled(at: NDArray[np.float64], pull: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points after all steps; the ideal distance is that of as many points spread over the unit square."""
    import numpy as np

    ideal = 1 / np.sqrt(len(at))
    for step in range(_TURNS):
        square = (at**2).sum(1)
        distance = np.sqrt(np.maximum(square[:, None] + square[None, :] - 2 * at @ at.T, 1e-6))
        force = ideal**2 / distance**2 - pull * distance / ideal  # away from another; below zero: towards it
        np.fill_diagonal(force, 0.0)
        move = at * force.sum(1)[:, None] - force @ at
        length = np.maximum(np.sqrt((move**2).sum(1)), 1e-9)
        at = at + move * (np.minimum(length, _FIRST * (1 - step / _TURNS)) / length)[:, None]
    return at
