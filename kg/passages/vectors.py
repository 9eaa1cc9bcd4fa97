"""Nearest vectors by inner product, under integer ids: a protocol and its exact reference implementation.

`faiss_index.FaissIndex` is what the product uses; both pass one contract suite (`tests/passages/test_vectors.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kg.passages.embedder import Vectors

Ids = NDArray[np.int64]

BLOCK = 50_000  # rows handed out at once: 50 MB at 256 dimensions


class VectorIndex(Protocol):
    """Unit vectors under ids that never change. Not for several writers at once."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def __len__(self) -> int: ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows; the ids must be new. `ValueError` where numbers or dimensions do not match."""
        ...

    def remove(self, start: int, stop: int) -> int:
        """Remove all ids in `range(start, stop)`; returns how many there were."""
        ...

    def search(self, query: Vectors, *, top: int, allowed: Sequence[int] | Ids | None = None) -> tuple[Ids, Vectors]:
        """Ids and scores of the `top` best rows for one query vector `(dimension,)`, best first.

        With `allowed`, only among these ids: as many results come back as exist, up to `top`.
        """
        ...

    def blocks(self) -> Iterator[tuple[Ids, Vectors]]:
        """All ids and rows, some thousands at a time."""
        ...

    def save(self, path: Path) -> None:
        """Write to `path`."""
        ...

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read what `save` wrote, which it never changes."""
        ...


def check_rows(ids: Ids, vectors: Vectors, dimension: int) -> None:
    """Refuse rows that do not fit."""
    if vectors.shape != (len(vectors), dimension):
        raise ValueError(f"vectors of shape {vectors.shape}, expected (n, {dimension})")
    if len(ids) != len(vectors):
        raise ValueError(f"{len(ids)} ids for {len(vectors)} vectors")


class ExactIndex:
    """All inner products with numpy: the reference, and enough for some ten thousand rows."""

    def __init__(self, dimension: int) -> None:
        self._ids: Ids = np.zeros(0, np.int64)
        self._rows: Vectors = np.zeros((0, dimension), np.float32)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._rows.shape[1])

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See `VectorIndex.add`."""
        check_rows(ids, vectors, self.dimension)
        self._ids = np.concatenate([self._ids, ids])
        self._rows = np.concatenate([self._rows, vectors])

    def remove(self, start: int, stop: int) -> int:
        """See `VectorIndex.remove`."""
        keep = (self._ids < start) | (self._ids >= stop)
        removed = len(self._ids) - int(keep.sum())
        self._ids, self._rows = self._ids[keep], self._rows[keep]
        return removed

    def search(self, query: Vectors, *, top: int, allowed: Sequence[int] | Ids | None = None) -> tuple[Ids, Vectors]:
        """See `VectorIndex.search`."""
        rows, ids = self._rows, self._ids
        if allowed is not None:
            mask = np.isin(ids, np.asarray(allowed, np.int64))
            rows, ids = rows[mask], ids[mask]
        scores = rows @ query
        order = np.argsort(-scores, kind="stable")[:top]
        return ids[order], scores[order]

    def blocks(self) -> Iterator[tuple[Ids, Vectors]]:
        """See `VectorIndex.blocks`."""
        for first in range(0, len(self), BLOCK):
            yield self._ids[first : first + BLOCK], self._rows[first : first + BLOCK]

    def save(self, path: Path) -> None:
        """See `VectorIndex.save`."""
        with path.open("wb") as file:
            np.savez(file, ids=self._ids, rows=self._rows)

    @classmethod
    def open(cls, path: Path) -> Self:
        """See `VectorIndex.open`; always read whole."""
        data = np.load(path)
        index = cls(data["rows"].shape[1])
        index._ids, index._rows = data["ids"], data["rows"]
        return index
