"""Ids: how long they are, what they come from, and which form they had before."""

from __future__ import annotations

import hashlib

import pytest

from kg.core import ids
from kg.core.ids import document_id, formers_replaced, id_at, is_former


def test_an_id_has_eighty_bits_of_the_digest_of_its_path() -> None:
    path = "/数据/民政/通知.txt"
    found = document_id(path)
    assert found == "d-" + hashlib.sha256(path.encode()).hexdigest()[:20]
    assert len(found.removeprefix("d-")) * 4 >= 80


def test_it_begins_with_the_one_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now = document_id("/a/b.txt")
    monkeypatch.setattr(ids, "DIGITS", ids.FORMER_DIGITS)
    assert now.startswith(document_id("/a/b.txt"))


def test_a_part_has_the_id_that_its_file_and_its_number_give() -> None:
    whole = id_at("/a/汇编.txt")
    assert whole == document_id("/a/汇编.txt")
    assert id_at("/a/汇编.txt#2") == document_id(f"{whole}#2")
    assert len({whole, id_at("/a/汇编.txt#1"), id_at("/a/汇编.txt#2")}) == 3


@pytest.mark.parametrize(
    ("name", "former"),
    [("d-0123456789", True), ("d-0123456789abcdef0123", False), ("d-012345678", False), ("d-012345678g", False),
     ("d-0123456789-p1", False), ("", False)],
)  # fmt: skip
def test_which_names_have_the_old_form(name: str, former: bool) -> None:
    assert is_former(name) is former


def test_old_ids_are_replaced_wherever_they_stand_whole() -> None:
    text = (
        "<https://w3id.org/policykg/id/activity/d-0123456789/a1> 'd-0123456789-p3' "
        "d-0123456789abcdef0123 ad-0123456789 d-01234567890"
    )
    assert formers_replaced(text, lambda _: "d-X") == (
        "<https://w3id.org/policykg/id/activity/d-X/a1> 'd-X-p3' d-0123456789abcdef0123 ad-0123456789 d-01234567890"
    )
