"""How near texts are to a question in meaning, gram by gram: what stands in them, and what stands in other words.

The grams (characters and bigrams) and their vectors are those of the built-in static model, whatever model the indexes
were made with; those of the question mean what its query table says (老板 is near 用人单位).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.passages.embedder import Vectors
from kg.passages.grams import Ints, texts_to_grams
from kg.passages.static import built_in

_BIGRAM = 1 << 20  # keys of bigrams are not smaller (`kg.passages.grams`)
_ALONE = 1 << 18  # multiplications that OpenBLAS does on one thread


class Grams:
    """The different grams of a text that the model knows: keys ascending, what each tells, its vector."""

    __slots__ = ("keys", "rows", "worth")

    def __init__(self, text: str) -> None:
        found = texts_to_grams([text])  # not the remembered ones: those are of queries
        keys: Ints = np.unique(np.concatenate([found.characters, found.bigrams]))
        keys = keys[keys > 0]
        known, rows = built_in().rows(keys)
        self.keys, self.rows = keys[known], rows[known]
        self.worth: NDArray[np.float32] = np.linalg.norm(self.rows, axis=1)

    def __len__(self) -> int:
        return len(self.keys)

    def held(self, keys: Ints, *, bigrams: bool) -> float:
        """The share of what its bigrams (or its characters) tell that stands among other keys."""
        some = (self.keys >= _BIGRAM) == bigrams
        worth = self.worth[some]
        return float(worth[np.isin(self.keys[some], keys)].sum() / max(float(worth.sum()), 1e-9))


class Nearness:
    """How near each gram of a question is to each of some texts; made once for all texts that are to be compared."""

    def __init__(self, question: Grams, texts: Sequence[Grams]) -> None:
        self.question, self.texts = question, texts
        asked = question.rows + built_in().changes(question.keys)
        self.asked = _units(asked)
        every, first = np.unique(np.concatenate([text.keys for text in texts]), return_index=True)
        rows = np.concatenate([text.rows for text in texts])[first]
        near = _products(self.asked, _units(rows))
        columns = (near[:, np.searchsorted(every, text.keys)] for text in texts)
        self._nearest = [some.max(axis=1, initial=0.0) for some in columns]

    def meant(self) -> Vectors:
        """The unit vector of the question: each different gram once, by what it tells."""
        total: Vectors = (self.asked * self.question.worth[:, None]).sum(axis=0)
        return total / max(float(np.linalg.norm(total)), 1e-9)

    def of(self, number: int, held: Ints, part: Ints | None = None) -> float:
        """How much of what a question tells (or its grams `part` alone) a text says.

        A gram that is among `held` counts whole, any other as much as the nearest gram of the text is near.
        """
        some = slice(None) if part is None else np.isin(self.question.keys, part)
        keys, worth = self.question.keys[some], self.question.worth[some]
        near = np.where(np.isin(keys, held), 1.0, self._nearest[number][some])
        return float((worth * near).sum() / max(float(worth.sum()), 1e-9))


def _units(rows: Vectors) -> Vectors:
    units: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return units


def _products(left: Vectors, right: Vectors) -> Vectors:
    """`left @ right.T`, in pieces for which BLAS starts no threads: these take longer than the sums."""
    if not len(left) or not len(right):
        return np.zeros((len(left), len(right)), np.float32)
    step = max(1, _ALONE // (len(left) * left.shape[1]))
    return np.concatenate([left @ right[at : at + step].T for at in range(0, len(right), step)], axis=1)
