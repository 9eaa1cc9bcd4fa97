"""The facts of every kind in the graph."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.build.projections import PROJECTIONS
from kg.core.declaration import fingerprint
from kg.core.facts import DECLARED, KINDS
from kg.core.model import Article, Due, Effect, Figure
from kg.graph.facts import fact_node
from kg.graph.iris import Iris
from kg.graph.links import links_to_quads
from kg.graph.quads import QUADS_VERSION, document_to_quads
from kg.graph.rdf import Literal, Quad, date, decimal, integer, text, to_nquads, zh
from kg.graph.scope import Scope
from kg.graph.store import OxigraphStore
from kg.graph.validate import violations
from ontology.terms import DCTERMS, ELI, OA, ORG, PKG, PROV, RDF, SCHEMA, XSD, term
from tests import every_fact

IRIS = Iris()
DOCUMENT = IRIS.document(every_fact.ID)
TASK = IRIS.activity(every_fact.ID, "a1")


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return document_to_quads(every_fact.document())


def objects(quads, subject, predicate):
    return {q.object for q in quads if (q.subject, q.predicate) == (subject, predicate)}


def at(kind: str, name: object) -> str:
    return IRIS.fact(every_fact.ID, kind, str(name))


def quoted(quads, subject) -> str:
    (span,) = objects(quads, subject, PROV.wasQuotedFrom)
    (quote,) = objects(quads, f"{span}/quote", OA.exact)
    return quote.lexical


def test_the_deadline_of_a_task_is_a_node_with_its_words_and_a_date_of_the_task(quads):
    due = f"{TASK}/deadline"
    assert {PKG.Fact, PKG.TaskDeadline} == objects(quads, due, RDF.type)
    assert objects(quads, due, PKG.inActivity) == {TASK}
    assert objects(quads, due, PKG.dueDate) == {Literal("2026-12-31", XSD.date)}
    assert objects(quads, due, PKG.asWritten) == {zh("2026年底前")}
    assert quoted(quads, due) == "2026年底前"
    assert objects(quads, TASK, PKG.dueDate) == objects(quads, f"{TASK}/party/1", PKG.dueDate) == {date("2026-12-31")}


def test_a_task_for_the_long_term_has_words_and_no_date():
    document = every_fact.document()
    lasting = replace(document.activities[0], deadline=Due(None, "长期坚持"))
    quads = document_to_quads(replace(document, activities=(lasting,)))
    assert objects(quads, f"{TASK}/deadline", PKG.asWritten) == {zh("长期坚持")}
    assert quoted(quads, f"{TASK}/deadline") == lasting.evidence.quote  # the words are not in the sentence
    assert not [q for q in quads if q.predicate == PKG.dueDate and q.subject.startswith(TASK)]


def test_a_document_s_own_deadlines_stay_apart_from_those_of_tasks(quads):
    assert {q.subject for q in quads if (q.predicate, q.object) == (RDF.type, PKG.Deadline)} == {at("deadline", 1)}
    assert objects(quads, at("deadline", 1), PKG.asWritten) == {zh("2026年3月1日前")}


def test_duties_and_places_say_role_and_confidence(quads):
    duty = f"{TASK}/party/1"
    assert objects(quads, duty, PKG.role) == {PKG.Lead}
    assert objects(quads, duty, PKG.confidence) == {decimal(0.97)}
    assert quoted(quads, duty) == "市文化局"
    (touched,) = {q.subject for q in quads if (q.predicate, q.object) == (RDF.type, PKG.Involvement)}
    assert objects(quads, touched, PKG.role) == {PKG.Lead}
    assert objects(quads, touched, PKG.confidence) == {decimal(0.97)}


def test_figures_say_which_way_when_and_whether_it_is_so(quads):
    figure = at("figure", 1)
    assert objects(quads, figure, PKG.direction) == {zh("提高")}
    assert objects(quads, figure, SCHEMA.temporalCoverage) == {text("2026")}
    assert objects(quads, figure, PKG.status) == {PKG.Target}
    assert objects(quads, figure, PKG.rule) == {text("to")}
    assert objects(quads, figure, PKG.confidence) == {decimal(0.88)}


def test_a_status_that_is_not_declared_is_left_out():
    document = every_fact.document()
    odd = replace(document.figures[0], status="hoped for")
    assert not objects(document_to_quads(replace(document, figures=(odd,))), at("figure", 1), PKG.status)


def test_articles_are_parts_of_the_document_by_their_number(quads):
    article = at("article", "第二条")
    assert objects(quads, article, RDF.type) == {ELI.LegalResourceSubdivision}
    assert objects(quads, article, ELI.is_part_of) == {DOCUMENT}
    assert objects(quads, article, ELI.number) == {integer(2)}
    assert objects(quads, article, PKG.section) == {zh("第一章 总则")}
    held = every_fact.document().articles[1]
    assert objects(quads, article, OA.start) == {integer(held.start)}
    assert objects(quads, article, OA.end) == {integer(held.end)}


def test_two_first_articles_are_two_nodes():
    document = every_fact.document()
    twice = replace(document, articles=(Article(1, "第一条", 0, 5), Article(1, "第一条", 9, 12)))
    quads = document_to_quads(twice)
    assert objects(quads, at("article", "第一条"), OA.start) == {integer(0)}
    assert objects(quads, at("article", "第一条-2"), OA.start) == {integer(9)}


def test_a_person_is_a_post_in_a_body_that_is_named(quads):
    person = at("person", 1)
    assert objects(quads, person, RDF.type) == {PKG.Fact, ORG.Membership}
    assert objects(quads, person, SCHEMA.name) == {zh("周明")}
    assert objects(quads, person, SCHEMA.roleName) == {zh("组长")}
    assert objects(quads, person, SCHEMA.jobTitle) == {zh("副市长")}
    assert objects(quads, person, PKG.groupName) == {zh("海城市文化局")}
    assert objects(quads, person, ORG.organization) == {IRIS.agency(every_fact.CITY, "海城市文化局")}


def test_whoever_is_read_from_the_words_of_a_contact_stays_out(quads):
    assert not objects(quads, at("person", 2), SCHEMA.name)
    assert "李丽" not in to_nquads(quads)
    asked = document_to_quads(every_fact.document(), with_contacts=True)
    assert objects(asked, at("person", 2), SCHEMA.name) == {zh("李丽")}


def test_effects_say_what_is_repealed_and_from_when_it_holds(quads):
    repealed = IRIS.policy(title="海城市读书办法")
    assert objects(quads, DOCUMENT, ELI.repeals) == {repealed}
    assert objects(quads, repealed, ELI.date_no_longer_in_force) == {date("2026-01-01")}
    assert objects(quads, repealed, DCTERMS.title) == {zh("海城市读书办法")}
    assert objects(quads, DOCUMENT, ELI.first_date_entry_in_force) == {date("2026-01-01")}
    assert not objects(quads, DOCUMENT, ELI.date_no_longer_in_force)
    assert objects(quads, at("effect", 2), PKG.act) == {zh("废止")}
    assert objects(quads, at("effect", 2), PKG.refersTo) == {repealed}


@pytest.mark.parametrize(
    ("act", "target", "subject", "predicate"),
    [
        ("修改", "海城市读书办法", DOCUMENT, ELI.changes),
        ("有效期", None, DOCUMENT, ELI.date_no_longer_in_force),
        ("废止", None, DOCUMENT, ELI.date_no_longer_in_force),
        ("施行", "海城市读书办法", IRIS.policy(title="海城市读书办法"), ELI.first_date_entry_in_force),
    ],
)
def test_each_act_and_whom_it_is_about(act, target, subject, predicate):
    document = every_fact.document()
    effect = Effect(act, target, "2027-05-01", document.effects[0].evidence)
    quads = document_to_quads(replace(document, effects=(effect,)))
    told = {(q.subject, q.predicate) for q in quads if q.predicate in _TOLD}
    assert told == {(subject, predicate)}


_TOLD = {ELI.repeals, ELI.changes, ELI.first_date_entry_in_force, ELI.date_no_longer_in_force}


def test_what_is_to_be_checked_and_what_was_not_read_are_no_facts(quads):
    assert "未识别" not in to_nquads([q for q in quads if q.predicate == PKG.what and "doubt" in q.subject])
    assert not [q for q in quads if "/doubt/" in q.subject or "/loss/" in q.subject]


def test_a_body_is_quoted_where_it_is_named_first(quads):
    assert quoted(quads, at("agency", 1)) == "市文化局"


def test_every_fact_that_was_decided_on_says_how_sure_it_is(quads):
    decided = {q.subject for q in quads if q.predicate == RDF.type and q.object == PKG.Fact}
    undecided = {at("notice", 1), at("work", 1), f"{TASK}/deadline"}
    assert {iri for iri in decided if not objects(quads, iri, PKG.confidence)} == undecided


def test_a_repealed_policy_that_is_held_is_found():
    store = OxigraphStore()
    old = replace(every_fact.document(), id="d-old", title="海城市读书办法", effects=())
    for document in (every_fact.document(), old):
        store.replace_graph(IRIS.graph(document.id), document_to_quads(document))
    links = links_to_quads(store)
    assert Quad(IRIS.policy(title="海城市读书办法"), PKG.heldAs, IRIS.document("d-old"), IRIS.links) in links


def test_every_kind_of_fact_satisfies_the_shapes(quads):
    store = OxigraphStore()
    store.replace_graph(IRIS.graph(every_fact.ID), quads)
    assert violations(store, texts=lambda _: every_fact.TEXT) == []


@pytest.mark.parametrize(
    ("subject", "predicate", "message"),
    [
        (at("figure", 1), SCHEMA.value, "数字应有数值"),
        (at("person", 1), SCHEMA.roleName, "人员应有所任职责"),
        (at("effect", 1), PKG.act, "效力应说明施行、废止、修改或有效期"),
        (at("effect", 1), PROV.wasQuotedFrom, "效力应有原文出处"),
        (at("article", "第一条"), ELI.number, "条款应有条号"),
        (at("article", "第一条"), ELI.is_part_of, "条款应属于一份文件"),
        (f"{TASK}/deadline", PKG.inActivity, "完成时限应属于一项活动"),
    ],
)
def test_what_is_missing_is_found(quads, subject, predicate, message):
    store = OxigraphStore()
    assert objects(quads, subject, predicate)
    store.replace_graph(
        IRIS.graph(every_fact.ID), [q for q in quads if (q.subject, q.predicate) != (subject, predicate)]
    )
    assert (subject, message) in {(v.focus, v.message) for v in violations(store)}


def test_a_wrong_value_is_found(quads):
    store = OxigraphStore()
    figure = at("figure", 1)
    odd = [q._replace(object=PKG.Planned) if q[:2] == (figure, PKG.status) else q for q in quads]
    store.replace_graph(IRIS.graph(every_fact.ID), odd)
    assert [v.message for v in violations(store)] == ["数字的性质应是目标、实际之一"]


def test_the_version_of_the_graph_goes_with_the_declarations():
    assert QUADS_VERSION.endswith(fingerprint(DECLARED))
    assert [step.name for step in PROJECTIONS if QUADS_VERSION in step.version()] == ["graph"]


def test_a_term_that_no_vocabulary_has_is_refused():
    figure = next(kind for kind in KINDS if kind.type is Figure)
    wrong = replace(figure, fields=tuple(replace(f, rdf="pkg:qualifyer" if f.rdf else "") for f in figure.fields))
    document = every_fact.document()
    with pytest.raises(AttributeError, match="did you mean qualifier"):
        fact_node(Scope.of(document, IRIS.base, {}), wrong, at("figure", 1), document.figures[0])
    assert term("eli:repeals") == ELI.repeals
