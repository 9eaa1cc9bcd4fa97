"""The JSON of the command-line contract, fact by fact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.core.config import Settings
from kg.core.facts import KINDS
from kg.core.model import decode_document, encode
from kg.graph.iris import Iris
from kg.service import Service, views
from tests import every_fact


def shown(held: str | None = None, **options: Any) -> Any:
    made = views.document(every_fact.document(), agency_iri=Iris().agency, held=lambda _: held, **options)
    return json.loads(json.dumps(made, ensure_ascii=False))


@pytest.fixture(scope="module")
def document() -> Any:
    return shown()


def evidence(quote: str) -> dict[str, Any]:
    found = every_fact.words(quote)
    return {"quote": quote, "start": found.start, "end": found.end}


def test_a_task_has_its_deadline_and_says_how_sure_it_is(document):
    (task,) = document["activities"]
    assert task["deadline"] == {"date": "2026-12-31", "as_written": "2026年底前"}
    assert (task["rule"], task["confidence"]) == ("clause", 0.93)
    assert (task["status"], task["id"], task["period"], task["places"]) == ("planned", "a1", None, [])
    (duty,) = task["responsible"]
    start, end = every_fact.span("市文化局")
    assert duty == {
        "name": "海城市文化局",
        "as_written": "市文化局",
        "role": "lead",
        "kind": "agency",
        "members": [],
        "place": every_fact.CITY,
        "rule": "tier",
        "confidence": 0.97,
        "review": None,
        "start": start,
        "end": end,
    }


def test_a_figure_says_which_way_when_and_whether_it_is_so(document):
    (figure,) = document["figures"]
    assert {name: figure[name] for name in ("what", "value", "upper", "unit", "qualifier", "scope", "as_of")} == {
        "what": "参与率",
        "value": 80.0,
        "upper": None,
        "unit": "%",
        "qualifier": "以上",
        "scope": None,
        "as_of": None,
    }
    assert (figure["direction"], figure["time"], figure["status"]) == ("提高", "2026", "target")
    assert (figure["rule"], figure["confidence"]) == ("to", 0.88)


def test_what_is_handed_in_has_its_words(document):
    assert document["deadlines"] == [
        {
            "what": "方案",
            "date": "2026-03-01",
            "to": None,
            "as_written": "2026年3月1日前",
            "rule": "hand-in",
            "confidence": 0.9,
            "review": None,
            "evidence": evidence("于2026年3月1日前报送方案"),
        }
    ]


def test_articles_effects_and_what_is_not_sure_or_not_read(document):
    assert [article["label"] for article in document["articles"]] == ["第一条", "第二条", "第三条", "第四条", "第五条"]
    second = document["articles"][1]
    assert every_fact.TEXT[second["start"] : second["end"]].startswith("第二条")
    assert second["paragraphs"] == [[second["start"], second["end"]]]
    assert second["chapter"] == "第一章 总则"
    assert [(effect["act"], effect["target"], effect["date"]) for effect in document["effects"]] == [
        ("施行", None, "2026-01-01"),
        ("废止", "海城市读书办法", "2026-01-01"),
    ]
    assert document["to_check"] == [
        {"kind": "figure", "text": "60%", "rule": "from", "confidence": 0.4, "evidence": evidence("60%")}
    ]
    assert document["fidelity"] == [{"part": "图片", "count": 2, "reason": "图片中的文字未识别"}]


def test_persons_are_those_whom_the_document_announces(document):
    assert [(person["name"], person["post"], person["title"]) for person in document["persons"]] == [
        ("周明", "组长", "副市长")
    ]
    assert "李丽" not in json.dumps(document, ensure_ascii=False)
    asked = shown(with_contacts=True)
    assert [person["name"] for person in asked["persons"]] == ["周明", "李丽"]
    assert len(asked["to_check"]) == 2
    assert asked["contacts"][0]["phones"] == ["55550100"]


def test_a_body_has_its_places_in_the_text(document):
    (body,) = document["agencies"]
    assert body["spans"] == [list(every_fact.span("市文化局"))]
    assert (body["name"], body["as_written"], body["kind"]) == ("海城市文化局", ["市文化局"], "政府部门")


def test_a_reference_says_which_document_it_is(document):
    assert document["policy_references"][0]["document_id"] is None
    assert [notice["code"] for notice in document["notices"]] == ["no-number", "cited-not-held"]
    assert shown(held="d-other")["policy_references"][0]["document_id"] == "d-other"


def test_every_declared_kind_and_no_other_fact_is_there(document):
    model = every_fact.document()
    lists = {name for name in model.__dataclass_fields__ if isinstance(getattr(model, name), tuple)}
    assert {kind.key for kind in KINDS} == lists - {"issuers", "sections", "offsets", "pages", "reviews"}
    assert all(document[kind.key] for kind in KINDS if not kind.private)


def test_the_catalogue_gives_back_every_fact():
    made = every_fact.document()
    assert decode_document(encode(made)) == made


def test_the_service_gives_it_from_a_home_and_the_check_finds_nothing(tmp_path: Path):
    every_fact.hold(tmp_path)
    service = Service(Settings(home=tmp_path, embedder="none"))
    found = service.document(every_fact.ID)
    assert json.loads(json.dumps(found, ensure_ascii=False)) == shown()
    assert service.check()["problems"] == []
    rows = service.sparql(
        "SELECT ?task ?day WHERE { ?due a/rdfs:subClassOf* pkg:Deadline ; pkg:inActivity/schema:name ?task ; "
        "pkg:dueDate ?day }"
    )["rows"]
    assert [[str(cell) for cell in row] for row in rows] == [["建设书房", "2026-12-31"]]
