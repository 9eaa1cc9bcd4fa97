"""Who guides whom: said in a sentence, or following from the line of work and the place."""

from __future__ import annotations

import pytest

from kg.graph.guidance import LINE, WRITTEN, lines_of_work, written_guidance
from kg.graph.iris import Iris
from kg.graph.rdf import Literal, Quad
from kg.graph.store import OxigraphStore
from ontology.terms import OA, PKG, PROV, SCHEMA, SKOS

IRIS = Iris()
EVENT, SPAN = "https://x.cn/event", "https://x.cn/span/0-9"
BODIES = {"https://x.cn/a": "市甲局", "https://x.cn/b": "乙集团"}


def said(sentence: str) -> OxigraphStore:
    store = OxigraphStore()
    quads = [
        Quad(EVENT, PROV.wasQuotedFrom, SPAN, "https://x.cn/g"),
        Quad(f"{SPAN}/quote", OA.exact, Literal(sentence), "https://x.cn/g"),
    ]
    for number, (body, form) in enumerate(BODIES.items()):
        party = f"{EVENT}/party/{number}"
        quads += [
            Quad(party, PKG.inActivity, EVENT, "https://x.cn/g"),
            Quad(party, PKG.party, body, "https://x.cn/g"),
            Quad(party, PKG.asWritten, Literal(form), "https://x.cn/g"),
        ]
    store.replace_graph("https://x.cn/g", quads)
    return store


@pytest.mark.parametrize(
    ("sentence", "guides"),
    [
        ("市甲局指导乙集团开展培训", True),
        ("在市甲局的指导下，乙集团开展培训", True),
        ("培训由市甲局指导，乙集团承办", True),
        ("指导单位：市甲局；主办单位：乙集团", True),
        ("市甲局、乙集团联合开展业务指导", False),
        ("乙集团的指导思想由市甲局审定", False),
        ("市甲局会同乙集团开展培训", False),
    ],
)
def test_guidance_is_what_a_sentence_says(sentence, guides):
    found = list(written_guidance(said(sentence), {EVENT: set(BODIES)}))
    assert found == ([(WRITTEN, "https://x.cn/b", "https://x.cn/a")] if guides else [])


def test_one_body_alone_is_not_guided():
    assert list(written_guidance(said("市甲局指导乙集团"), {EVENT: {"https://x.cn/a"}})) == []


def body(place: str, name: str) -> list[Quad]:
    iri = IRIS.agency(place, name)
    at = IRIS.place(place)
    return [
        Quad(iri, SKOS.prefLabel, Literal(name), "https://x.cn/g"),
        Quad(iri, PKG.jurisdiction, at, "https://x.cn/g"),
    ]


def place(name: str, label: str, above: str | None) -> list[Quad]:
    quads = [Quad(IRIS.place(name), SKOS.prefLabel, Literal(label), "https://x.cn/g")]
    if above:
        quads.append(Quad(IRIS.place(name), SCHEMA.containedInPlace, IRIS.place(above), "https://x.cn/g"))
    return quads


def test_departments_of_one_work_stand_under_the_nearest_place_above():
    where = [("全国", "全国", None), ("江东省", "江东省", "全国"), ("江东省海城市", "海城市", "江东省")]
    where.append(("江东省海城市东湖区", "东湖区", "江东省海城市"))
    names = [
        ("全国", "国家市场监督管理总局"),
        ("江东省海城市", "海城市市场监督管理局"),
        ("江东省海城市东湖区", "东湖区市场监督管理局"),
        ("江东省海城市东湖区", "东湖区教育局"),
        ("江东省海城市", "海城市商务局"),
    ]
    kinds = [("市场监督管理局", "市场监督管理"), ("教育局", "教育"), ("商务局", "商务")]
    quads = [quad for item in where for quad in place(*item)] + [quad for item in names for quad in body(*item)]
    for number, (name, sector) in enumerate(kinds):
        kind = f"https://x.cn/department/{number}"
        quads += [Quad(kind, SKOS.prefLabel, Literal(name), "https://x.cn/g")]
        quads += [Quad(kind, PKG.sector, Literal(sector), "https://x.cn/g")]
    store = OxigraphStore()
    store.replace_graph("https://x.cn/g", quads)
    bodies = [IRIS.agency(*item) for item in names]
    assert set(lines_of_work(store, bodies)) == {
        (LINE, bodies[2], bodies[1]),  # the city stands between the district and the state
        (LINE, bodies[1], bodies[0]),
    }
