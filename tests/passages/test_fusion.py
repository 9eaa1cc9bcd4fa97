"""Fusion of two rankings."""

from __future__ import annotations

import numpy as np
import pytest

from kg.passages import fusion
from kg.passages.keys import Numbers
from kg.passages.ranking import EMPTY, Ranking

LEXICAL = Ranking.of([1, 2, 3], [10.0, 8.0, 2.0])
VECTOR = Ranking.of([3, 4], [0.9, 0.3])


def test_relative_scores_by_hand() -> None:
    fused = fusion.fuse(LEXICAL, VECTOR)
    scores = dict(zip(fused.keys.tolist(), fused.scores.tolist(), strict=True))
    third = 0.3 / 0.9
    assert scores == pytest.approx({1: 1 + third, 2: 0.8 + third, 3: 0.2 + 1, 4: 0.2 + third})
    assert fused.keys.tolist() == [1, 3, 2, 4]


def test_what_is_put_first_stays_before_the_others() -> None:
    ranking = Ranking.of([1, 2, 3, 4], [4.0, 3.0, 2.0, 1.0])
    moved = fusion.put_first(Ranking.of([2, 1], [0.5, 0.1]), ranking.after(2))
    assert moved.keys.tolist() == [2, 1, 3, 4]
    assert (np.diff(moved.scores) < 0).all()
    assert fusion.put_first(EMPTY, ranking).keys.tolist() == [1, 2, 3, 4]


def test_one_arm_alone_keeps_its_order() -> None:
    assert fusion.fuse(LEXICAL, EMPTY).keys.tolist() == [1, 2, 3]
    assert fusion.fuse(EMPTY, VECTOR).keys.tolist() == [3, 4]
    assert len(fusion.fuse(EMPTY, EMPTY)) == 0


def test_company_in_the_same_document_raises_a_passage() -> None:
    alone, first, second = (Numbers().key_of(i) for i in ("d-0000000001-p1", "d-0000000002-p1", "d-0000000002-p2"))
    ranking = Ranking.of([alone, first, second], [1.0, 0.995, 0.99])
    assert fusion.with_support(ranking).keys.tolist() == [first, alone, second]


def test_support_counts_the_best_ten_only() -> None:
    base = Numbers().range("d-0000000001")[0]
    ranking = Ranking.of(base + np.arange(30), np.linspace(1, 0.5, 30))
    expected = 1 + fusion.SUPPORT * np.linspace(1, 0.5, 30)[: fusion.SUPPORTERS].mean()
    assert fusion.with_support(ranking).scores[0] == pytest.approx(expected)


def test_promotion_puts_tiers_first_and_scores_still_fall() -> None:
    promoted = fusion.promote(LEXICAL, {3: 1, 9: 2})
    assert promoted.keys.tolist() == [9, 3, 1, 2]
    assert all(np.diff(promoted.scores) <= 0)
