"""Near-duplicates: boilerplate (指导思想 ...) that one document took from another is shown once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from operator import add

# Share of common bigrams from which two passages count as the same text; swept by eye on the five documents.
THRESHOLD = 0.8
_DIFFERING = (1 - THRESHOLD) / THRESHOLD


@dataclass(frozen=True)
class _Shown:
    index: int
    folded: str = field(repr=False)

    @cached_property
    def characters(self) -> frozenset[str]:
        return frozenset(self.folded)

    @cached_property
    def bigrams(self) -> frozenset[str]:
        return frozenset(map(add, self.folded, self.folded[1:]))

    def repeats(self, other: _Shown) -> bool:
        # Of A and B with at least that share in common, at most (1 - share) / share of the smaller differ; and each
        # character that only one has is in a bigram that only it has. Bigrams take ten times as long to make.
        most = _DIFFERING * min(len(self.folded), len(other.folded))
        mine, theirs = self.characters, other.characters
        if abs(len(mine) - len(theirs)) > most or len(mine) + len(theirs) - 2 * len(mine & theirs) > most:
            return False
        common = len(self.bigrams & other.bigrams)
        either = len(self.bigrams) + len(other.bigrams) - common
        return either > 0 and common >= THRESHOLD * either


class Folder:
    """Remembers the passages shown and tells which earlier one a text repeats."""

    def __init__(self) -> None:
        self._shown: list[_Shown] = []

    def leader(self, folded: str, index: int) -> int | None:
        """Index of the earlier passage that a text repeats; if there is none, it is remembered as `index`.

        `folded` is the text as `normalise_aligned` gives it.
        """
        own = _Shown(index, folded)
        for other in self._shown:
            if own.repeats(other):
                return other.index
        self._shown.append(own)
        return None
