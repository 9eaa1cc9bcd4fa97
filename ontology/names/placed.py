"""Readings of a name that begins with a place or a tier: whose body it is, and what that place has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.core.making import made_by_slots
from kg.core.model import PartyKind
from kg.core.replacing import replace
from ontology.names.context import Context
from ontology.names.knowledge import Knowledge, Reading
from ontology.places.index import PlaceMatch
from ontology.places.unknown import TOWN, unknown_place
from ontology.reference import PlaceRecord

_SPOKEN = ("我", "本", "全", "原")
_IS_HAN = re.compile("[\u4e00-\u9fff（(“]")
_SEAT = re.compile("[市州盟](?=.)")
_SIBLING = 2  # `PlaceIndex.related` of places of one city


@made_by_slots
@dataclass(frozen=True, slots=True)
class Owner:
    """What a name begins with: a place, how many characters of the name say so, and how sure that is."""

    place: PlaceRecord
    length: int
    score: float
    rule: str  # tier or place
    bare: bool = False  # by the place's bare name: 青浦


class PlacedReadings:
    """The rules `own`, `tier`, `place`, `form`, `chain`, `place-only` and `zone`."""

    def __init__(self, known: Knowledge) -> None:
        self.ground = known

    def read(self, text: str, context: Context) -> Iterator[Reading]:
        """Every reading."""
        owners = tuple(self.owners(text, context))
        yield from self._owned(text, owners, context)
        yield from self._chain(text)
        yield from self._place_only(text, owners)
        yield from self._zone(text, context)

    def owners(self, text: str, context: Context) -> Iterator[Owner]:
        """Every place that a name may begin with."""
        spoken = 1 if text[:1] in _SPOKEN else 0
        for tier, place in context.tiers.items():
            if text.startswith(tier, spoken) and not self.ground.groups.tier_word.match(text, spoken):
                yield Owner(place, spoken + len(tier), 0.96, "tier")
        match = self.ground.places.at(text, context.place)
        # 公安部 is no bureau of 公安县
        other = match is not None and not match.whole and text[: match.length + 1] in self.ground.aliases
        if (
            match is not None
            and match.place.level != "国家"
            and not other
            and (match.whole or self._is_near(match, context))
        ):
            yield Owner(match.place, match.length, 0.97 if match.whole else 0.95, "place", bare=not match.whole)
            shorter = self.ground.places.bare_at(text, context.place, match)
            if shorter is not None and self._is_near(shorter, context):
                yield Owner(shorter.place, shorter.length, 0.94, "place", bare=True)
        if (new := unknown_place(text, context, match)) is not None:
            yield Owner(new, len(new.name), 0.85, "place")

    def _is_near(self, match: PlaceMatch, context: Context) -> bool:
        """Whether a place may be meant by its bare name: 合作, 共和, 新平 are words, unless one writes there."""
        near = self.ground.places.related(match.place, context.place)
        return near >= _SIBLING if match.doubtful else True

    def _is_far(self, place: PlaceRecord, context: Context) -> bool:
        """Whether a bare name with an unknown tail is more likely a word: 凤凰…中心 far from 凤凰县."""
        return place.level not in ("省", "市") and self.ground.places.related(place, context.place) == 0

    def _owned(self, text: str, owners: Iterable[Owner], context: Context) -> Iterator[Reading]:
        for owner in owners:
            rest = text[owner.length :]
            if owner.bare and rest in self.ground.grammar.outposts and _SEAT.search(text, 0, owner.length - 1):
                # 苏州市昆山生态环境局 is the city's, and written with its whole name
                category = self.ground.grammar.category_of(rest)
                yield Reading(0.99, (self.ground.party(text, text, owner.place, category, owner.rule),))
            if rest and _IS_HAN.match(rest):
                yield from self._of_place(owner, rest, text, context)
        for before in self.ground.departments.before_slot.get(text[:1], ()):
            if text.startswith(before):
                for owner in self.owners(text[len(before) :], context):
                    after = text[len(before) + owner.length :]
                    if (department := self.ground.departments.after(before, after)) is not None:
                        party = self.ground.department_party(department, owner.place, text, rule=owner.rule)
                        if owner.bare and after.endswith("支行"):  # 中国人民银行兰州中心支行 has no 市
                            written = text[len(before) : len(before) + owner.length]
                            party = replace(party, name=party.name.replace(owner.place.formal, written))
                        yield Reading(owner.score, (party,))
                    own = context.own.full_tail(before + owner.place.name, after)
                    if own is not None:
                        name = before + owner.place.formal + own
                        category = self.ground.grammar.category_of(name)
                        yield Reading(
                            owner.score + 0.01, (self.ground.party(name, text, owner.place, category, "own"),)
                        )

    def _of_place(self, owner: Owner, rest: str, text: str, context: Context) -> Iterator[Reading]:
        place, category = owner.place, self.ground.grammar.category_of(rest)
        own = context.own.full_tail(place.name, rest)
        party_own = context.own.full_tail("中共" + place.name, rest)
        if party_own is not None and rest.startswith("委"):
            name = f"中共{place.formal}{party_own}"
            yield Reading(min(owner.score + 0.02, 0.99), (self.ground.party(name, text, place, "党委部门", "own"),))
        if own is not None and own != rest and not self.ground.groups.is_group(text):
            yield Reading(
                min(owner.score + 0.01, 0.99), (self.ground.party(place.formal + own, text, place, category, "own"),)
            )
        if place.kind == "特别行政区" and rest == "政府":  # no 人民政府 there
            yield Reading(
                owner.score + 0.01, (self.ground.party(place.formal + rest, text, place, "政府", owner.rule),)
            )
        if place.level == TOWN and rest == "办事处" and place.name.endswith("街道"):
            office = self.ground.party(place.formal + rest, text, place, "政府", owner.rule)
            yield Reading(owner.score, (office,))
        if (levels := self.ground.grammar.levels.get(rest)) is not None and place.level in levels:
            court = self.ground.party(place.formal + levels[place.level], text, place, "司法机关", owner.rule)
            yield Reading(owner.score, (court,))
        written = self.ground.aliases.get(place.name + rest) or self.ground.aliases.get(place.qualified + rest)
        if written:
            known = next((a for a in written if a.place == place.qualified), written[0])
            yield Reading(owner.score + 0.005, (replace(self.ground.agency_party(known, text), rule=owner.rule),))
        if owner.rule == "tier" and rest in self.ground.departments.sectors:
            # 市民政、区财政: how officials speak of the bureaus
            department = self.ground.departments.of_sector(rest, place)
            if department is not None:
                party = self.ground.department_party(department, place, text, rule="tier")
                yield Reading(0.8, (replace(party, rule="sector"),))
        if (department := self.ground.department_of(rest, place, bare=owner.bare)) is not None:
            party = self.ground.department_party(department, place, text, rule=owner.rule)
            yield Reading(owner.score if own is None or own == rest else owner.score - 0.1, (party,))
            if own == rest and self.ground.is_own_form(rest, department):
                name = place.formal + rest
                yield Reading(owner.score + 0.01, (self.ground.party(name, text, place, department.category, "own"),))
        elif self.ground.is_placed_name(rest, context.tiers) or (rest in ("政府", "委") and category):
            if self.ground.groups.is_group(rest) or (owner.bare and self._is_far(owner.place, context)):
                return
            head = "中共" if rest.startswith("委") and len(rest) > 1 else ""
            # 上海技术交易所 keeps its name; 静安市场监管局 is a bureau of the place
            name = (
                self.ground.grammar.expand(text)
                if owner.bare
                else head + place.formal + self.ground.grammar.expand(rest)
            )
            score = owner.score - (0.16 if self.ground.grammar.is_plain_name(text) or len(rest) > 2 else 0.3)
            yield Reading(score, (self.ground.party(name, text, place, category, "form"),))

    def _chain(self, text: str) -> Iterator[Reading]:
        places, length = self.ground.places.chain_at(text)
        if not places:
            return
        rest = re.sub(r"^(?:[一二两三四五六七八九十]?省一?市?|等?地)", "", text[length:])
        pairs = [(p, self.ground.department_of(rest, p)) for p in places]
        if parties := tuple(self.ground.department_party(d, p, text, rule="chain") for p, d in pairs if d):
            yield Reading(0.95, parties)

    def _place_only(self, text: str, owners: Iterable[Owner]) -> Iterator[Reading]:
        for owner in owners:
            if owner.length != len(text) or owner.place.level == "国家" or owner.rule == "tier":
                continue
            place = owner.place
            party = replace(self.ground.party(place.name, text, place, "地方", "place-only"), kind=PartyKind.PLACE)
            if place.level == TOWN:
                party = replace(party, name=place.formal)
            yield Reading(owner.score - 0.05, (party,))

    def _zone(self, text: str, context: Context) -> Iterator[Reading]:
        """经开区, 高新区管委会, 荆州经开区: a zone and its administration; alone it stands for that."""
        found = self.ground.grammar.zone_ends.search(text)
        if found is None or context.national or (found["zone"] in ("开发区", "新区", "示范区") and not found.start()):
            return
        whole = self.ground.places.at(text, context.place)
        if whole is not None and whole.length == len(text) and whole.place.code and whole.place.kind != "园区":
            return  # 浦东新区 is a district
        before = text[: found.start()]
        long = self.ground.grammar.zones[found["zone"]]
        if not before or before in context.tiers:
            place = context.tiers.get(before) or context.place
            if place is None:
                return
            names = [place.bare + long, place.formal + long]
        else:
            if (
                self.ground.grammar.is_loose(before)
                or self.ground.grammar.sorts.fullmatch(before)
                or not 2 <= len(before) <= 10
            ):
                return
            match = self.ground.places.at(before, context.place)
            tier = context.tiers.get(before[0])
            place = match.place if match is not None else tier or context.place
            names = [tier.formal + before[1:] + long if tier and match is None else before + long]
        tails = context.own.tails.get(place.name, ()) if place else ()
        for tail in tails:
            if tail.endswith("管理委员会") and place and _fits(before, found["zone"], tail, place):
                names.insert(0, place.name + tail.removesuffix("管理委员会"))
        party = self.ground.party(names[0] + "管理委员会", text, place, "政府部门", "zone")
        score = 0.96 if found["office"] or before else 0.9
        yield Reading(score, (party,))


def _fits(before: str, zone: str, tail: str, place: PlaceRecord) -> bool:
    """Whether 平原示范区 is short for 平原城乡一体化示范区管理委员会."""
    head = before.removeprefix(place.name).removeprefix(place.bare)
    return tail.startswith(head) and zone[-2:] in tail and len(head) + len(zone) <= len(tail)
