"""What documents rest on, and what rests on them: trees over the citations, and what is cited but not held.

Downward, a document hangs once: under the nearest of those it cites, so that the levels follow each other (state,
city, district). Upward, each document shows what it cites itself, and what those that are held cite in turn.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.catalogue import Catalogue, Summary
from kg.core.errors import UnknownName
from kg.core.ids import title_key
from kg.core.model import Document
from kg.graph.iris import Iris
from kg.service import views
from kg.service.citations import Citations, Citing, Policy
from kg.service.course import Course

Json = dict[str, Any]

MOST = 100  # nodes of a tree; a law that a thousand others cite is not read as a tree
_DEEPEST = 6
_LAST = 5
_LEVELS = {"国家": 0, "省": 1, "市": 2, "县": 3, "区": 3, "街镇": 4}
_QUOTES = 5  # of one citation


def basis(
    catalogue: Catalogue,
    citations: Citations,
    iris: Iris,
    *,
    document: str | None = None,
    policy: str | None = None,
    course: Course | None = None,
) -> Json:
    """The trees of a document (its id) or of a policy (title or number); without either, the list of policies.

    `{"policies": [{"name", "number", "issuer", "held", "documents", "mentions", "relations", "cited_by": [title]}]`
    (most cited first), `"root": node | None, "upward": [node], "downward": [node],
    "left_off": {"upward", "downward"}, "course": as `Course.of`, or None}`. A node is `{"depth", "name", "number",
    "issuer", "document_id", "held", "level", "place", "year", "relations", "mentions", "quotes", "again",
    "activities"}`: its relation to the node above it, with the sentences; `again` where it is shown in full elsewhere.
    Nodes come in the order of reading.
    Raises `UnknownName`.
    """
    tree = _Tree(catalogue, citations, iris)
    root = tree.root(document, policy)
    if root is None:
        policies = [tree.listed(policy) for policy in _one_each(citations)]
        policies = sorted((item for item in policies if item["documents"]), key=lambda i: (-i["documents"], i["name"]))
        nothing: Json = {"root": None, "upward": [], "downward": [], "left_off": {"upward": 0, "downward": 0}}
        nothing["course"] = None
        return {"policies": policies, **nothing}
    up, more_up = _first(tree.upward(root))
    down, more_down = _first(tree.downward(root))
    shown = tree.node(root, 0, None, None, activities=True)
    return {
        "policies": [],
        "root": shown,
        "course": course.of(root, shown["name"]) if course else None,
        "upward": [tree.node(*step) for step in up],
        "downward": [tree.node(*step, activities=True) for step in down],
        "left_off": {"upward": more_up, "downward": more_down},
    }


@dataclass(frozen=True, slots=True)
class _Step:
    """A line of a tree: `citing` cites `cited`; the node shows the one of them that is not above it."""

    target: str
    depth: int
    citing: str | None
    cited: str | None
    again: bool = False

    def __iter__(self) -> Iterator[Any]:
        return iter((self.target, self.depth, self.citing, self.cited, self.again))


def _first(steps: Iterator[_Step]) -> tuple[list[_Step], int]:
    """The first `MOST`, and how many more there are."""
    every = list(steps)
    return every[:MOST], max(len(every) - MOST, 0)


def _one_each(citations: Citations) -> list[Policy]:
    """The policies; of several IRIs of one held document the first."""
    first: dict[str, Policy] = {}
    for iri, policy in citations.policies.items():
        first.setdefault(citations.target_of[iri], policy)
    return list(first.values())


class _Tree:
    """The trees of one generation; what documents say is read once each."""

    def __init__(self, catalogue: Catalogue, citations: Citations, iris: Iris) -> None:
        self._catalogue = catalogue
        self._citations = citations
        self._iris = iris
        self.held: dict[str, Summary] = {item.id: item for item in catalogue.documents()}
        self._read: dict[str, Document | None] = {}

    def root(self, document: str | None, policy: str | None) -> str | None:
        """The target to start from; a policy that is held is its document."""
        if document:
            if document not in self.held:
                raise UnknownName("文档", document, self.held)
            return document
        if not policy:
            return None
        key = title_key(policy)
        titled = (item.id for item in self.held.values() if key and key == title_key(item.title))
        found = self._citations.find(policy) or next(titled, None)
        if found is None:
            raise UnknownName("被引用的政策", policy, [item.name for item in self._citations.policies.values()])
        return found

    # -- walks -------------------------------------------------------------------------------------------------

    def upward(self, root: str) -> Iterator[_Step]:
        """What a document cites, and what those cite that are held; each in full where it is nearest."""
        nearest = self._distances(root)
        seen = {root}

        def walk(document: str, depth: int) -> Iterator[_Step]:
            targets = self._citations.cites.get(document, {})
            for target in sorted(targets, key=lambda target: self._order(target, targets[target])):
                again = target in seen or nearest[target] < depth
                yield _Step(target, depth, document, target, again)
                if not again:
                    seen.add(target)
                    yield from walk(target, depth + 1) if depth < _DEEPEST else ()

        yield from walk(root, 1)

    def _distances(self, root: str) -> dict[str, int]:
        """How many citations lie between the root and what it rests on."""
        found = {root: 0}
        waiting = deque([root])
        while waiting:
            document = waiting.popleft()
            for target in self._citations.cites.get(document, ()):
                if target not in found:
                    found[target] = found[document] + 1
                    waiting.append(target)
        return found

    def downward(self, root: str) -> Iterator[_Step]:
        """The documents that cite the root or one that cites it, each once, in order of reading.

        They are hung up by level, the higher first, each under the lowest of those already hung that it cites.
        """
        hung = {root: 0}
        children: dict[str, list[str]] = defaultdict(list)
        waiting = [(self._key(document), document) for document in self._citations.cited_by.get(root, ())]
        heapq.heapify(waiting)
        while waiting:
            key, document = heapq.heappop(waiting)
            if document in hung or document not in self.held:
                continue
            above = [target for target in self._citations.cites[document] if target in hung]
            parent = max(above, key=lambda target: self._nearness(target, root, key[0]))
            hung[document] = hung[parent] + 1
            children[parent].append(document)
            for citing in self._citations.cited_by.get(document, ()):
                if citing not in hung:
                    heapq.heappush(waiting, (self._key(citing), citing))

        def walk(target: str) -> Iterator[_Step]:
            for child in children[target]:
                yield _Step(child, hung[child], child, target)
                yield from walk(child)

        yield from walk(root)

    def _key(self, document: str) -> tuple[int, int, str]:
        """Level, year, title: the order of brothers."""
        item = self.held.get(document)
        if item is None:
            return _LAST, 0, document
        return _LEVELS.get(item.level or "", _LAST), item.year or 0, item.title

    def _nearness(self, target: str, root: str, own: int) -> tuple[bool, bool, int, int, str]:
        """How well a target fits above a document of level `own`: not below it, else as low and late as possible."""
        level, year, _ = self._key(target)
        return target == root or level <= own, target != root, level, year, target

    def _order(self, target: str, citing: Citing) -> tuple[bool, int, str]:
        """What is held comes first, then what is cited most."""
        return target not in self.held, -citing.mentions, target

    # -- what is shown -----------------------------------------------------------------------------------------

    def node(
        self,
        target: str,
        depth: int,
        citing: str | None,
        cited: str | None,
        again: bool = False,
        *,
        activities: bool = False,
    ) -> Json:
        """One line of a tree."""
        how = self._citations.cites[citing][cited] if citing and cited else Citing(0, ())
        return {
            "depth": depth,
            **self._about(target),
            "relations": list(how.relations),
            "mentions": how.mentions,
            "quotes": self._quotes(citing, cited) if citing and cited else [],
            "again": again,
            "activities": self._activities(target) if activities else [],
        }

    def _about(self, target: str) -> Json:
        if item := self.held.get(target):
            number, place, year = item.doc_number, item.place, item.year
            about = {"name": item.title or item.id, "number": number, "level": item.level, "place": place, "year": year}
            return {**about, "issuer": None, "document_id": target, "held": True}
        policy = self._citations.policies.get(target)
        name, number = (policy.name, policy.number) if policy else (target, None)
        issuer = "、".join(policy.issuers) if policy and policy.issuers else None
        about = {"name": name, "number": number, "level": None, "place": None, "year": None}
        return {**about, "issuer": issuer, "document_id": None, "held": bool(policy and policy.fits)}

    def listed(self, policy: Policy) -> Json:
        """One line of the lists."""
        target = self._citations.target_of[policy.iri]
        citing = sorted(self._citations.cited_by.get(target, ()), key=self._key)
        relations = {verb for document in citing for verb in self._citations.cites[document][target].relations}
        return {
            "name": policy.name,
            "number": policy.number,
            "issuer": "、".join(policy.issuers) or None,
            "held": bool(policy.fits),
            "documents": len(citing),
            "mentions": sum(self._citations.cites[document][target].mentions for document in citing),
            "relations": sorted(relations),
            "cited_by": [self._title(document) for document in citing],
        }

    def _title(self, document: str) -> str:
        item = self.held.get(document)
        return (item.title if item else "") or document

    def _document(self, document_id: str) -> Document | None:
        """A document's facts; None where a writer has removed it since the generation was made."""
        if document_id not in self._read:
            try:
                self._read[document_id] = self._catalogue.document(document_id)
            except UnknownName:
                self._read[document_id] = None
        return self._read[document_id]

    def _quotes(self, citing: str, cited: str) -> list[Json]:
        document = self._document(citing)
        if document is None:
            return []
        spans: Mapping[tuple[int, int], Json] = {
            (reference.evidence.start, reference.evidence.end): {
                "document_id": document.id,
                "source": document.source,
                "relation": reference.relation,
                **views.evidence(reference.evidence, document.page_of),
            }
            for reference in document.policy_references
            if self._citations.target(reference, self._iris) == cited
        }
        return list(spans.values())[:_QUOTES]

    def _activities(self, document_id: str) -> list[Json]:
        document = self._document(document_id)
        return [views.activity(activity, document.page_of) for activity in document.activities] if document else []
