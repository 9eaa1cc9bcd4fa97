"""What the graph says of many things at once."""

from __future__ import annotations

import pytest

from kg.graph.bulk import Told, pairs
from kg.graph.rdf import Literal, Quad, text
from kg.graph.store import OxigraphStore
from ontology.terms import ORG, SKOS

_GRAPH = "https://x.cn/graph"


@pytest.fixture
def store() -> OxigraphStore:
    made = OxigraphStore()
    made.add_all(
        [
            quad
            for number in range(1_203)  # more than two queries take
            for quad in (
                Quad(f"https://x.cn/{number}", SKOS.prefLabel, text(f"第{number}局"), _GRAPH),
                Quad(f"https://x.cn/{number}", SKOS.prefLabel, text(f"第{number}局"), f"{_GRAPH}/other"),
                Quad(f"https://x.cn/{number}", ORG.unitOf, "https://x.cn/above", _GRAPH),
            )
        ]
    )
    return made


def test_each_value_once_for_each_of_many(store: OxigraphStore) -> None:
    told = Told(store, (f"https://x.cn/{number}" for number in range(1_203)), SKOS.prefLabel, ORG.unitOf)
    assert [told.texts(f"https://x.cn/{number}", SKOS.prefLabel) for number in (0, 600, 1_202)] == [
        ["第0局"], ["第600局"], ["第1202局"],
    ]  # fmt: skip
    assert told.node("https://x.cn/7", ORG.unitOf) == "https://x.cn/above"
    assert told.texts("https://x.cn/7", ORG.unitOf) == []  # an IRI is no text


def test_what_is_not_said_is_empty(store: OxigraphStore) -> None:
    told = Told(store, ["https://x.cn/nobody"], SKOS.prefLabel)
    assert told.node("https://x.cn/nobody", SKOS.prefLabel) == ""
    assert told.all("https://x.cn/1", SKOS.prefLabel) == []  # not asked for
    assert Told(store, [], SKOS.prefLabel).all("https://x.cn/1", SKOS.prefLabel) == []


def test_all_pairs_of_a_predicate(store: OxigraphStore) -> None:
    labels = dict(pairs(store, SKOS.prefLabel))
    assert len(labels) == 1_203
    assert labels["https://x.cn/600"] == Literal("第600局")
    assert set(pairs(store, ORG.unitOf)) == {
        (f"https://x.cn/{number}", "https://x.cn/above") for number in range(1_203)
    }
    assert list(pairs(store, ORG.hasMember)) == []
