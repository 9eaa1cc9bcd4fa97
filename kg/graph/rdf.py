"""RDF terms as the project passes them: an IRI is a `str`, a literal a `Literal`, a statement a `Quad`.

No engine's classes cross the module borders, so that each engine stays in one module (`kg.graph.store`).
Blank nodes do not occur: every node has a deterministic IRI.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import NamedTuple

from ontology.terms import RDF, XSD

LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class Literal(NamedTuple):
    """An RDF literal: `lexical` form, `datatype` IRI, `lang` where it is tagged text."""

    lexical: str
    datatype: str = XSD.string
    lang: str | None = None


# Made by the hundred thousand: the constructor of a named tuple takes twice as long.
_literal: Callable[[tuple[str, str, str | None]], Literal] = partial(tuple.__new__, Literal)
_STRING, _INTEGER = XSD.string, XSD.integer
Term = str | Literal
PythonValue = str | int | Decimal | float | bool | dt.date | None


class Quad(NamedTuple):
    """One statement in one named graph."""

    subject: str
    predicate: str
    object: Term
    graph: str


_quad: Callable[[tuple[str, str, Term, str]], Quad] = partial(tuple.__new__, Quad)


def text(value: str) -> Literal:
    """A plain string."""
    return _literal((value, _STRING, None))


def zh(value: str) -> Literal:
    """Chinese text."""
    return _literal((value, LANG_STRING, "zh"))


def integer(value: int) -> Literal:
    """An xsd:integer."""
    return _literal((str(value), _INTEGER, None))


def decimal(value: float) -> Literal:
    """An xsd:decimal in its shortest exact form: 54.77, 10000 (never 1e+04)."""
    lexical = format(Decimal(repr(value)), "f")  # repr is the shortest text that reads back as the same float
    if "." in lexical:
        lexical = lexical.rstrip("0").rstrip(".")
    return Literal(lexical, XSD.decimal)


def boolean(value: bool) -> Literal:
    """An xsd:boolean."""
    return Literal("true" if value else "false", XSD.boolean)


_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "date"),
    (re.compile(r"\d{4}-\d{2}"), "gYearMonth"),
    (re.compile(r"\d{4}"), "gYear"),
)


def date(value: str) -> Literal:
    """A date as precise as it is known: 2024-09-05, 2024-09 or 2024; anything else stays a string."""
    for pattern, name in _DATES:
        if pattern.fullmatch(value):
            if name == "date":
                try:
                    dt.date.fromisoformat(value)
                except ValueError:
                    break
            return Literal(value, XSD[name])
    return Literal(value)


def to_python(term: Term | None) -> PythonValue:
    """The Python value of a term: an IRI or text as `str`, numbers, booleans and dates as themselves.

    A lexical form that does not fit its datatype stays text, so that a query over odd data still answers.
    """
    if term is None or isinstance(term, str):
        return term
    try:
        if term.datatype == XSD.integer:
            return int(term.lexical)
        if term.datatype == XSD.decimal:
            return Decimal(term.lexical)
        if term.datatype == XSD.double:
            return float(term.lexical)
        if term.datatype == XSD.boolean:
            return {"true": True, "1": True, "false": False, "0": False}[term.lexical]
        if term.datatype == XSD.date:
            return dt.date.fromisoformat(term.lexical)
    except (ValueError, KeyError, InvalidOperation):
        pass
    return term.lexical


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r'[\\"\x00-\x1f\x7f]')


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    return _ESCAPES.get(char) or f"\\u{ord(char):04X}"


def to_ntriples(term: Term) -> str:
    """A term as N-Triples writes it; also valid in Turtle, TSV results and SPARQL."""
    if isinstance(term, str):
        return term if term.startswith("_:") else f"<{term}>"
    quoted = '"' + _TO_ESCAPE.sub(_escape, term.lexical) + '"'
    if term.lang:
        return f"{quoted}@{term.lang}"
    return quoted if term.datatype == XSD.string else f"{quoted}^^<{term.datatype}>"


def to_nquads(quads: Iterable[Quad]) -> str:
    """Statements as N-Quads, one a line, in the order given."""
    return "".join(f"<{q.subject}> <{q.predicate}> {to_ntriples(q.object)} <{q.graph}> .\n" for q in quads)


class Node:
    """Collects the statements about one subject in one graph: `node.add(DCTERMS.title, zh(title))`."""

    __slots__ = ("graph", "iri", "quads")

    def __init__(self, iri: str, graph: str, *types: str) -> None:
        self.iri = iri
        self.graph = graph
        self.quads: list[Quad] = [_quad((iri, RDF.type, t, graph)) for t in types]

    def add(self, predicate: str, *values: Term | None) -> Node:
        """State the values; `None` states nothing."""
        for value in values:
            if value is not None:
                self.quads.append(_quad((self.iri, predicate, value, self.graph)))
        return self

    def zh(self, predicate: str, *values: str | None) -> Node:
        """State Chinese text; absent or empty values state nothing."""
        return self.add(predicate, *(zh(value) for value in values if value))

    def text(self, predicate: str, *values: str | None) -> Node:
        """State plain strings (codes, numbers as written); absent or empty values state nothing."""
        return self.add(predicate, *(text(value) for value in values if value))

    def __iter__(self) -> Iterator[Quad]:
        return iter(self.quads)
