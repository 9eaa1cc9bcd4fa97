"""Facts as quads, as `kg.core.facts` declares them: one node a fact with what it states, its words and its document.

A misspelt term in a declaration raises when its kind is first written (all of `KINDS` when this module is imported).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from kg.core.declaration import Field, Kind, Written, hint_of
from kg.core.facts import DECLARED, facts_of
from kg.graph.rdf import Node, Quad, Term, boolean, date, decimal, integer, text, zh
from kg.graph.scope import Scope
from ontology.terms import ELI, term

Terms = Callable[[Any], tuple[Term, ...]]
"""A value of a field as terms: none for what is absent, several for a list."""


def facts_to_quads(scope: Scope, kind: Kind) -> Iterator[Quad]:
    """The facts of a kind that differs in nothing from its declaration."""
    for node, _ in fact_nodes(scope, kind):
        yield from node


def fact_nodes(scope: Scope, kind: Kind) -> Iterator[tuple[Node, Any]]:
    """Each fact with its node, to which more may be added; the node carries the words' quads too."""
    seen: Counter[str] = Counter()
    for number, fact in facts_of(scope.document, kind, with_contacts=scope.with_contacts):
        name = str(getattr(fact, kind.named_by)) if kind.named_by else str(number)
        seen[name] += 1
        if kind.named_by and seen[name] > 1:
            name = f"{name}-{seen[name]}"  # a second 第一条: the rules that a notice sends out
        yield fact_node(scope, kind, scope.iris.fact(scope.document.id, kind.name, name), fact), fact


def fact_node(scope: Scope, kind: Kind, at: str, fact: Any) -> Node:
    """The node of one fact at an IRI, with all that is declared."""
    classes, _ = _declared(kind)
    evidence = getattr(fact, "evidence", None)
    if kind.states:
        node = scope.fact_at(at, *classes, evidence=evidence)
    else:
        node = Node(at, scope.graph, *classes).add(ELI.is_part_of, scope.iri)
    scope.reviewed(declare(node, kind, fact), fact)
    if evidence is not None:
        node.quads += scope.span_quads(evidence)
    return node


def declare(node: Node, kind: Kind, fact: Any) -> Node:
    """State of a node what the declaration says that a fact states."""
    for name, predicate, terms in _declared(kind)[1]:
        if found := terms(getattr(fact, name)):
            node.add(predicate, *found)
    return node


@cache
def _declared(kind: Kind) -> tuple[tuple[str, ...], tuple[tuple[str, str, Terms], ...]]:
    """The classes of a kind, and (attribute, predicate, how to write it) of each field that has a property."""
    properties = tuple((field.name, term(field.rdf), _terms(kind, field)) for field in kind.fields if field.rdf)
    return tuple(term(name) for name in kind.rdf), properties


_TEXT: dict[Written, Callable[[str], Term]] = {Written.WORDS: zh, Written.CODE: text, Written.DATE: date}
_NUMBER: dict[type, Callable[[Any], Term]] = {bool: boolean, int: integer, float: decimal}


def _terms(kind: Kind, field: Field) -> Terms:
    hint, _ = hint_of(kind, field)
    if field.choices:
        chosen = {choice.value: term(choice.rdf) for choice in field.choices}
        return lambda value: (chosen[value],) if value in chosen else ()
    write = _NUMBER.get(hint) or _TEXT[field.written]
    if getattr(hint, "__origin__", None) is tuple:
        return lambda values: tuple(write(value) for value in values if value)
    if hint in _NUMBER:
        return lambda value: () if value is None else (write(value),)
    return lambda value: (write(value),) if value else ()


for _kind in DECLARED:
    _declared(_kind)
