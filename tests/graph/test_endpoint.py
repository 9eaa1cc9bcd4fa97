"""The client of an endpoint: what it sends, what it refuses, what it says when something is wrong."""

from __future__ import annotations

import logging
import socket
import time

import pytest

from kg.core.errors import EnvironmentProblem, QuerySyntaxError, RefusedQuery, UsageError
from kg.graph.addresses import addresses, fingerprint
from kg.graph.asking import Request
from kg.graph.deadline import EndpointRunner
from kg.graph.dialect import prepared, term_back, variable_back
from kg.graph.endpoint import EndpointStore
from kg.graph.rdf import Literal, Quad, integer, text, zh
from kg.graph.sparql import Limits, run
from kg.graph.store import OxigraphStore
from tests.endpoints import Between, free_port, oxigraph

A, B, P, G, H = "http://x/a", "http://x/b", "http://x/p", "http://x/g", "http://x/h"
MANY = [Quad(f"http://x/s{number}", P, integer(number), G) for number in range(2500)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        yield url


@pytest.fixture
def between(server):
    proxy = Between(server)
    yield proxy
    proxy.close()


@pytest.fixture
def store(between):
    (address,) = addresses(between.url)
    store = EndpointStore(address, within="http://x/")
    store.clear()
    between.requests.clear()
    return store


@pytest.mark.parametrize(
    ("setting", "shown", "updates"),
    [
        ("http://h:7878/query", "http://h:7878/query", "/update"),
        ("https://h/ds/query", "https://h/ds/query", "/ds/update"),
        ("http://h:8890/sparql", "http://h:8890/sparql", "/sparql"),
        ("http://h:80/sparql", "http://h/sparql", "/sparql"),
        ("http://h/repositories/r", "http://h/repositories/r", "/repositories/r/statements"),
        ("http://[::1]:7878/query", "http://[::1]:7878/query", "/update"),
    ],
)
def test_where_an_endpoint_takes_updates(setting, shown, updates):
    (address,) = addresses(setting)
    assert (address.shown, address.updates) == (shown, updates)


def test_a_password_is_in_nothing_that_is_shown():
    (address,) = addresses("http://li:s%40cret@h:7878/query")
    assert address.shown == fingerprint("http://li:s%40cret@h:7878/query") == "http://h:7878/query"
    assert "s@cret" not in repr(address)
    assert address.authorization == "Basic bGk6c0BjcmV0"
    assert addresses("") == []


@pytest.mark.parametrize(
    "setting",
    [
        *("ftp://h/x", "h:7878/query", "http://", "http://h/q?x=1", "http://h:x/q", "http://h/q q"),
        *("http://u:s3cret@h/x#y", "http://u:12/s3cret@h/q", "http://a/q;http://b/q", "http://h:0/q", "http://a..b/q"),
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(setting):
    with pytest.raises(UsageError, match="POLICYKG_GRAPH") as caught:
        addresses(setting)
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize("setting", ["http://a/q,http://b/q,http://c/q", "http://a/q,http://u:p@a/q"])
def test_one_or_two_different_endpoints(setting):
    with pytest.raises(UsageError, match="一个或两个不同的端点"):
        addresses(setting)


def test_the_password_is_sent_and_not_told(server, caplog):
    caplog.set_level(logging.DEBUG)
    proxy = Between(server)
    (address,) = addresses(proxy.url.replace("http://", "http://li:s3cret@"))
    store = EndpointStore(address)
    list(store.query("ASK { ?s ?p ?o }").rows)
    assert proxy.requests[-1][2]["Authorization"].startswith("Basic ")
    for status in (401, 404, 500):
        proxy.answers = [status]
        with pytest.raises(EnvironmentProblem, match=str(status)) as caught:
            store.query("ASK { ?s ?p ?o }")
        assert "s3cret" not in caught.value.message
        assert proxy.url in caught.value.message
    proxy.close()
    assert "s3cret" not in caplog.text


def test_nobody_there_is_told_in_one_sentence():
    (address,) = addresses(f"http://li:s3cret@127.0.0.1:{free_port()}/query")
    begun = time.monotonic()
    with pytest.raises(EnvironmentProblem, match="拒绝连接") as caught:
        EndpointStore(address).graphs()
    assert time.monotonic() - begun < 5
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize("answers", [[503, 502], [0], [504, 0]])
def test_what_was_not_answered_is_asked_again(store, between, answers):
    store.server  # noqa: B018 - asked for once
    store.replace_graph(G, [Quad(A, P, B, G)])
    store.flush()
    between.answers = list(answers)
    assert list(store.quads(A)) == [Quad(A, P, B, G)]


def test_an_update_is_sent_again_where_it_was_not_taken(store, between):
    store.replace_graph(G, [Quad(A, P, B, G)])
    between.answers = [503]
    store.flush()
    assert list(store.quads(A)) == [Quad(A, P, B, G)]


@pytest.mark.parametrize("answer", [504, 502, 0])
def test_an_update_that_may_have_arrived_is_not(store, between, answer):
    store.replace_graph(G, [Quad(A, P, B, G)])
    between.answers = [answer]
    before = len(between.updates)
    with pytest.raises(EnvironmentProblem):
        store.flush()
    assert len(between.updates) == before + 1


def test_a_server_that_is_silent_is_not_waited_for_long():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        (address,) = addresses(f"http://127.0.0.1:{silent.getsockname()[1]}/query")
        begun = time.monotonic()
        with pytest.raises(EnvironmentProblem, match="没有答复"):
            EndpointStore(address, patience=0.5).exchange.send("/query", b"", {})
        assert time.monotonic() - begun < 5


def test_an_answer_that_its_server_broke_off_is_over_time(store, monkeypatch):
    from dataclasses import replace

    send = store.exchange.send
    broken = b'{"head":{"vars":["s"]},"results":{"bindings":[The SPARQL operation has been cancelled'
    monkeypatch.setattr(store.exchange, "send", lambda *a, **k: replace(send(*a, **k), body=broken))
    with pytest.raises(EnvironmentProblem, match="没有答完"):
        store.query("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(RefusedQuery, match="时限"):
        store.asked("SELECT ?s { ?s ?p ?o }", seconds=3.0)


def test_it_is_not_tried_for_ever(store, between):
    between.answers = [503] * 10
    with pytest.raises(EnvironmentProblem, match="503"):
        store.graphs()
    assert len(between.answers) == 6


def test_no_more_than_a_thousand_statements_an_update(store, between):
    store.change_graph(G, [], MANY)
    store.flush()
    assert [body.count(f"<{P}>") for body in between.updates] == [1000, 1000, 500]
    assert len(store) == 2500
    store.replace_graph(G, MANY[1:])
    store.flush()
    assert between.updates[-1].count(f"<{P}>") == 1
    assert between.updates[-1].startswith("DELETE DATA")


def test_changes_of_several_graphs_go_together(store, between):
    store.replace_graph(G, [Quad(A, P, B, G)])
    store.replace_graph(H, [Quad(A, P, B, H)])
    assert between.updates == []
    assert len(list(store.quads(A))) == 2
    assert len(between.updates) == 1


def test_what_is_ours_is_told_from_the_rest(server):
    (address,) = addresses(server)
    everything = EndpointStore(address)
    everything.replace_graph("http://other/g", [Quad(A, P, B, "http://other/g")])
    everything.flush()
    store = EndpointStore(address, within="http://x/")
    store.clear()
    assert (len(store), store.graphs(), list(store.quads(A))) == (0, [], [])
    assert everything.graphs() == ["http://other/g"]
    everything.clear()


@pytest.mark.parametrize("iri", ["http://x/a> } ; DROP ALL", "http://x/ a", "", "_:b", 'http://x/"', "http://x/\n"])
def test_what_is_no_iri_is_not_sent(store, between, iri):
    for call in (
        lambda: list(store.quads(iri)),
        lambda: store.query("SELECT ?s WHERE { ?s ?p ?o }", bindings={"s": iri}),
        lambda: (store.change_graph(G, [], [Quad(iri, P, B, G)]), store.flush()),
        lambda: store.query("ASK { ?s ?p ?o }", base=iri or " "),
    ):
        with pytest.raises(UsageError, match="IRI"):
            call()
    assert between.updates == []


def test_a_text_cannot_end_the_query(store):
    bad = text('"} } ; DROP ALL #\\')
    store.replace_graph(G, [Quad(A, P, bad, G), Quad(A, P, zh("甲"), G)])
    assert list(store.query("SELECT ?s ?o WHERE { ?s ?p ?o }", bindings={"o": bad}).rows) == [(A, bad)]
    with pytest.raises(UsageError):
        store.query("SELECT ?o WHERE { ?s ?p ?o }", bindings={"o": Literal("x", lang="zh> }")})
    with pytest.raises(UsageError, match="变量名"):
        store.query("SELECT ?o WHERE { ?s ?p ?o }", bindings={"o } #": A})


def test_a_comment_at_the_end_hides_no_values(store):
    store.replace_graph(G, [Quad(A, P, B, G), Quad(B, P, A, G)])
    assert list(store.query("SELECT ?s WHERE { ?s ?p ?o } # all", bindings={"s": A}).rows) == [(A,)]


def test_the_place_of_a_fault_is_that_of_the_query_as_it_was_written(store):
    query = "SELECT ?s WHERE { ?s a pkg:Document } }"
    with pytest.raises(QuerySyntaxError) as here:
        OxigraphStore().query(query)
    with pytest.raises(QuerySyntaxError) as caught:
        store.query(query)
    assert (caught.value.line, caught.value.column) == (1, here.value.column)
    with pytest.raises(QuerySyntaxError) as caught:
        store.query("SELECT ?s WHERE {\n  ?s ?p } }")
    assert (caught.value.line, caught.value.column) == (2, 11)


def test_a_prefix_of_the_query_beats_the_usual_one(store):
    store.replace_graph(G, [Quad(A, P, B, G)])
    assert list(store.query("PREFIX pkg: <http://x/> SELECT ?o WHERE { ?s pkg:p ?o }").rows) == [(B,)]


@pytest.mark.parametrize("query", ["SELECT * { SERVICE <http://h/q> { ?s ?p ?o } }", "DROP ALL", "LOAD <http://h/x>"])
def test_service_and_updates_never_reach_it(store, between, query):
    with pytest.raises(RefusedQuery):
        run(store, query, limits=Limits(5.0))
    with pytest.raises(RefusedQuery, match="不在库中"):
        run(store, "SELECT * FROM <http://h/x> { ?s ?p ?o }", limits=Limits(5.0))
    assert not any("SERVICE" in body or "DROP" in body or "http://h/x" in body for _, body, _ in between.requests)


def test_limits_on_rows_bytes_and_time(store):
    store.add_all(MANY)
    query = "SELECT ?s ?o WHERE { ?s ?p ?o }"
    assert len(run(store, query, limits=Limits(20.0, rows=2500)).terms) == 2500
    with pytest.raises(RefusedQuery) as caught:
        run(store, query, limits=Limits(20.0, rows=2499))
    assert caught.value.context["limit"] == "rows"
    wide = "SELECT * WHERE { ?s ?p ?o . ?a ?b ?c FILTER (?o < 20) }"
    with pytest.raises(RefusedQuery) as caught:
        run(store, wide, limits=Limits(20.0, result_mb=1))
    assert caught.value.context["limit"] == "bytes"
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c + ?f = ?i * 3) }"
    begun = time.monotonic()
    with pytest.raises(RefusedQuery) as caught:
        run(store, endless, limits=Limits(0.5))
    assert caught.value.context["limit"] == "time"
    assert time.monotonic() - begun < 5


def test_a_running_query_can_be_ended_by_another_thread(store):
    import threading

    store.add_all(MANY)
    runner = EndpointRunner(store, size=1)
    threading.Timer(0.5, runner.close).start()
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c + ?f = ?i * 3) }"
    with pytest.raises(RefusedQuery) as caught:
        runner.run(Request(endless, {}, 10, union=True), seconds=60)
    assert caught.value.context["limit"] == "stopped"
    assert runner.run(Request("ASK { ?s ?p 1 }", {}, 10, union=True), seconds=60).kind == "ask"


def test_a_default_graph_that_is_no_union_is_told(store, between, monkeypatch):
    store.replace_graph(G, [Quad(A, P, B, G)])
    store.require_union(A)
    from kg.graph import endpoint

    monkeypatch.setattr(
        endpoint, "urlencode", lambda fields: _plain([f for f in fields if f[0] != "union-default-graph"])
    )
    with pytest.raises(EnvironmentProblem, match="并集"):
        store.require_union(A)


def _plain(fields):
    from urllib.parse import urlencode

    return urlencode(fields)


@pytest.mark.parametrize("header", [{"X-SPARQL-MaxRows": "10000"}, {"X-SQL-State": "S1TAT"}])
def test_an_answer_that_was_cut_short_is_no_answer(store, monkeypatch, header):
    from dataclasses import replace

    send = store.exchange.send
    low = {name.lower(): value for name, value in header.items()}
    monkeypatch.setattr(
        store.exchange, "send", lambda *a, **k: replace(found := send(*a, **k), headers={**found.headers, **low})
    )
    with pytest.raises((EnvironmentProblem, RefusedQuery), match=r"行数上限|时限"):
        store.graphs()


def test_what_virtuoso_gets_is_ascii_where_it_must_be_and_read_back():
    query = 'SELECT ?名称 (REPLACE(GROUP_CONCAT(?x; SEPARATOR = "、"), "、、", "、") AS ?y) { ?s ?p ?名称 FILTER(?x = "甲") }'
    sent = prepared(query, bindings={}, base=None, is_virtuoso=True)
    assert "名" not in sent.text
    assert '"甲"' in sent.text
    assert '"~u003001~~u003001~"' in sent.text
    import re

    (name,) = set(re.findall(r"\?(x_u_\w+)", sent.text))
    assert variable_back(name) == "名称"
    assert term_back(text("甲~u003001~乙")) == text("甲、乙")
    assert prepared(query, bindings={}, base=None, is_virtuoso=False).text == query
