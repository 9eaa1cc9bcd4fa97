"""What follows only from all documents together: which cited policies are held, and which places are covered.

Stands in `<base>graph/links`. A change of some documents is followed where it leads (`Ties`, `Keys`), the rest is left
as it was; the result is the same as when all of it is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

import msgspec

from kg.core.ids import DEFAULT_BASE, number_key
from kg.core.text import in_order
from kg.graph.iris import Iris
from kg.graph.proposals import proposal_node, proposal_to_quads
from kg.graph.protocol import GraphStore, Statements
from kg.graph.rdf import Literal, Quad, boolean, zh
from kg.graph.ties import Keys, Known, Ties, joined
from kg.graph.titles import title_keys
from ontology.terms import DCTERMS, ELI, OWL, PKG, RDF, SCHEMA, SKOS

_CITED_BY = (ELI.cites, ELI.repeals, ELI.changes)


def links_to_quads(store: GraphStore, *, base: str = DEFAULT_BASE) -> list[Quad]:
    """The links graph for what the store holds now; the store's own links graph is not read."""
    iris = Iris(base)
    ties = [Ties.of(store.quads(graph=graph)) for graph in store.graphs() if graph != iris.links]
    links = Links(store, iris, Keys())
    return links.all_of(links.taken(Ties(), joined(ties)))


class Links:
    """The links of documents, and the keys by which they are found; `store` tells what the documents state."""

    def __init__(self, store: Statements, iris: Iris, keys: Keys) -> None:
        self._store = store
        self._iris = iris
        self.keys = keys
        self._labels: dict[str, list[str]] = {}

    def renew(self, store: GraphStore, before: Ties, after: Ties) -> None:
        """Bring keys and links graph up to what a store holds, where documents changed `before` into `after`."""
        touched = self.taken(before, after)
        links = self._iris.links
        old = {quad for quad in self._standing(touched) if quad.graph == links}
        new = dict.fromkeys(self.all_of(touched))
        store.change_graph(links, [q for q in old if q not in new], [q for q in new if q not in old])

    def taken(self, before: Ties, after: Ties) -> Ties:
        """Keep the keys of what changed; returns all whose links may be others now."""
        ties = before | after
        keys = self.keys
        shared = {key for document in before.documents for key in _keys_of(keys.document(document))}
        now = dict.fromkeys(sorted(ties.documents))
        now |= {document: self._known(document) for document in sorted(after.documents)}
        for name, activity, document in sorted(after.names):
            known = (now[document] if document in now else keys.document(document)) or Known()
            now[document] = msgspec.structs.replace(known, names=[*known.names, (name, activity)])
        for document, found in now.items():
            keys.put(document, found)
            shared.update(_keys_of(found) if found is not None else ())
        for policy in sorted(ties.policies):
            keys.put_policy(policy, self._policy_keys(policy))
        others = {policy for key in shared for policy in keys.policies_by(key)}
        return Ties(ties.documents, ties.policies | others, ties.places, ties.kinds, ties.names)

    def all_of(self, touched: Ties) -> list[Quad]:
        """The links of some nodes."""
        parts: list[Iterable[Quad]] = []
        for policy in sorted(touched.policies):
            parts += [self._held(policy), self._same_policies(policy)]
        parts += [self._covers(document) for document in sorted(touched.documents)]
        parts += [self._place_labels(place) for place in sorted(touched.places)]
        parts += [self._kinds(kind) for kind in sorted(touched.kinds)]
        parts += [
            proposal_to_quads(name, self.keys.activities(name), self._iris)
            for name in sorted({name for name, _, _ in touched.names})
        ]
        return list(dict.fromkeys(quad for part in parts for quad in part))

    def _standing(self, touched: Ties) -> Iterator[Quad]:
        """What the links graph says now of some nodes."""
        read, links = self._store.quads, self._iris.links
        for policy in touched.policies:
            for predicate in (PKG.held, PKG.heldAs):
                yield from read(policy, predicate, graph=links)
            yield from read(None, OWL.sameAs, policy, links)
        for document in touched.documents:
            yield from read(document, PKG.covers, graph=links)
        for place in touched.places:
            yield from read(place, SKOS.prefLabel, graph=links)
        for kind in touched.kinds:
            yield from read(kind, graph=links)
        for name in {name for name, _, _ in touched.names}:
            node = proposal_node(name, self._iris)
            yield from read(node, graph=links)
            yield from read(None, PKG.inProposedSeries, node, links)

    def _texts(self, subject: str, predicate: str) -> list[str]:
        found = self._store.quads(subject, predicate)
        return sorted({q.object.lexical for q in found if isinstance(q.object, Literal)})

    def _objects(self, subject: str, predicate: str) -> list[str]:
        """Those that documents and reference data state, not the links themselves."""
        quads = (quad for quad in self._store.quads(subject, predicate) if quad.graph != self._iris.links)
        return sorted({quad.object for quad in quads if isinstance(quad.object, str)})

    def _any(self, predicate: str, value: str) -> bool:
        return next(iter(self._store.quads(None, predicate, value)), None) is not None

    def _known(self, document: str) -> Known:
        exact, loose = [], []
        for title in self._texts(document, DCTERMS.title):
            first, *others = title_keys(title) or ("",)
            exact.append(first)
            loose += others
        return Known(exact, loose, sorted({number_key(n) for n in self._texts(document, ELI.id_local)}))

    def _policy_keys(self, policy: str) -> list[str]:
        titles = [*self._texts(policy, DCTERMS.title), *self._texts(policy, SKOS.altLabel)]
        numbers = self._texts(policy, ELI.id_local)
        return sorted({*(key for title in titles for key in title_keys(title)), *map(number_key, numbers)})

    def _held(self, policy: str) -> Iterator[Quad]:
        if not any(self._any(predicate, policy) for predicate in _CITED_BY):
            return
        documents = set(self._objects(policy, PKG.heldAs)) or self._find(policy)
        yield Quad(policy, PKG.held, boolean(bool(documents)), self._iris.links)
        for document in sorted(documents):
            yield Quad(policy, PKG.heldAs, document, self._iris.links)

    def _find(self, policy: str) -> set[str]:
        """The documents that are this policy: by number, by exact title, else by one other form of the title."""
        by = self.keys.documents_by
        numbers = {number_key(number) for number in self._texts(policy, ELI.id_local)}
        if found := {document for key in numbers for document in by("numbers", key)}:
            return found
        titles = [*self._texts(policy, DCTERMS.title), *self._texts(policy, SKOS.altLabel)]
        forms = [title_keys(title) for title in titles]
        if found := {d for form in forms for d in by("exact", form[0])} if all(forms) else set():
            return found
        issuers = self._texts(policy, PKG.issuerName)
        possible = {
            document
            for form in forms
            for key in form
            for document in by("exact", key) | by("loose", key)
            if self._may_be(document, numbers, issuers)
        }
        # a form that fits several documents (关于开展质量月活动的通知) tells none of them
        return possible if len(possible) == 1 else set()

    def _may_be(self, document: str, numbers: set[str], issuers: list[str]) -> bool:
        own = self.keys.document(document).numbers
        if numbers and own and numbers.isdisjoint(own):
            return False
        known = self._issuers(document) if issuers else ()
        return not known or any(in_order(a, b) for a in issuers for b in known)

    def _issuers(self, document: str) -> list[str]:
        if document not in self._labels:
            issuers = self._objects(document, ELI.passed_by)
            self._labels[document] = [name for issuer in issuers for name in self._texts(issuer, SKOS.prefLabel)]
        return self._labels[document]

    def _same_policies(self, policy: str) -> Iterator[Quad]:
        """A policy cited by number alone is the one whose title is known with that number."""
        for number in self._texts(policy, ELI.id_local):
            by_number = self._iris.policy(number=number)
            if by_number and by_number != policy and policy.startswith(self._iris.base + "policy/"):
                yield Quad(by_number, OWL.sameAs, policy, self._iris.links)

    def _covers(self, document: str) -> Iterator[Quad]:
        """A document covers its own place; that of a city covers each district and county directly under it.

        Only documents that plan or report activities count: a regulation that names no activity at all is no evidence
        that an activity was left out.
        """
        announced = (quad.subject for quad in self._store.quads(None, PKG.announcedIn, document))
        if not any(next(iter(self._store.quads(one, RDF.type, SCHEMA.Event)), None) for one in announced):
            return
        links = self._iris.links
        for place in self._objects(document, DCTERMS.spatial):
            yield Quad(document, PKG.covers, place, links)
            if self._is_city(place):
                for child in sorted({q.subject for q in self._store.quads(None, SCHEMA.containedInPlace, place)}):
                    if {"区", "县"} & set(self._texts(child, PKG.placeLevel)):
                        yield Quad(document, PKG.covers, child, links)

    def _is_city(self, place: str) -> bool:
        """A prefecture-level city, or one of the municipalities, which stand at the level of provinces."""
        levels = set(self._texts(place, PKG.placeLevel))
        return "市" in levels or ("省" in levels and any(n.endswith("市") for n in self._texts(place, SKOS.prefLabel)))

    def _place_labels(self, place: str) -> Iterator[Quad]:
        """A place that neither a document nor the reference data labels is called by its qualified name."""
        prefix = self._iris.place("")
        held = place.startswith(prefix) and next(iter(self._store.quads(place, RDF.type)), None) is not None
        if held and all(q.graph == self._iris.links for q in self._store.quads(place, SKOS.prefLabel)):
            yield Quad(place, SKOS.prefLabel, zh(unquote(place.removeprefix(prefix))), self._iris.links)

    def _kinds(self, kind: str) -> Iterator[Quad]:
        """The kinds of documents (公文种类). Stated here once, not by each 通知."""
        if self._any(ELI.type_document, kind):
            yield Quad(kind, RDF.type, SKOS.Concept, self._iris.links)
            yield Quad(kind, SKOS.prefLabel, zh(unquote(kind.removeprefix(self._iris.kind("")))), self._iris.links)


def _keys_of(known: Known) -> Iterator[str]:
    yield from (*known.exact, *known.loose, *known.numbers)
