"""Numbers with their units in running text: 1万余家, 54.77亿元, 5000元以上1万元以下, 三成, 四分之三, 3个和5个百分点.

`QuantityFinder` says what stands there and what speaks for or against its being a figure (features); it does not say
what is counted (`subjects`) and it takes no decision. Units and words come from `ontology/forms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.core.numerals import ARABIC, HAN_NUMBER, PLAIN_HAN, parse_fraction, parse_number, parse_tenths
from ontology.forms import Forms
from ontology.forms.quick import Quick
from ontology.quantities.units import Units

_SCALES = {"": 1.0, "万": 1e4, "亿": 1e8, "万亿": 1e12}
_SCALED = re.compile(r"(?P<head>.*?)(?P<scale>万亿|[万亿])?")
_PERCENT = {"百分之": "%", "千分之": "‰", "万分之": "‱"}
_LOWER = frozenset(("不低于", "不少于", "满", "超过", "以上", "高于", "最低"))
_UPPER = frozenset(("不超过", "不满", "低于", "以下", "不足", "最高"))
# how far a look behind or ahead goes, in characters
_BEHIND, _AHEAD = 30, 14
_SEVERAL, _LISTED, _CODE, _PHONE = 2, 10, 1000, 7
_GAP = "[ \u3000\n]?"
_HAN_CHARACTER = re.compile("[\u3400-\u9fff]")
_ALTERNATIVE = re.compile("或者?|及|以上")
_HAN_RANGE = re.compile(f"(?:至|到|—)[{PLAIN_HAN}]")
_DASHED = re.compile(r"[0-9A-Za-z]\s?[\-—–－~～]$")
_NOTHING = "，。；、：:）)！？\n\t\x00 "


class Quantity(NamedTuple):
    """A number as written: the hedges span `start:end`, the number and its unit `number:unit_end`.

    `kind` is money, measure, share, time, count, noun (a noun stands for the unit), rank or bare; `value` and `upper`
    are in `unit`, without 万 or 亿.
    """

    start: int
    number: int
    unit_end: int
    end: int
    value: float
    unit: str
    kind: str
    upper: float | None = None
    qualifier: str | None = None
    features: frozenset[str] = frozenset()
    noun: str = ""  # of kind noun: the noun itself
    scale: str = ""
    written: str = ""  # the numeral

    @property
    def is_lower(self) -> bool:
        """It names a lower bound."""
        return self.qualifier in _LOWER

    @property
    def is_upper(self) -> bool:
        """It names an upper bound."""
        return self.qualifier in _UPPER


def _scaled(value: float, scale: str) -> float:
    """4860.9亿 is 486090000000 and not 486089999999.99994."""
    return round(value * _SCALES[scale], 6 - len(f"{_SCALES[scale]:.0f}") + 1)


class QuantityFinder:
    """Finds the quantities of a text whose dates, codes and names were blanked out (NUL for each character)."""

    def __init__(self, forms: Forms) -> None:
        self._units = units = Units(forms)
        small = "[一二三四五六七八九十百]"
        # 10千伏 is 10 千伏, not 10,000 伏: the 千 of a unit is no scale
        kilo = "|".join(sorted(re.escape(w[1:]) for w in forms.words("unit.measure") if w[0] == "千" and len(w) > 1))
        amount = (
            rf"(?P<per>百分之|千分之|万分之){_GAP}(?P<pn>{ARABIC}|[{PLAIN_HAN}]{{1,8}}+(?:点[{PLAIN_HAN}]{{1,4}}+)?)"
            rf"|(?<![{PLAIN_HAN}])(?P<den>{small}{{1,3}})分之(?P<nume>{small}{{1,3}})"
            r"|(?<![0-9/.])(?P<over>[1-9])[/／](?P<under>[2-9])(?![0-9/月日.])"
            rf"|(?<![{PLAIN_HAN}第])(?P<ten>[一二两三四五六七八九])成(?P<th>半|[一二三四五六七八九])?"
            r"(?![员立果长为本功效熟品分都年绩型交色套就才家了])"
            r"|(?P<half>一半|半数)(?=左右|以上|以下|的|[，。；、])"
            rf"|(?P<num>{ARABIC}|(?<!第){HAN_NUMBER}){_GAP}(?P<h1>[余多来])?(?P<x>(?:[十百]|千(?!{kilo}))?[万亿]{{0,2}})(?P<h2>[余多])?"
            rf"{_GAP}(?:(?P<unit>{units.source})(?P<rate>{units.rate}))?"
        )
        self._amount = Quick(forms.compile(amount))
        self._before = Quick(forms.compile(f"(?<![最附临靠邻])(?:{forms.source('figure.before')})\\s?$"))
        self._before_far = forms.pattern("figure.before.far")
        self._before_share = forms.pattern("figure.before.share")
        self._after = forms.compile(f"\\s?{forms.source('figure.after')}")
        self._spoken = {w: str(row["is"]) for row in forms.rows("figure.qualifier") for w in row["words"]}
        self._to = forms.pattern("figure.to")
        self._upto = forms.pattern("figure.upto")
        self._and = forms.pattern("figure.and")
        self._vague = forms.quick("figure.vague")
        self._ordinal = forms.quick("figure.ordinal")
        self._glued = forms.quick("figure.glued")
        self._listed = forms.pattern("figure.listed")
        self._idiom = forms.pattern("figure.idiom")
        self._limit_after = forms.pattern("figure.limit.after")
        self._limit_sure = forms.pattern("figure.limit.sure")
        self._sure_before = forms.quick("figure.limit.sure.before")
        self._circle = forms.pattern("figure.circle")
        self._named = forms.pattern("figure.named")
        self._limit_before = forms.quick("figure.limit.before")
        self._large = forms.quick("figure.large")

    def find(self, masked: str) -> list[Quantity]:
        """All quantities in order, without overlaps."""
        found = list(self._amounts(masked))
        return [q for q in self._merged(masked, found) if q.kind != "nothing"]

    # -- one number ---------------------------------------------------------------------------------------------------

    def _amounts(self, masked: str) -> Iterator[Quantity]:
        for m in self._amount.finditer(masked):
            quantity = self._share(m) if m["num"] is None else self._number(masked, m)
            if quantity is not None:
                yield self._hedged(masked, quantity)

    def _share(self, m: re.Match[str]) -> Quantity | None:
        """百分之三十, 四分之三, 三成五, 一半: shares in words."""
        unit, rule = "%", "fraction"
        if m["per"]:
            value, unit, rule = parse_number(m["pn"]), _PERCENT[m["per"]], "percent-words"
        elif m["den"]:
            value = parse_fraction(m["nume"], m["den"])
        elif m["over"]:
            value = parse_fraction(m["over"], m["under"])
        elif m["ten"]:
            value = parse_tenths(m["ten"], m["th"])
        else:
            value = 50.0
        if value is None:
            return None
        a, b = m.span()
        return Quantity(a, a, b, b, value, unit, "share", features=frozenset((rule, "han")), written=m[0])

    def _number(self, masked: str, m: re.Match[str]) -> Quantity | None:
        number = m["num"]
        han = number[0] in PLAIN_HAN
        unit = m["unit"] or ""
        if han and not (unit or number[-1] in "万亿" or m["x"] or _HAN_RANGE.match(masked, m.end())):
            return None
        before = masked[max(0, m.start() - _BEHIND) : m.start()]
        if han and (self._vague.search(before[-3:]) or self._idiom.match(masked, m.start())):
            return None
        if self._glued.search(before) or (self._ordinal.search(before) and unit != "位"):
            return None
        if not unit and masked[m.end() : m.end() + 1].isascii() and masked[m.end() : m.end() + 1].isalnum():
            return None  # 5G, 3D
        split = _SCALED.fullmatch(number + m["x"])
        head, scale = (split["head"], split["scale"] or "") if split else (number, "")
        value = parse_number(head) if head else 1.0
        if value is None:
            return None
        kind = self._units.kinds[unit] if unit else "bare"
        if "\n" in m[0].rstrip() and (kind == "noun" or before[-1:] in ("", "\n")):
            return None  # a number in a cell of its own, and the next one
        name = self._units.name(unit, m["rate"]) if unit else ""
        features = {"han" if han else "digits"}
        if kind == "count" and before.endswith("第"):
            kind = "rank"
        hedge = m["h1"] or m["h2"]
        end = m.end() if unit else m.end() - len(m[0]) + len(m[0].rstrip())
        stop = m.start("unit") if kind == "noun" else end
        return Quantity(
            m.start(), m.start(), stop, stop, _scaled(value, scale), name, kind,
            qualifier="余" if hedge == "来" else hedge, features=frozenset(features),
            noun=unit if kind == "noun" else "", scale=scale, written=number + m["x"],
        )  # fmt: skip

    def _hedged(self, masked: str, q: Quantity) -> Quantity:
        """With the words of hedging around it: 近, 不超过, 以上."""
        start, end, qualifier = q.start, q.end, q.qualifier
        after = self._after.match(masked, q.unit_end)
        before = self._before.search(masked[max(0, q.start - 6) : q.start])
        word = before[0].strip() if before else None
        if word == "上" and q.written[:1] not in "百千万亿":
            word = None
        if word == "突破" and self._is_verb(masked, q):
            word = None
        if word and before:
            start = q.start - len(before[0])
        if after and not (after[0].strip() == "内" and q.kind != "time"):
            end = after.end()
            qualifier = qualifier or after[0].strip()
        if word and not (word in ("控制在", "满") and qualifier):
            qualifier = word
        if qualifier is None and q.kind in ("count", "noun"):
            far = self._before_far.search(masked[max(0, q.start - 8) : q.start])
            qualifier = far["hedge"] if far else None
        if qualifier is None and q.kind == "share":
            far = self._before_share.search(masked[max(0, q.start - _BEHIND) : q.start])
            qualifier = far["hedge"] if far else None
        if qualifier is None and q.written in ("百", "千") and q.kind in ("count", "noun"):
            qualifier = "约"  # 百家企业 is a round number
        return q._replace(start=start, end=end, qualifier=self._spoken.get(qualifier, qualifier) if qualifier else None)

    @staticmethod
    def _is_verb(masked: str, q: Quantity) -> bool:
        """突破百项关键技术 has an object; 吞吐量突破200万大关 is a comparison."""
        following = masked[q.unit_end : q.unit_end + 2]
        opens = masked[q.start - 3 : q.start - 2] in _NOTHING
        return opens and q.kind == "count" and bool(_HAN_CHARACTER.match(following)) and following != "以上"

    # -- several numbers ----------------------------------------------------------------------------------------------

    def _merged(self, masked: str, found: list[Quantity]) -> list[Quantity]:
        """Ranges become one, numbers that share a unit get it; then each is judged in its place."""
        out: list[Quantity] = []
        for q in found:
            last = out[-1] if out else None
            joined = self._range(masked, last, q) if last is not None and q.start - last.unit_end <= _AHEAD else None
            if joined is not None:
                out[-1] = joined
            else:
                out.append(q)
        for n in range(len(out) - 2, -1, -1):
            a, b = out[n], out[n + 1]
            if self._shares(masked, a, b):
                scale = b.scale if not a.scale and a.kind == "bare" and b.unit else a.scale
                value = _scaled(a.value, scale) if scale != a.scale and a.value < _CODE else a.value
                features = a.features | {"shared-unit"}
                out[n] = a._replace(unit=b.unit, kind=b.kind, value=value, features=features, noun=b.noun)
        return [self._judged(masked, q) for q in out]

    def _range(self, masked: str, a: Quantity, b: Quantity) -> Quantity | None:
        """20-30万元, 18至45周岁, 五千元以上一万元以下, 18周岁以上，35周岁以下."""
        same = a.unit == b.unit and a.kind == b.kind
        if a.upper is not None or not (same or a.kind == "bare") or b.kind == "bare":
            return None
        between = masked[a.unit_end : b.number]
        if self._to.fullmatch(between):
            low = a.value
            if a.kind == "bare" and not a.scale and _scaled(a.value, b.scale) <= b.value:
                low = _scaled(a.value, b.scale)
            if low >= b.value or ("fraction" in a.features and a.unit != b.unit):
                return None
            qualifier = b.qualifier if b.qualifier in ("约", "近") else a.qualifier
            features = a.features | b.features | {"range"}
            return b._replace(
                start=a.start, number=a.number, value=low, upper=b.value, qualifier=qualifier, features=features
            )
        if same and a.value == b.value and a.upper is None and _ALTERNATIVE.fullmatch(between):
            return b._replace(start=a.start, number=a.number)  # 2处或者2处以上
        bounds = same and a.is_lower and b.is_upper and a.end <= b.start and a.value < b.value
        if bounds and self._upto.fullmatch(masked[a.end : b.start]):
            features = a.features | b.features | {"range"}
            return b._replace(
                start=a.start, number=a.number, value=a.value, upper=b.value, qualifier=None, features=features
            )
        return None

    def _shares(self, masked: str, a: Quantity, b: Quantity) -> bool:
        """Of 31.1个和26.3个百分点 the first takes the unit of the second."""
        if b.kind in ("bare", "rank") or b.upper is not None or a.upper is not None or "han" in a.features:
            return False
        if a.kind != "bare" and not (a.unit != b.unit and b.unit.startswith(a.unit) and "/" not in b.unit):
            return False
        opens = a.start == 0 or masked[a.start - 1] in "\n\t。；"
        return not opens and self._and.fullmatch(masked[a.unit_end : b.number]) is not None

    def _judged(self, masked: str, q: Quantity) -> Quantity:
        """The features that speak for and against a figure."""
        before = masked[max(0, q.start - _BEHIND) : q.start]
        after = masked[q.end : q.end + _AHEAD]
        follows = masked[q.unit_end : q.unit_end + _AHEAD]
        features = {*q.features, f"unit:{q.kind}"}
        if q.qualifier is not None:
            features.add("hedged")
        if _DASHED.search(before):
            return q._replace(kind="nothing")  # the end of a code: 1109-2
        if q.kind == "bare":
            large = self._large.search(masked[max(0, q.start - 4) : q.number]) and (q.scale or "." in q.written)
            return q._replace(features=frozenset(features)) if large else q._replace(kind="nothing")
        if q.kind == "rank":
            features.add("rank")
        if q.kind == "time":
            han = "han" in features
            limit = (self._limit_sure if han else self._limit_after).match(follows) or q.qualifier or q.upper
            limit = limit or (self._sure_before if han else self._limit_before).search(before)
            limit = limit or q.unit in ("个工作日", "周岁") or (q.unit == "个月" and not han)
            features.add("limit" if limit and not self._circle.match(follows) else "loose-time")
        if q.kind in ("count", "noun") and q.value <= 2 * _LISTED and self._listed.match(follows):
            features.add("listed")
        small = q.value < _SEVERAL if q.unit in self._units.definite else q.value <= _LISTED
        if q.unit == "条" and "han" in features and self._named.match(follows):
            features.add("listed")
        if q.kind in ("count", "noun") and "han" in features and small:
            features.add("small-han")
        if q.kind == "count" and "digits" in features and q.value < _SEVERAL and _HAN_CHARACTER.match(after):
            features.add("single")
        if q.kind in ("count", "noun") and q.written in ("百", "千", "百万", "千万"):
            features.add("round")
        if q.kind in ("count", "noun") and q.written in ("十", "万", "亿"):
            features.add("round-count")  # 万家, 超万项: a way of speaking
        if q.kind == "money" and (follows.startswith("级") or q.written in ("亿", "万")):
            features.add("round-count")  # 亿元以上重点项目, 百亿元级产业: a class
        exact = not q.scale and "hedged" not in features and "," not in q.written
        if q.kind == "noun" and exact and (q.value < _SEVERAL or (q.value % 10 and q.value >= _CODE)):
            features.add("code-like")
        if q.kind == "count" and exact and len(q.written) >= _PHONE and q.written.isdigit():
            features.add("code-like")
        return q._replace(features=frozenset(features))
