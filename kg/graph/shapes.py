"""SHACL shapes as SPARQL queries that find what violates them: over 1.3 M quads seconds instead of minutes.

Only what our shapes use is known here (node shapes with target classes; properties with a plain path); anything else is
refused, never passed over. https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import rdflib

_SH = "http://www.w3.org/ns/shacl#"
_OF_SHAPE = {"targetClass", "property"}
_OF_PROPERTY = {"path", "message", "severity"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A query for `?focus`, each of which violates one constraint on the property `path`."""

    path: str
    message: str
    severity: str
    query: str


def shapes_to_rules(turtle: str, subclasses: Callable[[str], list[str]]) -> list[Rule]:
    """The rules of shapes, given as Turtle. `subclasses` gives a class with all that the data declare below it.

    Raises `ValueError` for a construct that is not known here.
    """
    import rdflib

    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    rules: list[Rule] = []
    for shape in sorted(graph.subjects(rdflib.RDF.type, _sh(rdflib, "NodeShape")), key=str):
        given = _properties(graph, shape, _OF_SHAPE)
        types = sorted({name for target in given["targetClass"] for name in subclasses(str(target))})
        # Each node once: the union of graphs gives an agency's type once for every document that names it.
        target = f"{{ SELECT DISTINCT ?focus WHERE {{ {_values('type', types)} ?focus a ?type }} }}"
        for part in given["property"]:
            rules += _property_to_rules(graph, part, target, subclasses)
    return rules


def _property_to_rules(
    graph: rdflib.Graph, part: Any, target: str, subclasses: Callable[[str], list[str]]
) -> Iterator[Rule]:
    given = _properties(graph, part, _OF_PROPERTY | _COMPONENTS.keys() | {"minCount", "maxCount", "class"})
    [path], [message] = given["path"], given["message"]
    severity = str(given["severity"][0]).rpartition("#")[2] if "severity" in given else "Violation"
    value = f"?focus {path.n3()} ?value ."
    for name, values in given.items():
        if name in _OF_PROPERTY:
            continue
        if len(values) != 1:
            raise ValueError(f"{path}: sh:{name} is stated {len(values)} times")
        if name in ("minCount", "maxCount"):
            query = _counted(target, value, name, int(values[0]))
        elif name == "class":
            kinds = _values("kind", subclasses(str(values[0])))
            query = f"SELECT DISTINCT ?focus WHERE {{ {target} {value} MINUS {{ {kinds} ?value a ?kind }} }}"
        else:
            more, condition = _COMPONENTS[name](graph, values[0])
            query = f"SELECT DISTINCT ?focus WHERE {{ {target} {value} {more} FILTER({condition}) }}"
        yield Rule(str(path), str(message), severity, query)


def _counted(target: str, value: str, name: str, count: int) -> str:
    if name == "maxCount":
        return f"SELECT ?focus WHERE {{ {target} {value} }} GROUP BY ?focus HAVING(COUNT(DISTINCT ?value) > {count})"
    if count == 1:
        return f"SELECT DISTINCT ?focus WHERE {{ {target} MINUS {{ {value} }} }}"
    return (
        f"SELECT ?focus WHERE {{ {target} OPTIONAL {{ {value} }} }}"
        f" GROUP BY ?focus HAVING(COUNT(DISTINCT ?value) < {count})"
    )


# Each gives what else to match and when a value is wrong. A comparison that cannot be made counts as wrong.
def _in(graph: rdflib.Graph, head: Any) -> tuple[str, str]:
    same = " || ".join(f"sameTerm(?value, {item.n3()})" for item in graph.items(head))
    return "", f"!({same})"


def _datatype(_: rdflib.Graph, name: Any) -> tuple[str, str]:
    cast = f"{name.n3()}(STR(?value))"
    return "", f"!(isLiteral(?value) && DATATYPE(?value) = {name.n3()} && COALESCE({cast} = {cast}, false))"


def _pattern(_: rdflib.Graph, pattern: Any) -> tuple[str, str]:
    return "", f"isBlank(?value) || !REGEX(STR(?value), {pattern.n3()})"


def _node_kind(_: rdflib.Graph, kind: Any) -> tuple[str, str]:
    name = str(kind).rpartition("#")[2]
    if name not in ("IRI", "Literal"):
        raise ValueError(f"sh:nodeKind {kind}")
    return "", f"!is{name}(?value)"


def _compared(operator: str) -> Callable[[rdflib.Graph, Any], tuple[str, str]]:
    return lambda _, bound: ("", f"!COALESCE(?value {operator} {bound.n3()}, false)")


_COMPONENTS: Mapping[str, Callable[[rdflib.Graph, Any], tuple[str, str]]] = {
    "minLength": lambda _, length: ("", f"isBlank(?value) || STRLEN(STR(?value)) < {int(length)}"),
    "minInclusive": _compared(">="),
    "maxInclusive": _compared("<="),
    "lessThan": lambda _, path: (f"?focus {path.n3()} ?other .", "!COALESCE(?value < ?other, false)"),
    "in": _in,
    "datatype": _datatype,
    "pattern": _pattern,
    "nodeKind": _node_kind,
}


def _properties(graph: rdflib.Graph, subject: Any, known: set[str]) -> dict[str, list[Any]]:
    """What a shape states, by the local names of SHACL's terms."""
    found: dict[str, list[Any]] = {}
    for predicate, value in graph.predicate_objects(subject):
        if not str(predicate).startswith(_SH):
            continue
        name = str(predicate).removeprefix(_SH)
        if name not in known:
            raise ValueError(f"sh:{name} is not known here")
        found.setdefault(name, []).append(value)
    return {name: found[name] for name in sorted(found)}


def _values(variable: str, names: list[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(f'<{name}>' for name in names)} }}"


def _sh(rdflib: Any, name: str) -> Any:
    return rdflib.URIRef(_SH + name)
