"""The W3C's SPARQL 1.1 Protocol and Service Description cases, asked of a running endpoint as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import pytest

from tests.server.client import Client
from tests.server.w3c_cases import MF, RDF, RDFS, UT, Case, cases, manifest, triples
from tests.server.w3c_store import endpoint

HT, CNT = "http://www.w3.org/2011/http#", "http://www.w3.org/2011/content#"
DATA = "http://kasei.us/2009/09/sparql/data/"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"},
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}
UPDATES = {
    *("update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs"),
    *("update_dataset_full", "update_post_form", "update_post_direct", "update_base_uri"),
}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str


def requests(case: Case) -> Iterator[Request]:
    graph = manifest("protocol")
    (entry,) = [s for s in graph.subjects(RDF + "type", ox.NamedNode(MF + "ProtocolTest")) if ends(s, case.name)]
    for node in graph.items(graph.one(graph.one(entry, MF + "action"), HT + "requests")):
        headers = {
            graph.one(h, HT + "fieldName").value: graph.one(h, HT + "fieldValue").value
            for h in graph.items(graph.one(node, HT + "headers"))
        }
        body, reply = graph.one(node, HT + "body"), graph.one(node, HT + "resp")
        answer, format_ = graph.one(reply, MF + "expectedBoolean"), graph.one(reply, MF + "expectedFormat")
        yield Request(
            graph.one(node, HT + "methodName").value,
            graph.one(node, HT + "absolutePath").value.replace("/sparql/", "/sparql", 1),
            headers,
            graph.one(body, CNT + "chars").value.encode(graph.one(body, CNT + "characterEncoding").value)
            if body
            else None,
            tuple(status.value[-3:] for status in graph.all(reply, MF + "expectedStatus")),
            answer.value == "true" if answer else None,
            format_.value if format_ else "",
        )


def ends(node: Any, name: str) -> bool:
    return bool(node.value.endswith("#" + name))


def data() -> Iterator[tuple[str, list[ox.Quad]]]:
    yield DATA + "data0.rdf", []  # named by the cases, not part of the suite
    graph = manifest("protocol")
    held = {}
    for case in cases("protocol"):
        (entry,) = [s for s in graph.subjects(RDF + "type", ox.NamedNode(MF + "ProtocolTest")) if ends(s, case.name)]
        for node in graph.all(entry, UT + "graphData"):
            file = graph.one(node, UT + "graph").value.rpartition("/")[2]
            held[graph.one(node, RDFS + "label").value] = triples("protocol/" + file)
    yield from held.items()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with endpoint(tmp_path_factory.mktemp("protocol"), data()) as client:
        yield client


@pytest.mark.parametrize("case", [c for c in cases("protocol") if c.name not in UPDATES], ids=str)
def test_a_case_of_the_protocol(client: Client, case: Case) -> None:
    asked = list(requests(case))
    assert asked
    for request in asked:
        reply = client(request.path, method=request.method, body=request.body, headers=request.headers)
        assert f"{reply.status // 100}xx" in request.statuses, reply.text
        if request.format:
            assert reply.media in FORMATS[request.format]
        if request.boolean is not None:
            assert reply.json()["boolean"] is request.boolean
        if reply.status >= 400:
            assert reply.json()["error"]


@pytest.mark.parametrize("case", [c for c in cases("protocol") if c.name in UPDATES], ids=str)
def test_the_updates_of_the_protocol_are_refused(client: Client, case: Case) -> None:
    request = next(iter(requests(case)))
    reply = client(request.path, method=request.method, body=request.body, headers=request.headers)
    assert (reply.status, "只读" in reply.json()["error"]) == (403, True)


def test_the_suite_was_read_whole() -> None:
    assert len(list(cases("protocol"))) == 34
    assert {case.name for case in cases("protocol")} >= UPDATES
    assert [case.name for case in cases("service-description")] == [
        *("has-endpoint-triple", "returns-rdf", "conforms-to-schema")
    ]


def description(client: Client, accept: str, syntax: ox.RdfFormat) -> list[ox.Quad]:
    reply = client("/sparql", headers={"Accept": accept})
    assert (reply.status, reply.media) == (200, accept)
    return list(ox.parse(reply.content, format=syntax))


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_the_service_describes_itself(client: Client, accept: str, syntax: ox.RdfFormat) -> None:
    quads = description(client, accept, syntax)
    found = {(q.predicate.value, getattr(q.object, "value", "")) for q in quads}
    assert (RDF + "type", SD + "Service") in found
    assert (SD + "endpoint", f"http://127.0.0.1:{client.port}/sparql") in found
    assert (SD + "supportedLanguage", SD + "SPARQL11Query") in found


def test_the_description_uses_the_terms_of_the_vocabulary_as_it_says(client: Client) -> None:
    quads = description(client, "text/turtle", ox.RdfFormat.TURTLE)
    types = {q.subject: q.object.value for q in quads if q.predicate.value == RDF + "type"}
    domain = {"endpoint": "Service", "supportedLanguage": "Service", "feature": "Service", "resultFormat": "Service"}
    domain |= {"defaultDataset": "Service", "defaultGraph": "Dataset"}
    ranges = {"defaultDataset": "Dataset", "defaultGraph": "Graph"}
    for quad in quads:
        term = quad.predicate.value.removeprefix(SD)
        if quad.predicate.value.startswith(SD):
            assert types[quad.subject] == SD + domain[term]
            if term in ranges:
                assert types[quad.object] == SD + ranges[term]
