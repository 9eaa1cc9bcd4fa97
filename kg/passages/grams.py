"""Characters and bigrams of many texts at once, as integer keys: the input of the static model.

A character is its code point, a bigram `first << 20 | second`; both only within a run of Han characters, or of
Latin letters and digits. Everything is one numpy pass over the concatenated texts, because a Python loop over
characters is a hundred times slower.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.passages.folding import texts_to_codes

Ints = NDArray[np.int64]

# Han (kg.core.text.CJK), Latin letters, digits.
WORD_RANGES = (("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\uf900", "\ufaff"), ("a", "z"), ("0", "9"))
_SHIFT = 20  # a code point has at most 21 bits; Han and ASCII stay below 2**20


@dataclass(frozen=True, slots=True, repr=False)
class Grams:
    """`characters[i]` and `bigrams[i]` start at position i of the concatenated texts, 0 where there is none.

    Text n covers the positions `starts[n]:starts[n + 1]`.
    """

    characters: Ints
    bigrams: Ints
    starts: Ints


def texts_to_grams(texts: Iterable[str]) -> Grams:
    """Keys of all texts, which are normalised first (NFKC, lower case, simplified)."""
    folded, starts = texts_to_codes([*texts])
    codes = folded.astype(np.int64)
    characters = np.where(_IN_WORD.take(codes, mode="clip"), codes, 0)
    following = np.zeros_like(characters)
    following[:-1] = characters[1:]
    ends = starts[1:] - 1
    following[ends[ends >= 0]] = 0  # no bigram over the end of a text
    bigrams = np.where((characters > 0) & (following > 0), characters << _SHIFT | following, 0)
    return Grams(characters, bigrams, starts)


@lru_cache(maxsize=8)
def text_to_grams(text: str) -> Grams:
    """Keys of one text; a query is asked for them several times, and no one may change them."""
    return texts_to_grams([text])


def find(keys: Ints, wanted: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Where grams stand among `keys` (ascending), and which of them do; for the others the place says nothing."""
    place = np.searchsorted(keys, wanted)
    place[place == len(keys)] = 0
    return place, keys[place] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)


def key_of(gram: str) -> int:
    """The key of a written gram of one or two characters."""
    codes = [ord(char) for char in gram]
    return codes[0] if len(codes) == 1 else codes[0] << _SHIFT | codes[1]


def gram_of(key: int) -> str:
    """The inverse of `key_of`."""
    return chr(key) if key < 1 << _SHIFT else chr(key >> _SHIFT) + chr(key & (1 << _SHIFT) - 1)


def _table() -> NDArray[np.bool_]:
    """Which code points of the first plane are in a word; one more for all that lie behind it."""
    inside = np.zeros(0x10001, np.bool_)
    for first, last in WORD_RANGES:
        inside[ord(first) : ord(last) + 1] = True
    return inside


_IN_WORD = _table()
