"""A ranking of passages, as the arms hand it on: two arrays, because a search handles some hundred of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passage keys (`kg.passages.keys`) and their scores, both `(n,)`, best first; keys occur once."""

    keys: Keys
    scores: Scores

    def __len__(self) -> int:
        return len(self.keys)

    def top(self, count: int) -> Ranking:
        """The best `count`."""
        return Ranking(self.keys[:count], self.scores[:count])

    def after(self, count: int) -> Ranking:
        """All but the best `count`."""
        return Ranking(self.keys[count:], self.scores[count:])

    def where(self, kept: NDArray[np.bool_]) -> Ranking:
        """Those that `kept` (n,) marks, in their order."""
        return Ranking(self.keys[kept], self.scores[kept])

    @classmethod
    def of(cls, keys: object, scores: object) -> Ranking:
        """Sort by score, equal ones by key, so that results never depend on the order of arrival."""
        keys_, scores_ = np.asarray(keys, np.int64), np.asarray(scores, np.float64)
        order = np.lexsort((keys_, -scores_))
        return cls(keys_[order], scores_[order])


EMPTY = Ranking(np.zeros(0, np.int64), np.zeros(0, np.float64))
