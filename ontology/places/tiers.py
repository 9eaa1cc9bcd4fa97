"""The words by which a place is called in its own documents: 区, 市, 兵团, 地."""

from __future__ import annotations

from ontology.places import extras
from ontology.places.record import PlaceRecord

_OF_LEVEL = {"省": "省", "市": "市", "区": "区", "县": "县"}
# Endings that are called by more than one word: 新区教育局 in 浦东新区, 地委 and 地区教育局 in 阿克苏地区
_WORDS = {
    "自治区": ("自治区",),
    "特别行政区": ("特区",),
    "地区": ("地区", "地"),
    "自治州": ("州", "自治州"),
    "自治县": ("县", "自治县"),
    "自治旗": ("旗", "自治旗"),
    "新区": ("区", "新区"),
    "开发区": ("区", "开发区"),
    "高新区": ("区", "高新区"),
    "示范区": ("区", "示范区"),
    "园区": ("区", "园区"),
    "林区": ("区", "林区"),
    "特区": ("区", "特区"),
    "街道": ("街道",),
}


def tier_words(place: PlaceRecord) -> tuple[str, ...]:
    """The words by which a place is called in its own documents: 区 for 青浦区, 盟 for 锡林郭勒盟, 师 for 第八师."""
    if place.kind == extras.CORPS_KIND:
        return ("兵团",)
    if place.kind == extras.DIVISION:
        return ("师市", "师")
    for ending, words in _WORDS.items():
        if place.name.endswith(ending):
            return words
    if place.name[-1] in "省市区县盟旗镇乡州":
        return (place.name[-1],)
    return (_OF_LEVEL.get(place.level, "市"),)
