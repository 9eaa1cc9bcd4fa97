"""Many texts at once: folded as one, and which words stand in which of them.

A search looks at sixty texts for some thirty words and characters each. One look-up a character in numpy takes a
tenth of the time of `str.translate` and of `in`, text by text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from kg.passages.distinct import distinct
from kg.passages.tokens import folded_character

BETWEEN = "¦"
"""Between parts and texts; in no word."""
_FOLDED = np.zeros(0x110000, np.uint32)  # filled as characters are met; 0: not met yet
_PLANE = 0x10000  # characters of words; others, behind it, are looked up one by one

Bools = NDArray[np.bool_]


def normalise_together(texts: Sequence[str]) -> list[str]:
    """`tokens.normalise_aligned` of each text."""
    codes = _codes("".join(texts))
    folded = _FOLDED.take(codes)
    unmet = codes[folded == 0]
    if len(unmet):
        for code in distinct(unmet).tolist():
            _FOLDED[code] = ord(folded_character(code))
        folded = _FOLDED.take(codes)
    whole = folded.tobytes().decode("utf-32-le", "surrogatepass")
    return [whole[start:end] for start, end in pairwise(accumulate(map(len, texts), initial=0))]


class Texts:
    """Texts without `BETWEEN` at their ends, to be asked for words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._whole = BETWEEN.join(texts)
        self._codes = _codes(self._whole)
        # The mark behind a text counts as its last character.
        lengths = [len(text) + 1 for text in texts]
        self._starts = list(accumulate(lengths, initial=0))
        self._owner = np.repeat(np.arange(len(texts)), lengths)

    def holding(self, words: Sequence[str]) -> Bools:
        """`(texts, words)`: whether the word stands in the text."""
        found = np.zeros((len(self.texts), len(words)), np.bool_)
        short: dict[str, int] = {}
        for number, word in enumerate(words):
            if 1 <= len(word) <= 2 and ord(max(word)) < _PLANE:
                short[word] = number
            else:
                found[:, number] = self.any_of((word,))
        if short:
            self._find(short, found)
        return found

    def any_of(self, words: Sequence[str]) -> Bools:
        """`(texts,)`: whether one of the words, of any length, stands in the text."""
        found = np.zeros(len(self.texts), np.bool_)
        for word in words:
            at = self._whole.find(word)
            while at >= 0:
                owner = self._owner[at]
                found[owner] = True
                at = self._whole.find(word, self._starts[owner + 1])
        return found

    def _find(self, words: Mapping[str, int], found: Bools) -> None:
        """Fill the columns of words of one or two characters."""
        letters = {letter: number for number, letter in enumerate(dict.fromkeys("".join(words)), start=1)}
        table = np.zeros(_PLANE + 1, np.uint16)
        table[[ord(letter) for letter in letters]] = list(letters.values())
        every = table.take(self._codes, mode="clip")  # a third quicker than an index, and behind the plane is zero
        place = np.flatnonzero(every)
        letter, owner = every[place], self._owner[place]
        single = np.full(len(letters) + 1, -1, np.int32)
        double = np.full((len(letters) + 1, len(letters) + 1), -1, np.int32)
        for word, column in words.items():
            if len(word) == 1:
                single[letters[word]] = column
            else:
                double[letters[word[0]], letters[word[1]]] = column
        alone = single[letter]
        found[owner[alone >= 0], alone[alone >= 0]] = True
        pairs = np.where(place[1:] == place[:-1] + 1, double[letter[:-1], letter[1:]], -1)
        found[owner[1:][pairs >= 0], pairs[pairs >= 0]] = True


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
