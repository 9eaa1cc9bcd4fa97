"""What follows only from all documents together: which cited policies are held, and which places are covered.

Written whole into `<base>graph/links` for each generation, so that adding or removing a document never leaves a stale
statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import unquote

from kg.core.ids import DEFAULT_BASE, number_key
from kg.graph.iris import Iris
from kg.graph.proposals import proposals_to_quads
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal, Quad, boolean, zh
from kg.graph.titles import title_keys
from ontology.terms import DCTERMS, ELI, OWL, PKG, RDF, SCHEMA, SKOS


def links_to_quads(store: GraphStore, *, base: str = DEFAULT_BASE) -> list[Quad]:
    """The links graph for what the store holds now; the store's own links graph is not read."""
    iris = Iris(base)
    parts = (
        _held(store, iris),
        _same_policies(store, iris),
        _covers(store, iris),
        _place_labels(store, iris),
        _kinds(store, iris),
        proposals_to_quads(store, iris),
    )
    return list(dict.fromkeys(quad for part in parts for quad in part))


_TERMS = frozenset(
    (
        DCTERMS.title, ELI.id_local, ELI.passed_by, ELI.cites, ELI.repeals, ELI.changes, ELI.type_document, PKG.heldAs,
        PKG.issuerName, SKOS.altLabel, PKG.announcedIn, DCTERMS.spatial, PKG.placeLevel, SCHEMA.containedInPlace,
        SCHEMA.name, PKG.inSeries,
    )
)  # fmt: skip
_TYPES = frozenset((PKG.Document, ELI.LegalResource, SCHEMA.Event, SCHEMA.AdministrativeArea))


def what_links_rest_on(quads: Iterable[Quad]) -> frozenset[Quad]:
    """The statements of one document that links are made from: where they are as before, so are the links.

    Of labels, those of the document's issuers and of places: of all other bodies nothing follows here.
    """
    held = list(quads)
    named = {quad.object for quad in held if quad.predicate == ELI.passed_by}
    named |= {quad.subject for quad in held if quad.object == SCHEMA.AdministrativeArea}
    return frozenset(
        quad
        for quad in held
        if quad.predicate in _TERMS
        or (quad.predicate == RDF.type and quad.object in _TYPES)
        or (quad.predicate == SKOS.prefLabel and quad.subject in named)
    )


def _texts(store: GraphStore, subject: str, predicate: str) -> list[str]:
    return sorted({q.object.lexical for q in store.quads(subject, predicate) if isinstance(q.object, Literal)})


def _objects(store: GraphStore, subject: str, predicate: str, *, but: str) -> list[str]:
    quads = (quad for quad in store.quads(subject, predicate) if quad.graph != but)
    return sorted({quad.object for quad in quads if isinstance(quad.object, str)})


def _subjects(store: GraphStore, type_: str) -> list[str]:
    return sorted({quad.subject for quad in store.quads(None, RDF.type, type_)})


class _Held:
    """The held documents by the keys under which they may be cited."""

    def __init__(self, store: GraphStore, iris: Iris) -> None:
        self.exact: dict[str, set[str]] = defaultdict(set)
        self.loose: dict[str, set[str]] = defaultdict(set)
        self.by_number: dict[str, set[str]] = defaultdict(set)
        self.numbers: dict[str, set[str]] = {}
        self.issuers: dict[str, set[str]] = {}
        # an agency's label stands in the graph of each document that names it: read once, not once a document
        labels = cache(lambda agency: _texts(store, agency, SKOS.prefLabel))
        for document in _subjects(store, PKG.Document):
            for title in _texts(store, document, DCTERMS.title):
                first, *others = title_keys(title) or ("",)
                self.exact[first].add(document)
                for key in others:
                    self.loose[key].add(document)
            self.numbers[document] = {number_key(number) for number in _texts(store, document, ELI.id_local)}
            for key in self.numbers[document]:
                self.by_number[key].add(document)
            issuers = _objects(store, document, ELI.passed_by, but=iris.links)
            self.issuers[document] = {name for issuer in issuers for name in labels(issuer)}

    def find(self, titles: list[str], numbers: list[str], issuers: list[str]) -> set[str]:
        """The documents that are this policy: by number, by exact title, else by one other form of the title."""
        keys = {number_key(number) for number in numbers}
        if found := {document for key in keys for document in self.by_number.get(key, ())}:
            return found
        forms = [title_keys(title) for title in titles]
        if found := {d for form in forms for d in self.exact.get(form[0], ())} if all(forms) else set():
            return found
        loose = {
            document
            for form in forms
            for key in form
            for document in self.exact.get(key, set()) | self.loose.get(key, set())
            if self._may_be(document, keys, issuers)
        }
        # a form that fits several documents (关于开展质量月活动的通知) tells none of them
        return loose if len(loose) == 1 else set()

    def _may_be(self, document: str, numbers: set[str], issuers: list[str]) -> bool:
        if numbers and self.numbers[document] and not numbers & self.numbers[document]:
            return False
        known = self.issuers[document]
        return not (issuers and known) or any(_abbreviates(a, b) for a in issuers for b in known)


def _abbreviates(short: str, name: str) -> bool:
    """Whether the characters of a short form occur in the full name in order: 市场监管总局, 国家市场监督管理总局."""
    rest = iter(name)
    return all(char in rest for char in short)


def _held(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    held = _Held(store, iris)
    named = {q.object for tie in (ELI.cites, ELI.repeals, ELI.changes) for q in store.quads(None, tie)}
    for policy in sorted(policy for policy in named if isinstance(policy, str)):
        documents = set(_objects(store, policy, PKG.heldAs, but=iris.links)) or held.find(
            [*_texts(store, policy, DCTERMS.title), *_texts(store, policy, SKOS.altLabel)],
            _texts(store, policy, ELI.id_local),
            _texts(store, policy, PKG.issuerName),
        )
        yield Quad(policy, PKG.held, boolean(bool(documents)), iris.links)
        for document in sorted(documents):
            yield Quad(policy, PKG.heldAs, document, iris.links)


def _same_policies(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """A policy cited by number alone is the one whose title is known with that number."""
    for policy in _subjects(store, ELI.LegalResource):
        for number in _texts(store, policy, ELI.id_local):
            by_number = iris.policy(number=number)
            if by_number and by_number != policy and policy.startswith(iris.base + "policy/"):
                yield Quad(by_number, OWL.sameAs, policy, iris.links)


def _covers(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """A document covers its own place; that of a city covers each district and county directly under it.

    Only documents that plan or report activities count: a regulation that names no activity at all is no evidence
    that an activity was left out.
    """
    activities = {quad.subject for quad in store.quads(None, RDF.type, SCHEMA.Event)}
    announcing = {q.object for q in store.quads(None, PKG.announcedIn) if q.subject in activities}
    children: dict[str, list[str]] = defaultdict(list)
    for quad in store.quads(None, SCHEMA.containedInPlace):
        if isinstance(quad.object, str):
            children[quad.object].append(quad.subject)
    for document in sorted(str(d) for d in announcing):
        for place in _objects(store, document, DCTERMS.spatial, but=iris.links):
            yield Quad(document, PKG.covers, place, iris.links)
            if _is_city(store, place):
                for child in sorted(children[place]):
                    if {"区", "县"} & set(_texts(store, child, PKG.placeLevel)):
                        yield Quad(document, PKG.covers, child, iris.links)


def _is_city(store: GraphStore, place: str) -> bool:
    """A prefecture-level city, or one of the municipalities, which stand at the level of provinces."""
    levels = set(_texts(store, place, PKG.placeLevel))
    return "市" in levels or ("省" in levels and any(n.endswith("市") for n in _texts(store, place, SKOS.prefLabel)))


def _place_labels(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """A place that neither a document nor the reference data labels is called by its qualified name."""
    prefix = iris.place("")
    for place in _subjects(store, SCHEMA.AdministrativeArea):
        if place.startswith(prefix):
            labels = [q for q in store.quads(place, SKOS.prefLabel) if q.graph != iris.links]
            if not labels:
                yield Quad(place, SKOS.prefLabel, zh(unquote(place.removeprefix(prefix))), iris.links)


def _kinds(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """The kinds of documents (公文种类). Stated here once: in each document's graph, a thousand 通知 would say it."""
    prefix = iris.kind("")
    for kind in sorted({str(quad.object) for quad in store.quads(None, ELI.type_document)}):
        yield Quad(kind, RDF.type, SKOS.Concept, iris.links)
        yield Quad(kind, SKOS.prefLabel, zh(unquote(kind.removeprefix(prefix))), iris.links)
