"""Collectives to parties: 各区市场监管局 with its members where they are known, 相关企业 as one group."""

from __future__ import annotations

import re
from typing import Protocol

from ingest.resolve import groups
from ingest.resolve.places import Context, PlaceIndex
from kg.core.model import Party, PartyKind
from ontology.reference import DepartmentType, PlaceRecord, Reference

STATE = "全国"
# 市 and 区 also begin ordinary words
TIER_WORD = re.compile(r"^(?:[市区县](?:级|场|民|内|面|容|长|域|块|别|间|属|外|政|[中南北]区)|省(?:级|内|长|属|外|部))")
_ALL_PROVINCES = re.compile(r"^(?:全国|各)?各?省[、，]自治区[、，]直辖市")
_MAX_MEMBERS = 64


class Names(Protocol):
    """What the rules for collectives need of the resolver."""

    reference: Reference
    places: PlaceIndex

    def department_of(self, tail: str, place: PlaceRecord) -> DepartmentType | None:
        """The department that 市场监管局 or 市场监管部门 means in a place."""

    def department_party(
        self, department: DepartmentType, place: PlaceRecord, text: str, *, rule: str, confidence: float = 1.0
    ) -> Party:
        """A department of a place as a party."""


class Collectives:
    """The rules `division` and `collective` of the resolver."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.places = names.places
        self.reference = names.reference

    def resolve(self, text: str, context: Context) -> tuple[Party, ...]:
        """The group that a text names, alone in the tuple; nothing where it names none."""
        if (rest := groups.mixed_divisions(text)) is not None:
            return (self._mixed(text, rest, context),)
        if _ALL_PROVINCES.match(text):
            return (self._group(text, text, self.places.by_qualified.get(STATE)),)
        if not groups.is_group(text):
            return ()
        if divided := groups.division(text):
            return (self._division(text, divided, context),)
        if (scoped := groups.scope_tier(text)) and (place := context.tiers.get(scoped[0])):
            return (self._group(place.name + scoped[1], text, place),)
        tier = context.tiers.get(text[0]) if not TIER_WORD.match(text) else None
        if tier is not None and not text.startswith("各") and len(text) > 3:
            return (self._group(tier.name + text[1:], text, tier),)
        place = match.place if (match := self.places.at(text, context.place)) else context.place
        return (self._group(text, text, place, confidence=0.8),)

    def _mixed(self, text: str, rest: str, context: Context) -> Party:
        """各区、县（市）应急局: all divisions right below the city."""
        over = self._above("区", "", context)
        department = self.names.department_of(rest, over or self.reference.places[0]) if rest else None
        members: tuple[Party, ...] = ()
        if over is not None and over.level != "国家" and (not rest or department):
            members = tuple(self._member(p, department, text) for p in self._children(over, "区县"))[:_MAX_MEMBERS]
        tail = department.name if department and department.name_template is None else rest
        name = (over.name if over and over.level != "国家" else "") + text.removesuffix(rest) + tail
        return self._group(name, text, over, rule="division", members=members)

    def _group(
        self,
        name: str,
        text: str,
        place: PlaceRecord | None,
        *,
        rule: str = "collective",
        members: tuple[Party, ...] = (),
        confidence: float = 0.9,
    ) -> Party:
        return Party(
            name,
            text,
            PartyKind.GROUP,
            place=place.qualified if place else None,
            category="集体",
            rule=rule,
            members=members,
            confidence=confidence,
        )

    def _division(self, text: str, divided: tuple[str, str, str], context: Context) -> Party:
        """各区市场监管局 -> 上海市各区市场监督管理局, with the bureaus of the districts known."""
        before, unit, rest = divided
        scoped = groups.scope_tier(before + "各")
        match = self.places.at(before, context.place) if before else None
        if match and match.length == len(before):
            over: PlaceRecord | None = match.place
        elif before in ("", "本市", "全市", "本区", "全区", "本省", "全省") or scoped:
            over = self._above(unit, before[-1:] if before else "", context)
        else:
            tier = context.tiers.get(before[0]) if not TIER_WORD.match(before) else None
            return self._group((tier.name + text[1:]) if tier else text, text, tier or context.place)
        department = self.names.department_of(rest, over or self.reference.places[0]) if rest else None
        tail = department.name if department and department.name_template is None else rest
        members: tuple[Party, ...] = ()
        if over is not None and (not rest or department):
            members = tuple(self._member(p, department, text) for p in self._children(over, unit))[:_MAX_MEMBERS]
        # 全国各省 needs no place in its name
        name = f"{over.name if over and over.level != '国家' else ''}各{unit}{tail}"
        return self._group(name, text, over, rule="division", members=members)

    def _above(self, unit: str, tier: str, context: Context) -> PlaceRecord | None:
        """The place whose parts 各区, 各街镇 are, in this context."""
        if tier and tier in context.tiers:
            return context.tiers[tier]
        if context.place is None or context.national:
            return context.place
        if unit.startswith(("区", "县")) or unit in ("市", "地市"):
            return next((p for p in self.places.path(context.place) if self._children(p, unit)), context.place)
        return context.place

    def _children(self, place: PlaceRecord, unit: str) -> list[PlaceRecord]:
        want = {"区": "区", "县": "县", "区县": "区县", "市": "市", "地市": "市", "省": "省"}.get(unit, "")
        return [c for c in self.places.children.get(place.qualified, ()) if want and c.level in want]

    def _member(self, place: PlaceRecord, department: DepartmentType | None, text: str) -> Party:
        if department is None:
            return Party(place.name, text, PartyKind.PLACE, place=place.qualified, rule="division", confidence=0.9)
        return self.names.department_party(department, place, text, rule="division", confidence=0.9)
