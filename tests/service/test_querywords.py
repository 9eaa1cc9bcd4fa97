"""What the editor completes."""

from __future__ import annotations

from kg.service.querywords import compact, query_words
from ontology import terms
from ontology.terms import DCTERMS, ELI, OA, ORG, PKG, PROV, SCHEMA, SKOS

TOPICS = {name: [{"name": f"{name}的名称"}] for name in ("series", "agencies", "themes", "policies", "places")}


def test_every_term_that_the_graph_uses_has_a_chinese_label():
    labelled = {term["name"] for term in query_words(TOPICS)["terms"] if term["label"]}
    used = {compact(iri) for space in (PKG, SKOS, DCTERMS, ELI, ORG, SCHEMA, PROV, OA) for iri in space}
    assert used <= labelled


def test_kinds_of_terms():
    kinds = {term["name"]: term["kind"] for term in query_words(TOPICS)["terms"]}
    assert kinds["pkg:Document"] == kinds["schema:Event"] == "class"
    assert kinds["pkg:leadAgency"] == kinds["dcterms:title"] == "property"
    assert kinds["pkg:Named"] == "individual"


def test_prefixes_and_names_of_the_data():
    words = query_words(TOPICS)
    assert words["prefixes"] == terms.PREFIXES
    assert {"text": "agencies的名称", "kind": "机构"} in words["names"]


def test_other_iris_stay_as_they_are():
    assert compact("http://example.org/x") == "http://example.org/x"
