"""The graph and the agencies' network as files for other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kg.catalogue import Catalogue
from kg.core.errors import EnvironmentProblem, UnknownName
from kg.graph.iris import Iris
from kg.graph.network import FORMATS as NETWORK_FORMATS
from kg.graph.network import agency_network, write_network
from kg.graph.projection import described, without_known
from kg.graph.protocol import GraphStore
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Quad
from kg.graph.store import serialize
from ontology.personal import personal_spans

GRAPH_FORMATS = ("ttl", "nq", "jsonld")


Graphs = Mapping[str, Sequence[Quad]]


def graphs_with_contacts(store: GraphStore, catalogue: Catalogue, *, base: str) -> Graphs:
    """The graphs of documents that name contacts, with them: personal data, which no stored graph holds.

    `catalogue` is the one with personal data. By name of the graph, in the fixed order of exports.
    """
    iris = Iris(base)
    known = described(store, iris)
    out: dict[str, Sequence[Quad]] = {}
    for summary in catalogue.documents():
        document = catalogue.document(summary.id)
        if document.contacts or personal_spans(document.text):
            state = catalogue.source_state(document.id)
            quads = document_to_quads(document, base=base, steps=state.steps if state else {}, with_contacts=True)
            out[iris.graph(document.id)] = _in_order(without_known(quads, known))
    return out


def export_graph(store: GraphStore, format_: str, path: Path, *, instead: Graphs = MappingProxyType({})) -> int:
    """Write every quad; the number of statements is returned. `ttl` has no named graphs, `nq` and `jsonld` keep them.

    Contacts are personal data and not in the graph; `instead` are graphs to be written in place of those held
    (`graphs_with_contacts`).
    """
    if format_ not in GRAPH_FORMATS:
        raise UnknownName("图的导出格式", format_, GRAPH_FORMATS)
    if format_ == "nq":
        return _write_nquads(store, path, instead)
    quads = [quad for graph in store.graphs() for quad in instead.get(graph) or _sorted(store, graph)]
    _write(path, lambda temporary: temporary.write_bytes(serialize(quads, format_)))
    return len(quads) if format_ == "jsonld" else len({quad[:3] for quad in quads})


def _sorted(store: GraphStore, graph: str) -> list[Quad]:
    """One graph in a fixed order, so that two exports can be compared line by line."""
    return _in_order(store.quads(graph=graph))


def _in_order(quads: Iterable[Quad]) -> list[Quad]:
    return sorted(quads, key=lambda quad: (quad.subject, quad.predicate, str(quad.object)))


def _write_nquads(store: GraphStore, path: Path, instead: Graphs) -> int:
    """Graph by graph: a large store is never held in memory whole."""
    count = 0

    def write(temporary: Path) -> None:
        nonlocal count
        with temporary.open("wb") as file:
            for graph in store.graphs():
                quads = instead.get(graph) or _sorted(store, graph)
                file.write(serialize(quads, "nq"))
                count += len(quads)

    _write(path, write)
    return count


def export_agencies(store: GraphStore, format_: str, path: Path) -> int:
    """Write the agencies' network as GraphML or GEXF; the number of agencies is returned."""
    if format_ not in NETWORK_FORMATS:
        raise UnknownName("机构网络的导出格式", format_, NETWORK_FORMATS)
    graph = agency_network(store)
    _write(path, lambda temporary: write_network(graph, format_, temporary))
    return len(graph)


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the target and move into place, so that a failed export leaves no half file."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        write(temporary)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise EnvironmentProblem(f"无法写入 {path}：{error.strerror}。请检查文件夹是否存在、可写") from error
