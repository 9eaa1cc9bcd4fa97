"""Who acts: the bodies that carry activities or issue documents, those above them, and what the graph says of each.

The ground of the network of agencies (`kg.graph.network`), and all that a list of its bodies needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.graph.bulk import Told, pairs
from kg.graph.protocol import GraphStore
from ontology.terms import ELI, ORG, PKG, SCHEMA, SKOS

_CARRIES = (PKG.leadAgency, PKG.coAgency, SCHEMA.organizer)


class Acting:
    """The bodies of a graph, of all years; IRIs throughout.

    `carried` and `issued` are the bodies by the activity or document that they share, `structure` the ties between a
    body and what it belongs to, as (relation, lower, upper), `bodies` all of them, sorted. `told` speaks of bodies,
    `told_of_places` of the places that they are of.
    """

    def __init__(self, store: GraphStore) -> None:
        self.carried = _members(store, _CARRIES)
        self.issued = _members(store, (ELI.passed_by,))
        acting = {body for parties in (self.carried, self.issued) for members in parties.values() for body in members}
        self.structure = structure_of(store, acting)
        self.bodies = sorted(acting.union(upper for _, _, upper in self.structure))
        self.told = Told(store, self.bodies, SKOS.prefLabel, SKOS.altLabel, PKG.jurisdiction, PKG.agencyCategory)
        places = {self.told.node(body, PKG.jurisdiction) for body in self.bodies} - {""}
        self.told_of_places = Told(store, places, SKOS.prefLabel, PKG.placeLevel)

    def name(self, body: str) -> str:
        """What a body is called; its IRI where the graph does not say."""
        return self.told.node(body, SKOS.prefLabel) or body

    def place(self, body: str) -> str:
        """The name of the place that a body is of; empty where none is told."""
        return self.told_of_places.node(self.told.node(body, PKG.jurisdiction), SKOS.prefLabel)

    def level(self, body: str) -> str:
        """The level of that place; empty where none is told."""
        return self.told_of_places.node(self.told.node(body, PKG.jurisdiction), PKG.placeLevel)

    def deeds(self) -> dict[str, int]:
        """How many activities and documents each body has a part in."""
        counted: dict[str, int] = dict.fromkeys(self.bodies, 0)
        for parties in (self.carried, self.issued):
            for members in parties.values():
                for body in members:
                    counted[body] += 1
        return counted


def structure_of(store: GraphStore, acting: Iterable[str]) -> list[tuple[str, str, str]]:
    """Membership and superiority of the bodies that act: what stands above one counts, a collective only if it acts."""
    own = frozenset(acting)
    return [
        (relation, lower, upper)
        for relation, lower, upper in _structure(store)
        if lower in own and (upper in own or relation != "member")
    ]


def _members(store: GraphStore, predicates: Iterable[str]) -> dict[str, set[str]]:
    """The bodies by the activity or document that they share."""
    members: dict[str, set[str]] = defaultdict(set)
    for predicate in predicates:
        for shared, body in pairs(store, predicate):
            members[shared].add(str(body))
    return members


def _structure(store: GraphStore) -> Iterator[tuple[str, str, str]]:
    """(relation, lower, upper): a member and its group, a body and the one above it."""
    for group, member in pairs(store, ORG.hasMember):
        yield "member", str(member), group
    for predicate, relation in ((ORG.unitOf, "unit"), (ORG.subOrganizationOf, "subordinate")):
        for lower, upper in pairs(store, predicate):
            yield relation, lower, str(upper)
