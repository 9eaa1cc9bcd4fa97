from __future__ import annotations

from dataclasses import replace

import pytest

from kg.core.model import Evidence
from kg.graph.iris import Iris
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Quad, integer, text, zh
from kg.graph.validate import violations
from ontology.terms import OA, ORG, PKG, RDF, SCHEMA, SKOS
from tests.graph.conftest import city_plan, documents

IRIS = Iris()


def test_good_documents_have_none(filled):
    texts = {document.id: document.text for document in documents()}
    assert violations(filled, texts=texts.__getitem__) == []


def found(store):
    return {(violation.focus, violation.path) for violation in violations(store)}


def spoil(store, change, document=None):
    """Rewrite the city plan's graph with its quads changed."""
    quads = document_to_quads(document or city_plan())
    store.replace_graph(IRIS.graph("d-2019"), change(quads))


ACTIVITY = IRIS.activity("d-2019", "a1")


@pytest.mark.parametrize(
    ("subject", "predicate", "path"),
    [
        (IRIS.document("d-2019"), "http://purl.org/dc/terms/title", "dcterms:title"),
        (ACTIVITY, SCHEMA.name, "schema:name"),
        (ACTIVITY, PKG.status, "pkg:status"),
        (ACTIVITY, PKG.announcedIn, "pkg:announcedIn"),
        (ACTIVITY, "http://www.w3.org/ns/prov#wasQuotedFrom", "prov:wasQuotedFrom"),
    ],
)
def test_something_missing(filled, subject, predicate, path):
    spoil(filled, lambda quads: [q for q in quads if (q.subject, q.predicate) != (subject, predicate)])
    assert (subject, path) in found(filled)


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ((IRIS.place("某市"), SKOS.notation, text("3101")), "skos:notation"),
        ((ACTIVITY, PKG.status, PKG.Reported), "pkg:status"),
        ((ACTIVITY, PKG.confidence, integer(2)), "pkg:confidence"),
        ((ACTIVITY, PKG.assertionType, PKG.Lead), "pkg:assertionType"),
    ],
)
def test_something_wrong(filled, extra, path):
    graph = IRIS.graph("d-2019")
    place = Quad(IRIS.place("某市"), RDF.type, SCHEMA.AdministrativeArea, graph)
    spoil(filled, lambda quads: [*quads, place, Quad(*extra, graph)])
    assert (extra[0], path) in found(filled)


def test_an_agency_with_two_names(filled):
    graph, agency = IRIS.graph("d-2019"), IRIS.agency("某市", "某局")
    extra = [
        Quad(agency, RDF.type, ORG.FormalOrganization, graph),
        *(Quad(agency, SKOS.prefLabel, zh(name), graph) for name in ("某局", "另一局")),
    ]
    spoil(filled, lambda quads: [*quads, *extra])
    assert (agency, "skos:prefLabel") in found(filled)


def test_offsets_out_of_order_and_quotes_of_another_length(filled):
    document = city_plan()
    activity = replace(document.activities[0], evidence=Evidence("质量", 9, 5), responsible=())
    spoil(filled, lambda quads: quads, replace(document, activities=(activity,)))
    span = IRIS.span("d-2019", 9, 5)
    assert {(f"{span}/position", "oa:start"), (span, "oa:exact")} <= found(filled)


def test_a_quote_that_is_not_in_the_text(filled):
    document = city_plan()
    start, end = document.activities[0].evidence.start, document.activities[0].evidence.end
    span = IRIS.span("d-2019", start, end)
    spoil(
        filled,
        lambda quads: [
            q._replace(object=zh("讹" * (end - start))) if q[:2] == (f"{span}/quote", OA.exact) else q for q in quads
        ],
    )
    texts = {d.id: d.text for d in documents()}
    assert [(v.focus, v.message) for v in violations(filled, texts=texts.__getitem__)] == [(span, "引文与文件正文不符")]
    assert violations(filled) == []


def test_messages_are_chinese_sentences(filled):
    spoil(filled, lambda quads: [q for q in quads if q.predicate != SCHEMA.name])
    assert {violation.message for violation in violations(filled)} == {"活动应有题名"}
    assert {violation.severity for violation in violations(filled)} == {"Violation"}
