"""`normalise` and `terms` of many texts at once: one numpy pass over all of them.

Nearly all characters fold to one character whatever stands beside them (，-> , 國 -> 国). A text with another
one (… is three dots, a mark of its own joins the letter before it) goes the way of `kg.passages.tokens`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.passages.distinct import distinct
from kg.passages.tokens import normalise, terms

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]

_PLANE = 0x10000
_UNKNOWN, _HARD = 0xFFFFFFFF, 0xFFFFFFFE  # not asked for yet; folds to several, or otherwise beside others
_JAMO = (0x1100, 0x11FF)  # join to syllables
_SIGMA = 0x3A3  # another small letter at the end of a word
_HAN, _LETTER, _DIGIT, _DOT = 1, 2, 3, 4
_BLANK = ord(" ")


def texts_to_codes(texts: Sequence[str]) -> tuple[Codes, Ints]:
    """The code points `(n,)` of all texts as `normalise` gives them, one behind the other, and where each begins.

    Text n covers `starts[n]:starts[n + 1]`.
    """
    codes, starts, hard = _folded(texts)
    if not len(hard):
        return codes, starts
    parts = [codes[a:b] for a, b in pairwise(starts)]
    for number in hard:
        parts[number] = _codes(normalise(texts[number]))
    starts = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) for part in parts], out=starts[1:])
    return np.concatenate(parts), starts


def presplit_all(texts: Sequence[str]) -> list[str]:
    """`presplit` of each text."""
    codes, starts, hard = _folded(texts)
    kinds = _KINDS.take(codes, mode="clip")
    kinds[codes == _HARD] = 0
    # A point between digits belongs to the number; 1.2.3 is 1.2 and 3, which takes a look from the left.
    dots = np.flatnonzero(kinds == _DOT)
    before, behind = kinds.take(dots - 1, mode="wrap"), kinds.take(dots + 1, mode="wrap")
    own = ~np.isin(dots, starts) & ~np.isin(dots + 1, starts)  # not over the edge of a text
    inner = dots[(before == _DIGIT) & (behind == _DIGIT) & own]
    kinds[dots] = 0
    kinds[inner] = _DIGIT
    slow = {*hard.tolist(), *_owners(inner, starts).tolist()} if len(inner) > 1 else set(hard.tolist())
    after = np.zeros_like(kinds)
    after[:-1] = kinds[1:]
    ends = starts[1:] - 1
    after[ends[ends >= 0]] = 0  # nothing goes on over the end of a text
    goes_on = (kinds == after) & (kinds > 0)
    went_on = np.zeros_like(goes_on)
    went_on[1:] = goes_on[:-1]
    is_han = kinds == _HAN
    rows = np.zeros((len(codes), 3), np.uint32)
    rows[:, 0] = np.where((kinds > 0) & ~(is_han & ~goes_on & went_on), codes, 0)
    pair = is_han & goes_on
    rows[:-1, 1] = np.where(pair[:-1], codes[1:], 0)
    rows[:, 2] = np.where((rows[:, 0] > 0) & (pair | ~goes_on), _BLANK, 0)
    flat = rows.reshape(-1)
    kept = flat > 0
    text = flat[kept].tobytes().decode("utf-32-le", "surrogatepass")
    places = np.zeros(len(flat) + 1, np.int64)
    np.cumsum(kept, out=places[1:])
    cuts = places[starts * 3].tolist()
    return [
        " ".join(terms(texts[number])) if number in slow else text[a:b].rstrip(" ")
        for number, (a, b) in enumerate(pairwise(cuts))
    ]


def _folded(texts: Sequence[str]) -> tuple[Codes, Ints, Ints]:
    """Folded code points with where the texts begin, and the numbers of texts in which some are `_HARD`."""
    codes = _codes("".join(texts))
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=starts[1:])
    folded = _FOLDED.take(codes, mode="clip")
    unknown = folded == _UNKNOWN
    if unknown.any():
        for code in distinct(codes[unknown]).tolist():
            _FOLDED[code] = _fold(code)
        folded = _FOLDED.take(codes, mode="clip")
    return folded, starts, _owners(np.flatnonzero(folded == _HARD), starts)


def _owners(places: Ints, starts: Ints) -> Ints:
    """The numbers of the texts in which some positions are."""
    return distinct(np.searchsorted(starts, places, side="right") - 1)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _fold(code: int) -> int:
    char = chr(code)
    first = unicodedata.normalize("NFKD", char)[0]
    joins = unicodedata.combining(first) or unicodedata.category(first)[0] == "M"
    if joins or _JAMO[0] <= ord(first) <= _JAMO[1] or code == _SIGMA:
        return _HARD
    folded = normalise(char)
    return ord(folded) if len(folded) == 1 else _HARD


def _kinds() -> NDArray[np.uint8]:
    """What each code point of the first plane is a part of: a Chinese word, one in letters, a number."""
    kinds = np.zeros(_PLANE + 1, np.uint8)
    for first, last in (("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\uf900", "\ufaff")):  # kg.core.text.CJK
        kinds[ord(first) : ord(last) + 1] = _HAN
    kinds[ord("a") : ord("z") + 1] = _LETTER
    plane = np.arange(_PLANE, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    kinds[[ord(char) for char in re.findall(r"\d", plane)]] = _DIGIT
    kinds[ord(".")] = _DOT
    return kinds


_KINDS = _kinds()
_FOLDED = np.full(_PLANE + 1, _UNKNOWN, np.uint32)
_FOLDED[_PLANE] = _HARD  # whatever lies behind the first plane
