"""Passages as integers of sixty-three bits, where ids of documents have eighty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.passages.keys import NUMBER_BITS, Numbers

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


@pytest.mark.parametrize("wrong", ["d-xyz-p1", "d-0123456789", "d-01234567890-p1", f"d-0123456789-p{2**23}", ""])
def test_other_ids_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="id"):
        Numbers().key_of(wrong)
