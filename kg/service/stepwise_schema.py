"""Which ties a stepwise query can follow, from `ontology/stepwise.ttl`, with the labels of the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ontology
from kg.core.errors import UnknownName
from kg.service.querywords import compact, vocabulary
from ontology.terms import OWL, RDF, RDFS, XSD

if TYPE_CHECKING:
    import rdflib

_FILE = Path(ontology.__file__).with_name("stepwise.ttl")
_SH = "http://www.w3.org/ns/shacl#"
_NUMBERS = frozenset((XSD.integer, XSD.decimal))


@dataclass(frozen=True, slots=True)
class Tie:
    """A property of a class. `key` names it in a query: its path, behind `>` the class that it leads to.

    `path` is a SPARQL property path of prefixed names; `to` the class of the things (None for values), `datatype` the
    IRI of the values' datatype; `backward` where the path begins with what points to the thing.
    """

    key: str
    path: str
    label: str
    name: str  # of the variable
    to: str | None = None
    datatype: str | None = None
    backward: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers, which have a least and a most."""
        return self.datatype in _NUMBERS

    @property
    def dated(self) -> bool:
        """Whether they are days."""
        return self.datatype == XSD.date


@dataclass(frozen=True, slots=True)
class Class:
    """A class of things. `types` are the prefixed names of it and its subclasses; `ties[0]` is what they are called."""

    name: str
    label: str
    types: tuple[str, ...]
    other_than: str | None
    ties: tuple[Tie, ...]
    begins: bool

    @property
    def title(self) -> Tie:
        """What its things are called."""
        return self.ties[0]

    def tie(self, key: str) -> Tie:
        """The tie of a key. Raises `UnknownName`."""
        for tie in self.ties:
            if tie.key == key:
                return tie
        raise UnknownName(f"“{self.label}”的联系", key, [tie.key for tie in self.ties])


@lru_cache(maxsize=1)
def classes() -> dict[str, Class]:
    """All classes by prefixed name, those that a query can begin with first, in their order."""
    import rdflib

    graph = vocabulary() + rdflib.Graph(bind_namespaces="none").parse(_FILE, format="turtle")
    shapes = list(graph.subjects(rdflib.URIRef(RDF.type), _sh("NodeShape")))
    found = [(_order(graph, shape), _class(graph, shape)) for shape in shapes]
    return {one.name: one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].name))}


def class_named(name: str) -> Class:
    """A class by its prefixed name. Raises `UnknownName`."""
    if name not in (known := classes()):
        raise UnknownName("类别", name, [one.name for one in known.values() if one.begins])
    return known[name]


def _class(graph: rdflib.Graph, shape: Any) -> Class:
    import rdflib

    target = graph.value(shape, _sh("targetClass"))
    known = set(graph.subjects(rdflib.URIRef(RDF.type), rdflib.URIRef(OWL.Class)))
    below = known.intersection(graph.transitive_subjects(rdflib.URIRef(RDFS.subClassOf), target))
    not_ = graph.value(shape, _sh("not"))
    other = graph.value(not_, _sh("class")) if not_ is not None else None
    properties = sorted(graph.objects(shape, _sh("property")), key=lambda one: _order(graph, one))
    return Class(
        compact(str(target)),
        _named(graph, shape) or _label(graph, target),
        tuple(sorted(compact(str(one)) for one in below)),
        compact(str(other)) if other is not None else None,
        tuple(_tie(graph, one) for one in properties),
        graph.value(shape, _sh("order")) is not None,
    )


def _tie(graph: rdflib.Graph, shape: Any) -> Tie:
    at = graph.value(shape, _sh("path"))
    to, datatype = graph.value(shape, _sh("class")), graph.value(shape, _sh("datatype"))
    path, last = _path(graph, at)
    led = compact(str(to)) if to is not None else None
    return Tie(
        f"{path}>{led}" if led else path,
        path,
        _named(graph, shape) or _label(graph, last),
        _variable(led or compact(str(last))),
        led,
        str(datatype) if datatype is not None else None,
        "^" in path,
    )


def _path(graph: rdflib.Graph, at: Any) -> tuple[str, Any]:
    """A SHACL path (§2.3.1) as a path of SPARQL, and the last property of it."""
    import rdflib

    if isinstance(at, rdflib.URIRef):
        return compact(str(at)), at
    if (inverse := graph.value(at, _sh("inversePath"))) is not None:
        path, last = _path(graph, inverse)
        return f"^{path}", last
    several, sign = graph.value(at, _sh("alternativePath")), "|"
    if several is None:
        several, sign = at, "/"
    parts = [_path(graph, one) for one in rdflib.collection.Collection(graph, several)]
    return sign.join(path for path, _ in parts), parts[-1][1]


def _variable(name: str) -> str:
    local = name.partition(":")[2].replace("_", "")
    return local[:1].lower() + local[1:]


def _named(graph: rdflib.Graph, shape: Any) -> str:
    return str(graph.value(shape, _sh("name")) or "")


def _label(graph: rdflib.Graph, term: Any) -> str:
    import rdflib

    labels = graph.objects(term, rdflib.URIRef(RDFS.label))
    return next((str(label) for label in labels if getattr(label, "language", None) == "zh"), compact(str(term)))


def _order(graph: rdflib.Graph, shape: Any) -> float:
    order = graph.value(shape, _sh("order"))
    return float(order) if order is not None else float("inf")


def _sh(name: str) -> Any:
    import rdflib

    return rdflib.URIRef(_SH + name)
