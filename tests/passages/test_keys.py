"""Passages as integers of sixty-three bits, where ids of documents have eighty."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalogue import Summary
from kg.core.errors import EnvironmentProblem
from kg.core.segments import Segments
from kg.passages.held import Held
from kg.passages.keys import NUMBER_BITS, Numbers
from kg.passages.numbering import HELD, Kept, open_rows, save_held

FIRST, SAME, OTHER = "d-0123456789" + "0" * 10, "d-0123456789" + "f" * 10, "d-fedcba9876" + "0" * 10
LAST = "d-" + "f" * 20


@given(st.sets(st.integers(0, 2**80 - 1), min_size=1, max_size=20), st.integers(0, 2**NUMBER_BITS - 1))
def test_keys_are_a_bijection(documents: set[int], number: int) -> None:
    ids = [f"d-{document:020x}" for document in documents]
    numbers = Numbers.given(ids)
    keys = {ident: numbers.key_of(f"{ident}-p{number}") for ident in ids}
    assert len(set(keys.values())) == len(ids)
    for ident, key in keys.items():
        start, stop = numbers.range(ident)
        assert start <= key < stop < 2**63 + 1
        assert numbers.passage_id(key) == f"{ident}-p{number}"


@given(st.integers(0, 2**40 - 1), st.integers(0, 2**NUMBER_BITS - 1))
def test_without_a_table_they_are_the_ids_of_before(document: int, number: int) -> None:
    ident = f"d-{document:010x}-p{number}"
    assert Numbers().key_of(ident) == document << NUMBER_BITS | number
    assert Numbers().passage_id(Numbers().key_of(ident)) == ident


def test_documents_with_the_same_first_bits_have_numbers_of_their_own_in_whatever_order_they_come() -> None:
    numbers = Numbers.given([SAME, OTHER, FIRST])
    assert numbers.table == Numbers.given([FIRST, SAME, OTHER]).table
    assert numbers.of(SAME) == numbers.of(FIRST) + 1
    assert all(numbers.holds(ident) for ident in (FIRST, SAME, OTHER))
    assert not numbers.holds("d-0123456789" + "7" * 10), "its first bits are those of another"


def test_behind_the_last_number_comes_the_first() -> None:
    numbers = Numbers.given([LAST, "d-ffffffffff" + "0" * 10])
    assert numbers.of(LAST) == 0
    assert numbers.document(0) == LAST


def test_a_document_keeps_its_number_while_others_come_and_go() -> None:
    before = Numbers.given([SAME])
    after = Numbers.given([FIRST, SAME], before)
    assert after.of(SAME) == before.of(SAME), "its passages lie in the index under it"
    assert after.of(FIRST) == before.of(SAME) + 1
    assert Numbers.given([FIRST], after).of(FIRST) == after.of(FIRST)


@pytest.mark.parametrize("seed", range(5))
def test_numbers_that_follow_a_change_are_those_given_anew(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    rows, before = Segments(HELD), Numbers()
    ids = [f"d-{first:010x}{rest:010x}" for first in (0, 1, 2, 2**40 - 1) for rest in range(4)]
    held: set[str] = set()
    for turn in range(20):
        removed = set(rng.sample(sorted(held), rng.randint(0, min(3, len(held)))))
        changed = set(rng.sample(ids, rng.randint(0, 4))) - removed
        held = (held - removed) | changed
        anew = Numbers.given(held, before)
        kept = Kept(rows).following(changed, removed)
        assert kept.table == anew.table
        for ident in ids:
            assert kept.holds(ident) == anew.holds(ident) == (ident in held)
            if ident in held:
                assert kept.of(ident) == anew.of(ident)
                assert kept.document(kept.of(ident)) == ident
        summaries = [Summary(each, "", "", "题", None, None, None, None, None, None, None, "") for each in changed]
        save_held(tmp_path / str(turn), summaries, kept, previous=rows, removed=removed)
        rows, before = open_rows(tmp_path / str(turn)), anew
    assert Held.open(tmp_path / "19").numbering.table == before.table


def test_a_generation_without_rows_of_its_documents_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        Held.open(tmp_path)


@pytest.mark.parametrize("wrong", ["d-xyz-p1", "d-0123456789", "d-01234567890-p1", f"d-0123456789-p{2**23}", ""])
def test_other_ids_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="id"):
        Numbers().key_of(wrong)
