"""The queue 待核: what was read but is not sure, in the order in which a person's minute is worth most.

A fact's place in the queue is how unsure it is times how many answers rest on it. What rests on a body or a policy are
the documents that name it, on an activity the facts that hang on it; of one document, each fact is asked for once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.catalogue import Catalogue
from kg.core.declaration import Kind, table
from kg.core.errors import UsageError
from kg.core.facts import ACTIVITY, AGENCY, DOUBT, DUTY, KINDS, REFERENCE, kind_named
from kg.core.ids import title_key
from kg.core.model import Document, Doubt
from kg.service import views

Json = dict[str, Any]

SURE = 0.9  # of facts shown with more, more than nine in ten are right: not worth asking
_KINDS = tuple(kind for kind in KINDS if kind.judged and kind is not ACTIVITY)
_JUDGED = frozenset((ACTIVITY, DUTY, *_KINDS))


@dataclass(slots=True)
class _Weights:
    """How many documents name each body and each policy."""

    bodies: Counter[str]
    policies: Counter[str]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> _Weights:
        bodies: Counter[str] = Counter()
        policies: Counter[str] = Counter()
        for document in documents:
            parties = {party.name for activity in document.activities for party in activity.responsible}
            bodies.update(parties | {entry.name for entry in document.agencies})
            policies.update({_policy(reference) for reference in document.policy_references})
        return cls(bodies, policies)

    def weight(self, kind: Kind, fact: Any) -> int:
        if kind in (DUTY, AGENCY):
            return max(self.bodies[fact.name], 1)
        if kind is REFERENCE:
            return max(self.policies[_policy(fact)], 1)
        if kind is ACTIVITY:
            return 1 + len(fact.responsible) + len(fact.places) + bool(fact.deadline) + bool(fact.series)
        return 1


def _policy(reference: Any) -> str:
    return title_key(reference.alias_of or reference.title or reference.as_written)


def queue(catalogue: Catalogue, *, top: int = 50, document_id: str | None = None) -> Json:
    """`{"items", "left", "done"}`: the first items, how many are left in all, how many facts people have stated.

    An item: `document_id`, `title`, `path`, `kind`, `label`, `words`, `quote`, `start`, `end`, `confidence`, `weight`.
    """
    ids = [document_id] if document_id else [summary.id for summary in catalogue.documents()]
    documents = [catalogue.document(each) for each in ids]
    weights = _Weights.of(documents)
    found = [each for document in documents for each in _doubtful(document, weights)]
    found.sort(key=lambda each: (-each.score, each.document.id, each.path))
    done = sum(1 for each in catalogue.outlines() if each.document_id is not None)
    return {"items": [_item(each) for each in found[:top]], "left": len(found), "done": done}


@dataclass(frozen=True, slots=True)
class _Doubtful:
    """A fact that may be put before a person."""

    document: Document
    path: str
    kind: Kind
    fact: Any
    weight: int

    @property
    def score(self) -> float:
        """How unsure it is (most at one half) times what rests on it."""
        sure = float(self.fact.confidence)
        return round(2 * min(sure, 1 - sure) * self.weight, 4)


def _doubtful(document: Document, weights: _Weights) -> Iterator[_Doubtful]:
    for path, kind, fact, _ in facts_with_paths(document):
        if kind is DOUBT:
            own = kind_named(fact.kind) or DOUBT
            weight = weights.bodies[fact.text] if own is AGENCY else 1
            yield _Doubtful(document, path, own, fact, max(weight, 1))
        elif kind in _JUDGED and fact.confidence < SURE and fact.review is None:
            yield _Doubtful(document, path, kind, fact, weights.weight(kind, fact))


def _item(each: _Doubtful) -> Json:
    document, fact = each.document, each.fact
    start, end = span_of(document, each.path, fact)
    return {
        "document_id": document.id,
        "title": document.called,
        "path": each.path,
        "kind": each.kind.name,
        "label": each.kind.label,
        "words": fact.text if isinstance(fact, Doubt) else described(each.kind, fact),
        "quote": document.text[start:end],
        "start": start,
        "end": end,
        "confidence": fact.confidence,
        "weight": each.weight,
        "score": each.score,
    }


def facts_with_paths(document: Document) -> Iterator[tuple[str, Kind, Any, Any]]:
    """All facts of a document that a person may state something about: path, kind, fact, and a duty's activity."""
    for number, activity in enumerate(document.activities, start=1):
        yield f"{ACTIVITY.key}/{number}", ACTIVITY, activity, None
        for place, party in enumerate(activity.responsible, start=1):
            yield f"{ACTIVITY.key}/{number}/{DUTY.name}/{place}", DUTY, party, activity
    for kind in (*_KINDS, DOUBT):
        for number, fact in enumerate(getattr(document, kind.key), start=1):
            yield f"{kind.key}/{number}", kind, fact, None


def path_of(document: Document, item: Mapping[str, Any]) -> str:
    """Where an item of the queue stands now: others that were answered since have moved it. Raises `UsageError`."""
    for path, kind, fact, _ in facts_with_paths(document):
        own = kind_named(fact.kind) if kind is DOUBT else kind
        words = fact.text if kind is DOUBT else described(kind, fact)
        start = span_of(document, path, fact)[0]
        if own is not None and (own.name, start, words) == (item["kind"], item["start"], item["words"]):
            return path
    raise UsageError("这条已经有人核定，或重新识别后已不在")


def span_of(document: Document, path: str, fact: Any) -> tuple[int, int]:
    """The words to show beside a fact: those that name a duty's body, else those of its activity."""
    return spans_of(document, path, fact)[0]


def spans_of(document: Document, path: str, fact: Any) -> list[tuple[int, int]]:
    """All words that carry a fact, those that say most first."""
    evidence = getattr(fact, "evidence", None)
    if evidence is not None:
        return [(evidence.start, evidence.end)]
    if getattr(fact, "spans", ()):
        return [(int(start), int(end)) for start, end in fact.spans]
    if not path.startswith(f"{ACTIVITY.key}/"):
        return [(0, 0)]
    words = document.activities[int(path.split("/")[1]) - 1].evidence
    named = [(fact.start, fact.end)] if 0 <= fact.start < fact.end else []
    return [*named, (words.start, words.end)]


def described(kind: Kind, fact: Any) -> str:
    """A fact in a line: what its table shows, without how sure it is."""
    if kind is DUTY:
        from kg.core.cells import responsible

        return responsible([views.party(fact)])
    item = views.fact(kind, fact, document_id=None)
    columns, rows = table(kind, [item])
    hidden = ("可信度", "正文")
    return "　".join(str(v) for name, v in zip(columns, rows[0], strict=True) if v and name not in hidden)
