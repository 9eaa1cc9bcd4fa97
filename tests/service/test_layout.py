"""Where agencies stand in their picture."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest

from kg.service.layout import positions

LEFT, RIGHT = range(6), range(6, 12)
TIES = [*combinations(LEFT, 2), *combinations(RIGHT, 2), (0, 6)]
GROUPS = [0] * 6 + [1] * 6


def test_a_picture_is_always_the_same():
    assert positions(GROUPS, TIES) == positions(GROUPS, TIES)


def test_it_fills_its_square_and_no_two_stand_in_one_place():
    at = positions(GROUPS, TIES)
    assert len(at) == len(GROUPS)
    for axis in (0, 1):
        values = [point[axis] for point in at]
        assert (min(values), max(values)) == (0, 1)
    assert min(dist(a, b) for a, b in combinations(at, 2)) > 0.05


def test_communities_stand_side_by_side():
    at = positions(GROUPS, TIES)
    middles = [[sum(at[node][axis] for node in group) / 6 for axis in (0, 1)] for group in (LEFT, RIGHT)]
    for group, middle, other in ((LEFT, *middles), (RIGHT, *reversed(middles))):
        assert all(dist(at[node], middle) < dist(at[node], other) for node in group)


def test_who_is_tied_to_all_stands_in_the_middle_of_them():
    at = positions([0] * 9, [(0, node) for node in range(1, 9)])
    to_others = [sum(dist(at[node], other) for other in at) for node in range(9)]
    assert min(to_others) == to_others[0]


def test_what_nothing_is_tied_to_does_not_push_the_rest_together():
    at = positions([*GROUPS, 2], TIES)
    rest = at[:-1]
    assert max(dist(a, b) for a, b in combinations(rest, 2)) > 0.6


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_have_places_too(count: int):
    at = positions([0] * count, [(0, 1)] if count == 2 else [])
    assert len(at) == len(set(at)) == count
    assert all(0 <= value <= 1 for point in at for value in point)
