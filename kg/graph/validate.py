"""Whether the graph satisfies its shapes (SHACL), and whether quotes have the length of their span.

The shapes are those of `ontology/shapes.ttl` and those that follow from `kg.core.facts`.

What is validated is the union of all graphs: two documents that give one agency two names contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ontology
from kg.core.declaration import Kind
from kg.core.facts import DECLARED
from kg.core.progress import Progress, silent
from kg.graph.fact_shapes import kinds_to_shapes
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal, Term
from kg.graph.shapes import Rule, shapes_to_rules
from ontology.terms import PREFIXES, RDFS

SHAPES = Path(ontology.__file__).with_name("shapes.ttl")
_THREADS = 2  # Oxigraph computes outside Python's lock
_QUOTES = """
    SELECT DISTINCT ?span ?start ?end ?exact ?document WHERE {
        ?span oa:hasSelector ?position , ?quote .
        ?position oa:start ?start ; oa:end ?end .
        ?quote oa:exact ?exact .
        OPTIONAL { ?span oa:hasSource/dcterms:identifier ?document }
        %s
    }"""
_OTHER_LENGTH = "FILTER(STRLEN(STR(?exact)) != ?end - ?start)"


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with one node: the node, the property, and a sentence for people."""

    focus: str
    path: str
    message: str
    severity: str = "Violation"


def shapes(kinds: Iterable[Kind] = DECLARED) -> str:
    """All shapes as Turtle, for any SHACL engine."""
    return SHAPES.read_text(encoding="utf-8") + kinds_to_shapes(kinds)


def violations(
    store: GraphStore, *, texts: Callable[[str], str] | None = None, progress: Progress = silent
) -> list[Violation]:
    """All violations, sorted by node.

    `texts` gives a document's normalised text by its id (the catalogue's); with it each quote is compared with the
    words at its offsets, without it only its length is.
    """
    found: set[Violation] = set()
    rules = shapes_to_rules(shapes(), lambda name: _subclasses(store, name))
    with ThreadPoolExecutor(_THREADS) as pool:
        for done, some in enumerate(pool.map(lambda rule: list(_violating(store, rule)), rules), start=1):
            found.update(some)
            progress(done, len(rules) + 1, "校验图")
    found.update(_quotes(store, texts))
    progress(len(rules) + 1, len(rules) + 1, "校验图")
    return sorted(found, key=lambda v: (v.focus, v.path, v.message))


def _subclasses(store: GraphStore, name: str) -> list[str]:
    found, new = {name}, [name]  # a path without a beginning (?below rdfs:subClassOf* ?class) is too much for Virtuoso
    while new:
        below = {quad.subject for quad in store.quads(None, RDFS.subClassOf, new.pop())} - found
        found |= below
        new += below
    return sorted(found)


def _violating(store: GraphStore, rule: Rule) -> Iterator[Violation]:
    for (focus,) in store.query(rule.query).rows:
        yield Violation(_text(focus), _short(rule.path), rule.message, rule.severity)


def _short(iri: str) -> str:
    """`pkg:status` for the whole IRI."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _quotes(store: GraphStore, texts: Callable[[str], str] | None) -> Iterator[Violation]:
    """Quotes that are not the words at their offsets."""
    for row in store.query(_QUOTES % ("" if texts else _OTHER_LENGTH)).rows:
        span, first, last, exact, document = row
        start, end, quote = int(_text(first)), int(_text(last)), _text(exact)
        if end - start != len(quote):
            yield Violation(_text(span), "oa:exact", f"引文长 {len(quote)} 字，位置却跨 {end - start} 字")
        elif texts is not None and document is not None and texts(_text(document))[start:end] != quote:
            yield Violation(_text(span), "oa:exact", "引文与文件正文不符")


def _text(term: Term | None) -> str:
    return term.lexical if isinstance(term, Literal) else str(term)
