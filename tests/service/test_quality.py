"""Notices of all documents, and the reference data in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import PolicyKGError
from kg.service import Service

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    service.ingest([corpus_dir])
    return service


def test_notices_are_those_of_the_documents(service: Service):
    found = service.notices()
    single = [
        (notice["code"], notice["message"], item["id"])
        for item in service.documents()
        for notice in service.document(item["id"])["notices"]
        if notice["code"] != "cited-not-held"  # not of a document but of the library: the list of 政策依据
    ]
    assert sorted((n["code"], n["message"], n["document_id"]) for n in found) == sorted(single)
    assert len(found) > 5


def test_a_quote_stands_where_it_says(service: Service):
    quoted = [item for item in service.notices() if item["quote"]]
    assert quoted
    for item in quoted:
        text = service.text(item["document_id"])[item["start"] : item["end"]]
        assert text == item["quote"] or "＊" in item["quote"]


def test_own_files_are_told_from_those_that_come_along(tmp_path: Path):
    own = tmp_path / "own.ttl"
    own.write_text(
        "@base <https://w3id.org/policykg/id/> .\n@prefix schema: <https://schema.org/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<series/夜校> a schema:EventSeries, skos:Concept ; skos:prefLabel "夜校"@zh ; skos:inScheme <scheme/series> .\n',
        encoding="utf-8",
    )
    plain = Service(Settings(home=tmp_path)).reference_data()
    with_own = Service(Settings(home=tmp_path, ontology=str(own))).reference_data()
    assert not any(item["own"] for item in plain["files"])
    assert [item["name"] for item in with_own["files"] if item["own"]] == [str(own)]
    assert with_own["counts"]["活动系列"] == plain["counts"]["活动系列"] + 1
    assert with_own["version"] != plain["version"]


def test_a_broken_file_of_ones_own_is_told(tmp_path: Path):
    own = tmp_path / "own.ttl"
    own.write_text("not turtle", encoding="utf-8")
    with pytest.raises(PolicyKGError, match=r"own\.ttl"):
        Service(Settings(home=tmp_path, ontology=str(own))).reference_data()


def test_formats_are_endings(service: Service):
    assert {".txt", ".docx", ".pdf"} <= set(service.formats())
