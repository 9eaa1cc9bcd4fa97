from __future__ import annotations

from dataclasses import replace

import pytest

from kg.core.model import PolicyReference
from kg.graph.gathered import Gathered
from kg.graph.iris import Iris
from kg.graph.links import Links, links_to_quads
from kg.graph.quads import document_to_quads
from kg.graph.rdf import boolean
from kg.graph.ties import Keys, Ties, joined
from ontology.terms import OWL, PKG, SKOS
from tests.graph.conftest import CITY, EAST, SOUTH, WEST, city_plan, city_report, district_plan

IRIS = Iris()


def held(store, policy):
    return {quad.object for quad in store.quads(policy, PKG.held)}, {
        quad.object for quad in store.quads(policy, PKG.heldAs)
    }


def relink(store, *documents):
    for document in documents:
        store.replace_graph(IRIS.graph(document.id), document_to_quads(document))
    store.replace_graph(IRIS.links, links_to_quads(store))


def test_a_cited_policy_that_is_not_held(filled):
    assert held(filled, IRIS.policy(title="质量强国建设纲要")) == ({boolean(False)}, set())


def test_a_policy_cited_by_number_is_the_document_with_that_number(filled):
    policy = IRIS.policy(number="海质办〔2022〕5号")
    assert held(filled, policy) == ({boolean(True)}, {IRIS.document("d-2022")})


def test_brackets_of_a_number_do_not_matter(filled):
    document = district_plan()
    reference = replace(document.policy_references[1], number="海质办[2022]5号")
    relink(filled, replace(document, policy_references=(reference,)))
    assert held(filled, IRIS.policy(number="海质办[2022]5号"))[1] == {IRIS.document("d-2022")}


def cite(store, title, *, number=None, issuer=None):
    document = district_plan()
    reference = PolicyReference("《" + title + "》", document.policy_references[0].evidence, title, number, issuer)
    relink(store, replace(document, policy_references=(reference,)))
    return held(store, IRIS.policy(title=title))


def hold(store, title, *, document_id="d-held", number=None):
    relink(store, replace(city_report(), id=document_id, title=title, doc_number=number, policy_references=()))


@pytest.mark.parametrize(
    ("held_title", "cited_title"),
    [
        ("海城市质量规划", "海城市质量规划"),
        ("海城市人民政府关于印发《海城市质量规划》的通知", "海城市质量规划"),
        ("海城市质量规划", "关于印发《海城市质量规划》的通知"),
        ("海城市人民政府关于加强质量工作的意见", "关于加强质量工作的意见"),
        ("产品质量法（2018年修正）", "中华人民共和国产品质量法"),
    ],
)
def test_titles_match_with_and_without_wrappers(filled, held_title, cited_title):
    hold(filled, held_title)
    assert cite(filled, cited_title) == ({boolean(True)}, {IRIS.document("d-held")})


@pytest.mark.parametrize(
    ("held_title", "cited_title"),
    [("海城市质量规划实施方案", "海城市质量规划"), ("海城市质量规划", "海城市质量规划实施方案")],
)
def test_titles_never_match_by_substring(filled, held_title, cited_title):
    hold(filled, held_title)
    assert cite(filled, cited_title) == ({boolean(False)}, set())


def test_a_form_that_fits_two_documents_tells_none(filled):
    hold(filled, "海城市人民政府关于加强质量工作的意见")
    hold(filled, "西山区人民政府关于加强质量工作的意见", document_id="d-other")
    assert cite(filled, "关于加强质量工作的意见") == ({boolean(False)}, set())


def test_another_number_or_issuer_is_another_document(filled):
    hold(filled, "海城市人民政府关于加强质量工作的意见", number="海府〔2020〕1号")
    assert cite(filled, "关于加强质量工作的意见", number="海府〔2021〕2号")[0] == {boolean(False)}
    assert cite(filled, "关于加强质量工作的意见", issuer="国务院")[0] == {boolean(False)}
    assert cite(filled, "关于加强质量工作的意见", issuer="海城市质量工作领导小组办公室")[0] == {boolean(True)}


def test_removal_leaves_no_stale_statement(filled):
    policy = IRIS.policy(number="海质办〔2022〕5号")
    filled.replace_graph(IRIS.graph("d-2022"), ())
    filled.replace_graph(IRIS.links, links_to_quads(filled))
    assert held(filled, policy) == ({boolean(False)}, set())
    assert not list(filled.quads(IRIS.document("d-2022")))


def test_number_and_title_of_one_policy_are_the_same(filled):
    by_number = IRIS.policy(number="海政发〔2018〕9号")
    assert [q.object for q in filled.quads(by_number, OWL.sameAs)] == [IRIS.policy(title="海城市质量发展纲要")]


def covered(store, document_id):
    return {quad.object for quad in store.quads(IRIS.document(document_id), PKG.covers)}


def test_a_city_covers_its_districts_a_district_itself(filled):
    assert covered(filled, "d-2019") == {IRIS.place(name) for name in (CITY, EAST, WEST, SOUTH)}
    assert covered(filled, "d-2024") == {IRIS.place(EAST)}


@pytest.mark.parametrize("region", ["全国", "江东省"])
def test_state_and_province_cover_only_themselves(filled, region):
    relink(filled, replace(city_plan(), region=region, region_qualified=region))
    assert covered(filled, "d-2019") == {IRIS.place(region)}


def test_a_document_without_activities_covers_nothing(filled):
    relink(filled, replace(city_plan(), activities=()))
    assert covered(filled, "d-2019") == set()


def test_a_place_without_label_is_called_by_its_qualified_name(filled):
    relink(filled, replace(city_plan(), region="新城区", region_qualified="某省某市新城区", places=()))
    labels = [q.object.lexical for q in filled.quads(IRIS.place("某省某市新城区"), SKOS.prefLabel)]
    assert labels == ["某省某市新城区"]


def test_both_stores_give_the_same_links(filled, filled_reference):
    assert set(links_to_quads(filled)) == set(links_to_quads(filled_reference))


def test_what_was_gathered_while_building_gives_the_same_links_as_the_store(filled):
    relink(filled, replace(city_plan(), region="新城区", region_qualified="某省某市新城区", places=()), city_report())
    stated, ties = Gathered(), []
    for graph in filled.graphs():
        if graph != IRIS.links:
            quads = [*filled.quads(graph=graph)]
            stated.take(quads)
            ties.append(Ties.of(quads))
    links = Links(stated, IRIS, Keys())
    made = links.all_of(links.taken(Ties(), joined(ties)))
    assert made
    assert set(made) == set(links_to_quads(filled))


def test_what_is_not_kept_is_not_answered():
    with pytest.raises(KeyError):
        Gathered().quads(predicate=SKOS.prefLabel)
