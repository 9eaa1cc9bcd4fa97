"""The schema of a document fits a document that has every kind of fact, and nothing that differs from it."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from kg.graph.iris import Iris
from kg.server import schemas
from kg.service import views
from tests import every_fact


@pytest.fixture
def document() -> Any:
    made = views.document(every_fact.document(), agency_iri=Iris().agency, held=lambda _: None, with_contacts=True)
    return json.loads(json.dumps(made))


def test_a_document_with_every_kind_of_fact_is_as_described(document: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas.DOCUMENT)
    jsonschema.validate(document, schemas.DOCUMENT)
    assert set(schemas.DOCUMENT["properties"]) == set(document)


def test_every_field_is_described_in_chinese() -> None:
    for key, listed in schemas.DOCUMENT["properties"].items():
        if "description" in listed.get("items", {}):
            for name, field in listed["items"]["properties"].items():
                assert any("\u4e00" <= char <= "\u9fff" for char in field["description"]), (key, name)


@pytest.mark.parametrize(
    ("key", "name", "wrong"),
    [
        ("activities", "deadline", {"date": "2026-12-31"}),
        ("activities", "status", "perhaps"),
        ("activities", "confidence", None),
        ("figures", "status", "hoped"),
        ("figures", "value", "80"),
        ("deadlines", "as_written", None),
        ("articles", "paragraphs", [[1]]),
        ("persons", "post", None),
        ("effects", "evidence", {"quote": "x"}),
        ("to_check", "rule", None),
        ("fidelity", "count", "two"),
        ("policy_references", "document_id", 3),
    ],
)
def test_what_differs_is_seen(document: Any, key: str, name: str, wrong: Any) -> None:
    changed = copy.deepcopy(document)
    changed[key][0][name] = wrong
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed, schemas.DOCUMENT)


@pytest.mark.parametrize("key", ["persons", "articles", "effects", "to_check", "fidelity"])
def test_a_part_may_not_be_missing(document: Any, key: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({name: value for name, value in document.items() if name != key}, schemas.DOCUMENT)
