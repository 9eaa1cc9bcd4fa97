"""One contract, run on each store."""

from __future__ import annotations

import pytest

from kg.core.errors import EnvironmentProblem, QuerySyntaxError, UsageError
from kg.graph.addresses import addresses
from kg.graph.endpoint import EndpointStore
from kg.graph.rdf import Quad, integer, text, zh
from kg.graph.store import OxigraphStore, RdflibStore, parse_turtle, serialize
from tests.endpoints import oxigraph, virtuoso

A, B, P, Q = "http://x/a", "http://x/b", "http://x/p", "http://x/q"
G, H = "http://x/g", "http://x/h"


@pytest.fixture(scope="module")
def oxigraph_server(tmp_path_factory):
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        yield url


@pytest.fixture(scope="module")
def virtuoso_server(tmp_path_factory):
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as url:
        yield url


@pytest.fixture(
    params=["memory", "disk", "rdflib", "oxigraph", pytest.param("virtuoso", marks=pytest.mark.long)],
)
def store(request, tmp_path):
    if request.param == "rdflib":
        return RdflibStore()
    if request.param in ("oxigraph", "virtuoso"):
        (address,) = addresses(request.getfixturevalue(f"{request.param}_server"))
        store = EndpointStore(address, within="http://x/")
        store.clear()
        return store
    return OxigraphStore(tmp_path / "graph" if request.param == "disk" else None)


def rows(store, query, **bindings):
    return sorted(store.query(query, bindings=bindings).rows, key=str)


def test_starts_empty(store):
    assert len(store) == 0
    assert store.graphs() == []


def test_replace_graph_holds_exactly_the_new_quads(store):
    first = [Quad(A, P, zh("旧"), G), Quad(A, P, integer(1), G), Quad(A, Q, B, G)]
    store.replace_graph(G, first)
    assert set(store.quads()) == set(first)
    second = [Quad(A, P, zh("新"), G), Quad(A, Q, B, G)]
    store.replace_graph(G, second)
    assert set(store.quads()) == set(second)
    assert len(store) == 2


def test_replacing_one_graph_leaves_the_others(store):
    store.replace_graph(G, [Quad(A, P, B, G)])
    store.replace_graph(H, [Quad(A, P, B, H)])
    store.replace_graph(G, [])
    assert store.graphs() == [H]
    assert list(store.quads()) == [Quad(A, P, B, H)]


def test_replace_refuses_quads_of_another_graph(store):
    with pytest.raises(ValueError, match="another graph"):
        store.replace_graph(G, [Quad(A, P, B, H)])
    assert len(store) == 0


def test_quads_by_pattern(store):
    store.add_all([Quad(A, P, zh("甲"), G), Quad(A, P, text("甲"), G), Quad(B, P, A, H)])
    assert list(store.quads(B)) == [Quad(B, P, A, H)]
    assert list(store.quads(None, None, zh("甲"))) == [Quad(A, P, zh("甲"), G)]
    assert list(store.quads(None, None, A)) == [Quad(B, P, A, H)]
    assert {q.subject for q in store.quads(None, P)} == {A, B}
    assert len(list(store.quads(graph=G))) == 2
    assert list(store.quads(A, Q)) == []


@pytest.mark.parametrize("value", ['"', "\\", "a\nb\r\tc", "\\u0041", "}\n# <x> '''", "𠀀质量\u2028"])
def test_text_survives(store, value):
    store.replace_graph(G, [Quad(A, P, text(value), G), Quad(A, P, zh(value), G)])
    assert {q.object for q in store.quads()} == {text(value), zh(value)}


def test_queries_see_the_union_of_all_graphs(store):
    store.add_all([Quad(A, P, B, G), Quad(B, P, A, H)])
    assert rows(store, f"SELECT DISTINCT ?s WHERE {{ ?s <{P}> ?o }}") == [(A,), (B,)]
    assert rows(store, f"SELECT ?g WHERE {{ GRAPH ?g {{ <{A}> <{P}> ?o }} }}") == [(G,)]


def test_bindings_restrict_a_variable(store):
    store.add_all([Quad(A, P, zh("甲"), G), Quad(B, P, zh("乙"), G)])
    assert rows(store, f"SELECT ?s ?label WHERE {{ ?s <{P}> ?label }}", label=zh("乙")) == [(B, zh("乙"))]


def test_oxigraph_refuses_to_bind_what_is_not_returned():
    with pytest.raises(UsageError, match="SELECT"):
        OxigraphStore().query("SELECT ?s WHERE { ?s ?p ?label }", bindings={"label": zh("乙")})


def test_forms_of_query(store):
    store.add_all([Quad(A, P, integer(3), G)])
    ask = store.query(f"ASK {{ <{A}> ?p 3 }}")
    assert (ask.kind, [row[0].lexical for row in ask.rows]) == ("ask", ["true"])
    construct = store.query(f"CONSTRUCT {{ ?s <{Q}> ?o }} WHERE {{ ?s <{P}> ?o }}")
    assert (construct.kind, list(construct.rows)) == ("construct", [(A, Q, integer(3))])
    select = store.query(f"SELECT ?s ?none WHERE {{ ?s <{P}> ?o OPTIONAL {{ ?o ?x ?none }} }}")
    assert (select.variables, list(select.rows)) == (("s", "none"), [(A, None)])


def test_changes_are_seen_by_whatever_is_read_next(store):
    store.replace_graph(G, [Quad(A, P, B, G), Quad(A, Q, B, G)])
    store.change_graph(G, [Quad(A, P, B, G)], [Quad(B, P, A, G)])
    assert set(store.quads(graph=G)) == {Quad(A, Q, B, G), Quad(B, P, A, G)}
    store.change_graph(H, [], [Quad(A, P, B, H)])
    assert rows(store, f"SELECT ?s WHERE {{ ?s <{P}> ?o }}") == [(A,), (B,)]
    assert len(store) == 3
    store.change_graph(H, [Quad(A, Q, B, H), Quad(A, P, B, H)], [Quad(A, P, B, H)])  # not held; taken out and put back
    assert set(store.quads(graph=H)) == {Quad(A, P, B, H)}


def test_oxigraph_knows_by_how_much_it_has_grown():
    store = OxigraphStore()
    store.replace_graph(G, [Quad(A, P, B, G), Quad(A, Q, B, G), Quad(B, Q, B, G)])
    store.replace_graph(G, [Quad(A, P, B, G), Quad(B, P, B, G)])
    assert store.grown == len(store) == 2
    store.change_graph(G, [Quad(A, P, B, G), Quad(A, P, A, G)], [Quad(B, P, A, G), Quad(B, P, B, G)] * 2)
    assert store.grown == len(store) == 2
    store.change_graph(G, [Quad(B, P, B, G)], [Quad(B, P, B, G), Quad(A, P, B, G)])
    assert store.grown == len(store) == 3
    store.replace_graph(G, [])
    assert store.grown == len(store) == 0
    store.add_all([Quad(A, P, B, G)])
    assert store.grown is None


def test_who_is_spoken_of_in_some_graphs(store):
    store.add_all([Quad(A, P, B, G), Quad(B, P, A, H)])
    assert store.holding([A, B, P], [G]) == {A}
    assert store.holding([A, B, P], [G, H]) == {A, B}
    assert store.holding([A], []) == set()


def test_known_prefixes_need_no_declaration(store):
    assert rows(store, "SELECT ?s WHERE { ?s a pkg:Document ; skos:prefLabel ?l }") == []


def test_syntax_errors_are_typed(store):
    with pytest.raises(QuerySyntaxError):
        store.query("SELECT ?s WHERE { ?s ?p }")


def test_oxigraph_tells_line_and_column():
    with pytest.raises(QuerySyntaxError) as caught:
        OxigraphStore().query("SELECT ?s WHERE {\n  ?s ?p } }")
    assert (caught.value.line, caught.value.column) == (2, 11)


def test_backup_is_independent_and_reopens(tmp_path):
    first = OxigraphStore(tmp_path / "one")
    first.replace_graph(G, [Quad(A, P, B, G)])
    first.flush()
    first.backup(tmp_path / "two")
    second = OxigraphStore(tmp_path / "two")
    second.replace_graph(G, [])
    assert (len(first), len(second)) == (1, 0)
    del second
    reader = OxigraphStore(tmp_path / "two", read_only=True)
    assert len(reader) == 0
    with pytest.raises(UsageError, match="只读"):
        reader.replace_graph(G, [Quad(A, P, B, G)])


def test_opening_what_is_no_store(tmp_path):
    with pytest.raises(EnvironmentProblem, match="rebuild"):
        OxigraphStore(tmp_path / "absent", read_only=True)
    with pytest.raises(UsageError):
        OxigraphStore(read_only=True)


def test_turtle_errors_name_the_line():
    with pytest.raises(UsageError, match=r"line 2|2:"):
        parse_turtle(b"<http://x/a> <http://x/p> 1 .\n<http://x/a> nonsense .", base=A, graph=G)


def test_blank_nodes_get_the_same_iris_each_time():
    data = b"<http://x/a> <http://x/p> [ <http://x/q> 1 ] , [ <http://x/q> 2 ] ."
    once, again = (parse_turtle(data, base=A, graph=G) for _ in range(2))
    assert once == again
    assert not any(q.subject.startswith("_:") for q in once)


@pytest.mark.parametrize("format_", ["nq", "jsonld"])
def test_serialising_keeps_graphs(format_):
    quads = [Quad(A, P, zh("甲"), G), Quad(A, P, zh("甲"), H), Quad(B, P, integer(1), H)]
    import rdflib

    data = rdflib.Dataset()
    data.parse(serialize(quads, format_), format={"nq": "nquads", "jsonld": "json-ld"}[format_])
    assert {str(g) for _, _, _, g in data.quads()} == {G, H}
    assert len(list(data.quads())) == 3


def test_turtle_writes_a_triple_once():
    quads = [Quad(A, P, zh("甲"), G), Quad(A, P, zh("甲"), H)]
    assert serialize(quads, "nt").decode().count("甲") == 1
    assert serialize(quads, "ttl").decode().count("甲") == 1
