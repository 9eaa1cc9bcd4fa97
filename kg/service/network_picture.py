"""The network of agencies drawn: where each stands, which are shown, and the way from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.graph import network
from kg.graph.iris import Iris
from kg.service.layout import positions
from kg.service.network import (
    Filters,
    Json,
    Network,
    is_inferred,
    network_of,
    node_of,
    text_of,
    tie_text,
    ties_of,
    titles,
)  # fmt: skip
from kg.service.snapshot import Snapshot
from ontology.terms import ORG, PKG, SCHEMA

if TYPE_CHECKING:
    from kg.graph.network import AgencyGraph
    from kg.graph.protocol import GraphStore

CROWDED = 40  # nodes from which on a picture of all of them is a hairball: names cover each other
MOST = 300  # nodes drawn at most: beyond, neither the browser nor the reader keeps up


def picture(
    snapshot: Snapshot,
    filters: Filters,
    *,
    size: str,
    centre: str | None,
    everything: bool,
    opened: Sequence[str] = (),
) -> Json:
    """What to draw: `{"nodes", "edges", "groups", "centre", "total", "total_ties", "focused"}`.

    `size` is one of `network.MEASURES`. With more than `CROWDED` agencies, and unless `everything` is wanted (up to
    `MOST`), only those nearest to `centre` (a label; else the one with the strongest ties) are drawn, and all that
    those in `opened` (labels) have ties with. Communities are those of the whole filtered network, so that colours
    stay while one looks around. `x` and `y` of a node, between 0 and 1, are where it stands (kg.service.layout).
    """
    whole = network_of(snapshot, filters.year)
    part = whole.filtered(filters)
    focus = whole.names.get(centre or "")
    focus = focus if focus in part else None
    limit = MOST if everything else CROWDED
    middle = focus or _strongest(part)
    kept = network.nearest(part, middle, limit) if middle and len(part) > limit else list(part)
    wider = (near for label in opened if (node := whole.names.get(label)) in part for near in (node, *part[node]))
    kept = list(dict.fromkeys([*kept, *wider]))[: max(MOST, len(kept))]
    groups = whole.communities(part)
    member = {node: number for number, group in enumerate(groups) for node in group}
    weight = network.weights(part, size)
    shown = part.subgraph(kept)
    names = {node: data["label"] for node, data in part.nodes(data=True)}
    number = {node: place for place, node in enumerate(kept)}
    at = positions([member[node] for node in kept], [(number[a], number[b]) for a, b in shown.edges])
    return {
        "nodes": [
            {**node_of(part, node, weight[node], member[node]), "x": x, "y": y}
            for node, (x, y) in zip(kept, at, strict=True)
        ],
        "edges": [
            {"source": names[a], "target": names[b], "ties": ties_of(edge), "weight": edge["weight"]}
            | {"text": tie_text(edge), "inferred": is_inferred(edge)}
            for a, b, edge in shown.edges(data=True)
        ],
        "groups": [_group(part, group, set(kept)) for group in groups if len(group) > 1],
        "centre": names.get(focus or (middle if len(part) > limit else "") or ""),
        "total": len(part),
        "total_ties": part.number_of_edges(),
        "focused": len(kept) < len(part),
    }


def path(snapshot: Snapshot, first: str, last: str, *, year: int | None = None) -> list[Json]:
    """The shortest way between two agencies, step by step.

    `[{"from", "to", "text", "activities", "documents", "stated", "inferred"}]`: `documents` are those behind a step
    (`{"id", "title"}`), `activities` the titles of what both carry; `stated` says where a superior comes from that no
    document names (reference data), `inferred` that guidance follows from the two names. No step: nothing leads from
    one to the other.
    """
    whole = network_of(snapshot, year)
    nodes = network.shortest_path(whole.graph, whole.node(first), whole.node(last))
    return [_step(whole, snapshot, a, b) for a, b in pairwise(nodes)]


def _step(whole: Network, snapshot: Snapshot, first: str, second: str) -> Json:
    edge, store = whole.graph.edges[first, second], snapshot.store
    graph = Iris(snapshot.settings.base_iri).graph("")
    stated = {
        quad.graph
        for predicate in (ORG.hasMember, ORG.unitOf, ORG.subOrganizationOf)
        for a, b in ((first, second), (second, first))
        for quad in store.quads(a, predicate, b)
    }
    ids = {name.removeprefix(graph) for name in stated}
    held = titles(snapshot, dict.fromkeys([*whole.document_ids(edge), *sorted(ids)]))
    return {
        "from": whole.graph.nodes[first]["label"],
        "to": whole.graph.nodes[second]["label"],
        "text": tie_text(edge),
        "activities": sorted(_carried(store, first) & _carried(store, second)),
        "documents": [{"id": key, "title": title} for key, title in held.items()],
        "stated": bool(ids - held.keys()),
        "inferred": "line" in edge["relation"].split("；"),
    }


def _carried(store: GraphStore, agency: str) -> set[str]:
    events = {
        quad.subject
        for predicate in (PKG.leadAgency, PKG.coAgency, SCHEMA.organizer)
        for quad in store.quads(None, predicate, agency)
    }
    return {text_of(quad.object) for event in events for quad in store.quads(event, SCHEMA.name)}


def _strongest(part: AgencyGraph) -> str | None:
    """The agency that acts most with others: activities count, a long list of joint issuers does not."""
    strength = {n: sum(edge["activities"] for edge in part[n].values()) for n in part}
    return max(sorted(strength), key=lambda n: (strength[n], part.degree(n)), default=None)


def _group(graph: AgencyGraph, group: list[str], kept: set[str]) -> Json:
    """A community, called by its best connected member."""
    leader = max(group, key=lambda node: (graph.degree(node), node))
    return {"name": graph.nodes[leader]["label"], "size": len(group), "shown": len(kept & set(group))}
