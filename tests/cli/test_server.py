"""The server speaks the SPARQL 1.1 Protocol, reads only, and refuses what it cannot honour."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, UsageError
from kg.server import GRAPH_TYPES, TABLE_TYPES, create_app, negotiate, serve
from kg.service import Service

SELECT = "SELECT ?t WHERE { ?d a pkg:Document ; dcterms:title ?t }"
CONSTRUCT = "CONSTRUCT { ?d dcterms:title ?t } WHERE { ?d a pkg:Document ; dcterms:title ?t }"


class Reply(NamedTuple):
    status: int
    media: str
    body: str


class Client(NamedTuple):
    base: str

    def __call__(self, path: str, *, data: bytes | None = None, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.base + path, data=data, headers=named)  # noqa: S310 - our own server
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as reply:
                return Reply(reply.status, reply.headers.get_content_type(), reply.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers.get_content_type(), error.read().decode())


def get(**values: str) -> str:
    return "/sparql?" + urllib.parse.urlencode(values)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("served")
    (folder / "方案.md").write_text("# 崇明区2021年质量宣传方案\n\n一、举办质量论坛。\n", encoding="utf-8")
    service = Service(Settings(home=folder / "home"))
    assert service.ingest([folder / "方案.md"])["failed"] == []
    return service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[Client]:
    import socket

    import uvicorn

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(service), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in time"
            time.sleep(0.01)
        yield Client(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server.should_exit = True
        thread.join(10)


def test_get_answers_json_by_default(client: Client) -> None:
    reply = client(get(query=SELECT))
    assert (reply.status, reply.media) == (200, "application/sparql-results+json")
    assert json.loads(reply.body)["results"]["bindings"][0]["t"]["value"] == "崇明区2021年质量宣传方案"


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("application/sparql-query", SELECT.encode()),
        ("application/x-www-form-urlencoded", urllib.parse.urlencode({"query": SELECT}).encode()),
    ],
)
def test_post_in_both_forms(client: Client, media: str, data: bytes) -> None:
    reply = client("/sparql", data=data, Content_Type=media, Accept="text/csv")
    assert (reply.status, reply.media) == (200, "text/csv")
    assert reply.body.splitlines() == ["t", "崇明区2021年质量宣传方案"]


def test_construct_answers_turtle(client: Client) -> None:
    reply = client(get(query=CONSTRUCT))
    assert (reply.status, reply.media) == (200, "text/turtle")
    assert client(get(query=CONSTRUCT), Accept="application/n-triples").media == "application/n-triples"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql", 400),
        (get(query="SELECT ?x WHERE {"), 400),
        (get(query="DELETE WHERE { ?s ?p ?o }"), 403),
        (get(query="SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), 403),
        (get(query=SELECT, **{"default-graph-uri": "https://example.org/g"}), 403),
        (get(update="CLEAR ALL"), 403),
        ("/api/documents/none", 404),
        ("/api/search?q=x&top=many", 400),
        ("/api/search?q=x&colour=red", 400),
        ("/nothing", 404),
    ],
)
def test_what_cannot_be_honoured_is_refused(client: Client, path: str, status: int) -> None:
    assert client(path).status == status


def test_an_update_by_post_is_refused(client: Client) -> None:
    assert client("/sparql", data=b"CLEAR ALL", Content_Type="application/sparql-update").status == 403


def test_a_format_that_is_not_there_is_406(client: Client) -> None:
    assert client(get(query=SELECT), Accept="image/png").status == 406


def test_another_hosts_name_is_refused(client: Client) -> None:
    assert client(get(query=SELECT), Host="evil.example").status == 400


def test_the_rest_api_speaks_the_shapes_of_the_command_line(client: Client, service: Service) -> None:
    (listed,) = json.loads(client("/api/documents").body)
    assert listed == service.documents()[0]
    assert json.loads(client(f"/api/documents/{listed['id']}").body)["title"] == listed["title"]
    found = json.loads(client("/api/search?" + urllib.parse.urlencode({"q": "质量论坛", "top": 1})).body)
    assert found[0]["document_id"] == listed["id"]
    assert json.loads(client("/api/status").body)["documents"] == 1


def test_a_document_may_be_named_by_its_path(client: Client, service: Service) -> None:
    (listed,) = service.documents()
    reply = client("/api/documents/" + urllib.parse.quote(listed["source"]))
    assert json.loads(reply.body)["id"] == listed["id"]


def test_an_unexpected_error_is_told_by_its_class_only(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(service, "status", explode)
    reply = client("/api/status")
    assert (reply.status, json.loads(reply.body)) == (500, {"error": "内部错误 ZeroDivisionError"})


def test_a_port_in_use_is_said_so(client: Client, service: Service) -> None:
    with pytest.raises(EnvironmentProblem, match="--port"):
        serve(service, host="127.0.0.1", port=int(client.base.rpartition(":")[2]))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, application/xml;q=0.1", "text/csv"),
        ("text/*", "text/csv"),
        ("image/png, */*;q=0.1", "application/sparql-results+json"),
    ],
)
def test_negotiation_follows_the_clients_weights(accept: str, expected: str) -> None:
    assert negotiate(accept, TABLE_TYPES) == expected


def test_negotiation_refuses_what_is_weighed_zero() -> None:
    with pytest.raises(UsageError):
        negotiate("text/turtle;q=0", GRAPH_TYPES)


def test_the_snapshot_follows_a_new_generation(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 甲方案\n\n一、甲事。\n", encoding="utf-8")
    reader, writer = Service(Settings(home=tmp_path / "home")), Service(Settings(home=tmp_path / "home"))
    writer.ingest([tmp_path / "a.md"])
    assert len(reader.documents()) == 1
    first = reader.snapshot()
    (tmp_path / "b.md").write_text("# 乙方案\n\n一、乙事。\n", encoding="utf-8")
    writer.ingest([tmp_path / "b.md"])
    assert reader.snapshot() is not first
    assert first.folder.is_dir(), "whoever still works with the old one keeps it"
    assert {item["title"] for item in reader.documents()} == {"甲方案", "乙方案"}
