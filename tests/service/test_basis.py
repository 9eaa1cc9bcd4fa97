"""What documents rest on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.catalogue import Summary
from kg.core.config import Settings
from kg.core.errors import UnknownName
from kg.core.model import Document, Level
from kg.graph.links import links_to_quads
from kg.graph.quads import document_to_quads
from kg.graph.store import OxigraphStore
from kg.service import Service
from kg.service import basis as module
from kg.service.basis import basis
from kg.service.citations import Citations
from tests.service.documents import IRIS, plan


@dataclass
class FakeCatalogue:
    """What `basis` asks of a catalogue."""

    held: dict[str, Document]

    def documents(self) -> list[Any]:
        names = Summary.__annotations__
        return [
            Summary(**{name: _value(document, name) for name in names})  # type: ignore[arg-type]
            for document in self.held.values()
        ]

    def document(self, document_id: str) -> Document:
        if document_id not in self.held:
            raise UnknownName("文档", document_id)
        return self.held[document_id]


def _value(document: Document, name: str) -> Any:
    return (
        document.region
        if name == "place"
        else document.region_qualified
        if name == "place_qualified"
        else getattr(document, name, None)
    )


def library(*documents: Document) -> Any:
    """Call it as `basis`, without catalogue, citations and IRIs."""
    store = OxigraphStore()
    for document in documents:
        store.replace_graph(IRIS.graph(document.id), document_to_quads(document))
    store.replace_graph(IRIS.links, links_to_quads(store))
    citations = Citations.read(store, IRIS.base)
    catalogue: Any = FakeCatalogue({document.id: document for document in documents})
    return lambda **wanted: basis(catalogue, citations, IRIS, **wanted)


STATE = plan("d-1", "全国", title="国家通知", level=Level.STATE, cites=("纲要",))
CITY = plan("d-2", "上海市", title="市方案", level=Level.CITY, cites=("国家通知", "纲要"))
DISTRICT = plan("d-3", "青浦区", title="区方案", level=Level.DISTRICT, cites=("纲要", "市方案", "国家通知"), verb=None)


def lines(nodes: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(node["depth"], node["name"]) for node in nodes]


def test_documents_hang_once_each_under_the_nearest_level_above():
    shown = library(DISTRICT, CITY, STATE)(policy="纲要")
    assert lines(shown["downward"]) == [(1, "国家通知"), (2, "市方案"), (3, "区方案")]
    assert shown["upward"] == []
    assert (shown["root"]["name"], shown["root"]["held"]) == ("纲要", False)


def test_a_document_does_not_hang_under_one_of_a_lower_level_when_it_cites_the_root():
    city = plan("d-2", "上海市", title="市方案", cites=("纲要", "区方案"))
    district = plan("d-3", "青浦区", title="区方案", level=Level.DISTRICT, cites=("纲要",))
    assert lines(library(city, district)(policy="纲要")["downward"]) == [(1, "市方案"), (1, "区方案")]


def test_upward_each_thing_is_shown_in_full_where_it_is_nearest():
    shown = library(DISTRICT, CITY, STATE)(document="d-3")
    assert lines(shown["upward"]) == [
        (1, "国家通知"),
        (2, "纲要"),
        (1, "市方案"),
        (2, "国家通知"),
        (2, "纲要"),
        (1, "纲要"),
    ]
    assert [node["again"] for node in shown["upward"]] == [False, True, False, True, True, False]
    assert [node["name"] for node in shown["upward"] if node["held"]] == ["国家通知", "市方案", "国家通知"]


def test_a_node_carries_verbs_sentences_and_activities():
    shown = library(DISTRICT, CITY, STATE)(policy="纲要")
    first = shown["downward"][0]
    assert (first["relations"], first["mentions"]) == (["贯彻落实"], 1)
    assert [quote["quote"] for quote in first["quotes"]] == ["贯彻落实《纲要》"]
    assert [activity["title"] for activity in first["activities"]] == ["开放日"]
    last = shown["downward"][-1]
    assert last["relations"] == []
    assert last["quotes"][0]["quote"] == "贯彻落实《市方案》"  # the sentence that ties it to the node above


def test_documents_that_cite_each_other_end():
    one = plan("d-1", title="甲办法", cites=("乙办法",))
    two = plan("d-2", title="乙办法", cites=("甲办法",))
    shown = library(one, two)(document="d-1")
    assert lines(shown["upward"]) == [(1, "乙办法"), (2, "甲办法")]
    assert lines(shown["downward"]) == [(1, "乙办法")]


def test_a_policy_that_is_held_is_its_document_also_when_nobody_cites_it():
    find = library(STATE, CITY)
    assert find(policy="国家通知")["root"]["document_id"] == "d-1"
    assert find(policy="《市方案》")["root"]["document_id"] == "d-2"


def test_the_list_counts_documents_and_says_what_is_held():
    listed = library(DISTRICT, CITY, STATE)()["policies"]
    assert [(item["name"], item["documents"], item["held"]) for item in listed] == [
        ("纲要", 3, False),
        ("国家通知", 2, True),
        ("市方案", 1, True),
    ]
    assert listed[0]["cited_by"] == ["国家通知", "市方案", "区方案"]


def test_a_long_tree_is_cut_and_says_by_how_much(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST", 2)
    shown = library(*(plan(f"d-{n}", title=f"方案{n}", cites=("纲要",)) for n in range(5)))(policy="纲要")
    assert len(shown["downward"]) == 2
    assert shown["left_off"] == {"upward": 0, "downward": 3}


def test_a_document_removed_meanwhile_leaves_no_error():
    store = OxigraphStore()
    store.replace_graph(IRIS.graph("d-1"), document_to_quads(STATE))
    store.replace_graph(IRIS.links, links_to_quads(store))
    catalogue: Any = FakeCatalogue({})
    assert basis(catalogue, Citations.read(store, IRIS.base), IRIS, policy="纲要")["downward"] == []


def test_unknown_names_are_told():
    with pytest.raises(UnknownName):
        library(STATE)(policy="没有这个")
    with pytest.raises(UnknownName):
        library(STATE)(document="d-9")


@settings(max_examples=25, deadline=None)
@given(
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=20),
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
)
def test_whatever_cites_whatever_each_citing_document_hangs_exactly_once(
    edges: set[tuple[int, int]], levels: list[int]
):
    every = (Level.STATE, Level.PROVINCE, Level.CITY, Level.DISTRICT, None)
    documents = [
        plan(
            f"d-{n}",
            title=f"方案{n}",
            level=every[levels[n]],
            cites=tuple(f"方案{b}" for a, b in sorted(edges) if a == n != b),
        )
        for n in range(6)
    ]
    reach = {6}  # 方案6 is not held
    while more := {a for a, b in edges if b in reach and a != b} - reach:
        reach |= more
    find = library(*documents)
    if reach == {6}:
        assert "方案6" not in [item["name"] for item in find()["policies"]]
    else:
        names = [node["name"] for node in find(policy="方案6")["downward"]]
        assert sorted(names) == sorted(f"方案{n}" for n in reach - {6})


# -- the real documents ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    service.ingest([corpus_dir])
    return service


def test_what_is_not_held_agrees_with_the_saved_query(service: Service):
    missing = {(i["number"] or i["name"], i["documents"]) for i in service.basis()["policies"] if not i["held"]}
    saved = service.sparql(service.saved_query("cited-not-held"))["rows"]
    assert missing == {(row[2] or row[1], row[3]) for row in saved}


def test_the_real_documents_from_the_state_to_a_district(service: Service):
    shown = service.basis(policy="质量强国建设纲要")
    levels = [(node["depth"], node["level"], node["place"]) for node in shown["downward"]]
    assert levels == [(1, "国家", "全国"), (2, "区", "青浦区"), (1, "区", "浦东新区")]
    assert all(node["quotes"] and node["activities"] for node in shown["downward"])
    for node in shown["downward"]:
        for quote in node["quotes"]:
            assert service.text(quote["document_id"])[quote["start"] : quote["end"]] == quote["quote"]
