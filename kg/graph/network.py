"""Agencies as a network: who acts with whom. The only module that knows networkx.

Nodes are agencies and collectives (by IRI); an edge gathers everything between two of them: activities that both
carry, documents that both issue, membership, superiority and guidance, with the documents and years behind it.

A library of laws has some thousand issuers of a single document each: what belongs to a body or an event is asked for
when it is needed, and for all of them together (`kg.graph.bulk`), not read for the whole graph.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.core.errors import UnknownName
from kg.graph.acting import Acting
from kg.graph.bulk import Told
from kg.graph.guidance import LINE, lines_of_work, written_guidance
from kg.graph.protocol import GraphStore
from ontology.terms import DCTERMS, ORG, PKG, PROV, RDF

if TYPE_CHECKING:
    import networkx as nx

    AgencyGraph: TypeAlias = nx.Graph[str]  # for annotations elsewhere: networkx stays in this module

FORMATS = ("graphml", "gexf")
MEASURES = ("degree", "betweenness")
_SEED = 7  # any: the same picture each time
_PIVOTS = 200  # nodes sampled for betweenness: 2,000 nodes with 20,000 edges in about a second
_LONGEST = 10_000  # steps; together less than one step, so that strength decides only among paths of equal length


def agency_network(
    store: GraphStore,
    *,
    year: int | None = None,
    place: str | None = None,
    structure: bool = True,
    acting: Acting | None = None,
) -> nx.Graph[str]:
    """The network of the agencies that carry activities or issue documents.

    `year` keeps what belongs to one year, `place` (the IRI of a place) edges that touch an agency of it; `structure`
    adds membership, superiority and guidance between the agencies that are in the network; `acting` is what was asked
    of this graph before. Node attributes: label, kind (agency, group, unit), place, activities. Edge attributes:
    weight, activities, issued, relation, documents (titles), sources (the documents' IRIs), years (the last four as
    text joined by ；, so that GraphML and GEXF can hold them).
    """
    import networkx as nx

    acting = acting or Acting(store)
    gathered = _Gathered(acting)
    gathered.add_events(store, year)
    if structure:
        gathered.add_structure(store)
    bodies = sorted(gathered.activities)
    places = {body: acting.told.node(body, PKG.jurisdiction) for body in bodies}
    kinds = _kinds(store)
    graph: nx.Graph[str] = nx.Graph()
    for body in bodies:
        graph.add_node(
            body,
            label=acting.name(body),
            kind=kinds.get(body, "agency"),
            place=acting.place(body),
            activities=len(gathered.activities[body]),
        )
    for (first, second), edge in sorted(gathered.edges.items()):
        if place is None or place in (places.get(first), places.get(second)):
            graph.add_edge(first, second, **edge.attributes())
    if place is not None:
        graph.remove_nodes_from([n for n in list(graph) if not graph[n] and places.get(n) != place])
    return graph


class _Gathered:
    """What is known of the bodies and of each pair, while the network is gathered."""

    def __init__(self, acting: Acting) -> None:
        self.acting = acting
        self.edges: dict[tuple[str, str], _Edge] = defaultdict(_Edge)
        self.activities: dict[str, set[str]] = defaultdict(set)
        self.shared: dict[str, set[str]] = {}  # activities with several bodies
        self.quoted: Told | None = None  # where each of these was read

    def add_events(self, store: GraphStore, year: int | None) -> None:
        """Activities carried and documents issued together, of one year or of all."""
        for kind, parties in (("activity", self.acting.carried), ("issued", self.acting.issued)):
            shared = [event for event, members in parties.items() if len(members) > 1]
            asked = shared if year is None else parties
            told = Told(store, asked, PKG.activityYear, PKG.announcedIn, PROV.wasQuotedFrom)
            documents = {event: told.node(event, PKG.announcedIn) or event for event in shared}
            titles = Told(store, documents.values(), DCTERMS.title)
            for event, members in parties.items():
                years = told.texts(event, PKG.activityYear)
                at = int(years[0]) if years else None
                if year is not None and at != year:
                    continue
                for body in members:
                    self.activities[body].update({event} if kind == "activity" else ())
                if len(members) == 1:
                    continue
                if kind == "activity":
                    self.shared[event], self.quoted = members, told
                document = documents[event]
                title = titles.node(document, DCTERMS.title) or document
                for pair in combinations(sorted(members), 2):
                    self.edges[pair].add(kind, event, document, title, at)

    def add_structure(self, store: GraphStore) -> None:
        """Membership, superiority and guidance of the bodies that act; what stands above one joins the network."""
        own = frozenset(self.activities)
        for relation, lower, upper in self.acting.structure:
            if lower in own and (upper in own or relation != "member"):
                self.activities[upper].update(())
                self.edges[min(lower, upper), max(lower, upper)].relations.add(relation)
        written = written_guidance(store, self.shared, quoted=self.quoted)
        lines = lines_of_work(store, self.activities, told=self.acting.told, called=self.acting.told_of_places)
        for relation, lower, upper in (*written, *lines):
            self.edges[min(lower, upper), max(lower, upper)].relations.add(relation)


class _Edge:
    """What is between two bodies, while it is gathered."""

    def __init__(self) -> None:
        self.events: dict[str, set[str]] = {"activity": set(), "issued": set()}
        self.relations: set[str] = set()
        self.documents: set[str] = set()
        self.sources: set[str] = set()
        self.years: set[int] = set()

    def add(self, kind: str, event: str, document: str, title: str, year: int | None) -> None:
        self.events[kind].add(event)
        self.documents.add(title)
        self.sources.add(document)
        if year is not None:
            self.years.add(year)

    def attributes(self) -> dict[str, Any]:
        together = len(self.events["activity"]) + len(self.events["issued"])
        return {
            "weight": max(together, 1),
            "activities": len(self.events["activity"]),
            "issued": len(self.events["issued"]),
            "relation": "；".join(sorted(self.relations)),
            "documents": "；".join(sorted(self.documents)),
            "sources": "；".join(sorted(self.sources)),
            "years": "；".join(map(str, sorted(self.years))),
        }


def _kinds(store: GraphStore) -> dict[str, str]:
    names = {PKG.AgencyGroup: "group", ORG.OrganizationalUnit: "unit"}
    return {quad.subject: name for type_, name in names.items() for quad in store.quads(None, RDF.type, type_)}


def weights(graph: nx.Graph[str], by: str) -> dict[str, float]:
    """How much each node matters: `degree` (number of neighbours) or `betweenness` (share of shortest paths).

    Betweenness of a large network is estimated from a fixed sample of nodes: the exact one takes nodes times edges.
    """
    import networkx as nx

    if by == "degree":
        return {node: float(degree) for node, degree in graph.degree()}
    if by != "betweenness":
        raise UnknownName("圆点大小", by, MEASURES)
    sample = _PIVOTS if len(graph) > _PIVOTS else None
    return dict(nx.betweenness_centrality(graph, k=sample, seed=_SEED))


def communities(graph: nx.Graph[str]) -> list[list[str]]:
    """Groups of nodes that are tied to each other more than to others (Louvain), the largest first; a fixed seed."""
    import networkx as nx

    found = nx.community.louvain_communities(graph, weight="weight", seed=_SEED)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))


def nearest(graph: nx.Graph[str], centre: str, most: int) -> list[str]:
    """`centre` and up to `most` - 1 nodes around it: by the number of steps, then the strongest ties first."""
    found, frontier = [centre], [centre]
    seen = {centre}
    while frontier and len(found) < most:
        strength: dict[str, int] = defaultdict(int)
        for node in frontier:
            for other, edge in graph[node].items():
                if other not in seen:
                    strength[other] += edge["weight"]
        frontier = sorted(strength, key=lambda node: (-strength[node], node))[: most - len(found)]
        seen.update(frontier)
        found += frontier
    return found


def shortest_path(graph: nx.Graph[str], first: str, last: str) -> list[str]:
    """The nodes from `first` to `last` with the fewest steps, stronger ties preferred; empty where there is no way.

    A tie that rests on names alone (`guidance.LINE`) is taken only where nothing written leads on.
    """
    import networkx as nx

    def step(_: str, __: str, edge: dict[str, Any]) -> float:
        inferred = edge["relation"] == LINE and not edge["activities"] + edge["issued"]
        return 1.0 + 1.0 / (_LONGEST * int(edge["weight"])) + (_LONGEST if inferred else 0)

    try:
        return list(nx.dijkstra_path(graph, first, last, weight=step))
    except nx.NetworkXNoPath:
        return []


def write_network(graph: nx.Graph[str], format_: str, path: Path) -> None:
    """Write GraphML or GEXF, which Gephi, yEd and Cytoscape read."""
    import networkx as nx

    if format_ not in FORMATS:
        raise UnknownName("网络格式", format_, FORMATS)
    writer = nx.write_graphml if format_ == "graphml" else nx.write_gexf
    writer(graph, path, encoding="utf-8")
