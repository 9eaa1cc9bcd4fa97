"""One vector a document: the mean of its passages, less what all documents have in common.

What every document says (总则, 附则, 指导思想 ...) makes any two look alike. The mean over all documents is taken off,
the more of it the more documents there are: of a handful, the common part is their subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.core.segments import Kind, Segments
from kg.passages.embedder import Vectors
from kg.passages.keys import NUMBER_BITS
from kg.passages.vectors import Ids, VectorIndex

MEANS: Kind[bytes] = Kind("means", bytes)
"""By the number of a document, in half precision."""
_MANY = 50  # documents from which on their mean is common ground rather than a subject


@dataclass(frozen=True, slots=True, repr=False)
class DocumentVectors:
    """`numbers` (n,) ascending, as in the upper bits of passage keys; `vectors` (n, dimension), of length 1 or 0."""

    numbers: NDArray[np.int64]
    vectors: Vectors

    @classmethod
    def of_means(cls, numbers: NDArray[np.int64], means: Vectors) -> Self:
        """From plain means of passages."""
        count = len(numbers)
        if not count:
            return cls(numbers, means)
        centred = means - means.mean(axis=0) * (count / (count + _MANY))
        norms = np.linalg.norm(centred, axis=1, keepdims=True)
        return cls(numbers, np.divide(centred, norms, out=np.zeros_like(centred), where=norms > 0))

    @classmethod
    def open(cls, folder: Path, index: VectorIndex | None = None) -> Self:
        """Those of a generation: as they were saved with it, else computed from its passages, if `index` holds them."""
        try:
            return cls.of_means(*saved_means(folder))
        except FileNotFoundError:
            if index is None:
                raise EnvironmentProblem(f"索引 {folder} 不完整（缺 means）。请运行 policykg rebuild 重建") from None
            return cls.of_means(*document_means(index))

    def nearest(self, number: int, *, top: int) -> list[tuple[int, float]]:
        """The `top` nearest other documents with their cosines, best first; none for a document without passages."""
        at = int(np.searchsorted(self.numbers, number))
        if at == len(self.numbers) or self.numbers[at] != number:
            return []
        scores = self.vectors @ self.vectors[at]
        scores[at] = -np.inf
        best = np.argsort(-scores, kind="stable")[: min(top, len(scores) - 1)]
        return [(int(self.numbers[i]), float(scores[i])) for i in best]


def document_means(index: VectorIndex) -> tuple[NDArray[np.int64], Vectors]:
    """Numbers of all documents, ascending, and the mean vector of the passages of each."""
    return means_of(index.blocks(), index.dimension)


def means_of(blocks: Iterable[tuple[Ids, Vectors]], dimension: int) -> tuple[NDArray[np.int64], Vectors]:
    """The same of some rows; of a document whose rows follow one another it does not depend on what is beside them."""
    numbers: list[NDArray[np.int64]] = []
    sums: list[Vectors] = []
    counts: list[NDArray[np.int64]] = []
    for ids, rows in _undivided(blocks):
        owner = ids >> NUMBER_BITS
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        numbers.append(owner[starts])
        sums.append(np.add.reduceat(rows, starts, axis=0, dtype=np.float32))
        counts.append(np.diff(np.append(starts, len(owner))))
    if not numbers:
        return np.zeros(0, np.int64), np.zeros((0, dimension), np.float32)
    # A document may have been added in parts.
    unique, place = np.unique(np.concatenate(numbers), return_inverse=True)
    total = np.zeros((len(unique), dimension), np.float32)
    np.add.at(total, place, np.concatenate(sums))
    total /= np.bincount(place, np.concatenate(counts))[:, None]
    return unique, total


def _undivided(blocks: Iterable[tuple[Ids, Vectors]]) -> Iterator[tuple[Ids, Vectors]]:
    """The blocks, with the last document of each moved to the next one, which may begin with the rest of it."""
    waiting: tuple[Ids, Vectors] | None = None
    for ids, rows in blocks:
        if not len(ids):
            continue
        if waiting is not None:
            ids, rows = np.concatenate([waiting[0], ids]), np.concatenate([waiting[1], rows])  # noqa: PLW2901
        owner = ids >> NUMBER_BITS
        others = np.flatnonzero(owner != owner[-1])
        cut = int(others[-1]) + 1 if len(others) else 0
        if cut:
            yield ids[:cut], rows[:cut]
        waiting = ids[cut:], rows[cut:]
    if waiting is not None:
        yield waiting


def saved_means(folder: Path) -> tuple[NDArray[np.int64], Vectors]:
    """The means that a generation keeps; numbers ascend. Raises `FileNotFoundError`."""
    found = Segments.open(folder, MEANS)
    if not found.is_there:
        raise FileNotFoundError(folder)
    rows = sorted((int(number), mean) for number, mean in found.all())
    if not rows:
        return np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
    means = np.frombuffer(b"".join(mean for _, mean in rows), "<f2")
    return np.array([number for number, _ in rows], np.int64), means.reshape(len(rows), -1).astype(np.float32)


def save_document_vectors(folder: Path, index: VectorIndex) -> None:
    """Keep the means beside the index: reading all passages for them takes seconds where they are not in memory."""
    save_means(folder, *document_means(index))


def save_means(
    folder: Path,
    numbers: NDArray[np.int64],
    means: Vectors,
    *,
    previous: Path | None = None,
    gone: Iterable[int] = (),
) -> bool:
    """Keep means, in half precision, in place of those in the folder of the generation before, without some of these.

    Returns whether there were any before.
    """
    before = Segments.open(previous, MEANS) if previous is not None else Segments(MEANS)
    if previous is not None and not before.is_there:
        return False
    changes: dict[str, tuple[str, bytes] | None] = {str(number): None for number in gone}
    halves = means.astype("<f2")
    changes |= {str(n): ("", half.tobytes()) for n, half in zip(numbers.tolist(), halves, strict=True)}
    before.save(folder, changes)
    return True
