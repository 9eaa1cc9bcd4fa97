"""Which document cites which policy, as one graph of citations: the ground of `kg.service.basis`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from kg.core.ids import number_key, title_key
from kg.core.model import PolicyReference
from kg.graph.bulk import Told
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.rdf import to_python
from ontology.terms import DCTERMS, ELI, OWL, PKG

# What is said of a policy is asked for apart (`Told`): beside the mentions it would be told anew for each of them.
# A mention stands in the graph of its document: by that, and not along its ties, half the time. Sorted here: the
# engine takes longer for it than for all else.
_CITED = """
SELECT ?graph ?policy (COUNT(DISTINCT ?mention) AS ?mentions)
       (GROUP_CONCAT(DISTINCT COALESCE(STR(?verb), ""); SEPARATOR = " ") AS ?relations)
WHERE {
  GRAPH ?graph {
    ?mention a pkg:PolicyMention ; pkg:refersTo ?policy .
    OPTIONAL { ?mention pkg:relation ?verb }
  }
}
GROUP BY ?graph ?policy
"""


@dataclass(slots=True)
class Policy:
    """A policy as the held documents cite it. `held` is a document's id where its text is here, else None."""

    iri: str
    titles: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    issuers: list[str] = field(default_factory=list)
    fits: set[str] = field(default_factory=set)  # the held documents that it may be

    @property
    def held(self) -> str | None:
        """The document that it is; None where none is held, or where several would fit."""
        return min(self.fits) if len(self.fits) == 1 else None

    @property
    def title(self) -> str | None:
        """One of its titles, the longest."""
        return max(sorted(self.titles), key=len, default=None)

    @property
    def number(self) -> str | None:
        """Its number."""
        return min(self.numbers, default=None)

    @property
    def name(self) -> str:
        """What to call it: title, number, or what the IRI says."""
        return self.title or self.number or unquote(self.iri.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Citing:
    """How a document cites a target: how often, and with which verbs."""

    mentions: int
    relations: tuple[str, ...]


_NOT_YET = Citing(0, ())
_Row = tuple[str, str, int, str]  # document, policy, number of mentions, verbs separated by spaces


@dataclass(slots=True)
class Citations:
    """Targets are ids of held documents, or IRIs of policies that are not held."""

    policies: dict[str, Policy]
    cites: dict[str, dict[str, Citing]]  # document -> target -> how
    cited_by: dict[str, list[str]]  # target -> documents
    target_of: dict[str, str]  # IRI of a policy as it is mentioned -> target

    @classmethod
    def read(cls, store: GraphStore, base: str) -> Citations:
        """All citations of a generation; `base` is that of its IRIs."""
        prefix = Iris(base).graph("")
        rows = sorted(
            (str(graph).removeprefix(prefix), str(policy), int(str(to_python(mentions))), str(to_python(relations)))
            for graph, policy, mentions, relations in store.query(_CITED).rows
        )
        cited = sorted({policy for _, policy, _, _ in rows})
        told = Told(store, cited, OWL.sameAs, DCTERMS.title, ELI.id_local, PKG.issuerName, PKG.heldAs)
        same = {iri: full for iri in cited if (full := told.node(iri, OWL.sameAs))}
        named = Told(store, same.values(), DCTERMS.title)
        held = Told(store, (str(it) for iri in cited for it in told.all(iri, PKG.heldAs)), DCTERMS.identifier)
        policies: dict[str, Policy] = {}
        for iri in cited:
            whole = same.get(iri, iri)
            policy = policies.setdefault(whole, Policy(whole))
            policy.titles |= {*told.texts(iri, DCTERMS.title), *named.texts(whole, DCTERMS.title)}
            policy.numbers.update(told.texts(iri, ELI.id_local))
            policy.fits |= {held.node(str(document), DCTERMS.identifier) for document in told.all(iri, PKG.heldAs)}
            policy.issuers += [name for name in told.texts(iri, PKG.issuerName) if name not in policy.issuers]
        target_of = {iri: policy.held or iri for iri, policy in policies.items()}
        target_of |= {iri: target_of[other] for iri, other in same.items()}
        cites = _edges(rows, target_of)
        cited_by: dict[str, list[str]] = defaultdict(list)
        for document, targets in cites.items():
            for target in targets:
                cited_by[target].append(document)
        return cls(policies, cites, dict(cited_by), target_of)

    def resting(self, relations: Container[str]) -> Citations:
        """The citations by which a document rests on another (one of `relations`), and no others."""
        cites = {
            document: kept
            for document, targets in self.cites.items()
            if (kept := {t: how for t, how in targets.items() if any(verb in relations for verb in how.relations)})
        }
        cited_by: dict[str, list[str]] = defaultdict(list)
        for document, targets in cites.items():
            for target in targets:
                cited_by[target].append(document)
        return Citations(self.policies, cites, dict(cited_by), self.target_of)

    def find(self, name: str) -> str | None:
        """The target that a title or a number means."""
        title, number = title_key(name), number_key(name)
        for policy in self.policies.values():
            if title and title in map(title_key, policy.titles):
                return self.target_of[policy.iri]
        for policy in self.policies.values():
            if number in map(number_key, policy.numbers) or name == policy.name:
                return self.target_of[policy.iri]
        return None

    def target(self, reference: PolicyReference, iris: Iris) -> str | None:
        """The target of one mention in a document's text."""
        title = reference.alias_of or reference.title
        iri = iris.policy(title=title, number=reference.number) or iris.policy(title=reference.as_written)
        return self.target_of.get(iri) if iri else None


def _edges(rows: Iterable[_Row], target_of: Mapping[str, str]) -> dict[str, dict[str, Citing]]:
    edges: dict[str, dict[str, Citing]] = defaultdict(dict)
    for document, policy, mentions, relations in rows:
        target = target_of[policy]
        if target == document:
            continue  # a document that names itself rests on nothing by that
        known = edges[document].get(target, _NOT_YET)
        verbs = sorted({*known.relations, *relations.split()})
        edges[document][target] = Citing(known.mentions + mentions, tuple(verbs))
    return dict(edges)
