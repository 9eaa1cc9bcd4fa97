"""Producers are found by the names of their kinds."""

from __future__ import annotations

import pytest

from ingest.candidates import Given
from ingest.frame import raw_to_frame
from ingest.pipeline import tools_for
from ingest.producers import PRODUCED, forms_to_producers
from ingest.propose import Proposals, frame_to_proposals
from ingest.readers import read
from ingest.sentences import Segmentation
from kg.core.facts import ACTIVITY, AGENCY, KINDS, REFERENCE
from ontology.forms import load
from ontology.reference import load_reference

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


def proposals(text: str) -> Proposals:
    tools = tools_for(load_reference())
    return frame_to_proposals(raw_to_frame(read(text.encode(), "a.txt"), "a.txt", tools.resolver), tools)


@pytest.mark.parametrize(
    ("words", "features"),
    [
        ("请甲、合肥市教育局办理。", {"after-list", "before-han"}),
        ("请送合肥市教育局；不另行文。", {"after-han", "before-list"}),
        ("请合肥市教育局一并办理。", {"after-han", "before-han"}),
        ("（合肥市教育局）办理。", {"after-mark", "before-mark"}),
        ("合肥市教育局\n请按时办理。", {"after-edge", "before-edge"}),
    ],
)
def test_what_stands_beside_a_body_speaks_for_it_or_against(words: str, features: set[str]) -> None:
    text = f"合肥市水务局关于做好河湖管护工作的通知\n各区水务局：\n现将有关事项通知如下。\n{words}\n合肥市水务局\n2024年5月8日\n"
    found = next(c for c in proposals(text).agencies if c.fact.name == "合肥市教育局")
    assert {name for name in found.features if name.startswith(("after-", "before-"))} == features
    assert {"ending-局", "length-1", "local"} <= found.features


def test_a_body_where_the_text_ends_has_nothing_behind_it() -> None:
    found = proposals("关于河湖管护的说明\n联系合肥市教育局").agencies
    assert [("before-edge" in c.features, "after-han" in c.features) for c in found] == [(True, True)]
