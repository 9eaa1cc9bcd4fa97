"""One document's facts as RDF in the named graph of the document (DESIGN §3).

Pure: the same document gives the same quads. `pkg:Fact` nodes keep what a plain triple cannot (surface form, rule,
confidence, words); the plain triple stands beside them, so that ordinary queries stay short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from kg.core.ids import DEFAULT_BASE
from kg.core.model import Document, Evidence, PolicyReference
from kg.graph.activities import activities_to_quads
from kg.graph.bodies import bodies_to_quads
from kg.graph.rdf import Node, Quad, date, decimal, integer, text
from kg.graph.scope import Scope
from ontology.terms import DCTERMS, ELI, PKG, PROV, SCHEMA, SKOS

QUADS_VERSION = "1"
"""Goes up with each change of what this package writes; a projection of another version is built anew."""

_NUMBER = re.compile(
    r"(?P<mark>[^〔\[（(\d]+)[〔\[（(](?P<year>\d{4})[〕\]）)]第?(?P<serial>\d+)号"
)  # GB/T 9704-2012 §7.2.5

# The verbs of a reference, by the property that they stand for; everything else is a plain eli:cites.
_BASIS = re.compile(r"根据|依据|依照|按照|遵照")
_APPLICATION = re.compile(r"贯彻|落实|实施|执行|推进")


def document_to_quads(
    document: Document,
    *,
    base: str = DEFAULT_BASE,
    steps: Mapping[str, str] | None = None,
    with_contacts: bool = False,
) -> list[Quad]:
    """Everything known of a document as quads in `<base>graph/<document id>`, without duplicates.

    `steps` are the versions of the steps that made the document (`{"ingest": "1"}`); contacts are personal data and
    are left out unless asked for.
    """
    scope = Scope.of(document, base, steps or {})
    parts = [
        _header(scope),
        _steps(scope, steps or {}),
        bodies_to_quads(scope),
        _places(scope),
        activities_to_quads(scope),
        _references(scope),
        _figures(scope),
        _deadlines(scope),
        _works(scope),
        _notices(scope),
        _contacts(scope) if with_contacts else (),
    ]
    return list(dict.fromkeys(quad for part in parts for quad in part))


def _header(scope: Scope) -> Iterator[Quad]:
    document, iris = scope.document, scope.iris
    node = Node(scope.iri, scope.graph, PKG.Document, ELI.LegalResource)
    node.zh(DCTERMS.title, document.title)
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


def _places(scope: Scope) -> Iterator[Quad]:
    for place in scope.document.places:
        yield from scope.place(place.qualified)
        node = Node(scope.iris.place(place.qualified), scope.graph)
        yield from node.zh(SKOS.prefLabel, place.name).text(SKOS.notation, place.code)
        yield Quad(scope.iri, SCHEMA.mentions, node.iri, scope.graph)


def _references(scope: Scope) -> Iterator[Quad]:
    for number, reference in enumerate(scope.document.policy_references, start=1):
        title = reference.alias_of or reference.title
        policy = scope.iris.policy(title=title, number=reference.number) or scope.iris.policy(
            title=reference.as_written
        )
        if policy is None:
            continue  # nothing but punctuation: it names no policy
        yield from (
            scope.fact("reference", number, PKG.PolicyMention, evidence=reference.evidence)
            .add(PKG.refersTo, policy)
            .zh(PKG.asWritten, reference.as_written)
            .zh(PKG.relation, reference.relation)
            .text(PKG.rule, reference.rule)
            .add(PKG.confidence, decimal(reference.confidence))
            .add(PKG.assertionType, PKG.Named)
        )
        yield from scope.span_quads(reference.evidence)
        cited = (
            Node(policy, scope.graph, ELI.LegalResource).zh(DCTERMS.title, title).text(ELI.id_local, reference.number)
        )
        cited.zh(PKG.issuerName, *(reference.issuer or "").split("、"))
        yield from cited.add(ELI.date_document, date(reference.date) if reference.date else None)
        for predicate in _reference_predicates(reference):
            yield Quad(scope.iri, predicate, policy, scope.graph)


def _reference_predicates(reference: PolicyReference) -> Iterator[str]:
    yield ELI.cites
    if reference.relation and _BASIS.search(reference.relation):
        yield ELI.based_on
    if reference.relation and _APPLICATION.search(reference.relation):
        yield ELI.applies


def _figures(scope: Scope) -> Iterator[Quad]:
    for number, figure in enumerate(scope.document.figures, start=1):
        node = scope.fact("figure", number, SCHEMA.Observation, evidence=figure.evidence)
        node.zh(PKG.what, figure.what).add(SCHEMA.value, decimal(figure.value)).zh(SCHEMA.unitText, figure.unit)
        node.zh(PKG.qualifier, figure.qualifier).zh(PKG.scope, figure.scope).zh(PKG.asWritten, figure.as_written)
        node.add(SCHEMA.maxValue, decimal(figure.upper) if figure.upper is not None else None)
        node.add(SCHEMA.observationDate, date(figure.as_of) if figure.as_of else None)
        yield from node
        yield from scope.span_quads(figure.evidence)


def _deadlines(scope: Scope) -> Iterator[Quad]:
    for number, deadline in enumerate(scope.document.deadlines, start=1):
        node = scope.fact("deadline", number, PKG.Deadline, evidence=deadline.evidence)
        node.zh(PKG.what, deadline.what).zh(PKG.submitTo, deadline.to)
        yield from node.add(PKG.dueDate, date(deadline.date) if deadline.date else None)
        yield from scope.span_quads(deadline.evidence)


def _works(scope: Scope) -> Iterator[Quad]:
    for number, work in enumerate(scope.document.works, start=1):
        node = scope.fact("work", number, SCHEMA.CreativeWork, evidence=work.evidence)
        yield from node.zh(SCHEMA.name, work.title).zh(PKG.workKind, work.kind)
        yield from scope.span_quads(work.evidence)


def _notices(scope: Scope) -> Iterator[Quad]:
    for number, notice in enumerate(scope.document.notices, start=1):
        node = scope.fact("notice", number, PKG.Notice, evidence=notice.evidence)
        yield from node.text(PKG.noticeCode, notice.code).zh(PKG.what, notice.message)
        yield from _optional_span(scope, notice.evidence)


def _contacts(scope: Scope) -> Iterator[Quad]:
    for number, contact in enumerate(scope.document.contacts, start=1):
        node = scope.fact("contact", number, PKG.Contact, evidence=contact.evidence)
        node.zh(PKG.what, contact.unit).zh(SCHEMA.name, *contact.persons)
        yield from node.text(SCHEMA.telephone, *contact.phones).text(SCHEMA.email, *contact.emails)
        yield from scope.span_quads(contact.evidence)


def _optional_span(scope: Scope, evidence: Evidence | None) -> Iterable[Quad]:
    return scope.span_quads(evidence) if evidence else ()
