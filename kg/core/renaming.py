"""A body or a policy under another name, everywhere in a document: two that are one, one that is another here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kg.core.ids import title_key
from kg.core.model import AgencyEntry, Document, Party, PartyKind

Json = Mapping[str, Any]


def body_renamed(document: Document, was: Json, now: Json, review: str) -> Document:
    """The document with the body `was` (name, and place where it is given) called what `now` says."""

    def party(each: Party) -> Party:
        members = tuple(map(party, each.members))
        if each.name != was["name"] or not _same_place(each.place, was.get("place")):
            return each if members == each.members else replace(each, members=members)
        return renamed_party(replace(each, members=members), now, review)

    changed = replace(
        document,
        issuers=_distinct(tuple(map(party, document.issuers))),
        activities=tuple(_with_parties(a, tuple(map(party, a.responsible))) for a in document.activities),
        agencies=_entries(document.agencies, was, now, review),
        persons=tuple(
            replace(person, group=now["name"], review=review) if person.group == was["name"] else person
            for person in document.persons
        ),
    )
    return document if changed == document else changed


def renamed_party(party: Party, now: Json, review: str) -> Party:
    """A party under the name, and with what goes with a name, that `now` tells; as it is written stays."""
    told = {name: now[name] for name in ("place", "category", "parent") if name in now}
    kind = PartyKind(now["kind"]) if now.get("kind") else party.kind
    return replace(party, name=now["name"], kind=kind, confidence=1.0, review=review, **told)


def policy_renamed(document: Document, was: Json, now: Json, review: str) -> Document:
    """The document with what it cites under the title `was` cited as `now`."""
    key = title_key(str(was["title"]))
    references = tuple(
        replace(
            reference,
            title=now["title"],
            alias_of=None,
            number=now.get("number") or reference.number,
            confidence=1.0,
            review=review,
        )
        if title_key(reference.alias_of or reference.title or reference.as_written) == key
        else reference
        for reference in document.policy_references
    )
    return document if references == document.policy_references else replace(document, policy_references=references)


def with_mention(document: Document, party: Party) -> Document:
    """The document with the body of a party among those that it names."""
    if party.kind is PartyKind.PLACE:
        return document
    entry = next((each for each in document.agencies if each.name == party.name), None)
    span = ((party.start, party.end),) if 0 <= party.start < party.end else ()
    if entry is None:
        members = tuple(member.name for member in party.members)
        entry = AgencyEntry(
            party.name, party.category, party.place, (party.as_written,), party.parent, members, span,
            rule=party.rule, review=party.review,
        )  # fmt: skip
        return replace(document, agencies=(*document.agencies, entry))
    told = replace(
        entry,
        as_written=tuple(dict.fromkeys((*entry.as_written, party.as_written))),
        spans=tuple(sorted({*entry.spans, *span})),
    )
    return replace(document, agencies=tuple(told if each is entry else each for each in document.agencies))


def without_mention(document: Document, party: Party) -> Document:
    """The document without the mention that was a party's: its words name another body."""
    if any(p.name == party.name for a in document.activities for p in a.responsible):
        return document
    kept = []
    for entry in document.agencies:
        if entry.name == party.name and (party.start, party.end) in entry.spans:
            spans = tuple(span for span in entry.spans if span != (party.start, party.end))
            if not spans:
                continue
            kept.append(replace(entry, spans=spans))
        else:
            kept.append(entry)
    return replace(document, agencies=tuple(kept))


def _with_parties(activity: Any, parties: tuple[Party, ...]) -> Any:
    return activity if parties == activity.responsible else replace(activity, responsible=_distinct(parties))


def _distinct(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Two that are one now are named once, in the part that was told first."""
    seen: dict[tuple[str, str | None, Any], Party] = {}
    for party in parties:
        seen.setdefault((party.name, party.place, party.role), party)
    return tuple(seen.values())


def _entries(entries: tuple[AgencyEntry, ...], was: Json, now: Json, review: str) -> tuple[AgencyEntry, ...]:
    found: dict[str, AgencyEntry] = {}
    for entry in entries:
        parent = now["name"] if entry.parent == was["name"] else entry.parent
        members = tuple(now["name"] if name == was["name"] else name for name in entry.members)
        if (parent, members) != (entry.parent, entry.members):
            entry = replace(entry, parent=parent, members=members)  # noqa: PLW2901
        if entry.name == was["name"] and _same_place(entry.region, was.get("place")):
            region = now.get("place", entry.region)
            entry = replace(entry, name=now["name"], region=region, confidence=1.0, review=review)  # noqa: PLW2901
        held = found.get(entry.name)
        found[entry.name] = entry if held is None else _joined(held, entry)
    return tuple(found.values())


def _joined(one: AgencyEntry, other: AgencyEntry) -> AgencyEntry:
    return replace(
        one,
        as_written=tuple(dict.fromkeys((*one.as_written, *other.as_written))),
        spans=tuple(sorted({*one.spans, *other.spans})),
        region=one.region or other.region,
        kind=one.kind or other.kind,
        parent=one.parent or other.parent,
        confidence=max(one.confidence, other.confidence),
        review=one.review or other.review,
    )


def _same_place(place: str | None, wanted: str | None) -> bool:
    return wanted is None or place is None or place == wanted
