"""The graph and the agencies' network as files for other tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kg.catalogue import Catalogue
from kg.core.errors import EnvironmentProblem, UnknownName
from kg.graph.network import FORMATS as NETWORK_FORMATS
from kg.graph.network import agency_network, write_network
from kg.graph.protocol import GraphStore
from kg.graph.quads import document_to_quads
from kg.graph.rdf import Quad
from kg.graph.store import serialize

GRAPH_FORMATS = ("ttl", "nq", "jsonld")


def contacts_of(catalogue: Catalogue, *, base: str) -> list[Quad]:
    """What the documents say of contacts: personal data, which no stored graph holds."""
    out: list[Quad] = []
    for summary in catalogue.documents():
        document = catalogue.document(summary.id)
        if document.contacts:
            without = set(document_to_quads(document, base=base))
            out += [q for q in document_to_quads(document, base=base, with_contacts=True) if q not in without]
    return out


def export_graph(store: GraphStore, format_: str, path: Path, *, extra: Sequence[Quad] = ()) -> int:
    """Write every quad; the number of statements is returned. `ttl` has no named graphs, `nq` and `jsonld` keep them.

    Contacts are personal data and not in the graph; `extra` quads (`contacts_of`) are written with the rest.
    """
    if format_ not in GRAPH_FORMATS:
        raise UnknownName("图的导出格式", format_, GRAPH_FORMATS)
    if format_ == "nq":
        return _write_nquads(store, path, extra)
    quads = [quad for graph in store.graphs() for quad in _sorted(store, graph)] + list(extra)
    _write(path, lambda temporary: temporary.write_bytes(serialize(quads, format_)))
    return len(quads) if format_ == "jsonld" else len({quad[:3] for quad in quads})


def _sorted(store: GraphStore, graph: str) -> list[Quad]:
    """One graph in a fixed order, so that two exports can be compared line by line."""
    return sorted(store.quads(graph=graph), key=lambda quad: (quad.subject, quad.predicate, str(quad.object)))


def _write_nquads(store: GraphStore, path: Path, extra: Sequence[Quad]) -> int:
    """Graph by graph: a large store is never held in memory whole."""
    count = 0

    def write(temporary: Path) -> None:
        nonlocal count
        with temporary.open("wb") as file:
            for graph in store.graphs():
                quads = _sorted(store, graph)
                file.write(serialize(quads, "nq"))
                count += len(quads)
            file.write(serialize(extra, "nq"))
            count += len(extra)

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
