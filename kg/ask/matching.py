"""Words of a question to needles: the stretches of them that titles and activities hold, for a query to ask for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from kg.ask.form import Needle
from kg.ask.sentences import LONE, Word, stretches_uncovered

_ENOUGH = 0.82  # of a word must stand in the text
_PAIR = 2
_PAIRS = (_ENOUGH - LONE) / (2 - 2 * LONE)
"""Of pairs for each character: so many stretches of two cover enough, where all other characters stand there alone."""

_LOOKED_THROUGH = 60  # characters and pairs that all texts are looked through for before a table pays


class Texts:
    """Texts in plain form by their numbers, with those that have a character or a pair of characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(texts)
        self._holding: dict[str, list[int]] = {}
        self._is_table = False

    def speaking_of(self, word: Word) -> set[int]:
        """The numbers of those that may hold enough of a word: by the pairs of characters in one of its wordings.

        A word of two characters may stand for longer ones, one that denies may be denied in other words.
        """
        found: set[int] = set()
        if len(word.text) == _PAIR:
            found.update(self._with(word.text[0]))
        for wording in filter(None, word.wordings):
            grams = set(_grams(wording))
            least = 1 if word.denying else min(len(grams), math.ceil(_PAIRS * len(wording)))
            if least <= 1:
                found.update(number for gram in grams for number in self._with(gram))
            else:
                counts = Counter(number for gram in grams for number in self._with(gram))
                found.update(number for number, count in counts.items() if count >= least)
        return found

    def _with(self, gram: str) -> Sequence[int]:
        if not self._is_table and gram not in self._holding:
            if len(self._holding) >= _LOOKED_THROUGH:
                self._make_table()
            else:
                self._holding[gram] = [number for number, text in enumerate(self.texts) if gram in text]
        return self._holding.get(gram, ())

    def _make_table(self) -> None:
        """Of all characters and pairs: one question is answered sooner without it, many sooner with it."""
        holding: dict[str, list[int]] = {}
        for number, text in enumerate(self.texts):
            for gram in {*text, *map("".join, pairwise(text))}:
                holding.setdefault(gram, []).append(number)
        self._holding, self._is_table = holding, True


def _grams(wording: str) -> list[str]:
    return [wording[at : at + _PAIR] for at in range(len(wording) - 1)] or [wording]


def words_to_needles(
    words: Sequence[Word], texts: Texts, numbers: Iterable[int], written: Callable[[int], str]
) -> tuple[Needle, ...] | None:
    """Needles for all words, cut as the text that covers them best has them; None where no text covers each.

    Of `texts` those with the `numbers` are looked at; `written` gives one as it is written: a query compares with the
    text as it is, so needles are cut from that.
    """
    if not words:
        return None
    best: tuple[float, str] | None = None
    telling = sorted(words, key=lambda word: -word.weight)  # the first that a text lacks saves all others
    speaking = set.intersection(*(texts.speaking_of(word) for word in words))
    for number in filter(speaking.__contains__, numbers):
        flat, total = texts.texts[number], 0.0
        for word in telling:
            share = word.covered(flat)
            if share < _ENOUGH:
                break
            total += share
        else:
            if (best is None or total > best[0]) and not any(stretches_uncovered(word, flat) for word in words):
                best = (total, written(number))
    if best is None:
        return None
    lowered = best[1].lower()
    out = [needle for word in words for needle in _pieces(word, lowered)]
    return tuple(dict.fromkeys(out))


def _pieces(word: Word, text: str) -> list[Needle]:
    """The longest stretches of the best wording that stand in the text as it is written."""
    wording = max(word.wordings, key=lambda w: (word_share(w, text), w == word.text))
    pieces, at = [], 0
    while at < len(wording):
        length = next((n for n in range(len(wording) - at, 0, -1) if wording[at : at + n] in text), 0)
        if length > 1 or (length == 1 and len(wording) == 1):
            pieces.append(Needle((wording[at : at + length],)))
        at += max(length, 1)
    return pieces


def word_share(word: str, text: str) -> float:
    """The share of a word's characters that stand in the text in stretches of two or more."""
    got, at = 0, 0
    while at < len(word):
        length = next((n for n in range(len(word) - at, 1, -1) if word[at : at + n] in text), 0)
        got += length
        at += max(length, 1)
    return got / max(len(word), 1)
