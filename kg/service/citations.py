"""Which document cites which policy, as one graph of citations: the ground of `kg.service.basis`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from kg.core.ids import number_key, title_key
from kg.core.model import PolicyReference
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.queries import saved_query
from kg.graph.sparql import run


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


@dataclass(slots=True)
class Citations:
    """Targets are ids of held documents, or IRIs of policies that are not held."""

    policies: dict[str, Policy]
    cites: dict[str, dict[str, Citing]]  # document -> target -> how
    cited_by: dict[str, list[str]]  # target -> documents
    target_of: dict[str, str]  # IRI of a policy as it is mentioned -> target

    @classmethod
    def read(cls, store: GraphStore) -> Citations:
        """All citations of a generation."""
        result = run(store, saved_query("citations"))
        rows: list[dict[str, Any]] = [dict(zip(result.variables, row, strict=True)) for row in result.rows]
        same: dict[str, str] = {row["policy"]: row["same"] for row in rows if row["same"]}
        policies: dict[str, Policy] = {}
        for row in rows:
            iri = same.get(row["policy"], row["policy"])
            policy = policies.setdefault(iri, Policy(iri))
            policy.titles |= {row["cited"]} - {None}
            policy.numbers |= {row["number"]} - {None}
            policy.fits |= {row["held"]} - {None}
            if row["issuer"] and row["issuer"] not in policy.issuers:
                policy.issuers.append(row["issuer"])
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


def _edges(rows: Iterable[Mapping[str, Any]], target_of: Mapping[str, str]) -> dict[str, dict[str, Citing]]:
    """A policy with two titles or issuers has several rows of the same mentions: each counts once."""
    counted: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        counted[row["document"], row["policy"]] = (row["mentions"], row["relations"])
    edges: dict[str, dict[str, Citing]] = defaultdict(dict)
    for (document, iri), (mentions, relations) in counted.items():
        target = target_of[iri]
        if target == document:
            continue  # a document that names itself rests on nothing by that
        known = edges[document].get(target, Citing(0, ()))
        verbs = sorted({*known.relations, *(verb for verb in relations.split("、") if verb)})
        edges[document][target] = Citing(known.mentions + mentions, tuple(verbs))
    return dict(edges)
