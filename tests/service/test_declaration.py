"""A kind of fact is declared once: what follows from the declaration alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jsonschema
import pytest
import rdflib

from kg.core.corrections import kind_names
from kg.core.declaration import Choice, Field, Kind, Tab, Written, fingerprint, table
from kg.core.facts import FIGURE, KINDS
from kg.core.model import Document, Evidence, Figure
from kg.graph.fact_shapes import kinds_to_shapes
from kg.graph.iris import Iris
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Literal, date, decimal, text, zh
from kg.graph.shapes import shapes_to_rules
from kg.server import schemas
from kg.service import views
from kg.ui.facts import fact_tables
from ontology.terms import PKG, PROV, RDF, SCHEMA


@dataclass(frozen=True, slots=True)
class Award:
    """A toy: who is commended for what."""

    what: str
    winners: tuple[str, ...]
    day: str | None
    share: float | None
    grade: str | None
    evidence: Evidence
    rule: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class WithAwards(Document):
    awards: tuple[Award, ...] = ()


AWARD = Kind(
    Award,
    key="awards",
    name="award",
    label="表彰",
    fields=(
        Field("what", "事项", "pkg:what", needed="表彰应说明事项", column=True),
        Field("winners", "受表彰者", "schema:name", column=lambda a: "、".join(a["winners"])),
        Field("day", "日期", "schema:startDate", Written.DATE, column=True),
        Field("share", "比例", "schema:value"),
        Field("grade", "等次", "pkg:status", choices=(Choice("first", "一等", "pkg:Achieved"),)),
        Field("evidence", "原文"),
        Field("rule", "识别规则", "pkg:rule", Written.CODE),
        Field("confidence", "可信度", "pkg:confidence"),
    ),
    rdf=("schema:Observation",),
)
TEXT = "表彰甲局、乙局读书活动优秀组织"
WORDS = Evidence("甲局、乙局读书活动优秀组织", 2, len(TEXT))
AWARDED = WithAwards(
    "d-1",
    "表彰.txt",
    "0",
    TEXT,
    awards=(Award("读书活动", ("甲局", "乙局"), "2026-05", 0.5, "first", WORDS, "award", 0.9),),
)
ALL = (*KINDS, AWARD)


def test_what_a_person_may_add_can_be_told_from_others() -> None:
    added = {kind.name for kind in KINDS if kind.may_be_added}
    assert "figure" in added
    assert added <= set(kind_names())


def test_a_doubtful_fact_is_put_in_the_words_that_it_is_known_by() -> None:
    award, known = AWARDED.awards[0], replace(AWARD, known_by=("what", "day", "grade"))
    assert known.in_words(award) == "读书活动：2026-05：first"
    assert known.in_words(replace(award, day=None)) == "读书活动：first"
    assert replace(known, words=lambda a: a.what).in_words(award) == "读书活动"


def json_of(document: Document) -> dict:
    return views.document(document, agency_iri=Iris().agency, held=lambda _: None, kinds=ALL)


def test_it_is_in_the_json():
    assert json_of(AWARDED)["awards"] == [
        {
            "what": "读书活动",
            "winners": ["甲局", "乙局"],
            "day": "2026-05",
            "share": 0.5,
            "grade": "first",
            "evidence": {"quote": WORDS.quote, "start": 2, "end": len(TEXT)},
            "rule": "award",
            "confidence": 0.9,
        }
    ]


def test_it_is_in_the_graph():
    quads = document_to_quads(AWARDED, kinds=ALL)
    node = Iris().fact("d-1", "award", 1)

    def objects(predicate: str) -> set:
        return {q.object for q in quads if (q.subject, q.predicate) == (node, predicate)}

    assert objects(RDF.type) == {PKG.Fact, SCHEMA.Observation}
    assert objects(PKG.announcedIn) == {Iris().document("d-1")}
    assert objects(PROV.wasQuotedFrom) == {Iris().span("d-1", 2, len(TEXT))}
    assert objects(PKG.what) == {zh("读书活动")}
    assert objects(SCHEMA.name) == {zh("甲局"), zh("乙局")}
    assert objects(SCHEMA.startDate) == {date("2026-05")}
    assert date("2026-05") == Literal("2026-05", "http://www.w3.org/2001/XMLSchema#gYearMonth")
    assert objects(SCHEMA.value) == {decimal(0.5)}
    assert objects(PKG.status) == {PKG.Achieved}
    assert objects(PKG.rule) == {text("award")}
    assert objects(PKG.confidence) == {decimal(0.9)}


def test_it_is_in_the_schema_of_the_interface():
    schema = schemas.document(ALL)
    jsonschema.Draft202012Validator.check_schema(schema)
    given = json_of(AWARDED)
    jsonschema.validate(given, schema)
    award = schema["properties"]["awards"]["items"]
    assert award["properties"]["day"]["anyOf"][1] == {"type": "null"}
    assert award["properties"]["grade"]["anyOf"][0]["enum"] == ["first"]
    for name, wrong in (("what", None), ("winners", "甲局"), ("share", "半"), ("grade", "second"), ("evidence", None)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**given, "awards": [{**given["awards"][0], name: wrong}]}, schema)


def test_it_is_in_the_shapes():
    shapes = kinds_to_shapes([AWARD])
    rdflib.Graph().parse(data=shapes, format="turtle")
    found = {(rule.path.rpartition("/")[2], rule.message) for rule in shapes_to_rules(shapes, lambda name: [name])}
    assert ("ontology#what", "表彰应说明事项") in found
    assert ("prov#wasQuotedFrom", "表彰应有原文出处") in found
    assert ("value", "表彰的比例应是一个数") in found
    assert ("ontology#status", "表彰的等次应是一等之一") in found


def test_it_is_in_the_tables():
    columns, rows = table(AWARD, json_of(AWARDED)["awards"])
    assert columns == ("事项", "受表彰者", "日期")
    assert rows == [("读书活动", "甲局、乙局", "2026-05")]
    (tab,) = [tab for tab in fact_tables(json_of(AWARDED), ALL) if tab.name == "表彰"]
    assert (tab.label, tab.spans) == ("表彰 1", ((2, len(TEXT)),))
    assert "表彰" not in [tab.name for tab in fact_tables(json_of(replace(AWARDED, awards=())), ALL)]


def test_an_empty_tab_is_shown_where_the_declaration_wants_it():
    always = replace(AWARD, tab=Tab.ALWAYS)
    assert "表彰 0" in [tab.label for tab in fact_tables(json_of(replace(AWARDED, awards=())), (always,))]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda fields: fields[1:], "what"),  # an attribute that nobody would see
        (lambda fields: (*fields, Field("whom", "对象")), "whom"),  # a field that no fact has
    ],
)
def test_a_declaration_that_does_not_fit_the_dataclass_is_refused(change, named):
    with pytest.raises(TypeError, match=f"Figure: {named}"):
        replace(FIGURE, fields=change(FIGURE.fields))
    assert FIGURE.type is Figure


def test_a_graph_of_before_is_known_by_the_declarations():
    assert fingerprint(ALL) != fingerprint(KINDS)
    moved = tuple(replace(f, rdf="pkg:asWritten") if f.name == "what" else f for f in AWARD.fields)
    assert fingerprint([replace(AWARD, fields=moved)]) != fingerprint([AWARD])
    renamed = tuple(replace(f, label="改名") for f in AWARD.fields)
    assert fingerprint([replace(AWARD, fields=renamed)]) == fingerprint([AWARD])  # words for people only
