"""Frozen records made by their slots are the records that `dataclasses` makes."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from kg.core.making import made_by_slots
from kg.core.model import Party, PartyKind


def test_what_is_made_is_the_same() -> None:
    party = Party("某局", "局", PartyKind.GROUP, rule="own", start=3)
    assert (party.name, party.as_written, party.kind, party.rule, party.start, party.members) == (
        "某局", "局", PartyKind.GROUP, "own", 3, (),
    )  # fmt: skip
    assert party == Party("某局", as_written="局", kind=PartyKind.GROUP, rule="own", start=3)
    assert replace(party, end=5).end == 5
    assert pickle.loads(pickle.dumps(party)) == party  # noqa: S301 - our own
    assert hash(party) == hash(replace(party))


def test_it_is_frozen_and_asks_for_its_fields() -> None:
    with pytest.raises(FrozenInstanceError):
        Party("某局", "局").name = "某厅"  # type: ignore[misc]
    with pytest.raises(TypeError, match="as_written"):
        Party("某局")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="weight"):
        Party("某局", "局", weight=3)  # type: ignore[call-arg]


@dataclass(frozen=True, slots=True)
class _WithList:
    name: str
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _WithoutSlots:
    name: str


@dataclass(frozen=True, slots=True)
class _Checked:
    name: str

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError


@pytest.mark.parametrize("kind", [_WithList, _WithoutSlots, _Checked])
def test_a_class_that_is_made_by_more_is_refused(kind: type) -> None:
    with pytest.raises(TypeError, match=kind.__name__):
        made_by_slots(kind)
