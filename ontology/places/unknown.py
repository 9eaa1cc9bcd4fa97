"""A place that no list holds, by its form: 南岗区, 江川路街道, 虹桥镇, 遂潼园区.

A form alone (…区) is no evidence: 社区, 超市, 下乡, 主城区 have it too. What speaks for a place is summed up:
how its characters stand in the names of places against the texts of documents (chars.tsv), what follows (人民政府,
管委会, a pause), and what it ends with or begins with as a word (nouns.txt, 各, 该).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ontology.places import data, extras
from ontology.places.index import PlaceIndex, PlaceMatch
from ontology.places.record import TOWN, PlaceRecord

THRESHOLD = 1.0  # swept -1…3 on townships of other cities against clauses of real documents
_LONGEST = 12
_STEM = 6  # characters before the word for the kind, and of a zone's, which may name a city and a purpose
_HAN = re.compile(r"[\u4e00-\u9fff]{2,24}")
_TAIL = re.compile(
    r"(?:自治[县旗]|经济技术开发区|高新技术产业开发区|(?:经济|高新技术|旅游)?开发区|高新区|经开区|(?:一体化)?示范区|实验区|试验区|合作区"
    r"|保税区|度假区|风景区|工业园区|产业园区|科技园区|园区|管理区|新区|新城|街道|民族乡|苏木|[区县旗市镇乡])"
)
_TOWNS = ("镇", "乡", "街道", "苏木", "民族乡")
_LEVELS = {"区": "区", "县": "县", "旗": "县"}
# words that stand before a place and are no part of it
_FIRST = re.compile(
    r"各|本|全|该|其|我|每|某|这|那|等|省|国|中央|区|县|相关|有关|所有|部分|其他|以及|并|市(?![中南北]区)|原(?=[^平州阳]{2})"
)
_AFTER = re.compile(
    r"(?:街道|镇|乡)?(?:人民政府|政府|管委会|管理委员会|党委|党工委|工委|委员会|人大|政协|人武部|街道办|办事处|法院|检察院"
    r"|[\u4e00-\u9fff]{2,10}?(?:局|委|办|中心|支队|大队|分局|所|院|馆|站|集团))"
)
_PAUSE = re.compile(r"\Z|[、，,。；;：:（(）)）”\s]|等|和|及|与|内")
# the word for the kind is the beginning of another word: 市场, 区域, 县级, 乡村
_JOINED = re.compile(
    r"市(?:场|民|政(?!府|协)|容|值|域|级|监|区|县|委市)|区(?:域|间|别|分|位|县|块|级|划)|县(?:级|域|区|乡|市|城)|乡(?:村|镇|土|愁|贤)"
    r"|镇(?:区|域|村|街|级|静|痛)|旗(?:县|下|帜)|新区域"
)
_COUNTED = re.compile(r"[一二两三四五六七八九十多几数]+(?:市|县|区|镇|乡|街道|园区|新区)$")
# of these the word for the kind alone says much (街道), or little (市: 房市, 上市)
_PRIOR = {
    "街道": 2.5,
    "民族乡": 2.0,
    "苏木": 1.5,
    "自治县": 2.0,
    "自治旗": 2.0,
    "镇": 0.5,
    "县": 0.5,
    "乡": 0.0,
    "市": -0.5,
}
_HALF_WORDS = ("城区", "矿区", "山区", "港区")  # words, and the ends of 东城区, 鹰手营子矿区, 宝山区
# what a zone is for, which alone is no name: 现代农业产业园区
_PURPOSE = re.compile(
    r"(?:国家级?|省级|市级|现代|特色|重点|综合|经济|技术|高新|科技|产业|工业|农业|物流|文化|旅游|生态|创新|创业|循环|保税|自由|贸易"
    r"|跨境|电商|化工|健康|绿色|智慧|数字|商务|临港|临空|空港|城乡|一体化|改革|先行|先导|试点|协同|军民|融合|人才|康养)+"
)


class Here(Protocol):
    """What is asked of a context."""

    @property
    def index(self) -> PlaceIndex:
        """All known places."""

    @property
    def place(self) -> PlaceRecord | None:
        """Whose words they are."""

    @property
    def tiers(self) -> Mapping[str, PlaceRecord]:
        """What 区, 市, 省 mean."""

    @property
    def national(self) -> bool:
        """Whether the state speaks."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A place by its form: `name` is `text[:len(name)]`, `tail` the word for its kind; a high score is sure."""

    name: str
    tail: str
    score: float


def unknown_place(text: str, context: Here, match: PlaceMatch | None = None) -> PlaceRecord | None:
    """A place at the beginning of `text` that is not in the index (`len(record.name)` long), below the context's city.

    `match` is the known place there, where it was looked for already.
    A township of the context's county or city that is known (towns.zip) comes with its county and code.
    """
    if context.place is None or context.national:
        return None
    match = match or context.index.at(text, context.place)
    if match is not None and match.whole and not match.doubtful:
        return None
    if context.place.level != "省" or context.place.municipality:
        town = context.index.towns.at(text, context.place)
        if town is not None and not data.nouns().intersection((town[0].name,)):
            return town[0]
    found = best_unknown(text)
    if found is None or (match is not None and match.length >= len(found.name)):
        return None
    if found.tail in _TOWNS and context.place.level == "省" and not context.place.municipality:
        return None
    if any(_is_known(text, at, found, context) for at in range(1, len(found.name) - 1)):
        return None
    return _record(found, context)


def _is_known(text: str, at: int, found: Unknown, context: Here) -> bool:
    """结合北海市, 推动河南自贸试验区: what looks like a name holds one that is known, behind words that are none."""
    match = context.index.at(text, context.place, at)
    if match is None or match.doubtful:
        return False
    return (match.whole and at + match.length >= len(found.name)) or (_is_zone(found.tail) and at < 4)


def _is_zone(tail: str) -> bool:
    return len(tail) > 1 and tail not in _TOWNS and not tail.startswith("自治")


def best_unknown(text: str) -> Unknown | None:
    """The likeliest name of an unknown place at the beginning of a text, None below `THRESHOLD`."""
    best = max(candidates(text), key=lambda found: (found.score, -len(found.name)), default=None)
    return best if best is not None and best.score >= THRESHOLD else None


def candidates(text: str) -> list[Unknown]:
    """Every beginning of a text that has the form of a place, with its score (no bound)."""
    run = _HAN.match(text)
    kind = _TAIL.match(text)
    if run is None or _FIRST.match(text) or (kind is not None and len(kind[0]) > 2 and kind[0] not in _TOWNS):
        return []  # 高新区: the context's own, whose name it does not say
    out: list[Unknown] = []
    for found in _TAIL.finditer(run[0], 1, _LONGEST + 2):
        end = found.end()
        # 区 inside of 园区: the longest word for a kind that ends here
        tail = found[0]
        stem = text[: end - len(tail)]
        if stem and len(stem) <= _STEM and end <= _LONGEST:
            out.append(Unknown(text[:end], tail, _score(text, stem, tail)))
    return out


def _score(text: str, stem: str, tail: str) -> float:
    name = stem + tail
    chars = data.chars()
    score = sum(chars.get(char, 0) for char in stem) / len(stem)
    nouns = data.nouns()
    zone = _is_zone(tail)
    after = text[len(name) :]
    office = _AFTER.match(after)
    score += 1.5 if office else 0.5 if _PAUSE.match(after) else -1.0
    score += _PRIOR.get(tail, 0.5 if zone else 0.0)
    if _COUNTED.search(name) or _JOINED.match(text, len(name) - 1):
        score -= 4.0
    if len(stem) == 1 and tail not in ("县", "镇", "乡"):
        score -= 2.0
    if zone:
        purpose = _PURPOSE.search(stem)
        if purpose is not None and purpose.end() == len(stem):
            stem = stem[: purpose.start()]
            score = score + 1.0 if stem else -5.0
    elif len(stem) > 3:
        score -= len(stem) - 3
    for at in range(0 if not zone else len(name), len(name) - 1):
        if name[at:] in nouns:
            score -= 0.5 if name[at:] in _HALF_WORDS and at == len(stem) - 1 > 0 else 5.0
            break
    return round(score, 2)


def _record(found: Unknown, context: Here) -> PlaceRecord:
    place = context.place
    assert place is not None  # noqa: S101 - asked by the caller
    name, tail = found.name, found.tail
    bare = name[: -len(tail)] if len(name) - len(tail) > 1 else name
    if tail in _TOWNS:
        qualified = place.qualified + name
        return PlaceRecord(name, qualified, None, TOWN, place.qualified, bare, None, (), municipality=False, kind=tail)
    steps = context.index.path(place)
    above = next((p for p in steps if p.level in ("市", "省") and p.kind != extras.ZONE), None)
    qualified = (above.qualified if above else "") + name
    zone = _is_zone(tail)
    level = (
        "县"
        if above and above.level == "市" and tail == "市"
        else _LEVELS.get(tail[-1], "市" if tail == "市" else "区")
    )
    return PlaceRecord(
        name,
        qualified,
        None,
        level,
        above.qualified if above else None,
        name if zone else bare,
        None,
        (),
        municipality=False,
        kind=extras.ZONE if zone else "",
    )


__all__ = ["THRESHOLD", "TOWN", "Unknown", "best_unknown", "candidates", "unknown_place"]
