"""Signs that a passage answers a query, beside the scores of the two arms.

Of the document, for all candidates: whether it is of the place and the year that are asked for, and whether a later
edition is held. Of the text, for the best of them: how much of the query it covers together with its title and its
headings, in words and in single characters (补助 for 补), and whether it holds what an answer must (罚款 for 罚多少).
Weights: docs/decisions/0004.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.core.model import Passage
from kg.passages.asked import NONE, Laws
from kg.passages.characters import telling_characters
from kg.passages.held import Held
from kg.passages.presence import BETWEEN, Bools, Texts, normalise_together
from kg.passages.query import Query
from kg.passages.ranking import Keys, Scores
from kg.passages.tokens import terms, word_terms

Signs = NDArray[np.float64]

OTHER = 0.9  # what a word counts that a text has in another wording
_LONGEST = 1200  # characters of a text in which patterns are looked for


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign is worth; the scores of an arm are relative to its best, coverage and what is held up to 1."""

    lexical: float
    vector: float
    coverage: float
    characters: float
    holds: float
    place: float = 0.55
    elsewhere: float = -0.52
    nation: float = -0.02
    year: float = 0.64
    superseded: float = -0.3
    asked: float = 0.0


# The first, for models that no questions have taught, was fitted by softmax over the candidates on 183 questions about
# policies among 164,000 passages; characters were added later. The second, for a model that questions taught, on 7,200
# questions in everyday speech, formal ones and key words, with models that never saw their documents
# (`benchmarks/fit_search.py`); `superseded` stands as it was: these questions were written for single documents, old
# ones among them, and who asks wants what is in force.
PLAIN = Weights(lexical=0.84, vector=1.1, coverage=3.7, characters=3.0, holds=0.52)
TAUGHT = Weights(
    lexical=1.02, vector=2.79, coverage=1.97, characters=2.85, holds=0.25, place=0.61, elsewhere=-0.7, nation=-0.41,
    year=0.55, asked=0.12,
)  # fmt: skip


def document_signs(query: Query, keys: Keys, held: Held, laws: Laws = NONE) -> Signs:
    """`(n, 6)`: of the place, of another place, of no place, of the year, superseded, how much is asked about it."""
    at = held.places_of(keys)
    out = np.zeros((len(keys), 6))
    places = held.named_places(query.text)
    if len(places):
        own, nowhere = held.of_places(at, places)
        out[:, 0], out[:, 1], out[:, 2] = own, ~own & ~nowhere, ~own & nowhere
    if query.years:
        out[:, 3] = held.of_years(at, query.years)
    out[:, 4] = held.superseded(at)
    if laws and not len(places):  # who names a place asks for its own rules
        out[:, 5] = held.asked(at, laws)
    return out


def document_scores(signs: Signs, weights: Weights) -> Scores:
    """What they add."""
    values = (weights.place, weights.elsewhere, weights.nation, weights.year, weights.superseded, weights.asked)
    scores: Scores = signs @ np.array(values)
    return scores


class TextSigns:
    """Coverage in words and in characters, and what is held, for one query."""

    def __init__(self, query: Query, weight: Callable[[str], float]) -> None:
        own = list(dict.fromkeys(terms(query.text)))
        worth = [max(weight(term), 0.0) for term in own]
        total = sum(worth) or 1.0
        self._units = {term: value / total for term, value in zip(own, worth, strict=True)}
        characters = telling_characters(query.said)
        whole = sum(characters.values()) or 1.0
        self._characters = {character: value / whole for character, value in characters.items()}
        words = dict.fromkeys((*self._units, *self._characters))  # 年 is a word and a character
        self._columns = {word: column for column, word in enumerate(words)}
        self._others = [(frozenset(word_terms(item.word)), item.others) for item in query.alternatives]
        self._holds = [_pattern(source) for source in query.holds]

    def of(self, titles: Sequence[str], passages: Sequence[Passage]) -> tuple[Signs, list[str]]:
        """`(n, 3)`: coverage in words, in characters, what is held, each between 0 and 1; and the folded texts.

        `titles` are those of the documents of the passages, folded as the texts are by `normalise_aligned`.
        """
        parts = normalise_together([BETWEEN.join((*p.heading_path, p.text)) for p in passages])
        folded = [part[len(part) - len(p.text) :] for part, p in zip(parts, passages, strict=True)]
        around = Texts([f"{title}{BETWEEN}{part}" for title, part in zip(titles, parts, strict=True)])
        found = around.holding(list(self._columns))
        signs = np.zeros((len(passages), 3))
        signs[:, 0] = self._covered(around, found)
        signs[:, 1] = self._share(self._characters, found)
        if self._holds:
            signs[:, 2] = [
                sum(bool(pattern.search(text[:_LONGEST])) for pattern in self._holds) / len(self._holds)
                for text in folded
            ]
        return signs, folded

    def _covered(self, around: Texts, found: Bools) -> Scores:
        covered = self._share(self._units, found)
        others = [(units, texts) for units, words in self._others if (texts := around.any_of(words)).any()]
        if others:
            for text in np.flatnonzero(covered < 1).tolist():
                covered[text] += self._by_others([units for units, texts in others if texts[text]], found[text])
        return np.minimum(covered, 1.0)

    def _share(self, values: Mapping[str, float], found: Bools) -> Scores:
        """What the words found are worth together; added one after the other, so that equal texts have equal sums."""
        if not values:
            return np.zeros(len(found))
        worth = found[:, [self._columns[word] for word in values]] * np.array(list(values.values()))
        total: Scores = worth.cumsum(axis=1)[:, -1]
        return total

    def _by_others(self, written: Sequence[frozenset[str]], found: Bools) -> float:
        """What the words add that a text has in another wording; `written` are the units of those words."""
        missing = {
            unit: self._units[unit]
            for unit in frozenset().union(*written)
            if unit in self._units and not found[self._columns[unit]]
        }
        got = 0.0
        for units in written:
            if any(unit in missing for unit in units):
                got += OTHER * sum(missing.pop(unit, 0.0) for unit in units)
        return got


def text_scores(signs: Signs, weights: Weights) -> Scores:
    """What they add."""
    scores: Scores = weights.coverage * signs[:, 0] + weights.characters * signs[:, 1] + weights.holds * signs[:, 2]
    return scores


@lru_cache(maxsize=64)
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)
