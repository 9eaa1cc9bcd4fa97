"""What the writers of one document's quads share: its IRIs, its named graph, and who is meant by a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.core.model import Document, Evidence, Party, PartyKind
from kg.graph.iris import Iris
from kg.graph.rdf import Node, Quad, integer, zh
from ontology.terms import OA, PKG, PROV, RDF, SCHEMA, SKOS


@dataclass(frozen=True, slots=True)
class Scope:
    """One document while its quads are written."""

    document: Document
    iris: Iris
    iri: str
    graph: str
    steps: tuple[str, ...] = ()
    regions: dict[str, str] = field(default_factory=dict, repr=False)
    """The jurisdiction of each body by its full name, as the whole document tells it."""

    with_contacts: bool = False

    @classmethod
    def of(cls, document: Document, base: str, steps: Mapping[str, str], *, with_contacts: bool = False) -> Scope:
        """The scope of a document under a base, with its bodies' jurisdictions gathered."""
        iris = Iris(base)
        regions = {entry.name: entry.region for entry in document.agencies if entry.region}
        for party in all_parties(document):
            if party.place and party.kind is PartyKind.AGENCY:
                regions[party.name] = party.place
        return cls(
            document,
            iris,
            iris.document(document.id),
            iris.graph(document.id),
            tuple(iris.step(name, version) for name, version in sorted(steps.items())),
            regions,
            with_contacts,
        )

    def region(self, party: Party) -> str | None:
        """The qualified place of a party's jurisdiction: its own, or what the document says elsewhere."""
        return party.place or self.regions.get(party.name)

    def party_iri(self, party: Party) -> str:
        """A place, a group or an agency.

        A collective without known members (各有关单位) means something else in each document, so it is kept apart;
        one with members is the same wherever place and name agree.
        """
        if party.kind is PartyKind.PLACE:
            return self.iris.place(party.place or party.name)
        if party.kind is PartyKind.GROUP:
            place = self.region(party)
            return self.iris.group(place if place and party.members else self.document.id, party.name)
        return self.iris.agency(self.region(party), party.name)

    def fact_at(self, iri: str, *types: str, evidence: Evidence | None) -> Node:
        """A fact node with its type, document, step and words; the caller adds what it states."""
        node = Node(iri, self.graph, PKG.Fact, *types).add(PKG.announcedIn, self.iri)
        node.add(PROV.wasGeneratedBy, *self.steps)
        return node.add(PROV.wasQuotedFrom, self.span(evidence) if evidence else None)

    def reviewed(self, node: Node, fact: object) -> Node:
        """The node with the statement of a person that the fact rests on, if there is one."""
        review = getattr(fact, "review", None)
        return node.add(PROV.wasGeneratedBy, self.iris.review(review) if review else None)

    def span(self, evidence: Evidence) -> str:
        """The IRI of the words."""
        return self.iris.span(self.document.id, evidence.start, evidence.end)

    def span_quads(self, evidence: Evidence) -> Iterator[Quad]:
        """The words as a W3C Web Annotation target: by position and by quote."""
        span = self.span(evidence)
        position, quote = f"{span}/position", f"{span}/quote"
        node = Node(span, self.graph, OA.SpecificResource).add(OA.hasSource, self.iri)
        yield from node.add(OA.hasSelector, position, quote)
        node = Node(position, self.graph, OA.TextPositionSelector)
        yield from node.add(OA.start, integer(evidence.start)).add(OA.end, integer(evidence.end))
        yield from Node(quote, self.graph, OA.TextQuoteSelector).add(OA.exact, zh(evidence.quote))

    def place(self, qualified: str) -> Iterator[Quad]:
        """That a place exists; its label and code come from the document's places or the reference data."""
        yield Quad(self.iris.place(qualified), RDF.type, SCHEMA.AdministrativeArea, self.graph)


def all_parties(document: Document) -> Iterator[Party]:
    """Issuers, responsible parties, and the members of both, outermost first."""

    def walk(party: Party) -> Iterator[Party]:
        yield party
        for member in party.members:
            yield from walk(member)

    for issuer in document.issuers:
        yield from walk(issuer)
    for activity in document.activities:
        for party in activity.responsible:
            yield from walk(party)


def concept(scope: Scope, iri: str, label: str, *types: str) -> Iterator[Quad]:
    """A SKOS concept that the document uses, so that the document's graph can stand alone."""
    return iter(Node(iri, scope.graph, SKOS.Concept, *types).zh(SKOS.prefLabel, label))
