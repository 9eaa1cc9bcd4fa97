"""What a query can be written with: prefixes, the terms of the ontology with Chinese labels, names in the data."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import ontology
from ontology.terms import OWL, PREFIXES, RDF, RDFS

Json = dict[str, Any]

_FILES = ("policy.ttl", "standard.ttl")
_NAMES = {"series": "活动系列", "agencies": "机构", "themes": "主题", "policies": "政策", "places": "地区"}
_MOST = 300  # names of a kind, the most frequent ones


def query_words(topics: Json) -> Json:
    """What the editor completes; `topics` are those of `Service.topics`.

    `{"prefixes": {prefix: IRI}, "terms": [{"name", "kind", "label", "comment"}], "names": [{"text", "kind"}]}`; `name`
    is a prefixed name, `kind` of a term class, property or individual.
    """
    names = [{"text": item["name"], "kind": kind} for key, kind in _NAMES.items() for item in topics[key][:_MOST]]
    return {"prefixes": dict(PREFIXES), "terms": [dict(term) for term in _terms()], "names": names}


def compact(iri: str) -> str:
    """An IRI as a prefixed name where one of the usual prefixes fits, else as it is."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


@lru_cache(maxsize=1)
def vocabulary() -> Any:
    """The vocabulary and the terms of others that it uses, as an rdflib graph; not to be changed."""
    import rdflib

    folder = Path(ontology.__file__).parent
    graph = rdflib.Graph(bind_namespaces="none")
    for name in _FILES:
        graph.parse(folder / name, format="turtle")
    return graph


@lru_cache(maxsize=1)
def _terms() -> tuple[dict[str, str], ...]:
    graph = vocabulary()
    found = []
    for subject in sorted(set(graph.subjects()), key=str):
        if (name := compact(str(subject))) == str(subject) or not (label := _chinese(graph, subject, RDFS.label)):
            continue
        comment = _chinese(graph, subject, RDFS.comment)
        found.append({"name": name, "kind": _kind(graph, subject), "label": label, "comment": comment})
    return tuple(found)


def _chinese(graph: Any, subject: Any, predicate: str) -> str:
    import rdflib

    values = graph.objects(subject, rdflib.URIRef(predicate))
    return next((str(value) for value in values if getattr(value, "language", None) == "zh"), "")


def _kind(graph: Any, subject: Any) -> str:
    import rdflib

    types = {str(value) for value in graph.objects(subject, rdflib.URIRef(RDF.type))}
    if OWL.Class in types:
        return "class"
    return "property" if any(name.endswith("Property") for name in types) else "individual"
