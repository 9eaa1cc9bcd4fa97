"""The network of agencies as a picture needs it: filtered, sized, coloured by community, drawn around one agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from kg.core.errors import UnknownName
from kg.graph import network
from kg.graph.acting import Acting
from kg.graph.bodies import COLLECTIVE
from kg.graph.bulk import Told
from kg.graph.iris import Iris
from kg.graph.rdf import Literal
from kg.service.snapshot import Snapshot
from ontology.terms import DCTERMS, PKG

if TYPE_CHECKING:
    from kg.graph.network import AgencyGraph
    from kg.graph.protocol import GraphStore

Json = dict[str, Any]

GROUP_KIND, UNKNOWN_KIND = COLLECTIVE, "未分类"
LEVELS = ("国家", "省", "市", "区", "县", "不明")
TIES = {
    "activity": "共同承担活动",
    "issued": "联合发文",
    "guidance": "业务指导",
    "structure": "隶属关系",
    "member": "集体成员",
}
"""What can be between two agencies."""

_RELATIONS = {"guidance": {"guidance", "line"}, "structure": {"unit", "subordinate"}, "member": {"member"}}
_LONGEST_TITLE = 16  # characters of a title that tells bodies of one name apart
_WORDS = {
    "guidance": "文件写明的指导",
    "line": "同系统上下级业务指导",
    "unit": "内设或下设",
    "subordinate": "隶属",
    "member": "集体成员",
}


_YEARS = f"SELECT DISTINCT ?year WHERE {{ ?event <{PKG.activityYear}> ?year }}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the network is looked at; None is no condition. `level` is one of `LEVELS`, `tie` one of `TIES`."""

    year: int | None = None
    place: str | None = None
    level: str | None = None
    kind: str | None = None
    tie: str | None = None


class Network:
    """The network of one generation and year, with what the graph says of its agencies beside."""

    def __init__(
        self, store: GraphStore, year: int | None, base: str, *, acting: Acting, labels: Mapping[str, str]
    ) -> None:
        self.graph: AgencyGraph = network.agency_network(store, year=year, acting=acting)
        self._base = Iris(base).document("")
        self.labels = labels
        self.names: dict[str, str] = {labels[node]: node for node in self.graph}  # how people call it -> node
        for node, data in self.graph.nodes(data=True):
            group = data["kind"] == "group"
            data["category"] = GROUP_KIND if group else acting.told.node(node, PKG.agencyCategory) or UNKNOWN_KIND
            data["level"] = acting.level(node) or LEVELS[-1]
            data["name"], data["label"] = data["label"], labels[node]

    def node(self, name: str) -> str:
        """The node of that name. Raises `UnknownName` with the nearest."""
        if name not in self.names:
            raise UnknownName("机构", name, list(self.names))
        return self.names[name]

    def filtered(self, filters: Filters) -> AgencyGraph:
        """The part that fits; what has no tie left is left out, unless no kind of tie was asked for.

        To be read only: where nothing was asked for it is the network itself.
        """
        if replace(filters, year=None) == Filters():
            return self.graph
        kept = [node for node, data in self.graph.nodes(data=True) if _fits(data, filters)]
        part = self.graph.subgraph(kept).copy()
        if filters.tie:
            if filters.tie not in TIES:
                raise UnknownName("联系", filters.tie, TIES)
            wrong = [(a, b) for a, b, edge in part.edges(data=True) if filters.tie not in ties_of(edge)]
            part.remove_edges_from(wrong)
            part.remove_nodes_from([node for node in list(part) if not part[node]])
        return part

    @cached_property
    def _communities(self) -> list[list[str]]:
        return network.communities(self.graph) if len(self.graph) else []

    def communities(self, part: AgencyGraph) -> list[list[str]]:
        """Those of a part (`filtered`); those of the whole are looked for once."""
        if part is self.graph:
            return self._communities
        return network.communities(part) if len(part) else []

    def document_ids(self, edge: Json) -> list[str]:
        """The documents behind a tie."""
        return [source.removeprefix(self._base) for source in edge["sources"].split("；") if source]


@dataclass(frozen=True, slots=True)
class Names:
    """Who acts in a generation, and what each is called: a label means the same in every year."""

    acting: Acting
    labels: Mapping[str, str]

    @classmethod
    def read(cls, store: GraphStore) -> Names:
        """Those of a graph; `Snapshot.names` keeps them, for the network need not be known for them."""
        acting = Acting(store)
        return cls(acting, _unique_labels(acting, store))


class Networks:
    """The networks of a generation, of all years (None) or of one; each is made once, when it is first asked for."""

    def __init__(self, store: GraphStore, names: Names, base: str) -> None:
        self._store, self._names, self._base = store, names, base
        self._made: dict[int | None, Network] = {}
        self._making = Lock()

    def of(self, year: int | None = None) -> Network:
        """That of a year or of all."""
        with self._making:
            if year not in self._made:
                names = self._names
                self._made[year] = Network(self._store, year, self._base, acting=names.acting, labels=names.labels)
            return self._made[year]


def network_of(snapshot: Snapshot, year: int | None = None) -> Network:
    """The network of a year or of all; made once for each generation."""
    return snapshot.networks.of(year)


def bodies(snapshot: Snapshot) -> list[Json]:
    """The agencies of the network by name alone: `[{"label", "name"}]`, those with a part in most deeds first."""
    names = snapshot.names
    deeds = names.acting.deeds()
    ranked = sorted(names.labels.items(), key=lambda pair: (-deeds[pair[0]], pair[1]))
    return [{"label": label, "name": names.acting.name(node)} for node, label in ranked]


def _unique_labels(acting: Acting, store: GraphStore) -> dict[str, str]:
    """The name; where several have it (各有关单位 of two documents), with what tells them apart.

    That is the place, or the title of the document that a collective belongs to.
    """
    names = {body: acting.name(body) for body in acting.bodies}
    often = Counter(names.values())
    same_place = Counter((name, acting.place(body)) for body, name in names.items())
    papers = {body: _paper(body) for body, name in names.items() if often[name] > 1}
    titles = Told(store, set(papers.values()) - {""}, DCTERMS.title)
    found: dict[str, str] = {}
    given: Counter[str] = Counter()
    for body, name in names.items():
        place, paper = acting.place(body), _shortened(titles.node(papers.get(body, ""), DCTERMS.title))
        where = place if place and same_place[name, place] == 1 else paper or place
        label = f"{name}（{where}）" if often[name] > 1 and where else name
        given[label] += 1
        found[body] = label if given[label] == 1 else f"{label}之{given[label]}"
    return found


def ties_of(edge: Json) -> list[str]:
    """The kinds of tie (`TIES`) that an edge stands for."""
    relations = set(edge["relation"].split("；"))
    found = [name for name, key in (("activity", "activities"), ("issued", "issued")) if edge[key]]
    return found + [name for name, wanted in _RELATIONS.items() if relations & wanted]


def is_inferred(edge: Json) -> bool:
    """Whether nothing but two names and places speaks for a tie: no document says it."""
    return ties_of(edge) == ["guidance"] and "guidance" not in edge["relation"].split("；")


def tie_text(edge: Json) -> str:
    """共同承担活动 3 项、联合发文 1 件（2019、2024 年）."""
    counted = {"activity": f"共同承担活动 {edge['activities']} 项", "issued": f"联合发文 {edge['issued']} 件"}
    parts = [text for tie, text in counted.items() if tie in ties_of(edge)]
    parts += [_WORDS[name] for name in edge["relation"].split("；") if name in _WORDS]
    years = f"（{edge['years'].replace('；', '、')} 年）" if edge["years"] else ""
    return "、".join(parts) + years


def agencies(snapshot: Snapshot) -> Json:
    """All agencies of the network, and the values of the filters.

    `{"agencies": [{"label", "name", "kind", "place", "level", "activities", "ties"}], "years", "places", "levels",
    "kinds", "ties"}`; agencies with many ties come first.
    """
    whole = network_of(snapshot)
    items = [node_of(whole.graph, node, 0.0, None) for node in whole.graph]
    places = Counter(item["place"] for item in items if item["place"])
    kinds = Counter(item["kind"] for item in items)
    return {
        "agencies": sorted(items, key=lambda item: (-item["ties"], item["label"])),
        "years": sorted((int(text_of(year)) for (year,) in snapshot.store.query(_YEARS).rows), reverse=True),
        "places": [name for name, _ in places.most_common()],
        "levels": [level for level in LEVELS if any(item["level"] == level for item in items)],
        "kinds": [name for name, _ in kinds.most_common()],
        "ties": dict(TIES),
    }


def titles(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """The titles of those that are held, by id, in the order given."""
    found = {}
    for document in ids:
        with suppress(UnknownName):  # reference data, or removed by a writer that is at work
            found[document] = snapshot.catalogue.summary(document).title
    return found


def _fits(data: Json, filters: Filters) -> bool:
    wanted = {"place": filters.place, "level": filters.level, "category": filters.kind}
    return all(value is None or data[name] == value for name, value in wanted.items())


def node_of(graph: AgencyGraph, node: str, weight: float, group: int | None) -> Json:
    """An agency as lists and pictures tell of it."""
    data = graph.nodes[node]
    return {
        "label": data["label"],
        "name": data["name"],
        "kind": data["category"],
        "place": data["place"],
        "level": data["level"],
        "activities": data["activities"],
        "ties": graph.degree(node),
        "size": weight,
        "group": group,
    }


def _paper(body: str) -> str:
    """The document that a collective belongs to, by whose id its IRI names it; empty for what belongs to a place."""
    head, scope, _ = body.rsplit("/", 2)
    return f"{head.rsplit('/', 1)[0]}/document/{scope}" if scope.startswith("d-") else ""


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def text_of(term: Any) -> str:
    """What a term says."""
    return term.lexical if isinstance(term, Literal) else str(term)
