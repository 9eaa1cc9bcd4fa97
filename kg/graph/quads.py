"""One document's facts as RDF in the named graph of the document (docs/vocabulary.md).

Pure: the same document gives the same quads. `pkg:Fact` nodes keep what a plain triple cannot (surface form, rule,
confidence, words); the plain triple stands beside them, so that ordinary queries stay short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from kg.core.declaration import Kind, fingerprint
from kg.core.facts import ACTIVITY, AGENCY, DECLARED, EFFECT, KINDS, PERSON, PLACE, REFERENCE
from kg.core.ids import DEFAULT_BASE
from kg.core.model import Document
from kg.graph.activities import activities_to_quads
from kg.graph.bodies import bodies_to_quads, persons_to_quads
from kg.graph.facts import declare, facts_to_quads
from kg.graph.policies import effects_to_quads, references_to_quads
from kg.graph.rdf import Node, Quad, date, integer, text
from kg.graph.review import reviews_to_quads
from kg.graph.scope import Scope
from ontology.terms import DCTERMS, ELI, PKG, PROV, SCHEMA

QUADS_VERSION = f"5-{fingerprint(DECLARED)}"
"""The number goes up with each change of what this package writes, the rest with what `kg.core.facts` declares; a
projection of another version is built anew."""

_NUMBER = re.compile(
    r"(?P<mark>[^〔\[（(\d]+)[〔\[（(](?P<year>\d{4})[〕\]）)]第?(?P<serial>\d+)号"
)  # GB/T 9704-2012 §7.2.5


def document_to_quads(
    document: Document,
    *,
    base: str = DEFAULT_BASE,
    steps: Mapping[str, str] | None = None,
    with_contacts: bool = False,
    kinds: Sequence[Kind] = KINDS,
) -> list[Quad]:
    """Everything known of a document as quads in `<base>graph/<document id>`, without duplicates.

    `steps` are the versions of the steps that made the document (`{"ingest": "1"}`); contacts are personal data and
    are left out unless asked for.
    """
    scope = Scope.of(document, base, steps or {}, with_contacts=with_contacts)
    parts = [_header(scope), _steps(scope, steps or {}), reviews_to_quads(scope)]
    for kind in kinds:
        if own := _OWN.get(kind.key):
            parts.append(own(scope, kind))
        elif kind.rdf:
            parts.append(facts_to_quads(scope, kind))
    return list(dict.fromkeys(quad for part in parts for quad in part))


def _header(scope: Scope) -> Iterator[Quad]:
    document, iris = scope.document, scope.iris
    node = Node(scope.iri, scope.graph, PKG.Document, ELI.LegalResource)
    node.zh(DCTERMS.title, document.called)
    node.text(DCTERMS.identifier, document.id)
    # the file's name only: a whole path would carry a machine's folders into exports
    node.text(DCTERMS.source, PurePosixPath(document.source.replace("\\", "/")).name)
    node.text(ELI.id_local, document.doc_number)
    if document.doc_number and (parts := _NUMBER.fullmatch(document.doc_number.strip())):
        node.text(PKG.issuingMark, parts["mark"])
        node.add(PKG.issueYear, integer(int(parts["year"]))).add(PKG.serialNo, integer(int(parts["serial"])))
    node.add(ELI.type_document, iris.kind(document.kind) if document.kind else None)
    node.add(ELI.date_document, date(document.date) if document.date else None)
    node.add(ELI.date_publication, date(document.printed_date) if document.printed_date else None)
    node.zh(PKG.printedBy, document.printed_by)
    node.add(PKG.activityYear, integer(document.year) if document.year is not None else None)
    node.text(PKG.documentLevel, document.level.value if document.level else None)
    node.zh(PKG.slogan, document.theme)
    node.zh(DCTERMS.audience, document.recipients)
    node.text(SCHEMA.temporalCoverage, "/".join(document.period) if document.period else None)
    if region := document.region_qualified or document.region:
        node.add(DCTERMS.spatial, iris.place(region))
        yield from scope.place(region)
    node.add(ELI.passed_by, *(scope.party_iri(issuer) for issuer in document.issuers))
    for name, evidence in document.header_evidence.items():
        span = scope.span(evidence)
        node.add(PROV.wasQuotedFrom, span)
        yield from scope.span_quads(evidence)
        yield Quad(span, PKG.quotesField, text(name), scope.graph)
    yield from node
    if policy := iris.policy(title=document.title):
        yield from (
            Node(policy, scope.graph, ELI.LegalResource).zh(DCTERMS.title, document.title).add(PKG.heldAs, scope.iri)
        )


def _steps(scope: Scope, steps: Mapping[str, str]) -> Iterator[Quad]:
    for name, version in sorted(steps.items()):
        node = Node(scope.iris.step(name, version), scope.graph, PROV.Activity)
        yield from node.text(DCTERMS.identifier, name).text(PKG.stepVersion, version)
        yield Quad(scope.iri, PROV.wasGeneratedBy, node.iri, scope.graph)


def _places(scope: Scope, kind: Kind) -> Iterator[Quad]:
    """A place is one thing for all documents, so it is no numbered fact of this one."""
    for place in scope.document.places:
        yield from scope.place(place.qualified)
        node = Node(scope.iris.place(place.qualified), scope.graph)
        yield from declare(node, kind, place)
        yield Quad(scope.iri, SCHEMA.mentions, node.iri, scope.graph)


_OWN: Mapping[str, Callable[[Scope, Kind], Iterator[Quad]]] = {
    ACTIVITY.key: activities_to_quads,
    AGENCY.key: bodies_to_quads,
    REFERENCE.key: references_to_quads,
    PERSON.key: persons_to_quads,
    EFFECT.key: effects_to_quads,
    PLACE.key: _places,
}
"""The kinds of which more is to be said than their declaration tells."""
