"""Readings of a name without a place: a department of one's own, an office inside a body, a name by its form alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kg.core.model import Party, PartyKind
from kg.core.replacing import replace
from ontology.names.context import Context
from ontology.names.groups import STATE
from ontology.names.knowledge import NATIONAL, Knowledge, Reading
from ontology.places.index import PlaceMatch
from ontology.places.unknown import unknown_place

_SPOKEN_OFFICES = {"局": "局", "厅": "厅", "委": "委员会", "办": "办公室"}
_OWN_OFFICE = re.compile("办公[厅室]$")  # a ministry writes through its general office
_OF_BUREAU = re.compile(
    "(?<=[局厅署])办公[厅室]$|(?<=委员会)办公[厅室]$"
)  # 省医疗保障局办公室: the offices are the bureau's
# 医药价格和招标采购处 is one office, 政策法规处和综合处 are two
_AND_IN_NAME = re.compile(r"(?<![处科室股司局委办厅部心院会所站队组])[和与及](?=[\u4e00-\u9fff]{2,8}[处科室股]$)")
_OF_THE_PARTY = ("部", "办", "政法委")  # 宣传部 in a list of a county's bodies
_GROUP_OFFICES = ("领导小组办公室", "联席会议办公室", "指挥部办公室", "工作专班")
_COMMITTEE = ("管委会", "管理委员会")
_LONGEST_OFFICE = 15  # characters: what `name.office` matches at most, and one


class PlacelessReadings:
    """The rules `bare`, `unit`, `form` of a known body, and `grammar`."""

    def __init__(self, known: Knowledge, certain: Callable[[str, Context], tuple[Party, ...]]) -> None:
        """`certain` resolves what stands before an office, where that is known by more than its form."""
        self.ground = known
        self.certain = certain

    def read(self, text: str, context: Context) -> Iterator[Reading]:
        """Every reading."""
        yield from self._bare(text, context)
        yield from self._office(text, context)
        yield from self._by_form(text, context)

    def _bare(self, text: str, context: Context) -> Iterator[Reading]:
        """市场监督管理局 in a city's document: the city's."""
        place = context.place
        if place is None or context.national or self.ground.begins_with_tier(text, context.tiers):
            return
        own = context.own.full_tail(place.name, text)
        if own is not None and (own != text or self.ground.departments.after("", text) is None):
            name = place.formal + self.ground.grammar.expand(own)
            yield Reading(0.9, (self.ground.party(name, text, place, self.ground.grammar.category_of(name), "own"),))
        if text in _COMMITTEE and (
            place.kind == "园区" or any(t in _COMMITTEE for t in context.own.tails.get(place.name, ()))
        ):
            yield Reading(0.9, (self.ground.party(place.formal + _COMMITTEE[-1], text, place, "政府部门", "bare"),))
        known = self.ground.departments
        department = known.after("", text) or (known.after("", "委" + text) if text.endswith(_OF_THE_PARTY) else None)
        if text.endswith("部门") and 4 <= len(text) <= 14:
            department = self.ground.departments.of_sector(text, place)
        if department is not None and (len(text) > 2 or text.endswith(("局", "办", "联", "协"))):
            yield Reading(0.8, (self.ground.department_party(department, place, text, rule="bare"),))
        if (levels := self.ground.grammar.levels.get(text)) is not None and place.level in levels:
            yield Reading(
                0.7, (self.ground.party(place.formal + levels[place.level], text, place, "司法机关", "bare"),)
            )

    def _office(self, text: str, context: Context) -> Iterator[Reading]:
        """…局质量发展科, or 质量发展科 alone, in a document of the bureau: an internal unit."""
        issuer = context.issuer
        spoken = _SPOKEN_OFFICES.get(text[:1])
        if issuer is not None and spoken and len(text) > 2 and issuer.name.endswith(spoken):
            inner = text[1:]
            if self.ground.grammar.office_alone.fullmatch(inner) or inner in ("党组", "机关", "党委"):
                head = "中共" if inner in ("党组", "党委") else ""
                yield Reading(0.9, (self._of_issuer(head + issuer.name + inner, text, issuer),))
            elif self.ground.groups.is_group(inner) or self.ground.groups.is_group(text):
                party = self._of_issuer(issuer.name + inner, text, issuer)
                yield Reading(0.9, (replace(party, kind=PartyKind.GROUP, category="集体", rule="collective"),))
        if issuer is not None and not self._is_general(issuer) and self.ground.grammar.office_alone.fullmatch(text):
            match: PlaceMatch | None = self.ground.places.at(text, context.place)
            placed = match is not None or unknown_place(text, context, match) is not None
            loose = placed or self.ground.grammar.is_loose(_AND_IN_NAME.sub("", text))
            if (
                not loose
                and not self.ground.begins_with_tier(text, context.tiers)
                and not self.ground.is_local_tail(text)
            ):
                of = (_OWN_OFFICE if text.endswith("司") else _OF_BUREAU).sub("", issuer.name)
                yield Reading(0.82, (self._of_issuer(of + text, text, replace(issuer, name=of)),))
        ends = text[-1:] in self.ground.grammar.office_ends
        for cut in range(len(text) - 2, max(1, len(text) - _LONGEST_OFFICE), -1) if ends else ():
            if not self.ground.grammar.office.fullmatch(text, cut) or self.ground.grammar.is_loose(text[cut:]):
                continue
            owner = self.certain(text[:cut], context) if cut > 2 or text[:cut] in context.deictic else ()
            if len(owner) == 1 and owner[0].kind is PartyKind.AGENCY:
                if owner[0].rule == "zone" and not text[:cut].endswith(("会", "委")):
                    continue
                # 天河区科工信局办公室 is known by its owner; 市委办公室 by itself
                name = owner[0].name + text[cut:]
                yield Reading(0.955, (self._of_issuer(name, text, owner[0]),))
                return

    @staticmethod
    def _is_general(issuer: Party) -> bool:
        """Whether offices named in the issuer's papers are not its own: a government, its office, a group's office."""
        return (
            issuer.category in ("政府", "领导小组")
            or issuer.name.endswith(_GROUP_OFFICES)
            or _OWN_OFFICE.sub("", issuer.name).endswith(("政府", "委会", "区委", "市委", "县委"))
        )

    @staticmethod
    def _of_issuer(name: str, text: str, owner: Party) -> Party:
        return Party(name, text, place=owner.place, category="内设机构", parent=owner.name, rule="unit")

    def _by_form(self, text: str, context: Context) -> Iterator[Reading]:
        plain = self.ground.unquoted(text)
        grammar, aliases = self.ground.grammar, self.ground.aliases
        if not grammar.is_name(plain) or grammar.is_loose(plain) or grammar.is_sort(plain):
            return
        if self.ground.is_glued(plain) or self.ground.begins_with_tier(text, context.tiers):
            return
        category = grammar.category_of(plain)
        for cut in range(len(text) - 3, 3, -1):
            # 国家市场监管总局缺陷产品管理中心: a body of a body that is known
            if text[:cut] in aliases and text[cut:] not in aliases and grammar.is_name(text[cut:]):
                owner = self.ground.agency_party(aliases[text[:cut]][0], text)
                party = Party(owner.name + text[cut:], text, place=owner.place, category=category, parent=owner.name)
                yield Reading(0.9, (replace(party, rule="form"),))
                return
        strong = grammar.is_strong_name(plain)
        national = text.startswith(NATIONAL) and grammar.is_plain_name(plain)
        if strong or national:
            home = STATE if national else context.place.qualified if context.place else None
            yield Reading(0.6, (Party(text, text, place=home, category=category, rule="grammar"),))
