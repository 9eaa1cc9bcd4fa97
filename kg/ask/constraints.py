"""What a question says of documents, as patterns of SPARQL: whose, of when and where, with which words."""

from __future__ import annotations

from kg.ask.form import Form, Needle
from kg.ask.text import sent_out
from kg.graph.iris import Iris
from kg.graph.rdf import text, to_ntriples, zh


def to_iri(value: str) -> str:
    """A node as it is written in a query."""
    return to_ntriples(value)


def to_label(value: str) -> str:
    """A Chinese label as it is written in a query."""
    return to_ntriples(zh(value))


def of_source(form: Form, iris: Iris, *, places: bool = True) -> list[str]:
    """The document and what the question says of it."""
    where = ["?source a pkg:Document ; dcterms:title ?document ."]
    if form.years:
        where.append(f"VALUES ?year {{ {' '.join(map(str, form.years))} }}")
        where.append("?source pkg:activityYear ?year .")
    else:
        where.append("OPTIONAL { ?source pkg:activityYear ?year }")
    if form.titles:
        where.append(f"VALUES ?document {{ {' '.join(map(to_label, form.titles))} }}")
    if form.kinds:
        where.append("?source eli:type_document/skos:prefLabel ?kind .")
        sent = to_ntriples(text(sent_out(form.kinds)))
        where.append(f"FILTER(?kind IN ({', '.join(map(to_label, form.kinds))}) || REGEX(STR(?document), {sent}))")
    if places and form.places:
        where += in_places(form.places, iris, "?source dcterms:spatial")
    if form.months:
        begins = " || ".join(f"STRSTARTS(STR(?issued), {to_ntriples(text(month))})" for month in form.months)
        where.append(f"?source eli:date_document ?issued . FILTER({begins})")
    return where


def in_places(places: tuple[str, ...], iris: Iris, path: str) -> list[str]:
    """What lies along `path` is one of these places."""
    values = " ".join(to_iri(iris.place(place)) for place in places)
    return [f"VALUES ?asked_place {{ {values} }}", f"{path} ?asked_place ."]


def issued_by(names: tuple[str, ...]) -> list[str]:
    """The document is one of these bodies'."""
    return [
        f"VALUES ?asked_issuer {{ {' '.join(map(to_label, names))} }}",
        "?source eli:passed_by/skos:prefLabel ?asked_issuer .",
    ]


def _selected(kind: str, part: str, variable: str) -> str:
    """A part of the quotation `?words`, where it has one.

    Written so that it is looked up: as a path, or as a join, the engine would read every quotation there is.
    """
    node = f"?of_{variable}"
    return (
        f"OPTIONAL {{ ?words oa:hasSelector {node} FILTER EXISTS {{ {node} a oa:{kind} }} "
        f"OPTIONAL {{ {node} oa:{part} ?{variable} }} }}"
    )


AT = _selected("TextPositionSelector", "start", "at")
QUOTE = _selected("TextQuoteSelector", "exact", "quote")


def holding(needles: tuple[Needle, ...], *variables: str) -> list[str]:
    """Each needle stands in one of the variables."""
    out = []
    for needle in needles:
        tests = [
            f'CONTAINS(LCASE(COALESCE(STR(?{variable}), "")), {to_ntriples(text(word))})'
            for word in needle.words
            for variable in variables
        ]
        out.append(f"FILTER({' || '.join(tests)})")
    return out


def needed_first(where: list[str]) -> list[str]:
    """What must hold before what may: an engine joins all that stands before an OPTIONAL before it reads on.

    Two patterns that only a later one ties together would be every pair of their rows by then.
    """
    return sorted(where, key=lambda line: line.startswith(("OPTIONAL", "BIND")))
