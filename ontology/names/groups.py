"""Bodies named together: 各区市场监管局 with its members where they are known, 相关企业 as one group."""

from __future__ import annotations

import re

from kg.core.model import Party, PartyKind
from ontology.forms import Forms
from ontology.names.context import Context
from ontology.names.departments import DepartmentIndex, full_name
from ontology.places.index import PlaceIndex
from ontology.reference import DepartmentType, PlaceRecord

STATE = "全国"
_LONGEST = 36
_SCOPE = re.compile(r"(?:本|全|我)(?P<tier>[省市区县])(?=.)")
_STOP = re.compile(r"[，。；：！？\s]")


class Groups:
    """Collectives of a set of forms and places."""

    def __init__(self, forms: Forms, places: PlaceIndex, departments: DepartmentIndex) -> None:
        self.places = places
        self.departments = departments
        nouns = forms.source("group.nouns")
        divisions = forms.source("group.divisions")
        marks = forms.source("group.marks")
        self._noun_end = forms.compile(f"(?:{nouns})(?:[（(][^（）()]{{1,10}}[)）])?$")
        self._mark = forms.compile(marks)
        self._all_provinces = forms.quick("group.provinces")
        self._mixed_form = forms.quick("group.mixed")
        self._verbs = forms.pattern("group.verbs")
        self.tier_word = forms.pattern("group.tier_word")
        self._general = forms.quick("group.general")
        self._division = forms.compile(
            rf"各(?:级|有关|相关|个)?(?P<unit>{divisions})(?![场民容域级委])(?:[（(][^（）()]{{1,8}}[)）])?(?P<rest>.*)"
        )
        self._rest = forms.compile(rf"(?:[^，。；：\s]{{0,20}}(?:{nouns}))?(?:[（(][^（）()]{{1,10}}[)）])?")

    def is_group(self, text: str) -> bool:
        """Whether a text names bodies together without listing them."""
        if not 1 < len(text) <= _LONGEST or _STOP.search(text):
            return False
        if self._general.fullmatch(text) or self._mixed_rest(text) is not None or self._divided(text) is not None:
            return True
        mark = self._mark.search(text)
        if mark is not None and self._verbs.search(text):
            return False
        return mark is not None and bool(self._noun_end.search(text)) and mark.start() <= 14

    def resolve(self, text: str, context: Context) -> Party | None:
        """The group that a text names; None where it names none."""
        if self._all_provinces.match(text):
            return self._group(text, text, self.places.by_qualified.get(STATE))
        if (rest := self._mixed_rest(text)) is not None:
            return self._mixed(text, rest, context)
        if (below := self._below(text, context)) is not None:
            return below
        if not self.is_group(text):
            return None
        if (divided := self._divided(text)) is not None:
            return self._of_division(text, divided, context)
        if (scope := _SCOPE.match(text)) and (place := context.tiers.get(scope["tier"])):
            return self._group(place.formal + text[scope.end() :], text, place)
        tier = context.tiers.get(text[0]) if not self.tier_word.match(text) else None
        if tier is not None and not text.startswith("各") and len(text) > 3:
            return self._group(tier.formal + text[1:], text, tier)
        match = self.places.at(text, context.place)
        return self._group(text, text, match.place if match else context.place, confidence=0.8)

    def _mixed_rest(self, text: str) -> str | None:
        found = self._mixed_form.fullmatch(text)
        rest = (found["rest"] or found["tail"] or "") if found else None
        return rest if rest is not None and self._rest.fullmatch(rest) else None

    def _divided(self, text: str) -> tuple[str, str, str] | None:
        """('', 区, 市场监管局) for 各区市场监管局; None for 各有关单位."""
        found = self._division.search(text)
        if not found or not self._rest.fullmatch(found["rest"]):
            return None
        return text[: found.start()], found["unit"], found["rest"]

    def _below(self, text: str, context: Context) -> Party | None:
        """区民政部门 in a city's document: those of all its districts."""
        if context.place is None or context.national or text[0] not in "区县镇乡" or text[0] in context.tiers:
            return None
        children = self._children(context.place, text[0])
        if not children and text[0] in "区县":
            return None
        rest = text[1:]
        department = self._department(rest, context.place)
        if department is None and not self._rest.fullmatch(rest):
            return None
        if self.tier_word.match(text):
            return None
        members = tuple(self._member(p, department, text) for p in children)
        return self._group(f"{context.place.formal}各{text}", text, context.place, rule="division", members=members)

    def _mixed(self, text: str, rest: str, context: Context) -> Party:
        over = self._above("区", "", context)
        department = self._department(rest, over) if rest and over else None
        members: tuple[Party, ...] = ()
        head = text.removesuffix(rest) if rest else text
        # 各市（自治州）: those of the province; townships are not listed
        unit = next((u for u, chars in (("区县", "区县旗"), ("市", "市州盟")) if any(c in head for c in chars)), "")
        if over is not None and over.level != "国家" and (not rest or department):
            members = tuple(self._member(p, department, text) for p in self._children(over, unit))
        tail = department.name if department and department.name_template is None else rest
        name = (over.formal if over and over.level != "国家" else "") + ("" if head[0] == "各" else "各") + head + tail
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

    def _of_division(self, text: str, divided: tuple[str, str, str], context: Context) -> Party:
        """各区市场监管局 -> 上海市各区市场监督管理局, with the bureaus of the districts known."""
        before, unit, rest = divided
        scoped = _SCOPE.match(before + "各")
        match = self.places.at(before, context.place) if before else None
        if match and match.length == len(before):
            over: PlaceRecord | None = match.place
        elif not before or (scoped and len(before) < 3):
            over = self._above(unit, before[-1:] if before else "", context)
        else:
            tier = context.tiers.get(before[0]) if not self.tier_word.match(before) else None
            return self._group((tier.formal + text[1:]) if tier else text, text, tier or context.place)
        department = self._department(rest, over) if rest and over else None
        tail = department.name if department and department.name_template is None else rest
        members: tuple[Party, ...] = ()
        if over is not None and (not rest or department):
            members = tuple(self._member(p, department, text) for p in self._children(over, unit))
        # 全国各省 needs no place in its name
        name = f"{over.formal if over and over.level != '国家' else ''}各{unit}{tail}"
        return self._group(name, text, over, rule="division", members=members)

    def _department(self, rest: str, place: PlaceRecord | None) -> DepartmentType | None:
        if not rest or place is None:
            return None
        if rest.endswith("部门"):
            return self.departments.of_sector(rest, place)
        return self.departments.after("", rest)

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
        name = full_name(department, place)
        return Party(name, text, place=place.qualified, category=department.category, rule="division", confidence=0.9)
