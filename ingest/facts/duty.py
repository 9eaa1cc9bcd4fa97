"""A duty as one place of the text states it, and how several of them make one list of responsible bodies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.core.model import Party, PartyKind, Role
from kg.core.replacing import replace

_SOME = ("相关", "有关")
_SAME_TAIL = 5  # characters
UNDERTAKES = "undertakes"  # the form of those who carry out (承办) what another leads: no helpers
# how sure the forms are, until `ontology/forms/weights.toml` is fitted
CONFIDENCE = {
    "label": 0.97,
    "label-form": 0.85,
    "bracket-verb": 0.95,
    "bracket": 0.9,
    "dash": 0.9,
    "head": 0.9,
    "by": 0.85,
    "lead": 0.85,
    "must": 0.8,
    "act": 0.62,
    "inherited": 0.85,
    "legend": 0.7,
    "column": 0.97,
}


@dataclass(frozen=True, slots=True)
class Duty:
    """The bodies that one place of the text charges, by the form `rule`; `start` and `end` are that place."""

    parties: tuple[Party, ...]
    start: int
    end: int
    rule: str
    alone: bool = False  # a line or bracket that holds nothing but units
    firm: bool = True  # said by 应当 or 负责, not only by 会同


def merged(duties: list[Duty]) -> tuple[Party, ...]:
    """The parties of several duties, each body once, the first role that was given kept."""
    seen: dict[tuple[str, str | None], Party] = {}
    for duty in duties:
        for party in duty.parties:
            key = (party.name, party.place)
            if key not in seen or (seen[key].role is None and party.role is not None):
                seen[key] = replace(party, start=seen[key].start, end=seen[key].end) if key in seen else party
    # 相关地方市场监管部门 beside 各地市场监管部门 are some of those
    all_of = [p.name for p in seen.values() if p.kind is PartyKind.GROUP and not p.name.startswith(_SOME)]
    seen = {
        k: p
        for k, p in seen.items()
        if not (p.name.startswith(_SOME) and any(n[-_SAME_TAIL:] == p.name[-_SAME_TAIL:] for n in all_of))
    }
    # 牵头单位：甲 and in the next line 责任单位：乙 are one statement; two brackets are two
    labelled = {p.start for d in duties if d.rule == "label" for p in d.parties if UNDERTAKES not in p.rule.split("/")}
    leads = any(p.role is Role.LEAD and p.start in labelled for p in seen.values())
    return tuple(
        replace(p, role=Role.CO) if leads and p.role is None and p.start in labelled else p for p in seen.values()
    )


def ruled(parties: Iterable[Party], rule: str, role: Role | None = None) -> tuple[Party, ...]:
    """The parties marked with the form that charges them: `label/tier` is a name of rule tier behind a label."""
    return tuple(
        replace(p, rule=f"{rule}/{p.rule}", role=role or p.role, confidence=min(p.confidence, CONFIDENCE[rule]))
        for p in parties
    )


def charged(duty: Duty) -> Duty:
    """The same bodies, charged: what only said that they act goes on with 应当 or 负责."""
    parties = (replace(p, rule=f"must/{p.rule.split('/', 1)[-1]}") for p in duty.parties)
    return replace(duty, parties=tuple(parties), rule="must", firm=True)
