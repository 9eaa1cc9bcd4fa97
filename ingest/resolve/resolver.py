"""One written name to a body, in the context of the document.

The rules are tried in a fixed order, and each result says which one fired:

    gazetteer    a known name or short form (市场监管总局)
    tier         a tier word and a department (区经委, 团市委)
    place        a place and a department (静安市场监管局)
    chain        abbreviations of provinces and a department (苏浙皖赣沪市场监管局): a party each
    division     a collective of places (各区市场监管局), with its members
    collective   bodies named together (各成员单位, 相关企业)
    place-only   a place alone (青浦区)
    zone         a development zone by its kind alone (经开区): the context's own
    place-form   a place that no list knows, by its form, alone or with a department (南岗区公安局)
    bare         a department without its place (市场监管局): the context's own
    unit         an internal unit of a body that resolves (…局质量发展科)
    grammar      it has the form of a name (市质量协会): its tier or place is written out
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.resolve import grammar
from ingest.resolve.collectives import STATE, TIER_WORD, Collectives
from ingest.resolve.departments import DepartmentIndex, full_name
from ingest.resolve.places import TOWN, Context, PlaceIndex, unknown_place
from kg.core.model import Party, PartyKind
from ontology.reference import AgencyRecord, DepartmentType, PlaceRecord, Reference

_COUNTRY = re.compile(r"^中华人民共和国(?=\S{3})")
# zones that a place has one of; written out as in the lists of the State Council
_OWN_OFFICE = re.compile(r"[\u4e00-\u9fff]{2,8}司")
_QUOTED_INSIDE = re.compile(
    r"(?P<head>[\u4e00-\u9fff]{2,12})“(?P<what>[^“”]{2,10})”(?P<tail>[\u4e00-\u9fff]{0,8}(?:领导小组|组委会|委员会|指挥部)(?:办公室)?)"
)
_ZONES = {
    "经开区": "经济技术开发区",
    "经济技术开发区": "经济技术开发区",
    "高新区": "高新技术产业开发区",
    "综保区": "综合保税区",
    "综合保税区": "综合保税区",
}
_ZONE = re.compile(rf"(?P<zone>{'|'.join(_ZONES)})(?P<office>管委会|管理委员会)?")
_KEPT_CONTEXTS = 64


class Resolver:
    """Resolves names for documents; cheap to keep, built once per set of reference data."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.places = PlaceIndex(reference)
        self.departments = DepartmentIndex(reference)
        self.collectives = Collectives(self)
        self.aliases: dict[str, list[AgencyRecord]] = {}
        for agency in reference.agencies:
            for name in {agency.name, *agency.aliases}:
                self.aliases.setdefault(name, []).append(agency)
        self._relative: dict[str | None, dict[str, tuple[DepartmentType, PlaceRecord]]] = {}

    def context(self, place: PlaceRecord | None) -> Context:
        """The context of a document issued in `place`."""
        return Context.of(self.places, place)

    def relative(self, context: Context) -> dict[str, tuple[DepartmentType, PlaceRecord]]:
        """The tier-relative names of a context (kept: documents of one place share them)."""
        key = context.place.qualified if context.place else None
        if key not in self._relative:
            if len(self._relative) >= _KEPT_CONTEXTS:
                self._relative.pop(next(iter(self._relative)))
            self._relative[key] = self.departments.relative(context)
        return self._relative[key]

    def resolve(self, text: str, context: Context) -> tuple[Party, ...]:
        """The parties that one written name stands for: none, one, or several for a chain of provinces."""
        if text in context.deictic:
            return (replace(context.deictic[text], as_written=text, rule="deictic"),)
        bare = _COUNTRY.sub("", text)
        for rule in (
            self._gazetteer,
            self._tier,
            self._place,
            self._chain,
            self.collectives.resolve,
            self._place_only,
            self._zone,
            self._place_form,
            self._bare,
            self._unit,
            self._grammar,
        ):
            if found := rule(bare, context):
                return tuple(replace(p, as_written=text) for p in found)
        return ()

    def is_certain(self, text: str, context: Context) -> bool:
        """Whether a name resolves by knowledge rather than by its form alone."""
        found = self.resolve(text, context)
        return bool(found) and found[0].rule not in ("grammar", "collective", "place-form")

    def as_written(self, text: str, context: Context) -> Party:
        """A unit that nothing is known of, under the name that it is given."""
        place = context.place.qualified if context.place else None
        issuer = next((p for word, p in context.deictic.items() if word.startswith("我")), None)
        inner = grammar.UNIT.fullmatch(text) and text[-1] in "科处室股队司" and not self.places.at(text, context.place)
        if issuer is not None and inner and not grammar.is_loose(text):
            # 餐饮股 in a bureau's own plan: a unit of the bureau
            name = issuer.name + text
            return Party(
                name, text, place=issuer.place, category="内设机构", parent=issuer.name, rule="unit", confidence=0.7
            )
        kind = PartyKind.GROUP if text.startswith(("各", "相关", "有关")) else PartyKind.AGENCY
        name = text
        if (tier := context.tiers.get(text[0])) and len(text) > 2 and not TIER_WORD.match(text):
            name, place = tier.name + text[1:], tier.qualified  # 市纤检院: whose it is, is known at least
        return Party(name, text, kind, place=place, category=grammar.category_of(text), rule="written", confidence=0.4)

    def split_place(self, text: str, context: Context) -> tuple[str, str]:
        """(the word that marks the kind of place, what follows the place): (区, 公安局) for 阿城区公安局."""
        if text[:1] in context.tiers:
            return "", text[1:]
        if match := self.places.at(text, context.place):
            shorter = self.places.bare_at(text, context.place)
            if shorter and ("", text[match.length :]) not in self.departments.frames:
                return "", text[shorter.length :]
            return (text[match.length - 1] if match.whole else ""), text[match.length :]
        if place := unknown_place(text, context):
            return place.name[-1], text[len(place.name) :]
        return "", ""

    # -- rules -------------------------------------------------------------------------------------------------

    def _gazetteer(self, text: str, context: Context) -> tuple[Party, ...]:
        candidates = self.aliases.get(text)
        if not candidates:
            return ()

        def fitness(agency: AgencyRecord) -> tuple[int, bool]:
            place = self.places.by_qualified.get(agency.place)
            if agency.place == STATE or place is None:
                return (2 if context.national else 1), agency.name == text
            return self.places.related(place, context.place), agency.name == text

        best = max(candidates, key=fitness)
        return (self.agency_party(best, text),)

    def agency_party(self, agency: AgencyRecord, text: str) -> Party:
        """A known body as a party."""
        return Party(
            agency.name, text, place=agency.place, category=agency.category, parent=agency.parent, rule="gazetteer"
        )

    def _tier(self, text: str, context: Context) -> tuple[Party, ...]:
        if found := self.relative(context).get(text):
            # a place may have a body of its own under the form that others use otherwise (北京市住建委)
            own = [a for a in self.aliases.get(found[1].name + text[1:], ()) if a.place == found[1].qualified]
            if own and text[0] in context.tiers:
                return (replace(self.agency_party(own[0], text), rule="tier"),)
            return (self.department_party(*found, text, rule="tier"),)
        if text[0] == "本" and (found := self.relative(context).get(text[1:])):
            return (self.department_party(*found, text, rule="tier"),)
        return ()

    def department_party(
        self, department: DepartmentType, place: PlaceRecord, text: str, *, rule: str, confidence: float = 1.0
    ) -> Party:
        """A department of a place as a party; a body that the gazetteer lists under that name keeps its record."""
        name = full_name(department, place)
        if known := [a for a in self.aliases.get(name, ()) if a.place == place.qualified]:
            return replace(self.agency_party(known[0], text), rule=rule)
        return Party(name, text, place=place.qualified, category=department.category, rule=rule, confidence=confidence)

    def _place(self, text: str, context: Context) -> tuple[Party, ...]:
        for before in self.departments.before_slot:
            if not text.startswith(before):
                continue
            match = self.places.at(text[len(before) :], context.place)
            if match is None:
                continue
            if (before, text[len(before) + match.length :]) not in self.departments.frames:
                match = self.places.bare_at(text[len(before) :], context.place) or match
            after = text[len(before) + match.length :]
            if department := self.departments.frames.get((before, after)):
                return (self.department_party(department, match.place, text, rule="place"),)
            written_out = self.aliases.get(match.place.name + after) or self.aliases.get(match.place.qualified + after)
            if not before and after and written_out:
                return (replace(self.agency_party(written_out[0], text), rule="place"),)
        return ()

    def _chain(self, text: str, context: Context) -> tuple[Party, ...]:
        del context
        places, length = self.places.chain_at(text)
        rest = re.sub(r"^(?:[一二两三四五六七八九十]?省一?市?|等?地)", "", text[length:])
        pairs = [(p, self.department_of(rest, p)) for p in places]
        return tuple(self.department_party(d, p, text, rule="chain", confidence=0.95) for p, d in pairs if d)

    def department_of(self, tail: str, place: PlaceRecord) -> DepartmentType | None:
        """市场监管局, 市场监督管理局 or 市场监管部门 -> the department that a place has."""
        if tail.endswith("部门"):
            for word in (
                re.sub(r"(?:行政)?(?:主管|监管)?部门$", "", tail),
                tail.removesuffix("部门"),
                tail.removesuffix("行政部门"),
            ):
                if found := self.departments.of_sector(word, place, self.aliases):
                    return found
        return self.departments.frames.get(("", tail))

    def _place_only(self, text: str, context: Context) -> tuple[Party, ...]:
        match = self.places.at(text, context.place)
        if match is None or match.length != len(text) or match.place.level == "国家":
            return ()
        place = match.place
        return (
            Party(
                place.name,
                text,
                PartyKind.PLACE,
                place=place.qualified,
                category="地方",
                rule="place-only",
                confidence=1.0 if match.whole else 0.8,
            ),
        )

    def _zone(self, text: str, context: Context) -> tuple[Party, ...]:
        """经开区, 高新区管委会 in a city's or a district's document: its own zone."""
        found = _ZONE.fullmatch(text)
        if not found or context.place is None or context.national:
            return ()
        office = "管理委员会" if found["office"] else ""
        name = context.place.bare + _ZONES[found["zone"]] + office
        category = "政府部门" if office else "园区"
        return (Party(name, text, place=context.place.qualified, category=category, rule="zone", confidence=0.8),)

    def _place_form(self, text: str, context: Context) -> tuple[Party, ...]:
        place = unknown_place(text, context)
        if place is None:
            return ()
        after = text[len(place.name) :]
        if place.level == TOWN and after and context.place is not None:
            # a town's bodies carry its district: 肥西县上派镇人民政府
            text = context.place.name + text
            place = replace(place, name=context.place.name + place.name)
        if not after:
            return (
                Party(
                    place.name,
                    text,
                    PartyKind.PLACE,
                    place=place.qualified,
                    category="地方",
                    rule="place-form",
                    confidence=0.6,
                ),
            )
        if department := self.departments.frames.get(("", after)):
            return (self.department_party(department, place, text, rule="place-form", confidence=0.8),)
        if grammar.is_name(text):
            category = grammar.category_of(text)
            return (Party(text, text, place=place.qualified, category=category, rule="place-form", confidence=0.6),)
        return ()

    def _bare(self, text: str, context: Context) -> tuple[Party, ...]:
        department = self.departments.tails.get(text)
        if department is None or context.place is None or context.national:
            return ()
        return (self.department_party(department, context.place, text, rule="bare", confidence=0.6),)

    def _unit(self, text: str, context: Context) -> tuple[Party, ...]:
        """…局办公室, …局质量发展科: an internal unit, when what stands before it is a body.

        质量监督司 alone, in a document of a ministry, is the ministry's own.
        """
        issuer = next((p for word, p in context.deictic.items() if word.startswith("我")), None)
        if context.national and issuer and _OWN_OFFICE.fullmatch(text) and not grammar.is_loose(text):
            owner_name = re.sub(r"办公[厅室]$", "", issuer.name)
            return (
                Party(
                    owner_name + text,
                    text,
                    place=issuer.place,
                    category="内设机构",
                    parent=owner_name,
                    rule="unit",
                    confidence=0.8,
                ),
            )
        if not text.endswith(grammar.UNIT_ENDINGS):
            return ()
        for cut in range(len(text) - 2, 1, -1):
            if cut <= 3 and text[:cut] not in context.deictic:
                continue
            spoken = context.deictic.get(text[:cut])
            owner = (
                (spoken,)
                if spoken
                else next(
                    (f for rule in (self._gazetteer, self._tier, self._place) if (f := rule(text[:cut], context))), ()
                )
            )
            if len(owner) == 1 and grammar.UNIT.fullmatch(text[cut:]) and not grammar.is_loose(text[cut:]):
                parent = owner[0]
                return (
                    Party(
                        parent.name + text[cut:],
                        text,
                        place=parent.place,
                        category="内设机构",
                        parent=parent.name,
                        rule="unit",
                        confidence=0.95,
                    ),
                )
        return ()

    def _grammar(self, text: str, context: Context) -> tuple[Party, ...]:
        if quoted := _QUOTED_INSIDE.fullmatch(text):
            # 长宁区“质量月”活动领导小组: the campaign's own body
            plain = self._grammar(quoted["head"] + quoted["what"] + quoted["tail"], context)
            return tuple(replace(p, name=p.name.replace(quoted["what"], f"“{quoted['what']}”", 1)) for p in plain)
        if not grammar.is_name(text):
            return ()
        category = grammar.category_of(text)
        for cut in range(len(text) - 3, 3, -1):
            # 国家市场监管总局缺陷产品管理中心: a body of a body that is known
            if text[:cut] in self.aliases and grammar.is_name(text[cut:]):
                owner = self._gazetteer(text[:cut], context)[0]
                name = owner.name + text[cut:]
                return (
                    Party(
                        name,
                        text,
                        place=owner.place,
                        category=category,
                        parent=owner.name,
                        rule="grammar",
                        confidence=0.9,
                    ),
                )
        tier = context.tiers.get(text[0])
        if (
            tier is not None
            and not TIER_WORD.match(text)
            and not self.places.at(text, context.place)
            and not text[1:].startswith("各")
        ):
            # 市委城乡基层治理委员会办公室 is an office of the party's committee
            name, place = ("中共" if text[1:2] == "委" else "") + tier.name + text[1:], tier
            return (Party(name, text, place=place.qualified, category=category, rule="grammar", confidence=0.8),)
        if match := self.places.at(text, context.place):
            if match.length >= len(text) - 1:
                return ()
            name = match.place.name + text[match.length :] if match.whole else text
            return (Party(name, text, place=match.place.qualified, category=category, rule="grammar", confidence=0.8),)
        national = text.startswith(("中国", "全国", "中华", "世界", "国际")) and grammar.is_plain_name(text)
        if not national and not grammar.is_strong_name(text):
            return ()
        home = context.place.qualified if context.place else None
        return (Party(text, text, place=home, category=category, rule="grammar", confidence=0.6),)
