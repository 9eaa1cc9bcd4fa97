"""Figures that a question gives as a condition (我今年62, 一共80来号人) and the bands in which rules speak of them.

A rule that holds from sixty to sixty-four years answers whoever is sixty-two, though no figure of the question stands
in it; one that holds from sixty-five on answers of somebody else, though every word of the question stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf

from kg.ask.question import Question
from kg.ask.sentences import Word
from kg.ask.text import plain
from kg.core.numerals import number_to_chinese, parse_number
from ontology.forms import Forms

_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[零〇一二三四五六七八九十百千万两]+)"
_SCALE = {"千": 1_000.0, "万": 10_000.0, "亿": 100_000_000.0}
_NO_START = r"(?<![第前每几\d.月分零〇一二三四五六七八九十百千万两])(?<!分之)"
_PER_CENT = re.compile(rf"百分之({_NUMBER})")
_VAGUE = 0.9  # 二十多天 is more than twenty, and less than thirty
_LABEL = re.compile(r"[（(][一二三四五六七八九十\d]+[）)]|第[一二三四五六七八九十百\d]+[编章节条款项]")
_IN_WORDS = 10_000
_NAMING = ("title", "policy", "quoted", "number", "article", "item", "year", "series", "body")


@dataclass(frozen=True, slots=True)
class Given:
    """A figure of the question, `low` to `high`, with the kind of its unit; as it is written, and its number alone."""

    low: float
    high: float
    kind: str
    text: str
    number: str


class Bands:
    """The figures that a question gives as conditions, looked up once for all texts."""

    def __init__(self, question: Question, forms: Forms) -> None:
        self._units = _Units.of(forms)
        asked = {self._units.kinds.get(str(span.value)) for span in question.of("ask.amount")}
        self.given = tuple(one for one in self._given(question, forms) if one.kind not in asked)

    def speaks_of(self, text: str) -> bool | None:
        """Whether a text has a rule for the figures given; False where it has rules for others alone, None for none."""
        if not self.given:
            return None
        bands = list(self._bands(text))
        told: list[bool] = []
        for one in self.given:
            of = [(low, high) for low, high, kind in bands if kind == one.kind]
            fits = any(low <= one.low and one.high < high for low, high in of)
            if fits or (of and one.kind not in self._units.loose):
                told.append(fits)
        return all(told) if told else None

    def untold(self, text: str) -> tuple[str, ...]:
        """The figures given that a text does not have, in neither writing."""
        told = _LABEL.sub("", text)
        return tuple(one.text for one in self.given if not _number(one.number).search(told))

    def is_given(self, word: str) -> bool:
        """Whether a stretch of the question is of such a figure."""
        return any(word in one.text for one in self.given)

    def without_given(self, words: Iterable[Word]) -> Iterator[Word]:
        """The words without these figures, for a text that speaks of them otherwise: a band has no 62岁."""
        for word in words:
            figures = (plain(part) for one in self.given for part in (one.text, one.number))
            figure = next((part for part in figures if part in word.text), "")
            rest = word.text.replace(figure, "") if figure else ""
            if not figure and not self.is_given(word.text):
                yield word
            elif len(rest) > 1:
                yield replace(word, text=rest, wordings=(rest,))

    def _bands(self, text: str) -> Iterator[tuple[float, float, str]]:
        """From, to (without it) and the kind of unit of each band: 满60周岁不满65周岁, 五十人至二百人, 15日后."""
        for found in self._units.band.finditer(_in_per_cent(text)):
            kind = self._units.kinds[found["unit"] or found["only"]]
            if found["whose"] or (found["unit0"] and self._units.kinds[found["unit0"]] != kind):
                continue  # 男职工年满60周岁 is not of all; 20人以上500平方米以上 are two bands
            scale = found["scale"] or found["scale2"] or found["scale3"]
            low = _value(found["low"] or found["bound"], scale)
            if found["high"]:
                high = _value(found["high"], found["scale2"])
                yield low, high if found["open"] else _and(high), kind
            elif found["less"]:
                yield 0.0, low, kind
            elif found["up_to"] or found["below"]:
                yield 0.0, _and(low), kind
            elif found["over"] or found["above"]:
                yield low, inf, kind

    def _given(self, question: Question, forms: Forms) -> Iterator[Given]:
        taken = [span for span in question.spans if span.kind in _NAMING or span.kind.startswith("ask.")]
        for found in self._units.figure.finditer(question.text):
            value = _value(found["number"], found["scale"])
            free = not any(span.start < found.end() and found.start() < span.end for span in taken)
            if value > 1 and free and not found["edge"] and found["vague"] != "几":
                vague = (found["vague"] or found["vague2"] or "") in ("多", "余")
                more = _VAGUE * 10.0 ** (len(str(int(value))) - 1) if vague else 0.0
                yield Given(value, value + more, self._units.kinds[found["unit"]], found[0], found["number"])
        for found in _PER_CENT.finditer(question.text):
            if not any(span.start < found.end() and found.start() < span.end for span in taken):
                share = _value(found[1], None)
                yield Given(share, share, self._units.kinds["%"], found[0], found[1])
        for found in forms.pattern("said.age").finditer(question.text):
            years = parse_number(found["years"]) or 0.0
            yield Given(years, years, self._units.kinds["岁"], found["years"], found["years"])


def _in_per_cent(text: str) -> str:
    """百分之五十 as 50%."""
    return _PER_CENT.sub(lambda found: f"{_value(found[1], None):g}%", text)


def _and(high: float) -> float:
    return high * (1 + 1e-9)


def _value(number: str, scale: str | None) -> float:
    return (parse_number(number) or 0.0) * _SCALE.get(scale or "", 1.0)


@lru_cache(maxsize=256)
def _number(number: str) -> re.Pattern[str]:
    """A number as a whole, in digits or in words."""
    value = parse_number(number)
    words = {number}
    if value is not None and value == int(value) and 0 < value < _IN_WORDS:
        words |= {str(int(value)), number_to_chinese(int(value))}
    one = "|".join(map(re.escape, sorted(words)))
    return re.compile(rf"(?<![\d.〇一二三四五六七八九十百千]){'(?:' + one + ')'}(?![\d〇一二三四五六七八九十百千])")


@dataclass(frozen=True, slots=True)
class _Units:
    """The units of `unit.banded`: each with the kind that it is of, and the patterns made of them."""

    kinds: dict[str, str]
    loose: frozenset[str]  # kinds whose bands are limits as often as conditions: 15日内提出
    figure: re.Pattern[str]
    band: re.Pattern[str]

    @staticmethod
    @lru_cache(maxsize=4)
    def of(forms: Forms) -> _Units:
        rows = forms.rows("unit.banded")
        kinds = {unit: row["words"][0] for row in rows for unit in row["words"]}
        units = "|".join(map(re.escape, sorted(kinds, key=lambda unit: (-len(unit), unit))))
        over, up_to, less = (forms.source(f"band.{name}") for name in ("over", "up_to", "less"))
        above, below = forms.source("band.above"), forms.source("band.below")
        tie = "[，,、]?(?:但|且|并且?|同时)?"
        figure = (
            rf"{_NO_START}(?:{over})?(?P<edge>{up_to}|{less})?(?P<number>{_NUMBER})(?P<vague>[多来几余])?"
            rf"(?P<scale>[千万亿])?(?P<vague2>[多来余])?号?(?P<unit>{units})(?!{above}|{below})"
        )
        pair = (
            rf"(?:{over})?(?P<low>{_NUMBER})(?P<scale>[千万亿])?(?P<unit0>{units})?"
            rf"(?:{above}[，,、]?|(?:至|到|[-—－~～]+)|{tie}(?P<open>{less})|{tie}(?:{up_to}))"
            rf"(?P<high>{_NUMBER})(?P<scale2>[千万亿])?(?P<unit>{units})"
        )
        one = (
            rf"(?:(?P<less>{less})|(?P<up_to>{up_to})|(?P<over>{over}))?(?P<bound>{_NUMBER})(?P<scale3>[千万亿])?"
            rf"(?P<only>{units})(?:(?P<above>{above})|(?P<below>{below}))?"
        )
        loose = frozenset(row["words"][0] for row in rows if row.get("loose"))
        return _Units(
            kinds,
            loose,
            re.compile(figure),
            re.compile(f"(?P<whose>[男女][^，。；、]{{0,4}})?{_NO_START}(?:{pair}|{one})"),
        )
