"""One written name to a body, in the context of the document.

Every analysis that fits is made and scored; the best one is taken, the order of the code decides nothing. What each
one rests on is its rule:

    deictic      我局, 市局: the issuer, the addressee, their superiors
    own          a full name that the document itself writes out, or a short name that it declares
    gazetteer    a known name or short form (市场监管总局)
    tier         a tier word and a department (区经委, 团市委)
    place        a place and a department (静安市场监管局)
    chain        abbreviations of provinces and a department (苏浙皖赣沪市场监管局): a party each
    division     a collective of places (各区市场监管局), with its members
    collective   bodies named together (各成员单位, 相关企业)
    place-only   a place alone (青浦区)
    zone         a development zone, by name or by its kind alone (经开区): the context's own
    bare         a department without its place (市场监管局): the context's own
    unit         an internal unit of a body that resolves, or of the issuer (质量发展科)
    form         a place or a tier and a name that no list holds (市大数据局)
    grammar      a name by its form alone (瑞金医院)
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import chain

from kg.core.model import Party, PartyKind
from kg.core.replacing import replace
from ontology.forms import Forms
from ontology.names.context import Context
from ontology.names.groups import STATE
from ontology.names.knowledge import NATIONAL, TELLING, Knowledge, Reading
from ontology.names.own import text_to_own
from ontology.names.placed import PlacedReadings
from ontology.names.placeless import PlacelessReadings
from ontology.places.index import PlaceMatch
from ontology.places.unknown import unknown_place
from ontology.reference import PlaceRecord, Reference

KNOWN_RULES = frozenset(("deictic", "own", "gazetteer", "tier", "place", "chain", "division", "zone"))
_COUNTRY = re.compile(r"^中华人民共和国(?=\S{3})")
_FORMER = re.compile(r"^原(?=[\u4e00-\u9fff]{4})")
_MEMO = 20_000
_SUREST, _PLACELESS = 0.99, 0.955  # no reading of a declared or a placed name, and none without a place, is surer
_DIVISION, _COLLECTIVE = 0.93, 0.88  # how sure a collective is: one of known places, one by its form


class Resolver(Knowledge):
    """Resolves names for documents; cheap to keep, built once per set of reference data."""

    def __init__(self, reference: Reference, forms: Forms) -> None:
        super().__init__(reference, forms)
        self.placed = PlacedReadings(self)
        self.placeless = PlacelessReadings(self, self.certain)
        self.own_alias = forms.pattern("own.alias")
        self.own_group = forms.pattern("own.group")

    def context(self, place: PlaceRecord | None) -> Context:
        """The context of a document issued in `place`."""
        return Context.of(self.places, place)

    def with_own(self, context: Context, text: str) -> Context:
        """The context with the names that the document writes out in full."""
        written: dict[str, str] = {}
        for place in context.tiers.values():
            path = [p.name for p in self.places.path(place)]
            for depth in range(len(path)):
                form = "".join(reversed(path[: depth + 1]))  # 天河区, 广州市天河区, 广东省广州市天河区
                written |= {form: place.name, "中共" + form: "中共" + place.name}
        return dataclasses.replace(
            context, own=text_to_own(text, written, self.grammar.ends, self.grammar.clause, self.own_alias)
        )

    def resolve(self, text: str, context: Context) -> tuple[Party, ...]:
        """The parties that one written name stands for: none, one, or several for a chain of provinces."""
        if text not in context.memo:
            if len(context.memo) > _MEMO:
                context.memo.clear()
            context.memo[text] = ()  # two short forms declared as each other's name end here
            best: Reading | None = None
            for most, readings in self._kinds_of_readings(text, context):
                if best is not None and best.score >= most:
                    break
                best = max((*([best] if best else ()), *readings), key=lambda r: r.score, default=None)
            context.memo[text] = (
                tuple(
                    p
                    if p.as_written == text and p.confidence <= best.score
                    else replace(p, as_written=text, confidence=min(p.confidence, best.score))
                    for p in best.parties
                )
                if best
                else ()
            )
        return context.memo[text]

    def is_certain(self, text: str, context: Context) -> bool:
        """Whether a name resolves by knowledge rather than by its form alone."""
        found = self.resolve(text, context)
        return bool(found) and found[0].rule in KNOWN_RULES

    def certain(self, text: str, context: Context) -> tuple[Party, ...]:
        """`resolve`, but nothing for a name that is known by its form alone."""
        found = self.resolve(text, context)
        return found if found and (found[0].rule in KNOWN_RULES or found[0].rule == "bare") else ()

    def readings(self, text: str, context: Context) -> Iterator[Reading]:
        """Every analysis of a name."""
        return chain.from_iterable(readings for _, readings in self._kinds_of_readings(text, context))

    def _kinds_of_readings(self, text: str, context: Context) -> Iterator[tuple[float, Iterator[Reading]]]:
        """The analyses by kinds, the surest first: how sure one of a kind is at most, and those that there are."""
        yield 1.0, self._deictic(text, context)
        bare = _FORMER.sub("", _COUNTRY.sub("", text))
        if len(bare) < 2 and bare not in context.tiers:
            return
        yield _SUREST, self._declared(bare, context)
        yield _SUREST, self._gazetteer(bare, context)
        yield _SUREST, self.placed.read(bare, context)
        yield _PLACELESS, self.placeless.read(bare, context)
        yield _DIVISION, self._collective(bare, context)

    def _deictic(self, text: str, context: Context) -> Iterator[Reading]:
        if text in context.deictic:
            yield Reading(1.0, (replace(context.deictic[text], rule="deictic"),))

    def _collective(self, text: str, context: Context) -> Iterator[Reading]:
        if (group := self.groups.resolve(text, context)) is not None:
            yield Reading(_DIVISION if group.rule == "division" else _COLLECTIVE, (group,))

    def _declared(self, text: str, context: Context) -> Iterator[Reading]:
        full = context.own.aliases.get(text) or (
            context.own.aliases.get(text[1:]) if text[0] in context.tiers else None
        )
        if full is None and (self.own_group.fullmatch(text) or self.grammar.is_purpose_group(text)):
            called = text.replace("下设", "")
            is_issuer = context.issuer is not None and context.issuer.name.endswith(called)
            full = context.issuer.name if context.issuer and is_issuer else context.own.group_called(text)
        if full and _COUNTRY.sub("", full) != text and (found := self.resolve(full, context)):
            yield Reading(0.99, (replace(found[0], rule="own"), *found[1:]))

    def _gazetteer(self, text: str, context: Context) -> Iterator[Reading]:
        for agency in self.aliases.get(text, ()):
            place = self.places.by_qualified.get(agency.place)
            party = self.agency_party(agency, text)
            exact = 0.01 if agency.name == text else 0.0
            if agency.place == STATE or place is None:
                # 卫生健康委 in a city's document is the city's, as far as a city has such a body
                local = not context.national and context.place is not None and self.is_local_tail(text)
                yield Reading((0.55 if local else 0.97) + exact, (party,))
            else:
                near = self.places.related(place, context.place)
                far = near == 0 and context.place is not None and not agency.name.startswith(NATIONAL)
                if far and agency.name != text and len(text) < TELLING:
                    continue  # 城投集团 in 西安 is not Shanghai's
                yield Reading((0.98 if near >= 2 else 0.93 if near else 0.7) + exact, (party,))

    def as_written(self, text: str, context: Context) -> Party:
        """A unit that nothing is known of, under the name that it is given."""
        place = context.place
        name, kind = text, PartyKind.AGENCY
        # 综合窗口, 部委, 寄宿制学校: nobody in particular
        if self.grammar.ending_of(text) is None or self.groups.is_group(text) or self.grammar.is_sort(text):
            kind = PartyKind.GROUP
        elif (tier := context.tiers.get(text[0])) and len(text) > 2 and self.begins_with_tier(text, context.tiers):
            name, place = tier.formal + text[1:], tier  # 市纤检院: whose it is, is known at least
        party = self.party(name, text, place, self.grammar.category_of(text), "written")
        return replace(party, kind=kind, confidence=0.4)

    def split_place(self, text: str, context: Context) -> tuple[str, str]:
        """(the word that marks the kind of place, what follows the place): (区, 公安局) for 阿城区公安局."""
        if text[:1] in context.tiers:
            return "", text[1:]
        match: PlaceMatch | None = self.places.at(text, context.place)
        if match:
            shorter = self.places.bare_at(text, context.place)
            if shorter and self.departments.after("", text[match.length :]) is None:
                return "", text[shorter.length :]
            return (text[match.length - 1] if match.whole else ""), text[match.length :]
        if place := unknown_place(text, context, match):
            return place.name[-1], text[len(place.name) :]
        return "", ""
