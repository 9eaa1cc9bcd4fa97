"""Near-duplicates: boilerplate (指导思想 ...) that one document took from another is shown once."""

from __future__ import annotations

from operator import add

from kg.passages.tokens import normalise_aligned

# Share of common bigrams from which two passages count as the same text; swept by eye on the five documents.
THRESHOLD = 0.8


class Folder:
    """Remembers the passages shown and tells which earlier one a text repeats."""

    def __init__(self) -> None:
        self._shown: list[tuple[int, frozenset[str]]] = []

    def leader(self, text: str, index: int) -> int | None:
        """Index of the earlier passage that `text` repeats; if there is none, `text` is remembered as `index`."""
        folded = normalise_aligned(text)
        own = frozenset(map(add, folded, folded[1:]))
        for shown, other in self._shown:
            smaller, larger = sorted((len(own), len(other)))
            # Jaccard is at most the ratio of sizes: most pairs need no intersection.
            if not larger or smaller < THRESHOLD * larger:
                continue
            common = len(own & other)
            if common >= THRESHOLD * (smaller + larger - common):
                return shown
        self._shown.append((index, own))
        return None
