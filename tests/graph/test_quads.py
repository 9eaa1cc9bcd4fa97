from __future__ import annotations

from dataclasses import replace

import pytest

from kg.core.ids import DEFAULT_BASE
from kg.core.model import AgencyEntry, Party
from kg.graph.iris import Iris
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Literal, integer, zh
from ontology.terms import DCTERMS, ELI, OA, ORG, PKG, PROV, RDF, SCHEMA, SKOS
from tests.graph.conftest import BUREAU, CITY, EAST, city_plan, city_report, district_plan, documents, words

IRIS = Iris()


def objects(quads, subject, predicate):
    return {q.object for q in quads if q.subject == subject and q.predicate == predicate}


def texts(quads, subject, predicate):
    return {o.lexical for o in objects(quads, subject, predicate) if isinstance(o, Literal)}


def of_type(quads, type_):
    return {q.subject for q in quads if q.predicate == RDF.type and q.object == type_}


@pytest.mark.parametrize("document", documents(), ids=lambda d: d.id)
def test_one_named_graph_no_duplicates_no_blank_nodes(document):
    quads = document_to_quads(document)
    assert {q.graph for q in quads} == {IRIS.graph(document.id)}
    assert len(quads) == len(set(quads))
    assert not any(str(part).startswith("_:") for q in quads for part in (q.subject, q.object))
    assert quads == document_to_quads(document)


def test_header():
    quads = document_to_quads(district_plan())
    iri = IRIS.document("d-2024")
    assert texts(quads, iri, ELI.id_local) == {"东质办〔2024〕72号"}
    assert (
        texts(quads, iri, PKG.issuingMark),
        objects(quads, iri, PKG.issueYear),
        objects(quads, iri, PKG.serialNo),
    ) == (
        {"东质办"},
        {integer(2024)},
        {integer(72)},
    )
    assert objects(quads, iri, DCTERMS.spatial) == {IRIS.place(EAST)}
    assert objects(quads, iri, ELI.passed_by) == {IRIS.agency(EAST, "东湖区质量工作领导小组办公室")}
    assert texts(quads, iri, SCHEMA.temporalCoverage) == {"2024-09-01/2024-09-30"}
    assert objects(quads, IRIS.policy(title=district_plan().title), PKG.heldAs) == {iri}


def test_a_machine_path_stays_out_of_the_graph():
    assert texts(document_to_quads(city_plan()), IRIS.document("d-2019"), DCTERMS.source) == {"海城2019.txt"}
    windows = replace(city_plan(), source=r"C:\Users\someone\海城2019.txt")
    assert texts(document_to_quads(windows), IRIS.document("d-2019"), DCTERMS.source) == {"海城2019.txt"}


def test_quotes_are_the_words_at_their_offsets():
    for document in documents():
        quads = document_to_quads(document)
        spans = of_type(quads, OA.SpecificResource)
        assert spans
        for span in spans:
            (start,), (end,) = (texts(quads, f"{span}/position", term) for term in (OA.start, OA.end))
            assert texts(quads, f"{span}/quote", OA.exact) == {document.text[int(start) : int(end)]}


def test_every_activity_has_words_document_and_step():
    quads = document_to_quads(city_plan(), steps={"ingest": "7"})
    for activity in of_type(quads, SCHEMA.Event):
        assert objects(quads, activity, PROV.wasQuotedFrom)
        assert objects(quads, activity, PKG.announcedIn) == {IRIS.document("d-2019")}
        assert objects(quads, activity, PROV.wasGeneratedBy) == {IRIS.step("ingest", "7")}


def test_roles_choose_the_predicate():
    quads = document_to_quads(city_plan())
    first, second = IRIS.activity("d-2019", "a1"), IRIS.activity("d-2019", "a2")
    group = IRIS.group(CITY, f"海城市各区县{BUREAU}")
    assert objects(quads, first, PKG.leadAgency) == {IRIS.agency(CITY, "海城市" + BUREAU), group}
    assert objects(quads, second, PKG.responsiblePlace) == {IRIS.place(EAST)}
    assert objects(quads, second, SCHEMA.superEvent) == {first}
    assert objects(quads, first, PKG.carriedAs) == {first}
    assert objects(quads, second, PKG.carriedAs) == {second}  # it names its own
    quads = document_to_quads(district_plan())
    assert len(objects(quads, IRIS.activity("d-2024", "a1"), SCHEMA.organizer)) == 2


def test_an_activity_without_bodies_is_carried_as_the_one_above():
    plan = city_plan()
    bare = replace(plan, activities=(plan.activities[0], replace(plan.activities[1], responsible=())))
    quads = document_to_quads(bare)
    first, second = IRIS.activity("d-2019", "a1"), IRIS.activity("d-2019", "a2")
    assert objects(quads, second, PKG.carriedAs) == {first}


def test_what_an_activity_says_stands_at_it_to_look_words_up_in():
    plan = city_plan()
    quads = document_to_quads(plan)
    for activity in plan.activities:
        iri = IRIS.activity("d-2019", activity.id)
        (context,) = texts(quads, iri, PKG.context)
        assert context.split("\n") == [p for p in (activity.title, activity.section, plan.title) if p]
        assert texts(quads, iri, PKG.wording) == {activity.evidence.quote}


def test_members_of_a_collective():
    quads = document_to_quads(city_plan())
    group = IRIS.group(CITY, f"海城市各区县{BUREAU}")
    members = objects(quads, group, ORG.hasMember)
    assert IRIS.agency(EAST, "东湖区" + BUREAU) in members
    assert len(members) == 3
    assert objects(quads, IRIS.agency(EAST, "东湖区" + BUREAU), PKG.jurisdiction) == {IRIS.place(EAST)}


def test_a_collective_without_members_belongs_to_its_document():
    quads = document_to_quads(district_plan())
    assert IRIS.group("d-2024", "各获奖组织") in of_type(quads, PKG.AgencyGroup)


def involvements(quads, assertion):
    nodes = of_type(quads, PKG.Involvement)
    return {
        next(iter(objects(quads, node, PKG.atPlace))).rpartition("/")[2]
        for node in nodes
        if assertion in objects(quads, node, PKG.assertionType)
        and objects(quads, node, PKG.inActivity) == {IRIS.activity("d-2019", "a1")}
    }


def test_all_districts_are_implied_and_the_city_is_named():
    quads = document_to_quads(city_plan())
    assert involvements(quads, PKG.Named) == {CITY}
    assert involvements(quads, PKG.Implied) == {f"{CITY}{name}" for name in ("东湖区", "西山区", "南岭县")}


def test_a_district_that_the_collective_lists_is_named():
    document = city_plan()
    activity = document.activities[0]
    group = replace(activity.responsible[1], as_written="东湖等区县市场监管局")
    quads = document_to_quads(replace(document, activities=(replace(activity, responsible=(group,)),)))
    assert EAST in involvements(quads, PKG.Named)
    assert f"{CITY}西山区" in involvements(quads, PKG.Implied)


def test_units_and_other_bodies():
    quads = document_to_quads(city_report())
    office = IRIS.agency(CITY, "海城市质量工作领导小组办公室")
    assert objects(quads, office, RDF.type) == {ORG.OrganizationalUnit}
    assert objects(quads, office, ORG.unitOf) == {IRIS.agency(CITY, "海城市质量工作领导小组")}
    company = Party("东方航运公司", "东航", place=CITY, category="企业", parent="中华航运集团")
    quads = document_to_quads(replace(city_report(), issuers=(company,)))
    # the group's own place is not told here, so nothing is guessed about it
    assert objects(quads, IRIS.agency(CITY, "东方航运公司"), RDF.type) == {ORG.FormalOrganization}
    assert not objects(quads, IRIS.agency(CITY, "东方航运公司"), ORG.subOrganizationOf)


def test_a_mentioned_body_and_a_party_share_one_iri():
    entry = AgencyEntry("海城市质量工作领导小组办公室", "领导小组办公室", CITY, ("市质量办", "质量办"))
    collective = AgencyEntry("各获奖单位", "集体", CITY, ("各获奖单位",))
    quads = document_to_quads(replace(city_report(), agencies=(entry, collective)))
    mention = IRIS.fact("d-2022", "agency", 1)
    assert objects(quads, mention, PKG.refersTo) == {IRIS.agency(CITY, entry.name)}
    assert texts(quads, mention, PKG.asWritten) == {"市质量办", "质量办"}
    assert IRIS.group("d-2022", "各获奖单位") in of_type(quads, PKG.AgencyGroup)


def test_references():
    quads = document_to_quads(district_plan())
    document = IRIS.document("d-2024")
    outline = IRIS.policy(title="质量强国建设纲要")
    assert objects(quads, document, ELI.applies) == {outline}
    assert objects(quads, document, ELI.cites) == {
        outline,
        IRIS.policy(number="海质办〔2022〕5号"),
        IRIS.policy(number="海政发〔2018〕9号"),
    }
    quads = document_to_quads(city_report())
    assert objects(quads, IRIS.document("d-2022"), ELI.based_on) == {IRIS.policy(title="海城市质量发展纲要")}


def test_figures_keep_value_unit_qualifier_scope():
    quads = document_to_quads(city_report())
    figure = IRIS.fact("d-2022", "figure", 1)
    assert objects(quads, figure, SCHEMA.value) == {Literal("5000", "http://www.w3.org/2001/XMLSchema#decimal")}
    assert objects(quads, figure, SCHEMA.unitText) == {zh("家")}
    assert objects(quads, figure, PKG.qualifier) == {zh("近")}
    assert objects(quads, figure, PKG.scope) == {zh("全市")}


def test_contacts_stay_out_unless_asked_for():
    def mentioned(quads):
        return "12345678" in str(quads) or "张三" in str([q for q in quads if q.predicate != OA.exact])

    assert not mentioned(document_to_quads(district_plan()))
    assert mentioned(document_to_quads(district_plan(), with_contacts=True))
    # the words of a contact are evidence of that fact only, so they stay out too
    assert "张三" not in str(document_to_quads(district_plan()))


def test_another_base():
    quads = document_to_quads(district_plan(), base="https://example.org/data/")
    assert not any(DEFAULT_BASE in str(part) for q in quads for part in q)


def test_no_year_no_title_no_region_still_gives_a_graph():
    bare = replace(city_report(), title="", year=None, region=None, region_qualified=None, issuers=(), doc_number=None)
    quads = document_to_quads(bare)
    assert not objects(quads, IRIS.document("d-2022"), PKG.activityYear)
    assert of_type(quads, SCHEMA.Event) == {IRIS.activity("d-2022", "a1")}


def test_party_words_are_their_own_when_the_position_is_known():
    document = city_plan()
    place = words(document.text, "市市场监管局")
    party = replace(document.activities[0].responsible[0], start=place.start, end=place.end)
    activity = replace(document.activities[0], responsible=(party,))
    quads = document_to_quads(replace(document, activities=(activity,)))
    duty = IRIS.activity("d-2019", "a1") + "/party/1"
    assert objects(quads, duty, PROV.wasQuotedFrom) == {IRIS.span("d-2019", place.start, place.end)}
    assert objects(quads, duty, PKG.role) == {PKG.Lead}


def test_labels_of_places_come_with_codes():
    quads = document_to_quads(city_plan())
    assert texts(quads, IRIS.place(EAST), SKOS.notation) == {"990101"}
    assert texts(quads, IRIS.place(EAST), SKOS.prefLabel) == {"东湖区"}
