"""Activities as RDF: who carries them (`pkg:Responsibility`) and which places they touch (`pkg:Involvement`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.core.declaration import Kind
from kg.core.facts import DUE, DUTY
from kg.core.model import Activity, Evidence, Party, PartyKind, Role
from kg.graph.facts import declare, fact_node
from kg.graph.rdf import Node, Quad, Term, date, decimal, integer
from kg.graph.scope import Scope, concept
from ontology.terms import ELI, PKG, SCHEMA, term

_ROLE = {choice.value: term(choice.rdf) for choice in DUTY.field("role").choices}
_PREDICATE = {Role.LEAD: PKG.leadAgency, Role.CO: PKG.coAgency, None: SCHEMA.organizer}


def activities_to_quads(scope: Scope, kind: Kind) -> Iterator[Quad]:
    """All activities of the document, in order."""
    for activity in scope.document.activities:
        yield from _activity(scope, kind, activity)
        yield from _due(scope, activity)
        yield from _responsibilities(scope, activity)
        yield from _involvements(scope, activity)


def _iri(scope: Scope, activity_id: str) -> str:
    return scope.iris.activity(scope.document.id, activity_id)


def _activity(scope: Scope, kind: Kind, activity: Activity) -> Iterator[Quad]:
    iris = scope.iris
    node = fact_node(scope, kind, _iri(scope, activity.id), activity)
    node.add(PKG.assertionType, PKG.Named).add(PKG.dueDate, _day(activity))
    above = _iri(scope, activity.parent) if activity.parent else None
    node.add(SCHEMA.superEvent, above)
    node.add(PKG.carriedAs, above if above and not activity.responsible else node.iri)
    node.text(PKG.context, "\n".join(filter(None, (activity.title, activity.section, scope.document.title))))
    node.text(PKG.wording, activity.evidence.quote if activity.evidence else None)
    if activity.period:
        node.add(SCHEMA.startDate, date(activity.period[0])).add(SCHEMA.endDate, date(activity.period[1]))
    node.add(PKG.activityYear, integer(scope.document.year) if scope.document.year is not None else None)
    if activity.series:
        node.add(PKG.inSeries, iris.series(activity.series))
        yield from concept(scope, iris.series(activity.series), activity.series, SCHEMA.EventSeries)
    for theme in activity.themes:
        node.add(ELI.is_about, iris.theme(theme))
        yield from concept(scope, iris.theme(theme), theme)
    for place in activity.places:
        node.add(SCHEMA.location, iris.place(place))
        yield from scope.place(place)
    for party in activity.responsible:
        predicate = PKG.responsiblePlace if party.kind is PartyKind.PLACE else _PREDICATE[party.role]
        node.add(predicate, scope.party_iri(party))
    yield from node


def _day(activity: Activity) -> Term | None:
    """The last day of an activity, where its words tell one."""
    return date(activity.deadline.date) if activity.deadline and activity.deadline.date else None


def _due(scope: Scope, activity: Activity) -> Iterator[Quad]:
    """By when an activity is to be done, as a node of its own: its words stand within those of the activity."""
    if activity.deadline is None:
        return
    evidence, written = activity.evidence, activity.deadline.as_written
    if written and (at := scope.document.text.find(written, evidence.start, evidence.end)) >= 0:
        evidence = Evidence(written, at, at + len(written))
    (of,) = DUE.rdf
    node = scope.fact_at(f"{_iri(scope, activity.id)}/deadline", term(of), evidence=evidence)
    node.add(PKG.inActivity, _iri(scope, activity.id)).zh(PKG.what, activity.title)
    yield from declare(node, DUE, activity.deadline)
    yield from scope.span_quads(evidence)


def _responsibilities(scope: Scope, activity: Activity) -> Iterator[Quad]:
    for number, party in enumerate(activity.responsible, start=1):
        evidence = _party_evidence(scope, party, activity)
        (of,) = DUTY.rdf
        node = scope.fact_at(f"{_iri(scope, activity.id)}/party/{number}", term(of), evidence=evidence)
        node.add(PKG.inActivity, _iri(scope, activity.id)).add(PKG.party, scope.party_iri(party))
        node.add(PKG.assertionType, PKG.Named).add(PKG.dueDate, _day(activity))
        yield from scope.reviewed(declare(node, DUTY, party), party)
        yield from scope.span_quads(evidence)


def _party_evidence(scope: Scope, party: Party, activity: Activity) -> Evidence:
    """The words that name a party, or the activity's where the party's position is not known."""
    if 0 <= party.start < party.end:
        return Evidence(scope.document.text[party.start : party.end], party.start, party.end)
    return activity.evidence


@dataclass(slots=True)
class _Touch:
    """How an activity touches one place, while it is gathered."""

    carriers: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    confidence: float = 0.0  # of the surest that touches it
    evidence: Evidence | None = None


def _involvements(scope: Scope, activity: Activity) -> Iterator[Quad]:
    """One node for each place: named where the text names it, else implied by a collective."""
    named: dict[str, _Touch] = {}
    implied: dict[str, _Touch] = {}
    for party in activity.responsible:
        evidence = _party_evidence(scope, party, activity)
        if party.kind is not PartyKind.GROUP:
            place = (party.place or party.name) if party.kind is PartyKind.PLACE else scope.region(party)
            rule = "责任地区" if party.kind is PartyKind.PLACE else "地方机构"
            _touch(named, place, rule, evidence, scope.party_iri(party), party=party)
            continue
        for member in party.members:
            target, rule = (named, "列举成员") if _is_listed(member, party) else (implied, "集合成员")
            place = (member.place or member.name) if member.kind is PartyKind.PLACE else scope.region(member)
            _touch(target, place, rule, evidence, scope.party_iri(party), party=party)
    region = scope.document.region_qualified or scope.document.region
    for where, rule in (*((place, "活动地点") for place in activity.places), (region, "发文地")):
        _touch(named, where, rule, activity.evidence, *_carriers(scope, activity, where), sure=activity.confidence)
    for place, touch in named.items():
        yield from _involvement(scope, activity, place, touch, PKG.Named)
    for place, touch in implied.items():
        if place not in named:
            yield from _involvement(scope, activity, place, touch, PKG.Implied)


def _carriers(scope: Scope, activity: Activity, place: str | None) -> list[str]:
    """Who carries an activity at a place that is named for the activity as a whole: its own bodies, else all."""
    own = [party for party in activity.responsible if scope.region(party) in (None, place)]
    return [scope.party_iri(party) for party in own or activity.responsible]


def _touch(
    touches: dict[str, _Touch],
    place: str | None,
    rule: str,
    evidence: Evidence,
    *carriers: str,
    party: Party | None = None,
    sure: float = 0.0,
) -> None:
    if place:
        touch = touches.setdefault(place, _Touch(evidence=evidence))
        touch.carriers += carriers
        touch.rules.append(rule)
        touch.roles += [_ROLE[party.role]] if party and party.role else []
        touch.confidence = max(touch.confidence, party.confidence if party else sure)


def _is_listed(member: Party, group: Party) -> bool:
    """Whether the words of a collective name the member's place: 青浦等区市场监管局 does, 各区市场监管局 does not.

    The place is the part of the qualified name that opens the member's full name (青浦区 of 上海市青浦区); its
    first two characters are what short forms keep.
    """
    place = member.place or ""
    own = next((place[i:] for i in range(len(place)) if member.name.startswith(place[i:])), "")
    return bool(own) and own[:2] in group.as_written


def _involvement(scope: Scope, activity: Activity, place: str, touch: _Touch, assertion: str) -> Iterator[Quad]:
    iri = f"{_iri(scope, activity.id)}/at/{scope.iris.place(place).removeprefix(scope.iris.place(''))}"
    node: Node = scope.fact_at(iri, PKG.Involvement, evidence=touch.evidence)
    node.add(PKG.inActivity, _iri(scope, activity.id)).add(PKG.atPlace, scope.iris.place(place))
    node.add(PKG.carrier, *touch.carriers).text(PKG.rule, *touch.rules)
    node.add(PKG.role, *touch.roles).add(PKG.confidence, decimal(touch.confidence))
    yield from node.add(PKG.assertionType, assertion)
    yield from scope.place(place)
    if touch.evidence:
        yield from scope.span_quads(touch.evidence)
