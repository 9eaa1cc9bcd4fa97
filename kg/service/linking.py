"""Which held document a reference means, as the graph has it (`pkg:heldAs`, kg.graph.links): one rule, one answer."""

from __future__ import annotations

from kg.core.model import PolicyReference
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from ontology.terms import PKG


class HeldPolicies:
    """Looks references up in the graph of a generation."""

    def __init__(self, store: GraphStore, base: str) -> None:
        self._store = store
        self._iris = Iris(base)
        self._prefix = self._iris.document("")

    def find(self, reference: PolicyReference) -> str | None:
        """The id of the held document; None if it is not held, or if several would fit."""
        title = reference.alias_of or reference.title
        policy = self._iris.policy(title=title, number=reference.number) or self._iris.policy(
            title=reference.as_written
        )
        if policy is None:
            return None
        found = {str(quad.object) for quad in self._store.quads(policy, PKG.heldAs)}
        return found.pop().removeprefix(self._prefix) if len(found) == 1 else None
