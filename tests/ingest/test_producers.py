"""Producers are found by the names of their kinds."""

from __future__ import annotations

from ingest.candidates import Given
from ingest.producers import PRODUCED, forms_to_producers
from ingest.sentences import Segmentation
from kg.core.facts import ACTIVITY, AGENCY, KINDS, REFERENCE
from ontology.forms import load

TEXT = "领导小组组成人员\n组长：周明（副市长）\n全市建成书房20个。各单位于2026年3月1日前报送方案。本办法自2026年1月1日起施行。"


def test_every_kind_that_is_decided_on_has_a_producer() -> None:
    by_hand = {ACTIVITY, AGENCY, REFERENCE}  # these need more than the text and its head
    assert set(PRODUCED) | by_hand == {kind for kind in KINDS if kind.judged}


def test_a_producer_reads_facts_of_its_kind_where_they_stand() -> None:
    given = Given(TEXT, Segmentation(TEXT), title="办法", year=2026, date="2025-12-01", day="2025-12-01")
    producers = forms_to_producers(load())
    for kind in PRODUCED:
        candidates = producers[kind.key].read(given)
        assert candidates, kind.key
        for candidate in candidates:
            assert candidate.kind == kind.name
            assert isinstance(candidate.fact, kind.type)
            where = candidate.fact.evidence
            assert TEXT[where.start : where.end] == where.quote
            assert kind.in_words(candidate.fact)
