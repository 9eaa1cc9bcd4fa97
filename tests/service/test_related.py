"""Related documents, similar passages and facet counts, over the five real documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import UnknownName
from kg.service import Service

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    made = Service(Settings(home=tmp_path_factory.mktemp("home"), file_seconds=0))
    made.ingest([corpus_dir])
    return made


def _id(service: Service, words: str) -> str:
    return next(item["id"] for item in service.documents() if words in item["title"])


def test_the_document_that_it_cites_comes_first_and_says_why(service: Service) -> None:
    rows = service.related_documents(_id(service, "青浦区2024年"), top=4)
    assert rows[0]["document_id"] == _id(service, "2024年全国")
    assert "本文件引用它" in rows[0]["why"]
    assert any("《质量强国建设纲要》" in reason for reason in rows[0]["why"])
    assert any(reason.startswith("同属活动系列：") for reason in rows[0]["why"])
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert _id(service, "青浦区2024年") not in {row["document_id"] for row in rows}
    assert set(rows[0]) == {"document_id", "title", "doc_number", "date", "score", "why"}


def test_citing_is_told_from_being_cited(service: Service) -> None:
    rows = {row["document_id"]: row for row in service.related_documents(_id(service, "2024年全国"))}
    assert "它引用本文件" in rows[_id(service, "青浦区2024年")]["why"]


def test_related_documents_without_vectors_go_by_the_graph(tmp_path: Path, corpus_dir: Path) -> None:
    service = Service(Settings(home=tmp_path, embedder="none", file_seconds=0))
    service.ingest([corpus_dir])
    rows = service.related_documents(_id(service, "青浦区2024年"))
    assert rows
    assert not any("内容相近" in row["why"] for row in rows)


def test_an_unknown_document_is_said_to_be_unknown(service: Service) -> None:
    with pytest.raises(UnknownName):
        service.related_documents("d-0000000000")
    with pytest.raises(UnknownName):
        service.similar_passages("d-0000000000", 0, 10)


def test_similar_passages_are_of_other_documents_and_on_the_matter(service: Service) -> None:
    ident = _id(service, "青浦区2024年")
    text = service.text(ident)
    start = text.index("质量开放日")
    rows = service.similar_passages(ident, start, start + 60, top=3)
    assert len(rows) == 3
    assert ident not in {row["document_id"] for row in rows}
    assert "质量" in rows[0]["text"]
    for row in rows:
        assert service.text(row["document_id"])[row["start"] : row["end"]].startswith(row["text"][:4])
    assert service.similar_passages(ident, 5, 5) == []


def test_facets_are_values_that_the_search_can_be_narrowed_by(service: Service) -> None:
    counts = service.search_facets("质量开放日")
    assert set(counts) == {"year", "place", "agency", "kind", "theme"}
    assert set(counts["year"]) == {"2024", "2019"}, "the report of 2022 never says it"
    for facet, values in counts.items():
        assert values, facet
        assert list(values.values()) == sorted(values.values(), reverse=True)
        for value in list(values)[:3]:
            narrowed = {facet: int(value) if facet == "year" else value}
            assert service.search("质量开放日", top=3, **narrowed), (facet, value)
    chosen = service.search_facets("质量开放日", {"year": 2019})
    assert set(chosen["year"]) == {"2019"}


def test_folded_passages_name_their_documents(service: Service) -> None:
    rows = service.search("质量月", top=10)
    assert all({"passage_id", "document_id", "title"} == set(item) for row in rows for item in row["similar"])
