"""In a large graph what is told of the few activities that are found is looked up, not read through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from kg.ask.compile import compile_form
from kg.ask.compose import question_to_readings
from kg.ask.library import Library
from kg.ask.reading import read
from kg.graph.rdf import Quad, zh
from kg.graph.store import OxigraphStore
from ontology.terms import OA, ORG, PKG, PROV, RDF, SCHEMA, SKOS
from tests.clock import cpu_seconds

_EVENTS = 20_000
_PLAN = """青浦区食堂工作方案
青府办发〔2024〕3号
一、开展食堂检查。（牵头单位：区商务局；配合单位：区民政局）
二、开展厨师培训。（责任单位：区民政局）
青浦区人民政府办公室
2024年5月1日
"""


def _others() -> Iterator[Quad]:
    """Duties of many bodies for many activities, each with its words and their place."""
    for number in range(_EVENTS):
        event, duty, body, words = (
            f"https://example.org/{kind}/{number}" for kind in ("event", "duty", "body", "words")
        )
        at = f"{words}/at"
        graph = f"https://example.org/graph/{number // 100}"
        for subject, predicate, value in (
            (event, RDF.type, SCHEMA.Event), (event, SCHEMA.name, zh(f"活动{number}")), (event, PROV.wasQuotedFrom, words),
            (words, OA.hasSelector, at), (at, RDF.type, OA.TextPositionSelector), (duty, RDF.type, PKG.Responsibility),
            (duty, PKG.inActivity, event), (duty, PKG.party, body), (duty, PROV.wasQuotedFrom, words),
            (body, SKOS.prefLabel, zh(f"机构{number}")), (body, RDF.type, ORG.Organization),
        ):  # fmt: skip
            yield Quad(subject, predicate, value, graph)


@pytest.fixture(scope="module")
def library(holding: Callable[[Mapping[str, str]], Any]) -> Library:
    return Library(holding({"方案.txt": _PLAN}))


@pytest.fixture(scope="module")
def large(library: Library, tmp_path_factory: pytest.TempPathFactory) -> OxigraphStore:
    """The same beside what other documents hold: 220,000 statements."""
    store = OxigraphStore(tmp_path_factory.mktemp("large") / "graph")
    store.add_all(_others())
    store.add_all(library.context.store.quads())
    return store


@pytest.mark.parametrize(
    "question", ["青浦区商务局负责哪些活动", "2024年青浦区有哪些活动", "青浦区民政局和青浦区商务局一起负责哪些活动"]
)
def test_a_question_costs_what_it_finds_not_what_is_held(library: Library, large: OxigraphStore, question: str) -> None:
    query = compile_form(question_to_readings(read(question, library), library)[0].form, library.iris).facts
    few = [*library.context.store.query(query).rows]
    assert few
    assert [*large.query(query).rows] == few
    assert cpu_seconds(lambda: [*large.query(query).rows]) < 0.15
