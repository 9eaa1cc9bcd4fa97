"""A series over places and years."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import UnknownName
from kg.graph.links import links_to_quads
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Quad, zh
from kg.graph.store import OxigraphStore
from kg.service import Service
from kg.service.evolution import evolution, told
from ontology.terms import PKG, RDF, SCHEMA, SKOS
from tests.service.documents import BASE, IRIS, plan

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    service.ingest([corpus_dir])
    return service


def test_the_series_held_come_with_counts_and_years_the_most_frequent_first(service: Service):
    held = service.evolution()["held"]
    assert len(held) > 20
    assert [item["activities"] for item in held] == sorted((item["activities"] for item in held), reverse=True)
    assert next(item for item in held if item["name"] == "质量开放日")["years"] == [2019, 2024]


def test_every_series_agrees_with_the_saved_query(service: Service):
    for item in service.evolution()["held"]:
        shown = service.evolution(item["name"])
        states = {(cell["place"], cell["year"]): cell["state"] for cell in shown["cells"]}
        saved = service.sparql(service.saved_query("series-by-place-and-year", series=item["name"]))
        assert {(row[2], row[1]): row[4] for row in saved["rows"]} == states, item["name"]
        assert len(states) == len(shown["places"]) * len(shown["years"]) > 0


def test_each_fact_is_quoted_from_its_document_and_says_who(service: Service):
    cells = service.evolution("质量开放日")["cells"]
    cell = next(cell for cell in cells if (cell["place"], cell["year"]) == ("黄浦区", 2019))
    (fact,) = cell["facts"]
    assert (fact["state"], fact["status"], fact["words"]) == ("推及", "部署", "各区市场监管局")
    assert fact["carriers"] == [{"name": "上海市各区市场监督管理局", "role": "牵头"}]
    text = service.text(fact["document_id"])
    assert text[fact["start"] : fact["end"]] == fact["quote"]


def test_places_come_from_the_state_down_in_the_order_of_their_codes(service: Service):
    places = [item["name"] for item in service.evolution("质量开放日")["places"]]
    assert places[:3] == ["全国", "上海市", "黄浦区"]
    assert places[-1] == "崇明区"


def test_an_unknown_series_is_told_with_the_nearest(service: Service):
    with pytest.raises(UnknownName) as caught:
        service.evolution("质量开放曰")
    assert "质量开放日" in caught.value.near


def test_places_that_share_a_label_are_told_apart():
    store = OxigraphStore()
    reference = []
    for at, code in (("江苏省南京市鼓楼区", "320106"), ("福建省福州市鼓楼区", "350102"), ("江苏省南京市", "320100")):
        place = IRIS.place(at)
        label = "鼓楼区" if at.endswith("区") else "南京市"
        reference += [
            Quad(place, RDF.type, SCHEMA.AdministrativeArea, BASE),
            Quad(place, SKOS.prefLabel, zh(label), BASE),
        ]
        reference += [Quad(place, SKOS.notation, zh(code), BASE)]
    status = [Quad(PKG.Planned, "http://www.w3.org/2000/01/rdf-schema#label", zh("部署"), BASE)]
    store.replace_graph(BASE, [*reference, *status])
    for number, at in enumerate(("江苏省南京市鼓楼区", "福建省福州市鼓楼区")):
        document = plan(f"d-{number}", at, series="开放日")
        store.replace_graph(IRIS.graph(document.id), document_to_quads(document))
    store.replace_graph(IRIS.links, links_to_quads(store))
    shown = evolution(store, "开放日", base=IRIS.base)
    assert [place["name"] for place in shown["places"]] == ["江苏省南京市鼓楼区", "福建省福州市鼓楼区"]
    assert [cell["state"] for cell in shown["cells"]] == ["点名", "点名"]


def test_a_year_in_words_lists_some_places_and_counts_all():
    def cell(place: str, state: str, words: str | None = None):
        return {"place": place, "year": 2024, "state": state, "facts": [{"words": words}] if words else []}

    cells = [cell(place, "推及", "各区") for place in "甲乙丙丁"] + [cell("戊", "点名"), cell("己", "未入库")]
    assert told(cells) == "点名 1 个：戊；推及 4 个：甲、乙、丙等（原文写作“各区”）；未入库 1 个：己。"


def test_a_large_matrix_is_narrowed_to_where_the_series_is_told_of():
    from kg.service.evolution import is_large, narrowed

    places = [
        ("全国", "国家", "000000"),
        ("上海市", "省", "310000"),
        ("青浦区", "区", "310118"),
        ("北京市", "省", "110000"),
    ]
    years = list(range(2001, 2011))
    fact = {"words": None}
    shown = {
        "name": "开放日",
        "years": years,
        "places": [{"name": name, "level": level, "code": code} for name, level, code in places],
        "cells": [
            {
                "place": name,
                "year": year,
                "state": "点名" if (name, year) == ("青浦区", 2008) else "未入库",
                "facts": [fact] if (name, year) == ("青浦区", 2008) else [],
                "documents": [],
            }
            for name, _, _ in places
            for year in years
        ],
    }
    assert is_large(shown)
    small = narrowed(shown)
    assert small["years"] == [2008, 2009, 2010]
    assert [place["name"] for place in small["places"]] == ["全国", "上海市", "青浦区"]
    assert len(small["cells"]) == 9
    assert [line["year"] for line in small["timeline"]] == small["years"]
    assert small["timeline"][0]["text"].startswith("点名 1 个：青浦区")
    assert not is_large(small)
