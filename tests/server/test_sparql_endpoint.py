"""`/sparql` beyond the W3C's cases: formats, refusals, limits."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.server import create_app
from kg.server.bodies import MAX_BODY
from kg.server.negotiation import GRAPH_TYPES, TABLE_TYPES, negotiate
from kg.service import Service
from tests.server.client import Client, running

SELECT = "SELECT ?t WHERE { ?d a pkg:Document ; dcterms:title ?t ; pkg:activityYear 2021 }"
TITLES = "SELECT ?t WHERE { ?d a pkg:Document ; dcterms:title ?t }"
TITLE = "崇明区2021年质量宣传方案"
CONSTRUCT = "CONSTRUCT { ?d dcterms:title ?t } WHERE { ?d a pkg:Document ; dcterms:title ?t }"
NUMBERS = " ".join(map(str, range(300)))
ENDLESS = (
    f"ASK {{ {' '.join(f'VALUES ?{v} {{ {NUMBERS} }}' for v in 'abcdefgh')} FILTER(?a+?b+?c+?d+?e+?f+?g+?h < 0) }}"
)
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@pytest.mark.parametrize(("accept", "format_"), TABLE_TYPES.items())
def test_a_table_comes_in_every_format(client: Client, accept: str, format_: str) -> None:
    reply = client.query(TITLES, accept=accept)
    assert (reply.status, reply.media) == (200, accept)
    if format_ == "csv":
        assert TITLE in reply.text.splitlines()
        return
    syntax = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML, "tsv": ox.QueryResultsFormat.TSV}
    rows = ox.parse_query_results(reply.content, format=syntax[format_])
    assert TITLE in {row["t"].value for row in rows}


@pytest.mark.parametrize(("accept", "format_"), GRAPH_TYPES.items())
@pytest.mark.parametrize("query", [CONSTRUCT, CONSTRUCT.replace("CONSTRUCT {", "DESCRIBE ?d #").replace("} W", "\nW")])
def test_a_graph_comes_in_every_format(client: Client, query: str, accept: str, format_: str) -> None:
    reply = client.query(query, accept=accept)
    assert (reply.status, reply.media) == (200, accept), reply.text
    syntax = {"ttl": "TURTLE", "nt": "N_TRIPLES", "jsonld": "JSON_LD", "rdf": "RDF_XML"}[format_]
    quads = ox.parse(reply.content, format=getattr(ox.RdfFormat, syntax))
    assert TITLE in {getattr(quad.object, "value", "") for quad in quads}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, application/xml;q=0.1", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, text/*", "text/tab-separated-values"),
        ("*/*, text/csv", "text/csv"),
        ("image/png, */*;q=0.1", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*", "application/json"),
        ("text/csv;q=high, application/xml", "application/xml"),
    ],
)
def test_negotiation_follows_the_clients_weights(accept: str, expected: str) -> None:
    assert negotiate(accept, TABLE_TYPES) == expected


@pytest.mark.parametrize("accept", ["text/turtle;q=0", "image/png"])
def test_negotiation_refuses_what_it_cannot_give(accept: str) -> None:
    with pytest.raises(UsageError) as caught:
        negotiate(accept, GRAPH_TYPES)
    assert caught.value.context["status"] == 406


def test_a_syntax_error_has_its_place(client: Client) -> None:
    reply = client.query("SELECT * {\n ?s ?p }")
    assert reply.status == 400
    told = reply.json()
    assert (told["line"], "第 2 行" in told["error"]) == (2, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql?default-graph-uri=x", 400),
        ("/sparql?query=", 400),
        ("/sparql?query=DELETE+WHERE+%7B%3Fs+%3Fp+%3Fo%7D", 403),
        ("/sparql?query=LOAD+%3Cfile:///etc/passwd%3E", 403),
        ("/sparql?update=CLEAR+ALL", 403),
        ("/sparql?query=ASK+%7B%7D&using-graph-uri=x", 403),
        ("/sparql?query=ASK+%7B%7D&default-graph-uri=file:///etc/passwd", 403),
        ("/sparql?query=ASK+FROM+%3Cfile:///etc/passwd%3E+%7B%7D", 403),
        ("/sparql?query=SELECT+(x:f(1)+AS+%3Fa)+%7B%7D", 400),
        ("/nothing", 404),
    ],
)
def test_what_cannot_be_honoured_is_refused_in_words(client: Client, path: str, status: int) -> None:
    reply = client(path)
    assert (reply.status, reply.media) == (status, "application/json")
    assert any("\u4e00" <= char <= "\u9fff" for char in reply.json()["error"])


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403),
        (b"update=CLEAR+ALL", {"Content-Type": FORM}, 403),
        (b"ASK {}", {"Content-Type": "text/plain"}, 415),
        (b"ASK {}", {}, 415),
        ("ASK {}".encode("utf-16"), {"Content-Type": f"{DIRECT}; charset=utf-16"}, 415),
        (b"ASK { ?s ?p '\xff' }", {"Content-Type": DIRECT}, 400),
        (b"query=%FF", {"Content-Type": FORM}, 400),
        (b"&".join([b"a=1"] * 2000), {"Content-Type": FORM}, 413),
        (b"ASK {}" + b" " * MAX_BODY, {"Content-Type": DIRECT}, 413),
        (b"ASK {}", {"Content-Type": DIRECT, "Accept": "image/png"}, 406),
    ],
)
def test_a_post_that_cannot_be_honoured(client: Client, body: bytes, headers: dict[str, str], status: int) -> None:
    assert client("/sparql", body=body, headers=headers).status == status


def test_a_body_without_a_length_is_cut_off_at_the_limit(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.port), timeout=30) as line:
        line.sendall(f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: {DIRECT}\r\n".encode())
        line.sendall(b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        for _ in range(MAX_BODY // 0x10000 + 1):
            line.sendall(chunk)
        assert line.recv(100).startswith(b"HTTP/1.1 413")


@contextmanager
def trap() -> Iterator[tuple[int, list[str]]]:
    """A port, and who came there."""
    visits: list[str] = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def wait() -> None:
            try:
                while True:
                    visitor, address = listening.accept()
                    visits.append(str(address))
                    visitor.close()
            except OSError:
                return

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        yield listening.getsockname()[1], visits
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        # Oxigraph reads \u0022 inside a string; the standard would have it end the string
        'SELECT * { { ?s ?p "x\\u0022" } UNION { SERVICE <http://127.0.0.1:PORT/> { ?s ?p "y\\u0022" } } }',
        "SELECT * { { ?s ?p 'x\\u0027' } UNION { SERVICE <http://127.0.0.1:PORT/> { ?s ?p 'y\\u0027' } } }",
        # and needs no blank around a keyword
        "SELECT * { ?s ?p 5SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        "PREFIX SERVICE: <http://x/> PREFIX : <http://127.0.0.1:PORT/> SELECT * { SERVICE:a { ?s ?p ?o } }",
        "SELECT * FROM <http://127.0.0.1:PORT/> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1:PORT/> { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:PORT/>",
    ],
)
def test_no_query_leaves_the_machine(client: Client, query: str) -> None:
    with trap() as (port, visits):
        reply = client.query(query.replace("PORT", str(port)))
        graphs = {"default-graph-uri": f"http://127.0.0.1:{port}/g"}
        assert client.query("ASK {}", **graphs).status == 403
    assert (reply.status, visits) == (403, [])


def test_graphs_are_those_that_the_client_names(client: Client) -> None:
    rows = client.query("SELECT ?g ?t { GRAPH ?g { ?d a pkg:Document ; dcterms:title ?t } }").json()
    graphs = {row["t"]["value"]: row["g"]["value"] for row in rows["results"]["bindings"]}
    reply = client.query(TITLES, accept="text/csv", **{"default-graph-uri": graphs[TITLE]})
    assert reply.text.splitlines() == ["t", TITLE]
    assert client.query(TITLES, accept="text/csv", **{"named-graph-uri": graphs[TITLE]}).text.splitlines() == ["t"]


def test_a_relative_iri_is_one_of_the_sites_entities(client: Client) -> None:
    assert client.query("ASK { <series/质量开放日> ?p ?o }").json()["boolean"] is True


@contextmanager
def limited(served: Path, **settings: float) -> Iterator[tuple[Client, Service]]:
    service = Service(Settings(home=served, **settings))  # type: ignore[arg-type]
    with running(create_app(service)) as client:
        yield client, service
    service.close()


def process_ids(service: Service) -> set[int]:
    workers = service.snapshot().workers
    return {worker._process.pid for worker in list(workers._idle) if worker._process is not None}


def test_a_time_limit_ends_the_process_and_the_next_query_is_answered(served: Path) -> None:
    with limited(served, query_seconds=3.0, query_workers=1) as (client, service):
        assert client.query(SELECT).status == 200
        (before,) = process_ids(service)
        reply = client.query(ENDLESS)
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert "时限" in reply.json()["error"]
        assert not Path(f"/proc/{before}").exists()
        assert TITLE in client.query(SELECT).text


def test_a_query_that_ends_its_process_leaves_the_server_alive(served: Path) -> None:
    with limited(served, query_seconds=60.0, query_workers=1) as (client, _):
        nested = "ASK { FILTER(" + "!" * 19_000 + "true) }"
        reply = client("/sparql", body=nested.encode(), headers={"Content-Type": DIRECT})
        assert (reply.status, "嵌套" in reply.json()["error"]) == (503, True)
        assert client.query(SELECT).status == 200


def test_a_query_nested_too_deep_reaches_no_process(served: Path) -> None:
    with limited(served, query_seconds=60.0, query_workers=1) as (client, _):
        nested = "SELECT * " + "{" * 50_000 + "}" * 50_000
        reply = client("/sparql", body=nested.encode(), headers={"Content-Type": DIRECT})
        assert (reply.status, "嵌套" in reply.json()["error"]) == (422, True)


def test_who_waits_too_long_for_a_turn_is_told_and_the_rest_is_answered(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.server.protocol.QUEUE_SECONDS", 1)
    with limited(served, query_seconds=8.0, query_workers=1) as (client, _), ThreadPoolExecutor(50) as threads:
        client.query(SELECT)
        many = [threads.submit(client.query, ENDLESS) for _ in range(45)]  # more than the server has threads
        assert client("/api/documents").status == 200
        replies = [future.result() for future in many]
    assert {reply.status for reply in replies} == {503}
    assert sum("排队" in reply.json()["error"] for reply in replies) >= 35


def test_too_many_rows_and_too_much_text_are_refused_not_cut(served: Path) -> None:
    with limited(served, query_rows=5, query_mb=1) as (client, _):
        reply = client.query("SELECT * { ?s ?p ?o }")
        assert (reply.status, "5 行" in reply.json()["error"]) == (422, True)
        text = "SELECT (CONCAT(?a, ?a, ?a, ?a, ?a) AS ?x) { VALUES ?a { '" + "质" * 100_000 + "' } }"
        reply = client("/sparql", body=text.encode(), headers={"Content-Type": DIRECT})
        assert (reply.status, "1 MB" in reply.json()["error"]) == (422, True)


def test_gzip_where_the_client_takes_it(client: Client) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 100"
    reply = client("/sparql", body=query.encode(), headers={"Content-Type": DIRECT, "Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(reply.content))["results"]["bindings"]) == 100
    assert "content-encoding" not in client.query(query).headers


def test_the_same_generation_need_not_be_sent_twice(client: Client) -> None:
    first = client.query(SELECT, accept="text/csv")
    path = "/sparql?query=" + "ASK%20%7B%7D"
    again = client(path, headers={"If-None-Match": first.headers["etag"], "Accept": "text/csv"})
    assert (again.status, again.content) == (304, b"")
    other = client(path, headers={"If-None-Match": first.headers["etag"], "Accept": "text/tab-separated-values"})
    assert other.status == 200


def test_head_and_other_methods(client: Client) -> None:
    reply = client("/sparql?query=ASK%7B%7D", method="HEAD")
    assert (reply.status, reply.content) == (200, b"")
    reply = client("/sparql?query=ASK%7B%7D", method="DELETE")
    assert (reply.status, "DELETE" in reply.json()["error"]) == (405, True)
    assert "POST" in reply.headers["allow"]
