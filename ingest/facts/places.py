"""Places that a text names."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.core.model import Party, Place
from kg.core.replacing import replace
from ontology.names import Context
from ontology.names.beginnings import in_words
from ontology.places.index import PlaceIndex

# 四川北路, 南京东路街道: named after a place, elsewhere
_STREET = re.compile(r"[东南西北中]?[一二三四]?(?:路|街|大道|公路|大街)")

_HELD = re.compile(
    r"(?:在|于)(?P<where>[\u4e00-\u9fff]{2,12}?)(?:分别|成功|隆重|统一|集中|联合|共同|正式|同步)?"
    r"(?:设立?(?:主|分)?会场|举办|举行|召开|启动|开展)"
)


def held_in(words: str, context: Context) -> tuple[str, ...]:
    """The known places that a text says something is held in (在深圳举办); halls and streets are none."""
    out: dict[str, None] = {}
    for found in _HELD.finditer(words):
        match = context.index.at(found["where"], context.place)
        if match and match.length == len(found["where"]) and match.place.level != "国家":
            out[match.place.qualified] = None
    return tuple(out)


class PlaceFinder:
    """Finds place names in running text; built once per place index."""

    def __init__(self, index: PlaceIndex) -> None:
        self.index = index
        self._names = sorted(index.names)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, context: Context, parties: list[Party]) -> tuple[Place, ...]:
        """The places written out in the text, and those of the chains (苏浙皖) that resolved, first mention first."""
        found: dict[str, Place] = {}
        for i, start, _end in self._automaton.find_matches_as_indexes(text):
            name = self._names[i]
            match = self.index.at(text, context.place, start)
            if match is None or match.place.level == "国家":
                continue
            if not in_words(text, start, start + match.length):
                continue  # 卓越|城区 holds no 越城区
            if not match.whole and not self._bare_is_sound(match.place.qualified, context):
                continue
            if not match.whole and _STREET.match(text, start + match.length):
                continue
            self._put(found, match.place.name, match.place.qualified, match.place.code, name)
        for party in parties:
            if party.rule.startswith("chain") and party.place and (place := self.index.by_qualified.get(party.place)):
                self._put(found, place.name, place.qualified, place.code, party.as_written)
        return tuple(found.values())

    def _bare_is_sound(self, qualified: str, context: Context) -> bool:
        """青浦 alone is believed near home; far away it may be a word or a person."""
        place = self.index.by_qualified[qualified]
        return place.level == "省" or self.index.related(place, context.place) > 0

    @staticmethod
    def _put(found: dict[str, Place], name: str, qualified: str, code: str | None, written: str) -> None:
        if qualified in found:
            if written not in found[qualified].as_written:
                found[qualified] = replace(found[qualified], as_written=(*found[qualified].as_written, written))
        else:
            found[qualified] = Place(name, qualified, code, (written,))
