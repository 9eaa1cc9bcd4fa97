"""What people state, as RDF: each statement a `pkg:Review` (PROV-O Activity) that its facts come from.

Who stated it stands in the catalogue and its audit log, not here: a graph is handed on, and a name is a personal datum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.core.corrections import Action, Correction
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal, Node, Quad, zh
from kg.graph.scope import Scope
from ontology.terms import DCTERMS, PKG, PROV, SKOS, XSD

_NAMES = (Action.MERGE, Action.OTHER_NAME)


def reviews_to_quads(scope: Scope) -> Iterator[Quad]:
    """The statements that a document shows; one about its header is what the document itself comes from."""
    for review in scope.document.reviews:
        yield from _node(scope.iris, scope.graph, review.id, review.action, review.at)
        if review.kind == "document":
            yield Quad(scope.iri, PROV.wasGeneratedBy, scope.iris.review(review.id), scope.graph)


def _node(iris: Iris, graph: str, review: str, action: str, at: str) -> Node:
    node = Node(iris.review(review), graph, PKG.Review, PROV.Activity)
    return node.text(PKG.reviewAction, action).add(PROV.startedAtTime, Literal(at, XSD.dateTime))


def bodies_to_quads(store: GraphStore, corrections: Iterable[Correction], iris: Iris) -> Iterator[Quad]:
    """Other names of bodies, and who followed whom, in the graph of what people state."""
    graph = iris.reviews
    for each in corrections:
        if each.action in _NAMES:
            name, other = (
                (each.values["name"], each.was["name"])
                if each.action is Action.MERGE
                else (each.was["name"], each.values["name"])
            )
            for body in _called(store, name):
                yield Quad(body, SKOS.altLabel, zh(other), graph)
                yield Quad(body, PROV.wasGeneratedBy, iris.review(each.id), graph)
        elif each.action is Action.SUCCESSOR:
            later = _called(store, each.values["name"]) or [iris.agency(each.values.get("place"), each.values["name"])]
            for body in later:
                yield from Node(body, graph).zh(SKOS.prefLabel, each.values["name"])
            for body in _called(store, each.was["name"]):
                yield Quad(body, DCTERMS.isReplacedBy, later[0], graph)
                yield Quad(body, PROV.wasGeneratedBy, iris.review(each.id), graph)
        else:
            continue
        yield from _node(iris, graph, each.id, each.action.value, each.at)


def _called(store: GraphStore, name: str) -> list[str]:
    return sorted({quad.subject for quad in store.quads(None, SKOS.prefLabel, zh(name))})
