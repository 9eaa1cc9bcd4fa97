"""A document as people say it is: what was read, with their statements put over it, in order. Pure.

A statement whose words are in the text holds, whatever was read there: a fact that a person stated is added where a
newer reading no longer finds it, and is not doubled where the reading finds it by itself. One whose words are gone is
left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

import msgspec

from kg.core.anchors import Anchor, locate
from kg.core.corrections import BODY, POLICY, Action, Correction
from kg.core.declaration import Kind
from kg.core.facts import ACTIVITY, AGENCY, DUTY, kind_named
from kg.core.header import HEADER
from kg.core.model import Activity, Document, Evidence, Level, Party
from kg.core.renaming import body_renamed, policy_renamed, renamed_party, with_mention, without_mention
from kg.core.review import Review

OVERLAY_VERSION = "1"
"""Goes up when the same statements would give another document."""

_SAME_WORDS = 0.5  # share of two spans' union that both cover, from which on they are the same words for an activity
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A document with statements put over it, and those whose words are no longer in it."""

    document: Document
    fallen: frozenset[str] = frozenset()


def document_corrected(document: Document, corrections: Iterable[Correction]) -> Corrected:
    """The document under the statements that are not undone, the earliest first."""
    fallen: set[str] = set()
    rejected: list[Span] = []  # activities that a person said are none: what was said of their duties rests with them
    shown = document
    for correction in corrections:
        if correction.undone_at is not None:
            continue
        after = _applied(shown, correction)
        place = locate(correction.anchor, document.text) if correction.anchor and after is None else None
        if _rejects_activity(correction) and correction.anchor:
            rejected += [found] if (found := locate(correction.anchor, document.text)) else []
        if after is None:
            if place is None or all(_share(place, other) < _SAME_WORDS for other in rejected):
                fallen.add(correction.id)
        elif after is not shown:
            shown = replace(after, reviews=(*after.reviews, _review(correction)))
    return Corrected(shown, frozenset(fallen))


def _rejects_activity(correction: Correction) -> bool:
    return correction.kind == ACTIVITY.name and correction.action is Action.REJECT


def _review(correction: Correction) -> Review:
    return Review(
        correction.id, correction.action.value, correction.kind, correction.at, tuple(sorted(correction.values))
    )


def _applied(document: Document, correction: Correction) -> Document | None:
    """The document after one statement; the same where it says nothing of it, None where its words are gone."""
    if correction.kind == BODY:
        return _of_body(document, correction)
    if correction.kind == POLICY:
        return policy_renamed(document, correction.was, correction.values, correction.id)
    place = locate(correction.anchor, document.text) if correction.anchor else None
    if correction.anchor is not None and place is None:
        return None
    if correction.kind == HEADER:
        return _header(document, correction.values)
    kind = kind_named(correction.kind)
    if kind is None or place is None:
        return None
    settled = _settled(document, kind, correction, place)
    if kind is DUTY:
        return _duty(settled, correction, place)
    held = getattr(settled, kind.key)
    facts = _stated(held, kind, correction, place, settled)
    if facts == held:
        return settled
    told: dict[str, Any] = {kind.key: facts}
    shown = replace(settled, **told)
    return _without_parents(shown) if kind is ACTIVITY else shown


def _of_body(document: Document, correction: Correction) -> Document:
    was, now = correction.was, correction.values
    if correction.action is Action.SUCCESSOR:
        return document  # both were bodies, each in its time
    if correction.action is Action.OTHER_NAME:
        was, now = {"name": now["name"]}, was
    if correction.action is Action.SPLIT and document.id not in now.get("documents", ()):
        return document
    return body_renamed(document, was, now, correction.id)


def _header(document: Document, values: Mapping[str, Any]) -> Document:
    told = dict(values)
    if told.get("level"):
        told["level"] = Level(told["level"])
    return replace(document, **told)


def _settled(document: Document, kind: Kind, correction: Correction, place: Span) -> Document:
    """Without the doubts that the statement settles."""
    kept = tuple(
        doubt
        for doubt in document.to_check
        if not (
            doubt.kind == kind.name
            and _overlap((doubt.evidence.start, doubt.evidence.end), place)
            and (doubt.text == correction.doubt or not correction.doubt)
            and (correction.doubt or _tells(doubt.proposal, kind, correction))
        )
    )
    return document if kept == document.to_check else replace(document, to_check=kept)


def _tells(proposal: str, kind: Kind, correction: Correction) -> bool:
    """Whether a doubt is about the very fact: a later reading may doubt what a person has stated."""
    held = msgspec.json.decode(proposal) if proposal else {}
    said = {**correction.was, **correction.values}
    return bool(kind.known_by) and all(held.get(name) == said.get(name) for name in kind.known_by)


def _duty(document: Document, correction: Correction, place: Span) -> Document | None:
    number = _nearest(document.activities, place)
    written = str(correction.was.get("as_written") or "")
    if number is None or (written and written not in document.text):
        return None
    activity = document.activities[number]
    parties = _stated(activity.responsible, DUTY, correction, place, document)
    if parties == activity.responsible:
        return document
    activities = list(document.activities)
    activities[number] = replace(activity, responsible=parties)
    shown = replace(document, activities=tuple(activities))
    for party in activity.responsible:
        if party not in parties:
            shown = without_mention(shown, party)
    for party in parties:
        if party.review == correction.id:
            shown = with_mention(shown, party)
    return shown


def _stated(
    facts: tuple[Any, ...], kind: Kind, correction: Correction, place: Span, document: Document
) -> tuple[Any, ...]:
    """The facts of a kind after one statement about one of them."""
    said = {**correction.was, **correction.values}
    number = None if correction.action is Action.ADD else _find(facts, kind, correction.was, place)
    if correction.action is Action.REJECT:
        return facts if number is None else (*facts[:number], *facts[number + 1 :])
    if number is None:
        number = _find(facts, kind, said, place)  # the reading came to it by itself
    if number is None:
        return _inserted(facts, _made(kind, said, place, document, correction), kind)
    return (*facts[:number], _set(facts[number], kind, correction), *facts[number + 1 :])


def _set(fact: Any, kind: Kind, correction: Correction) -> Any:
    if kind is DUTY and "name" in correction.values:
        fact = renamed_party(fact, correction.values, correction.id)
    values = {name: value for name, value in correction.values.items() if name not in ("category", "parent")}
    typed: Any = msgspec.convert({**msgspec.to_builtins(fact), **values}, kind.type)
    return replace(typed, review=correction.id, **({"confidence": 1.0} if hasattr(typed, "confidence") else {}))


def _made(kind: Kind, said: Mapping[str, Any], place: Span, document: Document, correction: Correction) -> Any:
    """A fact from what a person said alone, at the words where they said it."""
    data: dict[str, Any] = {**said, "review": correction.id}
    data["evidence"] = Evidence(document.text[place[0] : place[1]], *place)
    if kind is ACTIVITY:
        # 32 bits: unique among the few tasks that people add to one document.
        data = {"status": "planned", **data, "id": f"c-{correction.id[:8]}"}
    elif kind is DUTY:
        written = str(data.get("as_written") or data.get("name") or "")
        at = document.text.find(written, *place) if written else -1
        data |= {"as_written": written, "start": at, "end": at + len(written) if at >= 0 else -1}
    elif kind is AGENCY:
        written = str((data.get("as_written") or [data["name"]])[0])
        at = document.text.find(written, *place)
        data = {"kind": None, "region": None, **data, "as_written": data.get("as_written") or [written]}
        data["spans"] = [(at, at + len(written))] if at >= 0 else []
    optional = {field.name: None for field in kind.fields if field.name not in data}
    known = {field.name for field in fields(kind.type)}
    full = {name: value for name, value in {**_empty(kind, optional), **data}.items() if name in known}
    fact: Any = msgspec.convert(msgspec.to_builtins(full), kind.type)
    return replace(fact, **({"rule": "review", "confidence": 1.0} if "rule" in known else {}))


def _empty(kind: Kind, names: Iterable[str]) -> dict[str, Any]:
    """None for what has no default and may be absent: a deadline's `to`, a person's `title`."""
    bare = {f.name for f in fields(kind.type) if f.default is MISSING and f.default_factory is MISSING}
    return {name: None for name in names if name in bare}


def _inserted(facts: tuple[Any, ...], fact: Any, kind: Kind) -> tuple[Any, ...]:
    """In the order of the text where facts have words of their own."""
    if kind in (DUTY, AGENCY):
        return (*facts, fact)
    at = next((n for n, each in enumerate(facts) if each.evidence.start > fact.evidence.start), len(facts))
    return (*facts[:at], fact, *facts[at:])


def _find(facts: tuple[Any, ...], kind: Kind, told: Mapping[str, Any], place: Span) -> int | None:
    """The fact that is meant: at these words, and known by the same; of several, the one that agrees in most."""
    if kind is ACTIVITY:
        return _nearest(facts, place)
    fitting = [
        (number, fact)
        for number, fact in enumerate(facts)
        if all(_plain(getattr(fact, name)) == told.get(name) for name in kind.known_by)
        and (kind in (DUTY, AGENCY) or _overlap((fact.evidence.start, fact.evidence.end), place))
    ]
    if not fitting:
        return None
    agreeing = {n: sum(_plain(getattr(f, k, None)) == v for k, v in told.items()) for n, f in fitting}
    return max(agreeing, key=lambda number: (agreeing[number], -number))


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _nearest(activities: tuple[Activity, ...], place: Span) -> int | None:
    shares = {n: _share((a.evidence.start, a.evidence.end), place) for n, a in enumerate(activities)}
    best = max(shares, key=lambda n: (shares[n], -n), default=None)
    return best if best is not None and shares[best] >= _SAME_WORDS else None


def _share(one: Span, other: Span) -> float:
    common = min(one[1], other[1]) - max(one[0], other[0])
    whole = max(one[1], other[1]) - min(one[0], other[0])
    return common / whole if whole > 0 and common > 0 else 0.0


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _without_parents(document: Document) -> Document:
    """Activities whose parent was rejected stand by themselves."""
    held = {activity.id for activity in document.activities}
    if all(a.parent is None or a.parent in held for a in document.activities):
        return document
    return replace(
        document,
        activities=tuple(a if a.parent in held else replace(a, parent=None) for a in document.activities),
    )


def anchor_of(document: Document, kind: Kind, fact: Any, activity: Activity | None = None) -> Anchor:
    """What a statement about a fact is bound to: its words; of a duty those of its activity."""
    from kg.core.anchors import anchor_at

    if isinstance(fact, Party) and activity is not None:
        fact = activity
    evidence = getattr(fact, "evidence", None)
    if evidence is not None:
        return anchor_at(document.text, evidence.start, evidence.end)
    if kind is AGENCY and not fact.spans:  # of an earlier reading
        found = ((document.text.find(form), len(form)) for form in fact.as_written if form)
        start, length = next((pair for pair in found if pair[0] >= 0), (0, min(len(document.text), 20)))
        return anchor_at(document.text, start, start + length)
    start, end = fact.spans[0]
    return anchor_at(document.text, start, end)
