"""Figures that a question gives as a condition (我今年62, 一共80来号人) and the bands in which rules speak of them.

A rule that holds from sixty to sixty-four years answers whoever is sixty-two, though no figure of the question stands
in it; one that holds from sixty-five on answers of somebody else, though every word of the question stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, nextafter

from kg.ask.question import Question
from kg.ask.sentences import Word
from kg.ask.text import plain
from kg.core.numerals import ARABIC, HAN_NUMBER, parse_number
from ontology.forms import Forms
from ontology.quantities import Quantity, QuantityFinder

_NUMERAL = re.compile(rf"(?<![第（(])(?:{ARABIC}|{HAN_NUMBER})")  # no label of an item: （三）, 第三条
_VAGUE = 0.9  # 二十多天 is more than twenty, and less than thirty
_WHOSE = 6  # characters before a band in which it may say whose it is
_NAMING = ("title", "policy", "quoted", "number", "article", "item", "year", "series", "body")
_GIVES = (None, "满", "多", "余", "约")  # 满8年 gives eight; 60岁以上 is a band itself, and compared by its words


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

    def _read(self, text: str) -> list[Quantity]:
        return self._units.finder.find(text) if self.given else []

    def _bands(self, text: str) -> Iterator[tuple[float, float, str]]:
        """From, to (without it) and the kind of unit of each band: 满60周岁不满65周岁, 五十人至二百人, 15日后."""
        for one in self._read(text):
            kind = self._units.kinds.get(one.unit)
            written = text[one.start : one.end]
            if kind is None or self._units.whose.search(text, max(0, one.start - _WHOSE), one.start):
                continue  # 男职工年满60周岁 is not of all
            if one.upper is not None:
                yield one.value, one.upper if self._units.open.search(written) else nextafter(one.upper, inf), kind
            elif one.is_upper:
                yield 0.0, one.value if self._units.open.search(written) else nextafter(one.value, inf), kind
            elif one.is_lower or (
                self._units.after.match(text, one.end) and text[one.start - 1 : one.start] not in "年月"
            ):
                yield one.value, inf, kind

    def _given(self, question: Question, forms: Forms) -> Iterator[Given]:
        taken = [span for span in question.spans if span.kind in _NAMING or span.kind.startswith("ask.")]
        text = _as_written(question.text, forms)
        for one in self._units.finder.find(text):
            kind = self._units.kinds.get(one.unit)
            free = not any(span.start < one.end and one.start < span.end for span in taken)
            if kind and free and one.value > 1 and one.upper is None and one.qualifier in _GIVES:
                vague = _VAGUE * 10.0 ** (len(str(int(one.value))) - 1) if one.qualifier in ("多", "余") else 0.0
                written = question.text[one.start : one.end]
                yield Given(one.value, one.value + vague, kind, written, one.written)
        for found in forms.pattern("said.age").finditer(text):
            years = parse_number(found["years"]) or 0.0
            yield Given(years, years, self._units.kinds["岁"], found["years"], found["years"])


def _as_written(text: str, forms: Forms) -> str:
    """A question with the units that documents write, each in its place: 80来号人 as 80来人."""
    for row in forms.rows("unit.spoken"):
        unit = str(row["unit"])
        for found in re.finditer(row["said"], text):
            text = text[: found.start()] + unit.ljust(len(found[0])) + text[found.end() :]
    return text


@dataclass(frozen=True, slots=True)
class _Units:
    """What reads quantities, and the units of `unit.banded`, each with the kind that it is of."""

    finder: QuantityFinder
    kinds: dict[str, str]
    loose: frozenset[str]  # kinds whose bands are limits as often as conditions: 15日内提出
    open: re.Pattern[str]
    after: re.Pattern[str]
    whose: re.Pattern[str]

    @staticmethod
    @lru_cache(maxsize=4)
    def of(forms: Forms) -> _Units:
        rows = forms.rows("unit.banded")
        return _Units(
            QuantityFinder(forms),
            {unit: row["words"][0] for row in rows for unit in row["words"]},
            frozenset(row["words"][0] for row in rows if row.get("loose")),
            *(forms.pattern(f"band.{name}") for name in ("open", "after", "whose")),
        )
