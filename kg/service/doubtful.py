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
from kg.core.facts import ACTIVITY, AGENCY, DOUBT, DUTY, KINDS, PERSON, REFERENCE, kind_named
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

    def add(self, document: Any) -> None:
        """Count what a document names; facts alone are enough."""
        parties = {party.name for activity in document.activities for party in activity.responsible}
        self.bodies.update(parties | {entry.name for entry in document.agencies})
        self.policies.update({_policy(reference) for reference in document.policy_references})

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
    weights = _Weights(Counter(), Counter())
    held = ((document_id, catalogue.document(document_id)),) if document_id else _facts(catalogue)
    found: list[_Doubtful] = []
    for own, facts in held:
        weights.add(facts)
        found += _doubtful(own, facts)
    ranked = sorted(found, key=lambda each: (-each.score(weights), each.document_id, each.path))
    done = sum(1 for each in catalogue.outlines() if each.document_id is not None)
    return {"items": _items(catalogue, ranked[:top], weights), "left": len(found), "done": done}


def _facts(catalogue: Catalogue) -> Iterator[tuple[str, Any]]:
    """The facts of each document as people are shown them: contacts are no persons to be asked about."""
    for document_id, facts in catalogue.judged():
        with_persons = facts.persons or any(doubt.kind == PERSON.name for doubt in facts.to_check)
        yield document_id, catalogue.document(document_id) if with_persons else facts


@dataclass(frozen=True, slots=True)
class _Doubtful:
    """A fact that may be put before a person."""

    document_id: str
    path: str
    kind: Kind
    fact: Any

    def weight(self, weights: _Weights) -> int:
        """What rests on it."""
        if not isinstance(self.fact, Doubt):
            return weights.weight(self.kind, self.fact)
        return max(weights.bodies[self.fact.text] if self.kind is AGENCY else 1, 1)

    def score(self, weights: _Weights) -> float:
        """How unsure it is (most at one half) times what rests on it."""
        sure = float(self.fact.confidence)
        return round(2 * min(sure, 1 - sure) * self.weight(weights), 4)


def _doubtful(document_id: str, document: Any) -> Iterator[_Doubtful]:
    for path, kind, fact, _ in facts_with_paths(document):
        if kind is DOUBT:
            yield _Doubtful(document_id, path, kind_named(fact.kind) or DOUBT, fact)
        elif kind in _JUDGED and fact.confidence < SURE and fact.review is None:
            yield _Doubtful(document_id, path, kind, fact)


def _items(catalogue: Catalogue, chosen: Sequence[_Doubtful], weights: _Weights) -> list[Json]:
    """What people are shown of each, from their documents: the facts that were counted may hold personal data."""
    documents = {id_: catalogue.document(id_) for id_ in dict.fromkeys(each.document_id for each in chosen)}
    shown = {id_: {path: fact for path, _, fact, _ in facts_with_paths(held)} for id_, held in documents.items()}
    there = [each for each in chosen if each.path in shown[each.document_id]]  # it may have been read anew just now
    return [_item(each, documents[each.document_id], shown[each.document_id][each.path], weights) for each in there]


def _item(each: _Doubtful, document: Document, fact: Any, weights: _Weights) -> Json:
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
        "weight": each.weight(weights),
        "score": each.score(weights),
    }


def facts_with_paths(document: Any) -> Iterator[tuple[str, Kind, Any, Any]]:
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
