"""The queries made from the shapes find what pySHACL finds, for a violation of every constraint in them."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib

from kg.graph.iris import Iris
from kg.graph.rdf import Literal, Quad, to_nquads
from kg.graph.shapes import shapes_to_rules
from kg.graph.store import OxigraphStore
from kg.graph.validate import shapes, violations
from ontology.terms import PREFIXES

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
GRAPH = Iris().graph("d-bad")
NODE = "https://example.org/node/"
OTHER_KIND = "https://example.org/Other"
XSD = "http://www.w3.org/2001/XMLSchema#"


def constraints() -> list[tuple[str, str, str, str]]:
    """(target class, path, component, its value) of every constraint that is stated."""
    graph = rdflib.Graph().parse(data=shapes(), format="turtle")
    found = []
    for shape in graph.subjects(rdflib.RDF.type, SH.NodeShape):
        for target in graph.objects(shape, SH.targetClass):
            for part in graph.objects(shape, SH.property):
                path = graph.value(part, SH.path)
                for predicate, value in graph.predicate_objects(part):
                    if predicate not in (SH.path, SH.message, SH.severity):
                        found.append((str(target), str(path), predicate.removeprefix(str(SH)), value))
    return sorted(found, key=str)


def literal(text: str, datatype: str = XSD + "string") -> Literal:
    return Literal(text, datatype)


def bad_values(component: str, value: rdflib.term.Node) -> list[list[object]]:
    """Sets of values of a property, each of which breaks the constraint."""
    iri = NODE + "value"
    many = [literal(f"甲{n}") for n in range(4)]
    return {
        "minCount": [many[: int(str(value)) - 1] if value.isdecimal() else []],
        "maxCount": [many[: int(str(value)) + 1] if value.isdecimal() else []],
        "minLength": [[literal("")]],
        "nodeKind": [[literal("文字")]],
        "datatype": [[literal("2024")], [literal("x", XSD + "integer")], [iri], [literal("2", XSD + "double")]],
        "minInclusive": [[literal("-1", XSD + "integer")], [literal("很多")]],
        "maxInclusive": [[literal("9999", XSD + "integer")], [literal("很多")]],
        "in": [
            [literal("乡")],
            [iri],
            [Literal("国家", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "zh")],
        ],
        "class": [[literal("文字")], [iri], [NODE + "other"]],
        "pattern": [[literal("3101")], [literal("31010a")]],
        "lessThan": [[literal("9", XSD + "integer")], [literal("甲")]],
    }[component]


CASES = [
    (target, path, component, number)
    for target, path, component, value in constraints()
    for number in range(len(bad_values(component, value)))
]


def as_rdflib(store: OxigraphStore) -> rdflib.Graph:
    """The union of all graphs."""
    data = rdflib.Dataset(default_union=True)
    data.parse(data=to_nquads(store.quads()), format="nquads")
    union = rdflib.Graph()
    for s, p, o, _ in data.quads((None, None, None, None)):
        union.add((s, p, o))
    return union


def by_pyshacl(data: rdflib.Graph) -> set[tuple[str, str, str]]:
    _, report, _ = pyshacl.validate(
        data, shacl_graph=rdflib.Graph().parse(data=shapes(), format="turtle"), inference="none"
    )
    return {
        (
            str(report.value(r, SH.focusNode)),
            str(report.value(r, SH.resultPath)),
            str(report.value(r, SH.resultMessage)),
        )
        for r in report.subjects(rdflib.RDF.type, SH.ValidationResult)
    }


def by_queries(store: OxigraphStore) -> set[tuple[str, str, str]]:
    def whole(path: str) -> str:
        prefix, _, name = path.partition(":")
        return PREFIXES.get(prefix, prefix + ":") + name

    return {
        (v.focus, whole(v.path), v.message) for v in violations(store) if v.path != "oa:exact" or "字" not in v.message
    }


def test_every_constraint_is_tried() -> None:
    assert len(CASES) >= 70
    rules = shapes_to_rules(shapes(), lambda name: [name])
    graph = rdflib.Graph().parse(data=shapes(), format="turtle")
    stated = sum(
        len([1 for p, _ in graph.predicate_objects(part) if p not in (SH.path, SH.message, SH.severity)])
        for part in graph.objects(None, SH.property)
    )
    assert len(rules) == stated


@pytest.mark.long
def test_violations_of_every_constraint_at_once(filled: OxigraphStore) -> None:
    """One node a case, so that one run of pySHACL speaks of all."""
    quads = [
        Quad(NODE + "other", rdf_type(), OTHER_KIND, GRAPH),
        Quad(
            OTHER_KIND + "Activity",
            "http://www.w3.org/2000/01/rdf-schema#subClassOf",
            "https://schema.org/Event",
            GRAPH,
        ),
        Quad(NODE + "below", rdf_type(), OTHER_KIND + "Activity", GRAPH),  # an instance of a class below the target
    ]
    expected = set()
    for index, (target, path, component, number) in enumerate(CASES):
        focus = f"{NODE}{index}"
        value = next(v for t, p, c, v in constraints() if (t, p, c) == (target, path, component))
        quads.append(Quad(focus, rdf_type(), target, GRAPH))
        quads += [Quad(focus, path, bad, GRAPH) for bad in bad_values(component, value)[number]]
        if component == "lessThan":
            quads.append(Quad(focus, str(value), literal("5", XSD + "integer"), GRAPH))
        expected.add((focus, path))
    filled.replace_graph(GRAPH, quads)
    other = Iris().graph("d-bad2")  # the same statements in a second graph are the same statements
    filled.replace_graph(other, [quad._replace(graph=other) for quad in quads[::3]])
    found, judged = by_queries(filled), by_pyshacl(as_rdflib(filled))
    assert found == judged
    assert expected <= {(focus, path) for focus, path, _ in found}
    assert any(focus == NODE + "below" for focus, _, _ in found)


def test_two_documents_that_name_an_agency_differently_contradict_each_other(filled: OxigraphStore) -> None:
    agency = NODE + "agency"
    label = PREFIXES["skos"] + "prefLabel"
    for number in (1, 2):
        graph = Iris().graph(f"d-{number}")
        kind = Quad(agency, rdf_type(), PREFIXES["org"] + "FormalOrganization", graph)
        filled.replace_graph(graph, [kind, Quad(agency, label, literal(f"名称{number}"), graph)])
    assert [(v.focus, v.path) for v in violations(filled)] == [(agency, "skos:prefLabel")]


def rdf_type() -> str:
    return str(rdflib.RDF.type)


@pytest.mark.parametrize(
    "shape",
    [
        "sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:uniqueLang true ; sh:message '甲' ]",
        "sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:message '甲' ]",
        "sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:nodeKind sh:BlankNodeOrIRI ; sh:message '甲' ]",
    ],
)
def test_what_is_not_known_is_refused(shape: str) -> None:
    turtle = f"@prefix sh: <{SH}> . @prefix ex: <https://example.org/> .\nex:S a sh:NodeShape ; {shape} ."
    with pytest.raises(ValueError, match="sh:"):
        shapes_to_rules(turtle, lambda name: [name])
