"""What repeals or changes a document or a policy, as the documents that do so say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.core.model import Document, Effect
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from ontology.terms import ELI, OWL, PKG

ENDINGS = ("废止", "修改")
"""Acts of `Effect` by which a document ends or changes another."""

Ended = tuple[Document, Effect]


def policies_of(titles: Iterable[str], held: Iterable[str], store: GraphStore, iris: Iris) -> frozenset[str]:
    """The policies in the graph that something is: by its titles, and as others cite the held documents (ids)."""
    found = {policy for title in titles if (policy := iris.policy(title=title))}
    found |= {quad.subject for ident in held for quad in store.quads(None, PKG.heldAs, iris.document(ident))}
    return frozenset(found | {quad.subject for policy in found for quad in store.quads(None, OWL.sameAs, policy)})


def ended_by(
    policies: frozenset[str], read: Callable[[str], Document | None], store: GraphStore, iris: Iris
) -> list[Ended]:
    """The documents that repeal or change one of these policies, each with what it says of it, by its day."""
    prefix = iris.document("")
    sources = {
        quad.subject.removeprefix(prefix)
        for policy in policies
        for tie in (ELI.repeals, ELI.changes)
        for quad in store.quads(None, tie, policy)
    }
    found = [
        (document, effect)
        for source in sorted(sources)
        if (document := read(source)) is not None
        for effect in document.effects
        if effect.act in ENDINGS and effect.target and iris.policy(title=effect.target) in policies
    ]
    return sorted(found, key=lambda one: (ended_on(one) or "", one[0].id))


def ended_on(ended: Ended) -> str | None:
    """From when (ISO): the day that is named, else that of the document."""
    document, effect = ended
    return effect.date or document.date


def gone_from(found: Iterable[Ended]) -> str | None:
    """From when something is repealed by others (ISO), the earliest day of all."""
    return min((day for one in found if one[1].act == "废止" and (day := ended_on(one))), default=None)
