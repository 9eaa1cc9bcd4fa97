"""Drafts of activities to activities: ids, series, themes, places, periods and deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.facts.draft import Draft
from ingest.frame import Frame
from ingest.header import Header
from ingest.tools import Tools
from kg.core.model import Activity, Party, PartyKind
from kg.core.replacing import replace
from ontology.names import Context


def drafts_to_activities(drafts: Sequence[Draft], frame: Frame, tools: Tools) -> Iterator[Activity]:
    """The activities of a document, numbered a1, a2, … in the order of the drafts."""
    header, series = frame.header, tools.series
    for i, draft in enumerate(drafts):
        yield Activity(
            id=f"a{i + 1}",
            title=draft.title,
            status=draft.status,
            evidence=draft.evidence,
            no=draft.no,
            section=draft.section,
            parent=None if draft.parent is None else f"a{draft.parent + 1}",
            responsible=tuple(_of_the_resolver(p) for p in draft.responsible),
            series=series.series_of(draft.title) or series.series_of(draft.headline) or _campaign(draft, header, tools),
            themes=series.themes_of(draft.section or "", draft.title),
            places=_places(draft, frame.context),
            period=tools.particulars.period_in(draft.words, header.year) or header.period,
            audience=tools.particulars.audience_in(draft.words),
            deadline=tools.deadlines.due_of(draft.words, header.year, header.date),
            rule=draft.rule,
            confidence=round(draft.confidence, 3),
        )


def _of_the_resolver(party: Party) -> Party:
    """`form/rule` of a duty is cut to the rule by which its name was resolved, which notices and checks ask for."""
    return replace(party, rule=party.rule.rsplit("/", 1)[-1]) if "/" in party.rule else party


def _places(draft: Draft, context: Context) -> tuple[str, ...]:
    """Where it is held: what the words say, else where the bodies that hold it are, else where the issuer is."""
    own = context.place.qualified if context.place and not context.national else None
    places = dict.fromkeys([*draft.places, *_of_parties(draft.responsible)])
    if own and not draft.places and any(p.kind is PartyKind.AGENCY and p.place == own for p in draft.responsible):
        places.setdefault(own)  # 昆山市 beside bureaus of the city: the city's part is done in the city
    if not places and own:
        # what bodies of a district run is done there; what the city's body runs is done in the city
        below = dict.fromkeys(p.place for p in draft.responsible if p.kind is PartyKind.AGENCY and p.place)
        inside = below and all(place != own and place.startswith(own) for place in below)
        places = {place: None for place in below if place} if inside else {own: None}
    return tuple(places)


def _of_parties(parties: tuple[Party, ...]) -> Iterable[str]:
    return (p.place for p in parties if p.kind is PartyKind.PLACE and p.place)


def _campaign(draft: Draft, header: Header, tools: Tools) -> str | None:
    """活动周开幕式 in a document on 科技活动周: the campaign that the document is about."""
    return tools.series.series_of(header.title) if tools.campaign.search(draft.title) else None
