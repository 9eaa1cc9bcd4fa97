"""The REST addresses: the shapes of the command line, pages, filters, and the description that agrees with them."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from starlette.routing import Route

from kg.server import create_app
from kg.service import Service
from tests.server.client import Client, Reply

TITLE = "崇明区2021年质量宣传方案"
JSON = {"Content-Type": "application/json"}


def path(*parts: str, **query: Any) -> str:
    address = "/" + "/".join(urllib.parse.quote(part, safe="") for part in parts)
    return address + ("?" + urllib.parse.urlencode(query) if query else "")


def test_documents_are_those_of_the_command_line(client: Client, service: Service) -> None:
    reply = client("/api/documents")
    assert reply.json() == service.documents()
    assert reply.headers["x-total-count"] == "2"
    (found,) = client(path("api", "documents", year=2021)).json()
    assert found["title"] == TITLE
    for filters, number in (({"q": "质量 宣传"}, 1), ({"q": "质量"}, 2), ({"place": "金山区"}, 1), ({"kind": "无"}, 0)):
        assert len(client(path("api", "documents", **filters)).json()) == number, filters


def test_pages_lead_to_each_other(client: Client, service: Service) -> None:
    first = client("/api/documents?limit=1")
    (link,) = re.findall(r"<(.+)>; rel=\"next\"", first.headers["link"])
    second = client("/api/documents" + link)
    assert first.json() + second.json() == service.documents()
    assert "link" not in second.headers


def test_a_document_by_its_id_its_path_and_its_text(client: Client, service: Service) -> None:
    for listed in service.documents():
        by_id = client(path("api", "documents", listed["id"])).json()
        assert by_id == json.loads(json.dumps(service.document(listed["id"])))
        assert client("/api/documents/" + urllib.parse.quote(listed["source"])).json() == by_id
        reply = client(path("api", "documents", listed["id"], "text"))
        assert (reply.media, reply.text) == ("text/plain", service.text(listed["id"]))


def test_search_and_its_filters(client: Client, service: Service) -> None:
    hits = client(path("api", "search", q="质量论坛", top=1)).json()
    assert hits == service.search("质量论坛", top=1)
    assert {hit["document_id"] for hit in client(path("api", "search", q="质量", year=2022)).json()} == {
        item["id"] for item in service.documents() if item["year"] == 2022
    }


def test_a_search_may_be_of_a_period_and_in_order(client: Client, service: Service) -> None:
    hits = client(path("api", "search", q="质量", since="2022", order="newest")).json()
    assert hits == service.search("质量", since="2022-01-01", order="newest")
    for wrong in ({"since": "昨天"}, {"order": "best"}):
        assert client(path("api", "search", q="质量", **wrong)).status == 400


def test_a_question_may_stand_in_the_body(client: Client) -> None:
    question = "崇明区2021年举办了哪些活动？"
    by_get = client(path("api", "ask", q=question)).json()
    body = json.dumps({"question": question}).encode()
    by_post = client("/api/ask", body=body, headers=JSON).json()
    assert by_get["answerable"]
    assert {**by_get, "elapsed_ms": 0} == {**by_post, "elapsed_ms": 0}


def test_agencies_series_and_queries(client: Client, service: Service) -> None:
    agencies = client("/api/agencies").json()
    assert agencies == service.agencies()["agencies"]
    card = client(path("api", "agencies", agencies[0]["label"])).json()
    assert card["label"] == agencies[0]["label"]
    assert "质量开放日" in {item["name"] for item in client("/api/series").json()}
    assert client(path("api", "series", "质量开放日")).json()["years"] == [2021, 2022]
    names = [query["name"] for query in client("/api/queries").json()]
    reply = client(path("api", "queries", "series-by-place-and-year", series="质量开放日", format="csv"))
    assert "series-by-place-and-year" in names
    assert (reply.media, "崇明区" in reply.text) == ("text/csv", True)
    sheet = client("/api/queries/series-list?format=xlsx")
    assert sheet.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("what", "format_", "beginning"),
    [("graph", "nq", b"<"), ("graph", "ttl", b"@prefix"), ("agencies", "gexf", b"<?xml")],
)
def test_exports(client: Client, what: str, format_: str, beginning: bytes) -> None:
    reply = client(f"/api/export/{what}?format={format_}")
    assert (reply.status, reply.content.startswith(beginning)) == (200, True), reply.content[:80]
    assert f'filename="{what}.{format_}"' in reply.headers["content-disposition"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/documents/none", 404),
        ("/api/documents?limit=0", 400),
        ("/api/documents?limit=1001", 400),
        ("/api/documents?offset=-1", 400),
        ("/api/documents?year=many", 400),
        ("/api/documents?year=2021&year=2022", 400),
        ("/api/search", 400),
        ("/api/search?q=", 400),
        ("/api/search?q=%20", 400),
        ("/api/search?q=x&top=9999", 400),
        ("/api/search?q=x&colour=red", 400),
        ("/api/search?q=%00", 400),
        ("/api/ask", 400),
        ("/api/agencies/none", 404),
        ("/api/series/none", 404),
        ("/api/queries/none", 404),
        ("/api/queries/series-list?none=1", 404),
        ("/api/queries/series-list?format=ttl", 400),
        ("/api/queries/series-list?format=doc", 400),
        ("/api/export/everything", 400),
        ("/api/export/graph?format=gexf", 400),
        ("/api/status?x=1", 400),
        ("/api", 404),
        ("/api/documents/../../etc/passwd", 404),
    ],
)
def test_what_does_not_fit_is_told_in_words(client: Client, address: str, status: int) -> None:
    reply = client(address)
    assert (reply.status, reply.media) == (status, "application/json"), reply.text
    assert any("\u4e00" <= char <= "\u9fff" for char in reply.json()["error"])


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"question": "x"}', {"Content-Type": "text/plain"}, 415),
        (b"{", JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b"[]", JSON, 400),
        (b'{"question": 1}', JSON, 400),
        (b'{"question": ""}', JSON, 400),
        (b'{"question": "x", "other": "y"}', JSON, 400),
        (b'{"q": "x"}', JSON, 400),
    ],
)
def test_a_question_in_a_body_that_does_not_fit(
    client: Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert client("/api/ask", body=body, headers=headers).status == status


# --- the description


@pytest.fixture(scope="module")
def document(client: Client) -> Any:
    return client("/openapi.json").json()


def test_the_description_names_every_route_and_no_other(document: Any, service: Service) -> None:
    described = {(method.upper(), at) for at, item in document["paths"].items() for method in item}
    routes = {
        (method, route.path.replace(":path}", "}"))
        for route in create_app(service).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert routes - described == {("GET", "/"), ("GET", "/openapi.json")}
    assert described - routes == set()


def calls(document: Any, service: Service) -> Iterator[tuple[str, str, Any, dict[str, str]]]:
    """A call of every address under its own description: method, address, operation, body."""
    values = {
        "/api/documents": service.documents()[0]["id"],
        "/api/agencies": service.agencies()["agencies"][0]["label"],
        "/api/series": "质量开放日",
        "/api/queries": "series-list",
        "/api/export": "agencies",
    }
    for at, item in document["paths"].items():
        for method, operation in item.items():
            start = "/".join(at.split("/")[:3])
            address = re.sub(r"\{\w+\}", lambda _, start=start: urllib.parse.quote(values[start]), at)
            query = {
                p["name"]: p.get("example", "质量")
                for p in operation.get("parameters", ())
                if p["in"] == "query" and p.get("required")
            }
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            body = dict.fromkeys(content["schema"]["required"], "质量") if content else {}
            yield method.upper(), address + (f"?{urllib.parse.urlencode(query)}" if query else ""), operation, body


def test_every_reply_is_as_described(client: Client, document: Any, service: Service) -> None:
    for method, address, operation, body in calls(document, service):
        sent = json.dumps(body).encode() if body else b"ASK {}" if method == "POST" else None
        headers = JSON if body else {"Content-Type": "application/sparql-query"}
        reply: Reply = client(address, method=method, body=sent, headers=headers if sent else None)
        assert reply.status == 200, f"{address}: {reply.text}"
        content = operation["responses"]["200"]["content"]
        assert reply.media in content, address
        if reply.media == "application/json":
            jsonschema.validate(reply.json(), content[reply.media]["schema"])
        assert reply.headers["x-request-id"]


def test_the_description_is_openapi(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    for at, item in document["paths"].items():
        for operation in item.values():
            assert operation["summary"]
            parameters = operation.get("parameters", [])
            names = [(p["name"], p["in"]) for p in parameters]
            assert len(names) == len(set(names))
            assert set(re.findall(r"\{(\w+)\}", at)) == {name for name, where in names if where == "path"}
            assert all(p["required"] for p in parameters if p["in"] == "path")
            for schema in [p["schema"] for p in parameters]:
                jsonschema.Draft202012Validator.check_schema(schema)


def test_the_page_for_people_needs_nothing_from_elsewhere(client: Client) -> None:
    reply = client("/")
    assert (reply.status, reply.media) == (200, "text/html")
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert re.findall(r'(?:src|href)="(?:https?:)?//', reply.text) == []
    for link in re.findall(r'href="([^"]+)"', reply.text):
        assert client("/" + link.replace("&amp;", "&")).status == 200, link
