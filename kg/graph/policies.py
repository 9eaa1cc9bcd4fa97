"""What a document says of policies: which it cites, and how; which it repeals or changes; from when it holds itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.core.declaration import Kind
from kg.core.model import Effect, PolicyReference
from kg.graph.facts import fact_nodes
from kg.graph.rdf import Node, Quad, date
from kg.graph.scope import Scope
from ontology.terms import DCTERMS, ELI, PKG

# The verbs of a reference, by the property that they stand for; everything else is a plain eli:cites.
_BASIS = re.compile(r"根据|依据|依照|按照|遵照")
_APPLICATION = re.compile(r"贯彻|落实|实施|执行|推进")

# What an act says between two documents, and which date of the one that it is about it tells.
_BETWEEN = {"废止": ELI.repeals, "修改": ELI.changes}
_DATES = {
    "施行": ELI.first_date_entry_in_force,
    "废止": ELI.date_no_longer_in_force,
    "有效期": ELI.date_no_longer_in_force,
}


def references_to_quads(scope: Scope, kind: Kind) -> Iterator[Quad]:
    """Each mention of a policy, what is known of the policy, and the plain statement that it is cited."""
    for node, reference in fact_nodes(scope, kind):
        title = reference.alias_of or reference.title
        policy = scope.iris.policy(title=title, number=reference.number) or scope.iris.policy(
            title=reference.as_written
        )
        if policy is None:
            continue  # nothing but punctuation: it names no policy
        yield from node.add(PKG.refersTo, policy).add(PKG.assertionType, PKG.Named)
        cited = (
            Node(policy, scope.graph, ELI.LegalResource).zh(DCTERMS.title, title).text(ELI.id_local, reference.number)
        )
        cited.zh(PKG.issuerName, *(reference.issuer or "").split("、"))
        yield from cited.add(ELI.date_document, date(reference.date) if reference.date else None)
        for predicate in _predicates(reference):
            yield Quad(scope.iri, predicate, policy, scope.graph)


def _predicates(reference: PolicyReference) -> Iterator[str]:
    yield ELI.cites
    if reference.relation and _BASIS.search(reference.relation):
        yield ELI.based_on
    if reference.relation and _APPLICATION.search(reference.relation):
        yield ELI.applies


def effects_to_quads(scope: Scope, kind: Kind) -> Iterator[Quad]:
    """Each effect, and beside it the plain statements: who repeals or changes what, in force from when until when."""
    for node, effect in fact_nodes(scope, kind):
        policy = scope.iris.policy(title=effect.target) if effect.target else None
        yield from node.add(PKG.refersTo, policy)
        if policy is not None:
            yield from Node(policy, scope.graph, ELI.LegalResource).zh(DCTERMS.title, effect.target)
            if between := _BETWEEN.get(effect.act):
                yield Quad(scope.iri, between, policy, scope.graph)
        yield from _dated(scope, effect, policy)


def _dated(scope: Scope, effect: Effect, policy: str | None) -> Iterator[Quad]:
    about = policy if effect.target else scope.iri
    if about and effect.date and (told := _DATES.get(effect.act)):
        yield Quad(about, told, date(effect.date), scope.graph)
