"""Who may ask, what is counted, what is logged."""

from __future__ import annotations

import dataclasses
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, UsageError
from kg.server import create_app, serve
from kg.server.observing import LOG, JsonLines
from kg.service import Service
from tests.server.client import Client, running

TOKEN = "一个很长的令牌-0123456789"  # noqa: S105 - the test's own
ORIGIN = "https://portal.example"


@pytest.fixture(scope="module")
def closed(served: Path) -> Iterator[Client]:
    """A server with a token, for one other origin, under any name."""
    service = Service(Settings(home=served, server_token=TOKEN, server_origins=ORIGIN))
    with running(create_app(service, hosts=("*",))) as client:
        yield client
    service.close()


def until(condition: Callable[[], bool]) -> None:
    """A reply reaches the client before the server has written its line."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": b"Bearer ".decode() + token.encode().decode("latin-1")}


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/api/status", "/metrics", "/", "/openapi.json", "/none"])
def test_without_the_token_nothing_is_told(closed: Client, path: str) -> None:
    for headers in ({}, bearer("wrong"), {"Authorization": "Basic eDp5"}, bearer(""), bearer(TOKEN[:-1])):
        reply = closed(path, headers=headers)
        assert (reply.status, reply.headers["www-authenticate"]) == (401, 'Bearer realm="policykg"')
        assert "Authorization: Bearer" in reply.json()["error"]
    assert closed(path, headers=bearer(TOKEN)).status == (404 if path == "/none" else 200)


def test_health_needs_no_token(closed: Client) -> None:
    assert closed("/health").json() == {"status": "ok", "generation": 1}
    assert closed("/health", headers={"Host": "anything.example"}).status == 200


def test_cors_is_off_by_default(client: Client, closed: Client) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    assert "access-control-allow-origin" not in client("/api/status", headers={"Origin": ORIGIN}).headers
    assert client("/api/status", method="OPTIONS", headers=asked).status == 405
    assert closed("/api/status", method="OPTIONS", headers=asked).headers["access-control-allow-origin"] == ORIGIN
    reply = closed("/api/status", headers={"Origin": ORIGIN, **bearer(TOKEN)})
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    other = closed("/api/status", headers={"Origin": "https://evil.example", **bearer(TOKEN)})
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:7879", 200),
        ("[::1]:7879", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("", 400),
    ],
)
def test_another_hosts_name_is_refused(client: Client, host: str, status: int) -> None:
    assert client("/health", headers={"Host": host}).status == status


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - it is what must be refused
def test_an_address_that_others_reach_needs_a_token(service: Service, host: str) -> None:
    with pytest.raises(UsageError, match="POLICYKG_SERVER_TOKEN"):
        serve(service, host=host, port=0)


def test_a_port_in_use_is_said_so(service: Service) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(EnvironmentProblem, match="--port"):
            serve(service, host="127.0.0.1", port=taken.getsockname()[1])


def test_nothing_published_is_told_and_counted(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path))
    with running(create_app(service)) as client:
        for path in ("/health", "/api/documents", "/sparql?query=ASK%7B%7D"):
            reply = client(path)
            assert (reply.status, "policykg ingest" in reply.json()["error"]) == (503, True)
        assert "policykg_generation 0.0" in client("/metrics").text


def test_metrics_count_by_template_and_status(served: Path) -> None:
    service = Service(Settings(home=served))
    with running(create_app(service)) as client:
        for path in ("/api/documents/none", "/api/documents/other", "/secret/path", "/api/status"):
            client(path)
        client("/api/status", method="BREW")
        text = client("/metrics").text
    service.close()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    counted = {
        (s.labels["method"], s.labels["route"], s.labels["status"]): s.value
        for s in families["policykg_requests"].samples
        if s.name.endswith("_total")
    }
    assert counted == {
        ("GET", "/api/documents/{name}", "404"): 2,
        ("GET", "other", "404"): 1,
        ("GET", "/api/status", "200"): 1,
        ("other", "other", "405"): 1,
    }
    assert "secret" not in text
    assert families["policykg_generation"].samples[0].value == 1
    assert families["policykg_documents"].samples[0].value == 2
    assert families["process_resident_memory_bytes"].samples[0].value > 1 << 20
    assert any(s.name.endswith("_bucket") for s in families["policykg_request_seconds"].samples)


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """The lines that the server writes."""
    lines: list[dict[str, Any]] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(JsonLines().format(record)))

    handler = Keeping()
    level = LOG.level
    LOG.setLevel(logging.INFO)
    LOG.addHandler(handler)
    yield lines
    LOG.removeHandler(handler)
    LOG.setLevel(level)


def test_a_log_line_tells_neither_who_nor_what(client: Client, logged: list[dict[str, Any]]) -> None:
    client("/api/ask?q=%E5%BC%A0%E4%B8%89", headers={"X-Request-ID": "abc-1", "User-Agent": "secret-agent"})
    client("/api/documents/secret-name", headers={"X-Request-ID": "no good\t"})
    until(lambda: len(logged) == 2)
    first, second = logged
    assert {**first, "time": 0, "ms": 0} == {
        "time": 0,
        "level": "info",
        "event": "request",
        "id": "abc-1",
        "method": "GET",
        "route": "/api/ask",
        "status": 200,
        "ms": 0,
    }
    assert (second["route"], len(str(second["id"]))) == ("/api/documents/{name}", 32)
    said = json.dumps([first, second], ensure_ascii=False)
    assert not any(word in said for word in ("张三", "%E5", "127.0.0.1", "secret"))


def test_an_unexpected_error_is_told_by_its_class_only(
    service: Service, logged: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(service, "status", explode)
    with running(create_app(service)) as client:
        reply = client("/api/status")
    assert (reply.status, "ZeroDivisionError" in reply.json()["error"]) == (500, True)
    until(lambda: len(logged) == 2)
    failure, request = logged
    assert (failure["event"], failure["error"], request["status"]) == ("failure", "ZeroDivisionError", 500)
    assert any("test_guard.py" in str(place) for place in failure["at"])
    assert "secret" not in reply.text + json.dumps([failure, request])


@pytest.mark.long
def test_a_new_generation_is_served_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 甲方案\n\n一、甲事。\n", encoding="utf-8")
    settings = Settings(home=tmp_path / "home")
    reader, writer = Service(settings), Service(dataclasses.replace(settings))
    writer.ingest([tmp_path / "a.md"])
    with running(create_app(reader)) as client:
        first = client("/api/documents")
        held = reader.snapshot()
        (tmp_path / "b.md").write_text("# 乙方案\n\n一、乙事。\n", encoding="utf-8")
        writer.ingest([tmp_path / "b.md"])
        tag = {"If-None-Match": first.headers["etag"]}
        assert held.folder.is_dir(), "whoever still works with the old one keeps it"
        reply = client("/api/documents", headers=tag)
        assert (reply.status, {item["title"] for item in reply.json()}) == (200, {"甲方案", "乙方案"})
        titles = client.query("SELECT ?t { ?d a pkg:Document ; dcterms:title ?t }", accept="text/csv").text
        assert {"甲方案", "乙方案"} <= set(titles.splitlines())
    for service in (reader, writer):
        service.close()
