"""The same on every engine: files of this machine; seekdb and `oxigraph serve`; seekdb and Virtuoso.

The five documents of the first corpus, the development questions, the saved queries. A second machine over the same store
answers as the first. What differs is named here, with its reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kg.core.config import Settings
from kg.service import Service
from tests.endpoints import oxigraph, virtuoso
from tests.seekdb import seekdb

pytestmark = pytest.mark.long

_OWN = {"elapsed_ms", "sparql"}
"""Of an answer: not compared. A question is asked in the words that its engine understands."""


@pytest.fixture(scope="module")
def documents(corpus_dir: Path) -> Path:
    return corpus_dir


@pytest.fixture(scope="module")
def questions(gold_dir: Path) -> list[str]:
    found = json.loads((gold_dir / "questions-dev.json").read_text(encoding="utf-8"))
    return [each["question"] for each in found]


@pytest.fixture(scope="module")
def here(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """All on this machine."""
    service = Service(Settings(home=tmp_path_factory.mktemp("here")))
    assert service.ingest([documents])["failed"] == []
    return service


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def there(
    request: pytest.FixtureRequest, documents: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, Service]]:
    """A machine that took the documents in to a database and a graph server, and one that only reads there."""
    with ExitStack() as running:
        server = running.enter_context(seekdb(tmp_path_factory.mktemp("seekdb")))
        folders = [tmp_path_factory.mktemp("graph") for _ in range(2)]
        if request.param == "oxigraph":
            graph = ",".join(running.enter_context(oxigraph(folder)) for folder in folders)
        else:
            graph = running.enter_context(virtuoso(folders[0]))
        store = server.database()
        one, two = (
            Settings(home=tmp_path_factory.mktemp(name), store=store, graph=graph, query_seconds=60.0)
            for name in ("first", "second")
        )
        first = Service(one)
        assert first.ingest([documents])["failed"] == []
        yield first, Service(two)


def _in_any_order(row: tuple[Any, ...]) -> tuple[str, ...]:
    """A row whose lists (GROUP_CONCAT DISTINCT says nothing of their order) are sorted."""
    return tuple("、".join(sorted(re.split("[、；]", str(getattr(term, "lexical", term))))) for term in row)


def test_the_same_facts(here: Service, there: tuple[Service, Service]) -> None:
    ids = [each["id"] for each in here.documents()]
    for service in there:
        assert service.documents() == here.documents()
        assert [service.document(each) for each in ids] == [here.document(each) for each in ids]


def test_the_same_rows_of_all_saved_queries(here: Service, there: tuple[Service, Service]) -> None:
    assert len(here.saved_queries()) == 15
    for query in here.saved_queries():
        wanted, *found = (sorted(map(_in_any_order, service.query(query["text"]).terms)) for service in (here, *there))
        assert found == [wanted, wanted], query["name"]


def test_the_same_answers(here: Service, there: tuple[Service, Service], questions: list[str]) -> None:
    assert len(questions) > 25
    differ: dict[str, Any] = {}
    for question in questions:
        wanted, *found = (_told(service.ask(question)) for service in (here, *there))
        if found != [wanted, wanted]:
            differ[question] = [wanted["answer"], *(each["answer"] for each in found)]
    assert differ == {}


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    rows = sorted(_in_any_order(tuple(row.values())) for row in answer["rows"])
    return {name: value for name, value in answer.items() if name not in _OWN} | {"rows": rows}
