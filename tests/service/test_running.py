"""A query that runs apart, ends with its limit, and can be stopped."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kg.core.config import Settings
from kg.core.errors import QuerySyntaxError, RefusedQuery
from kg.graph.engine import Files
from kg.graph.rdf import Quad, integer
from kg.graph.store import OxigraphStore
from kg.service.running import _SPARES, RunningQuery

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generation")
    store = OxigraphStore(folder / "graph")
    store.add_all(Quad(f"http://a.cn/{n}", "http://a.cn/p", integer(n), "http://a.cn/g") for n in range(400))
    store.flush()
    return folder


@pytest.fixture
def service(folder: Path, tmp_path: Path) -> Any:
    """What a running query asks of the service."""
    store = OxigraphStore(folder / "graph", read_only=True)
    snapshot = SimpleNamespace(folder=folder, store=store, graph=Files(folder))
    return lambda **settings: SimpleNamespace(settings=Settings(home=tmp_path, **settings), snapshot=lambda: snapshot)


def test_a_query_gives_its_result(service: Any):
    running = RunningQuery(service(), "SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o LIMIT 2")
    assert running.result().rows == [(0,), (1,)]
    assert running.wait(0)


def test_an_error_is_told_with_its_place(service: Any):
    with pytest.raises(QuerySyntaxError) as told:
        RunningQuery(service(), "SELECT * WHERE {\n ?s ?p }").result()
    assert told.value.line == 2


@pytest.mark.parametrize(("settings", "limit"), [({"query_rows": 3}, "rows"), ({"query_seconds": 1.0}, "time")])
def test_limits_hold(service: Any, settings: dict[str, Any], limit: str):
    query = "SELECT * WHERE { ?s ?p ?o }" if limit == "rows" else ENDLESS
    with pytest.raises(RefusedQuery) as told:
        RunningQuery(service(**settings), query).result()
    assert told.value.context["limit"] == limit


def test_stopping_ends_the_process_and_lets_the_next_one_run(service: Any):
    asked = service(query_seconds=300.0, query_workers=1)
    running = RunningQuery(asked, ENDLESS)
    worker = running._worker
    assert worker is not None
    while worker._process is None:
        time.sleep(0.01)
    process = worker._process
    running.stop()
    assert process.poll() is not None
    with pytest.raises(RefusedQuery, match="停止"):
        running.result()
    assert RunningQuery(asked, "ASK {}").result().boolean


def test_what_has_ended_stays_as_it_is(service: Any):
    running = RunningQuery(service(), "ASK {}")
    assert running.result().boolean
    running.stop()
    assert running.result().boolean


def test_the_next_query_finds_the_process_running(service: Any):
    asked = service()
    graph, memory = asked.snapshot().folder / "graph", asked.settings.query_memory_mb
    RunningQuery(asked, "ASK {}").result()
    spare = _SPARES.take(graph, memory)
    process = spare._process
    assert process is not None
    _SPARES.give(spare)
    assert RunningQuery(asked, "ASK {}").result().boolean
    again = _SPARES.take(graph, memory)
    _SPARES.give(again)
    assert again._process is process
    assert process.poll() is None


def test_a_process_on_another_graph_ends(service: Any, tmp_path: Path):
    RunningQuery(service(), "ASK {}").result()
    first = _SPARES.take(service().snapshot().folder / "graph", 512)
    _SPARES.take(tmp_path, 512)
    _SPARES.give(first)
    assert first._process is None
