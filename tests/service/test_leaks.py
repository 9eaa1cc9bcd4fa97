"""Every face and every file, searched for forty contacts: none may be shown unless it was asked for."""

from __future__ import annotations

import io
import json
import logging
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.core.config import Settings
from kg.server import create_app
from kg.service import Service
from kg.service.duties import duties_docx
from kg.service.reports import FORMATS, answer_file
from tests.server.client import running
from tests.service.contacts import STAY, secrets, write_documents

pytestmark = pytest.mark.long

QUESTIONS = (
    "联系人是谁",
    "联系电话是多少",
    "2021年青浦区质量月活动总结报给谁",
    "经办人的邮箱是什么",
    "青浦区市场监督管理局负责哪些活动？",
    "哪些文件引用了质量强国建设纲要？",
    "第1项质量宣传活动什么时候完成",
    "值班手机是多少",
    "材料发至哪里",
    "谁值班",
    "有哪些数字",
)
HIDDEN = [form for secret in secrets() for form in secret.hidden]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("leaks")
    made = Service(Settings(home=folder / "home", embedder="default"))
    assert made.ingest(write_documents(folder))["added"] == 5
    yield made
    made.close()


def leaks(data: bytes | str) -> list[str]:
    """The secrets in some output; the parts of office files are looked into."""
    if isinstance(data, bytes) and data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return [found for name in book.namelist() for found in leaks(book.read(name))]
    if isinstance(data, bytes):
        return [form for form in HIDDEN if form.encode() in data or form.encode("utf-16-le") in data]
    return [form for form in HIDDEN if form in data]


def told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _faces(service: Service, folder: Path) -> Iterator[tuple[str, bytes | str]]:
    documents = service.documents()
    yield "documents", told(documents)
    for item in documents:
        name = item["id"]
        yield f"document {item['source']}", told(service.document(name))
        yield f"text {item['source']}", service.text(name)
        yield f"reading {item['source']}", told(service.reading(name))
        yield f"highlights {item['source']}", told(service.highlights(name))
        size = len(service.text(name))
        for start in range(0, size, 40):
            yield "context", told(service.passage_context(name, start, min(start + 40, size)))
            yield "similar", told(service.similar_passages(name, start, start + 40))
        yield "related", told(service.related_documents(name))
        yield "basis", told(service.basis(document=name))
        yield "counterparts", told(service.counterparts(name))
        compared = service.compare(documents[0]["id"] if item is not documents[0] else documents[1]["id"], name)
        yield "compare", told(compared)
        for format_ in ("xlsx", "docx"):
            yield f"comparison.{format_}", service.comparison_file(compared, format_)
    for words in (*QUESTIONS, "质量宣传", *HIDDEN[::7]):
        # the words that were asked for come back as they were typed: what is looked for is everything else
        yield f"search {words}", told(service.search(words, top=50)).replace(words, "")
        yield "facets", told(service.search_facets(words))
    for question in QUESTIONS:
        answer = service.ask(question)
        yield f"ask {question}", told(answer).replace(question, "")
        for format_ in FORMATS:
            yield f"answer.{format_}", answer_file(service, answer, format_)
    for query in (
        "SELECT * WHERE { ?s ?p ?o }",
        "SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?x WHERE { ?s ?p ?o BIND(CONCAT('_', STR(?o)) AS ?x) }",
    ):
        for format_ in ("json", "csv", "tsv", "xml", "table"):
            yield f"sparql.{format_}", service.sparql_bytes(query, format_)
    yield "sparql.xlsx", service.sparql_bytes("SELECT ?o WHERE { ?s ?p ?o FILTER(ISLITERAL(?o)) }", "xlsx")
    yield "construct", service.sparql_bytes("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "ttl")
    for saved in service.saved_queries():
        yield f"saved {saved['name']}", told(service.sparql(service.saved_query(saved["name"])))
    for what, formats in (("graph", ("nq", "ttl", "jsonld")), ("agencies", ("graphml", "gexf"))):
        for format_ in formats:
            service.export(what, format_, folder / "out")
            yield f"export {what}.{format_}", (folder / "out").read_bytes()
    for agency in service.agencies()["agencies"]:
        yield "agency", told(service.agency(agency["label"]))
    yield "picture", told(service.agency_picture(everything=True))
    yield "assignments", told(service.assignments())
    yield "duties.docx", duties_docx(service)
    yield "topics", told(service.topics())
    yield "evolution", told(service.evolution())
    yield "notices", told(service.notices())
    yield "audit", told(service.audit())
    yield "check", told(service.check())
    yield "status", told(service.status())
    for path in (service.settings.home / "generations").rglob("*"):
        if path.is_file():
            yield f"file {path.name}", path.read_bytes()


def test_no_face_and_no_file_shows_a_contact(service: Service, tmp_path: Path) -> None:
    shown = {face: found for face, data in _faces(service, tmp_path) if (found := leaks(data))}
    assert shown == {}


def test_what_is_no_contact_is_shown(service: Service) -> None:
    text = "\n".join(service.text(item["id"]) for item in service.documents())
    assert [words for words in STAY if words not in text] == []


def test_who_has_the_right_sees_all_of_them(service: Service, tmp_path: Path) -> None:
    ids = [item["id"] for item in service.documents()]
    text = "\n".join(service.text(name, with_contacts=True) for name in ids)
    assert [s.hidden[0] for s in secrets() if not any(form in text for form in s.hidden)] == []
    found = told(service.search("联系人 电话", top=200, with_contacts=True))
    found += told([service.document(name, with_contacts=True) for name in ids])
    service.export("graph", "nq", tmp_path / "all.nq", with_contacts=True)
    assert len(leaks(found)) > len(HIDDEN) / 2
    # in the graph are those that are read as contacts; half of the shapes are written so that nobody takes them for any
    assert len(leaks((tmp_path / "all.nq").read_bytes())) > len(HIDDEN) / 3
    assert leaks(told(service.ask("值班手机是多少", with_contacts=True)))
    actions = {(entry["action"], entry["detail"].get("what")) for entry in service.audit()}
    assert {("contacts", what) for what in ("text", "search", "document", "ask")} <= actions


def test_the_server_shows_none_and_logs_none(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with running(create_app(service)) as client:
        ids = [item["id"] for item in client("/api/documents").json()]
        quoted = [urllib.parse.quote(question) for question in QUESTIONS]
        paths = [
            *(f"/api/documents/{name}{tail}" for name in ids for tail in ("", "/text")),
            *(f"/api/search?q={question}&top=100" for question in quoted),
            *(f"/api/ask?q={question}" for question in quoted),
            *("/api/agencies", "/api/series", "/api/export/graph", "/api/export/graph?format=ttl", "/metrics"),
            "/sparql?query=" + urllib.parse.quote("SELECT ?o WHERE { ?s ?p ?o }"),
        ]
        for path in paths:
            reply = client(path)
            assert reply.status == 200, path
            question = urllib.parse.unquote(path.partition("q=")[2].partition("&")[0]) or "\0"
            assert leaks(reply.text.replace(question, "")) == [], path
    assert leaks(caplog.text) == []
