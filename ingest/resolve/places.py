"""Place names at the beginning of a text, and what 市, 区, 本市 mean in a document's context."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from kg.core.model import Party
from ontology.reference import PlaceRecord, Reference

_MAX_NAME = 13
_TIER_OF_LEVEL = {"省": "省", "市": "市", "区": "区", "县": "县"}


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place at `text[:length]`; `whole` says whether its name was written with 市, 区, 县 …, not 青浦 alone."""

    place: PlaceRecord
    length: int
    whole: bool


class PlaceIndex:
    """Names, bare names and one-character abbreviations of all known places."""

    def __init__(self, reference: Reference) -> None:
        self.by_qualified: dict[str, PlaceRecord] = {p.qualified: p for p in reference.places}
        self._names: dict[str, list[tuple[PlaceRecord, bool]]] = {}
        self.shorts: dict[str, PlaceRecord] = {}
        for place in reference.places:
            self._add(place.name, place, whole=True)
            self._add(place.qualified, place, whole=True)
            for alias in (place.bare, *place.aliases):
                if len(alias) > 1:
                    self._add(alias, place, whole=False)
            for short in (place.short, *(a for a in place.aliases if len(a) == 1)):
                if short and place.level == "省":
                    self.shorts.setdefault(short, place)
        self.children: dict[str, list[PlaceRecord]] = {}
        for place in reference.places:
            if place.parent:
                self.children.setdefault(place.parent, []).append(place)

    def _add(self, name: str, place: PlaceRecord, *, whole: bool) -> None:
        entries = self._names.setdefault(name, [])
        if all(p is not place for p, _ in entries):
            entries.append((place, whole))

    @cached_property
    def names(self) -> frozenset[str]:
        """Every written form of two characters or more."""
        return frozenset(self._names)

    def path(self, place: PlaceRecord) -> tuple[PlaceRecord, ...]:
        """The place and everything that contains it, innermost first, without the state."""
        out = [place]
        while (parent := self.by_qualified.get(out[-1].parent or "")) and parent.level != "国家":
            out.append(parent)
        return tuple(out)

    def related(self, place: PlaceRecord, near: PlaceRecord | None) -> int:
        """How near two places are: 3 same or one holds the other, 2 same parent, 1 same province, 0 apart."""
        if near is None or near.level == "国家":
            return 0
        mine, theirs = self.path(place), self.path(near)
        if place in theirs or near in mine:
            return 3
        if place.parent == near.parent:
            return 2
        return 1 if mine[-1] == theirs[-1] else 0

    def at(self, text: str, near: PlaceRecord | None = None) -> PlaceMatch | None:
        """The longest place at the beginning of `text`; a chain (上海市青浦区) counts as its last member.

        Of homonyms (朝阳区 in Beijing and in Changchun) the one nearest to `near` wins, then the higher level.
        """
        for length in range(min(_MAX_NAME, len(text)), 1, -1):
            entries = self._names.get(text[:length])
            if not entries:
                continue
            place, whole = max(entries, key=lambda e: (self.related(e[0], near), e[1], -_rank(e[0])))
            inner = self.at(text[length:], place)
            if inner and place in self.path(inner.place)[1:]:
                return PlaceMatch(inner.place, length + inner.length, inner.whole)
            return PlaceMatch(place, length, whole)
        return None

    def bare_at(self, text: str, near: PlaceRecord | None = None) -> PlaceMatch | None:
        """The place without its last character, where that belongs to what follows: 太仓|市场监管局."""
        longest = self.at(text, near)
        if longest is None or not longest.whole or longest.length <= 2:
            return None
        shorter = self.at(text[: longest.length - 1], near)
        return shorter if shorter and shorter.length == longest.length - 1 else None

    def chain_at(self, text: str) -> tuple[tuple[PlaceRecord, ...], int]:
        """Two or more one-character abbreviations in a row (苏浙皖赣沪), or nothing."""
        places: list[PlaceRecord] = []
        for char in text:
            if (place := self.shorts.get(char)) is None or place in places:
                break
            places.append(place)
        return (tuple(places), len(places)) if len(places) > 1 else ((), 0)


# 南岗区, 尚志市: a place that no list knows; words that only end like one are not
_UNKNOWN = re.compile(
    r"(?P<name>(?!各|本|全|该|其|我|市(?![中南北]区)|区|县|省|国|中央)[\u4e00-\u9fff]{1,3}?(?:新区|自治县|自治旗|开发区|高新区|区|县|旗|市))"
)
# 虹桥镇, 江川路街道: towns and streets are in no list
_TOWN = re.compile(
    r"(?P<name>(?!各|本|全|该|其|我|市|区|县|省|国|中央|相关|有关)[\u4e00-\u9fff]{1,5}?(?:镇|乡|街道))(?!企业)"
)
TOWN = "街镇"
_NO_PLACE = re.compile(
    r"(?:城|乡|集|街|村|市|建制|重点|特色|中心|强|小|老|古)镇$|(?:城|下|返|老|家|水|故|本|异|他|同|回|还|思)乡$|(?:镇|乡|属地|辖区|所在)街道$|"
    r"(?:园|社|地|校|厂|景|片|小|郊|辖|灾|疫|矿|林|牧|特|军|战|功能|保税|示范|试验|保护|服务|居住|生活|自治|行政|合作|主城|老城|中心城)区$"
    r"|^(?:城|山|库|老|新|港|商|街|全|各)区$|(?:城|超|夜|股|门|集|上|都)市$|.*(?:和|与|及|的|在|由|向|等|为|开展|建设)"
)


def unknown_place(text: str, context: Context) -> PlaceRecord | None:
    """A place at the beginning of `text` by its form alone (`len(record.name)` long), below the context's city."""
    if context.place is None or context.national or context.index.at(text, context.place):
        return None
    found = _UNKNOWN.match(text) or (_TOWN.match(text) if context.place.level != "省" else None)
    if not found or _NO_PLACE.search(found["name"]):
        return None
    name = found["name"]
    if name[-1] not in "区县旗市":
        qualified = context.place.qualified + name
        return PlaceRecord(name, qualified, None, TOWN, context.place.qualified, name, None, (), municipality=False)
    above = (
        next((p for p in context.index.path(context.place) if p.level in ("市", "省")), None) if context.tiers else None
    )
    level = {"区": "区", "县": "县", "旗": "县", "市": "县" if above and above.level == "市" else "市"}[name[-1]]
    qualified = (above.qualified if above else "") + name
    return PlaceRecord(
        name, qualified, None, level, above.qualified if above else None, name[:-1], None, (), municipality=False
    )


def _rank(place: PlaceRecord) -> int:
    return ("国家", "省", "市", "区", "县").index(place.level) if place.level in ("国家", "省", "市", "区", "县") else 9


@dataclass(frozen=True, slots=True)
class Context:
    """Whose words a text is: `place` is the jurisdiction of its issuer (None while unknown)."""

    index: PlaceIndex
    place: PlaceRecord | None = None
    tiers: dict[str, PlaceRecord] = field(default_factory=dict)
    deictic: dict[str, Party] = field(default_factory=dict)  # 我局 (the issuer), 贵委 (the addressee)

    @classmethod
    def of(cls, index: PlaceIndex, place: PlaceRecord | None) -> Context:
        """In 青浦区, 区 is 青浦区 and 市 is 上海市; in 昆山市, 市 is 昆山市 and 省 is 江苏省."""
        tiers: dict[str, PlaceRecord] = {}
        if place is not None and place.level != "国家":
            for step in index.path(place):
                tiers.setdefault(_tier(step), step)
        return cls(index, place, tiers)

    @property
    def national(self) -> bool:
        """Whether the issuer is a body of the state."""
        return self.place is not None and self.place.level == "国家"


def _tier(place: PlaceRecord) -> str:
    if place.name.endswith("自治区"):
        return "自治区"
    return place.name[-1] if place.name[-1] in "省市区县州盟旗" else _TIER_OF_LEVEL.get(place.level, "市")
