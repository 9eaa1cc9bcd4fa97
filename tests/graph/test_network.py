from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pyoxigraph
import pytest
import rdflib

from kg.core.errors import EnvironmentProblem, UnknownName
from kg.core.model import Party
from kg.graph.export import export_agencies, export_graph
from kg.graph.iris import Iris
from kg.graph.network import agency_network
from kg.graph.quads import document_to_quads
from kg.graph.queries import saved_query
from tests.graph.conftest import CITY, EAST, city_report

IRIS = Iris()
BUREAU = IRIS.agency(CITY, "海城市市场监督管理局")
ALL = IRIS.group(CITY, "海城市各区县市场监督管理局")
OFFICE = IRIS.agency(EAST, "东湖区质量工作领导小组办公室")


def test_an_edge_tells_what_is_behind_it(filled):
    graph = agency_network(filled)
    assert graph.edges[BUREAU, ALL] == {
        "weight": 1,
        "activities": 1,
        "issued": 0,
        "relation": "",
        "documents": "海城市2019年质量月安排",
        "sources": IRIS.document("d-2019"),
        "years": "2019",
    }
    assert graph.nodes[BUREAU] == {
        "label": "海城市市场监督管理局",
        "kind": "agency",
        "place": "海城市",
        "activities": 1,
    }
    assert graph.nodes[ALL]["kind"] == "group"


def test_superiors_join_the_network(filled):
    graph = agency_network(filled)
    office = IRIS.agency(CITY, "海城市质量工作领导小组办公室")
    above = IRIS.agency(CITY, "海城市质量工作领导小组")
    assert graph.edges[office, above]["relation"] == "unit"
    assert above not in agency_network(filled, structure=False)


def test_joint_issuing(filled):
    issuers = tuple(Party(name, name, place=CITY) for name in ("甲局", "乙局", "丙局"))
    document = replace(city_report(), issuers=issuers)
    filled.replace_graph(IRIS.graph(document.id), document_to_quads(document))
    graph = agency_network(filled)
    edge = graph.edges[IRIS.agency(CITY, "甲局"), IRIS.agency(CITY, "乙局")]
    assert (edge["issued"], edge["activities"], edge["years"]) == (1, 0, "2022")
    assert edge["documents"] == document.title


def test_filters(filled):
    assert set(agency_network(filled, year=2024, structure=False)) == {OFFICE, IRIS.group("d-2024", "各获奖组织")}
    east = agency_network(filled, place=IRIS.place(EAST), structure=False)
    assert OFFICE in east
    assert BUREAU not in east


@pytest.mark.parametrize(("format_", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_network_files_read_back(filled, tmp_path, format_, read):
    path = tmp_path / f"agencies.{format_}"
    count = export_agencies(filled, format_, path)
    graph = read(path)
    assert count == graph.number_of_nodes() == agency_network(filled).number_of_nodes()
    assert graph.nodes[BUREAU]["label"] == "海城市市场监督管理局"


def test_nquads_give_the_same_elsewhere(filled, tmp_path):
    path = tmp_path / "graph.nq"
    count = export_graph(filled, "nq", path)
    fresh, plain = pyoxigraph.Store(), rdflib.Dataset(default_union=True)
    fresh.load(path=path)
    plain.parse(path, format="nquads")
    assert count == len(fresh) == len(list(plain.quads())) == len(filled)
    from ontology.terms import PREFIXES

    for name in ("documents", "cited-not-held", "slogans-by-year"):
        query = saved_query(name)
        here = len(list(filled.query(query).rows))
        assert here == len(list(fresh.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)))
        assert here == len(plain.query(query, initNs=PREFIXES))
        assert here > 0


def test_exports_are_the_same_each_time(filled, tmp_path):
    for format_ in ("nq", "ttl", "jsonld"):
        paths = [tmp_path / f"{n}.{format_}" for n in range(2)]
        counts = {export_graph(filled, format_, path) for path in paths}
        assert len(counts) == 1
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_turtle_holds_each_triple_once(filled, tmp_path):
    count = export_graph(filled, "ttl", tmp_path / "graph.ttl")
    assert count == len(rdflib.Graph().parse(tmp_path / "graph.ttl"))


def test_wrong_formats_and_places(filled, tmp_path):
    with pytest.raises(UnknownName, match="nq"):
        export_graph(filled, "nqs", tmp_path / "x")
    with pytest.raises(UnknownName, match="gexf"):
        export_agencies(filled, "gefx", tmp_path / "x")
    with pytest.raises(EnvironmentProblem, match="无法写入"):
        export_graph(filled, "nq", tmp_path / "absent" / "x")
    assert [path.name for path in tmp_path.iterdir()] == ["places.ttl"]  # the fixture's; nothing half written
