"""The bodies that a document names, as RDF: agencies, internal units, task forces, collectives."""

from __future__ import annotations

from collections.abc import Iterator

from kg.core.declaration import Kind
from kg.core.model import AgencyEntry, Evidence, Party, PartyKind
from kg.graph.facts import fact_nodes
from kg.graph.rdf import Node, Quad
from kg.graph.scope import Scope, all_parties
from ontology.terms import ORG, PKG, PROV, SCHEMA, SKOS

# The categories (Party.category) that decide the class; any other is a formal organisation.
COLLECTIVE = "集体"
_CLASSES = {
    "领导小组": ORG.OrganizationalCollaboration,
    "议事协调机构": ORG.OrganizationalCollaboration,
    "领导小组办公室": ORG.OrganizationalUnit,
    "内设机构": ORG.OrganizationalUnit,
}


def bodies_to_quads(scope: Scope, kind: Kind) -> Iterator[Quad]:
    """Every party of the document with its class, label, jurisdiction and members, and where it is mentioned."""
    for party in all_parties(scope.document):
        yield from _party(scope, party)
    known = _known(scope)
    for node, entry in fact_nodes(scope, kind):
        iri = known.get(entry.name)
        if iri is None:
            party = _entry_to_party(scope, entry)
            iri = scope.party_iri(party)
            for body in (party, *party.members):
                yield from _party(scope, body)
        yield from node.add(PKG.refersTo, iri)
        if entry.spans:  # where it is named first; the others are in the catalogue
            start, end = entry.spans[0]
            first = Evidence(scope.document.text[start:end], start, end)
            yield Quad(node.iri, PROV.wasQuotedFrom, scope.span(first), scope.graph)
            yield from scope.span_quads(first)
        yield Quad(scope.iri, SCHEMA.mentions, iri, scope.graph)


def persons_to_quads(scope: Scope, kind: Kind) -> Iterator[Quad]:
    """Posts that the document announces, tied to the body where the document names it as one.

    A person is no node: one name in two documents may be two people.
    """
    mentioned = {entry.name: scope.party_iri(_entry_to_party(scope, entry)) for entry in scope.document.agencies}
    known = mentioned | _known(scope)
    for node, person in fact_nodes(scope, kind):
        yield from node.add(ORG.organization, known.get(person.group) if person.group else None)


def _known(scope: Scope) -> dict[str, str]:
    """The parties of the document by name; of two with one name, the first."""
    known: dict[str, str] = {}
    for party in all_parties(scope.document):
        known.setdefault(party.name, scope.party_iri(party))
    return known


def _party(scope: Scope, party: Party) -> Iterator[Quad]:
    iri, place = scope.party_iri(party), scope.region(party)
    if party.kind is PartyKind.PLACE:
        yield from scope.place(party.place or party.name)
        return
    node = Node(iri, scope.graph).zh(SKOS.prefLabel, party.name).text(PKG.agencyCategory, party.category)
    if place:
        node.add(PKG.jurisdiction, scope.iris.place(place))
        yield from scope.place(place)
    if party.kind is PartyKind.GROUP:
        yield from Node(iri, scope.graph, PKG.AgencyGroup).add(
            ORG.hasMember, *(scope.party_iri(member) for member in party.members)
        )
    else:
        kind = _CLASSES.get(party.category or "", ORG.FormalOrganization)
        yield from Node(iri, scope.graph, kind)
        if party.parent:
            yield from _superior(scope, party, party.parent, iri, kind)
    yield from node


def _superior(scope: Scope, party: Party, parent: str, iri: str, kind: str) -> Iterator[Quad]:
    """The body above: of an internal unit it shares the place; of any other its own place must be known here.

    Otherwise nothing is stated: the reference data say it, and a guess would make a second body of the same name.
    """
    unit = kind == ORG.OrganizationalUnit
    place = scope.regions.get(parent) or (scope.region(party) if unit else None)
    if place is None:
        return
    superior = scope.iris.agency(place, parent)
    yield Quad(iri, ORG.unitOf if unit else ORG.subOrganizationOf, superior, scope.graph)
    node = Node(superior, scope.graph, ORG.Organization).zh(SKOS.prefLabel, parent)
    yield from node.add(PKG.jurisdiction, scope.iris.place(place))
    yield from scope.place(place)


def _entry_to_party(scope: Scope, entry: AgencyEntry) -> Party:
    """A body that the document only mentions, in the shape of a party, so that both get the same IRI."""
    collective = entry.kind == COLLECTIVE or bool(entry.members)
    return Party(
        name=entry.name,
        as_written=entry.as_written[0] if entry.as_written else entry.name,
        kind=PartyKind.GROUP if collective else PartyKind.AGENCY,
        place=entry.region,
        category=entry.kind,
        parent=entry.parent,
        members=tuple(Party(name, name, place=scope.regions.get(name)) for name in entry.members),
    )
