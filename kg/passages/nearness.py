"""How near texts are to a question in meaning, gram by gram: what stands in them, and what stands in other words.

The grams (characters and bigrams) and their vectors are those of the built-in static model, whatever model the indexes
were made with; those of the question mean what its query table says (老板 is near 用人单位).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.passages.embedder import Vectors
from kg.passages.grams import Ints, find, texts_to_grams
from kg.passages.static import built_in

_BIGRAM = 1 << 20  # keys of bigrams are not smaller (`kg.passages.grams`)
_ALONE = 1 << 18  # multiplications that OpenBLAS does on one thread

Bools = NDArray[np.bool_]


class Grams:
    """The different grams of a text that the model knows: keys ascending, what each tells, its vector."""

    __slots__ = ("keys", "rows", "total", "worth")

    def __init__(self, keys: Ints, rows: Vectors) -> None:
        self.keys, self.rows = keys, rows
        self.worth: NDArray[np.float32] = np.linalg.norm(rows, axis=1)
        self.total: Vectors = rows.sum(axis=0)

    @classmethod
    def of(cls, texts: Iterable[str]) -> dict[str, Grams]:
        """Those of each different text."""
        written = list(dict.fromkeys(texts))
        found = texts_to_grams(written)  # not the remembered ones: those are of queries
        keys: list[Ints] = []
        for a, b in pairwise(found.starts.tolist()):
            every = np.concatenate([found.characters[a:b], found.bigrams[a:b]])
            every.sort()
            keys.append(every[np.flatnonzero(np.diff(every, prepend=0))])  # different ones; 0 is no gram
        ends = np.cumsum([len(some) for some in keys])[:-1]
        known, rows = built_in().rows(np.concatenate(keys) if keys else np.zeros(0, np.int64))
        parts = zip(written, keys, np.split(known, ends), np.split(rows, ends), strict=True) if keys else ()
        return {text: cls(some[here], vectors[here]) for text, some, here, vectors in parts}

    def __len__(self) -> int:
        return len(self.keys)

    def among(self, keys: Ints) -> Bools:
        """Which of its grams stand among other keys (ascending)."""
        return find(keys, self.keys)[1]


class Nearness:
    """What each of some texts says of a question, gram by gram, itself and with what stands `around` it.

    `in_text`, `in_both` `(texts, grams of the question)`: which of the grams stand there; `nearest`, of the same shape:
    how near the nearest gram of the text itself is to each.
    """

    def __init__(self, question: Grams, texts: Sequence[Grams], around: Sequence[Grams]) -> None:
        self.question = question
        self.in_text: Bools = np.stack([question.among(text.keys) for text in texts])
        self.in_both: Bools = self.in_text | np.stack([question.among(text.keys) for text in around])
        self.asked = _units(question.rows + built_in().changes(question.keys))
        _, first, where = np.unique(
            np.concatenate([text.keys for text in texts]), return_index=True, return_inverse=True
        )
        near = _products(self.asked, _units(np.concatenate([text.rows for text in texts])[first]))
        ends = np.cumsum([len(text) for text in texts])
        parts = np.split(where, ends[:-1])
        self.nearest: Vectors = np.stack([near[:, part].max(axis=1, initial=0.0) for part in parts])
        total: Vectors = (self.asked * question.worth[:, None]).sum(axis=0)
        self.meant: Vectors = total / max(float(np.linalg.norm(total)), 1e-9)
        """The unit vector of the question: each different gram once, by what it tells."""

    def cosines(self, *parts: Sequence[Grams]) -> Vectors:
        """How near each text, of which `parts` are the parts, is to the question as a whole."""
        totals = np.sum([[text.total for text in some] for some in parts], axis=0)
        cosines: Vectors = (totals * self.meant).sum(axis=1) / np.maximum(np.linalg.norm(totals, axis=1), 1e-9)
        return cosines

    def shares(self) -> list[list[float]]:
        """For each text how much of what the question tells it says, itself and with what stands around it.

        In meaning: a gram that stands there counts whole, any other as much as the nearest gram of the text itself is
        near. Then what stands there of the bigrams, and of the characters.
        """
        worth, pairs = self.question.worth, self.question.keys >= _BIGRAM
        held = (self.in_text, self.in_both)
        soft = [_share(np.where(some, 1.0, self.nearest), worth) for some in held]
        kept = [_share(some[:, of], worth[of]) for of in (pairs, ~pairs) for some in held]
        return [list(row) for row in zip(*(column.tolist() for column in (*soft, *kept)), strict=True)]

    def held_by(self, texts: Sequence[Grams]) -> Vectors:
        """The share of what the bigrams of the question tell that stands in other texts."""
        some = self.question.keys >= _BIGRAM
        return _share(np.stack([self.question.among(text.keys)[some] for text in texts]), self.question.worth[some])

    def said_of(self, number: int, part: Ints, *, around: bool = True) -> float:
        """How much of what those grams of the question tell that are in `part` (ascending) one text says."""
        some = self.question.among(part)
        held = (self.in_both if around else self.in_text)[number, some]
        soft = np.where(held, 1.0, self.nearest[number, some])
        return float(_share(soft[None], self.question.worth[some])[0])


def _share(said: Vectors | Bools, worth: Vectors) -> Vectors:
    shares: Vectors = (said * worth).sum(axis=1) / max(float(worth.sum()), 1e-9)
    return shares


def _units(rows: Vectors) -> Vectors:
    units: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return units


def _products(left: Vectors, right: Vectors) -> Vectors:
    """`left @ right.T`, in pieces for which BLAS starts no threads: these take longer than the sums."""
    if not len(left) or not len(right):
        return np.zeros((len(left), len(right)), np.float32)
    step = max(1, _ALONE // (len(left) * left.shape[1]))
    return np.concatenate([left @ right[at : at + step].T for at in range(0, len(right), step)], axis=1)
