"""Connections that are silent or slow keep nobody out; what is no text is refused with a reason."""

from __future__ import annotations

import contextlib
import json
import socket
import time
import urllib.parse
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.server import create_app
from kg.server.connections import protocol
from kg.service import Service
from tests.server.client import Client, running

HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"


def app(service: Service) -> Starlette:
    return create_app(service)


@pytest.fixture
def quick(service: Service) -> Iterator[Client]:
    """A server that waits a second, and for five silent connections at most; twenty are all that it serves."""
    with running(app(service), http=protocol(head=1.0, body=1.0, most=5), limit_concurrency=20) as client:
        yield client


def connect(client: Client) -> socket.socket:
    return socket.create_connection(("127.0.0.1", client.port), timeout=20)


def is_closed(line: socket.socket) -> bool:
    """Whether the other end has gone, within the time that the socket waits."""
    try:
        return line.recv(4096) == b""
    except ConnectionError:
        return True


def test_a_head_that_never_ends_is_given_up(quick: Client) -> None:
    begun = time.monotonic()
    with connect(quick) as line:
        line.sendall(HEAD)
        for _ in range(8):  # a header now and then buys no time
            time.sleep(0.3)
            with contextlib.suppress(ConnectionError):
                line.sendall(b"X-Slow: 1\r\n")
        assert is_closed(line)
    assert time.monotonic() - begun < 10


def test_a_body_that_never_comes_is_given_up(quick: Client) -> None:
    with connect(quick) as line:
        line.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n")
        line.sendall(b"Content-Type: application/sparql-query\r\n\r\nA")
        assert is_closed(line)


def test_silent_connections_keep_nobody_out(quick: Client) -> None:
    with contextlib.ExitStack() as lines:
        silent = [lines.enter_context(connect(quick)) for _ in range(60)]
        for line in silent[::2]:
            with contextlib.suppress(ConnectionError):  # some are gone already
                line.sendall(HEAD)
        assert quick("/health").status == 200
        assert quick("/api/documents").status == 200


@pytest.fixture(params=[0.5])
def large(service: Service, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A server that gives up whoever reads nothing for some time, with an answer of 32 MB at /large."""

    async def answer(_: Request) -> Response:
        return Response(bytes(32 << 20), media_type="application/octet-stream")

    whole = app(service)
    whole.router.routes.append(Route("/large", answer))
    with running(whole, http=protocol(stalled=request.param)) as client:
        yield client


def ask_for_much(client: Client, line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    line.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")


def test_an_answer_that_nobody_reads_is_given_up(large: Client) -> None:
    with connect(large) as line:
        ask_for_much(large, line)
        time.sleep(3)
        received = 0
        with contextlib.suppress(ConnectionError):
            while piece := line.recv(1 << 20):
                received += len(piece)
    assert received < 32 << 20
    assert large("/health").status == 200


def test_who_reads_slowly_gets_all_of_it(large: Client) -> None:
    with connect(large) as line:
        ask_for_much(large, line)
        received, begun = 0, time.monotonic()
        while piece := line.recv(1 << 20):
            received += len(piece)
            if time.monotonic() - begun < 2:  # longer than who reads nothing is suffered
                time.sleep(0.02)
    assert received > 32 << 20


@pytest.mark.parametrize("large", [1.5], indirect=True)
def test_who_reads_very_slowly_gets_all_of_it(large: Client) -> None:
    """The system holds some megabytes for a client: what it takes of those counts as reading."""
    with connect(large) as line:
        ask_for_much(large, line)
        received, begun = 0, time.monotonic()
        while time.monotonic() - begun < 5:
            received += len(line.recv(40 << 10))
            time.sleep(0.2)
        while piece := line.recv(1 << 20):
            received += len(piece)
    assert received > 32 << 20


def test_what_is_asked_for_is_not_repeated_whole(quick: Client) -> None:
    reply = quick("/sparql?query=ASK%7B%7D", headers={"Accept": "a/b," * 10_000})
    assert reply.status == 406
    assert len(reply.content) < 2_000


def test_the_description_is_written_out_once(quick: Client) -> None:
    first, second = quick("/openapi.json"), quick("/openapi.json")
    assert first.content == second.content
    assert first.media == "application/json"
    assert json.loads(first.content)["openapi"]


def test_a_connection_may_serve_many_requests(quick: Client) -> None:
    with connect(quick) as line:
        for _ in range(4):
            time.sleep(0.5)  # each within its second, all of them together not
            line.sendall(HEAD + b"\r\n")
            reply = b""
            while not reply.endswith(b"}"):
                reply += line.recv(4096) or b"}"
            assert reply.startswith(b"HTTP/1.1 200")


def test_half_characters_and_broken_IRIs_are_the_clients_fault(client: Client) -> None:  # noqa: N802
    body = json.dumps({"question": "质量\ud800"}).encode()
    assert client("/api/ask", body=body, headers={"Content-Type": "application/json"}).status == 400
    queries = (
        "SELECT * FROM <http://[> { ?s ?p ?o }",
        "SELECT * FROM <\\uD800> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://a/\\uDC00> { ?s ?p ?o }",
        "PREFIX a: <http://[> SELECT * FROM a:b { ?s ?p ?o }",
        'SELECT ("\\uD800" AS ?x) {}',
    )
    for query in queries:
        assert client.query(query).status in (400, 403), query
    for parameter in ("default-graph-uri", "named-graph-uri"):
        given = urllib.parse.urlencode({"query": "ASK {}", parameter: "http://["})
        assert client(f"/sparql?{given}").status in (400, 403)
    for path in ("/api/documents/%ED%A0%80", "/api/search?q=%ED%A0%80", "/api/agencies/%FF", "/api/series/%ED%A0%80"):
        assert client(path).status in (200, 400, 404), path


def test_what_is_too_long_is_refused(client: Client) -> None:
    assert client("/api/search?q=" + "a" * 4000).status == 413
    assert client("/api/ask?q=" + "a" * 4000).status == 413
    assert client("/sparql", body=b"#" * 300_000, headers={"Content-Type": "application/sparql-query"}).status == 413
