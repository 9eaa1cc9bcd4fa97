"""What the held documents talk about."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import NotBuilt
from kg.service import Service

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    service.ingest([corpus_dir])
    return service


def test_years_places_and_kinds_are_those_of_all_documents(service: Service):
    topics, held = service.topics(), service.documents()
    assert topics["documents"] == len(held) == 5
    assert topics["years"] == sorted({item["year"] for item in held}, reverse=True)
    assert {place["name"] for place in topics["places"]} == {item["place"] for item in held}
    assert set(topics["kinds"]) == {item["kind"] for item in held}


def test_series_know_their_years_and_the_most_frequent_come_first(service: Service):
    series = service.topics()["series"]
    assert [item["count"] for item in series] == sorted((item["count"] for item in series), reverse=True)
    open_day = next(item for item in series if item["name"] == "质量开放日")
    assert {2019, 2024} <= set(open_day["years"])
    assert {"市", "区"} <= set(open_day["levels"])


def test_every_count_is_of_something_named(service: Service):
    topics = service.topics()
    for kind in ("series", "agencies", "themes", "policies"):
        assert topics[kind], kind
        assert all(item["name"] and item["count"] > 0 for item in topics[kind])


def test_the_generation_tells_its_number_and_documents(service: Service):
    found = service.generation()
    assert (found["number"], found["documents"]) == (1, 5)


def test_a_quote_is_found_again_in_its_surroundings(service: Service):
    item = service.documents()[0]
    evidence = service.document(item["id"])["activities"][0]["evidence"]
    found = service.passage_context(item["id"], evidence["start"], evidence["end"])
    assert found["quote"] == evidence["quote"]
    assert found["before"] + found["quote"] + found["after"] in service.reading(item["id"])["text"]


def test_an_empty_home_says_that_nothing_is_built(tmp_path: Path):
    with pytest.raises(NotBuilt):
        Service(Settings(home=tmp_path / "none")).topics()
