"""The product's vector index: FAISS, in parts (`kg.passages.faiss_part`), so that a publish writes what is new.

    vectors.faiss              all rows, with their signs in `vectors.faiss.bits` where the set is large

    vectors.faiss.1, .2, .5    or parts of them, each with its `.bits`,
    vectors.faiss.parts        and which of these count, and which of their rows are gone

So a program that knows of no parts finds no file, and does not take a part for all. The next generation has the same
files by hard links. Parts are put together where one is no longer small beside the one before it, so there are few,
and a row is written anew a few times in all. Up to `EXACT_LIMIT` rows all are scored. Above it the signs of all
components are scanned first (Hamming distance, 1 bit instead of 32) and the nearest `RERANK` rows are scored exactly.
Rows that are equal go by their ids, and rows lie by them in each part: what is found is the same however the rows are
divided. The rows stay on disk, mapped into memory. Figures, those of other kinds of index too, are in
docs/decisions/0004.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.core.segments import link
from kg.passages.embedder import Vectors
from kg.passages.faiss_part import Mask, Part, Range, bits_path
from kg.passages.vectors import BLOCK, Ids, check_rows

EXACT_LIMIT = 10_000  # a flat scan of 10,000 x 256 takes 0.7 ms, as long as both steps at 57,789
RERANK = 2000  # at 57,789 x 256: recall@10 1.000 and recall@200 .988 in 0.8 ms; with 1000 .958 in 0.5, flat in 3.8 ms

_BESIDE = 4  # a part is kept apart while it has less than this part of the rows of the one before it
_SMALL = 1000  # rows that are not worth two files: 1 MB at 256 dimensions
_GONE = 4  # a part is written anew when more than this part of it is gone


class FaissIndex:
    """`VectorIndex` over parts."""

    def __init__(self, dimension: int, *, exact_limit: int = EXACT_LIMIT, parts: Sequence[Part] = ()) -> None:
        self.dimension = dimension
        self._exact_limit = exact_limit
        self._parts = list(parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See `VectorIndex.add`."""
        check_rows(ids, vectors, self.dimension)
        if not len(ids):
            return
        if not self._parts or self._parts[-1].path is not None:
            self._parts.append(Part(self.dimension))
        self._parts[-1].add(ids, vectors)

    def remove(self, start: int, stop: int) -> int:
        """See `VectorIndex.remove`."""
        return sum(part.remove(start, stop) for part in self._parts)

    def search(self, query: Vectors, *, top: int, allowed: Sequence[int] | Ids | None = None) -> tuple[Ids, Vectors]:
        """See `VectorIndex.search`. Exact up to `exact_limit` rows."""
        masks: list[Mask | None] = [None] * len(self._parts)
        total = len(self)
        if allowed is not None:
            wanted = np.asarray(allowed, np.int64)
            masks = [_mask(part, wanted) for part in self._parts]
            total = sum(int(mask.sum()) for mask in masks if mask is not None)
        top = min(top, total)
        if top < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if len(self) <= self._exact_limit or (allowed is not None and total <= RERANK):
            places = [_all(part, mask) for part, mask in zip(self._parts, masks, strict=True)]
        else:
            places = self._nearest(query, min(max(RERANK, top * 2), total), masks)
        pairs = list(zip(self._parts, places, strict=True))
        scores = np.concatenate([part.scores(query, positions) for part, positions in pairs])
        ids = np.concatenate([part.ids[positions] for part, positions in pairs])
        best = _first(-scores, ids, top)
        order = best[np.lexsort((ids[best], -scores[best]))]
        return ids[order], scores[order]

    def blocks(self) -> Iterator[tuple[Ids, Vectors]]:
        """See `VectorIndex.blocks`."""
        for part in self._parts:
            alive = part.alive
            for first in range(0, part.rows_in_file, BLOCK):
                own = slice(first, first + BLOCK)
                ids, rows = part.ids[own], part.rows[own]
                yield (ids, rows) if alive is None else (ids[alive[own]], rows[alive[own]])

    def added(self) -> Iterator[tuple[Ids, Vectors]]:
        """Those rows that were added since the index was opened."""
        for part in self._parts:
            if part.path is None:
                alive = _all(part, None)
                yield part.ids[alive], part.rows[alive]

    def save(self, path: Path) -> None:
        """Write `path` and what lies beside it: parts that stay are linked, those that must be are put together.

        To be opened again before it is changed further.
        """
        total = len(self)
        parts = [part for group in _groups(self._parts) if (part := self._together(group)) is not None]
        parts = parts or [Part(self.dimension)]
        with_bits = total > self._exact_limit
        numbers = [_number(part.path) for part in self._parts if part.path is not None]
        unused = count(max(numbers, default=0) + 1)
        is_whole = len(parts) == 1 and not parts[0].gone
        listed = []
        for part in parts:
            number = next(unused) if part.path is None else _number(part.path)
            name = path.name if is_whole else f"{path.name}.{number}"
            listed.append((name, part.gone))
            if part.path is None:
                part.write(path.with_name(name), with_bits=with_bits)
            else:
                _link(part, path.with_name(name), with_bits=with_bits)
        for stale in (path, _list_path(path)):
            if stale.name not in {name for name, _ in listed}:
                stale.unlink(missing_ok=True)
        if not is_whole:
            _list_path(path).write_text(json.dumps({"parts": listed}), encoding="utf-8")

    @classmethod
    def open(cls, path: Path, *, exact_limit: int = EXACT_LIMIT) -> Self:
        """See `VectorIndex.open`; mapped in any case: files are never changed."""
        listed: list[tuple[str, list[Range]]] = [(path.name, [])]
        try:
            if _list_path(path).is_file():
                listed = json.loads(_list_path(path).read_text(encoding="utf-8"))["parts"]
        except (OSError, ValueError, KeyError) as error:
            raise EnvironmentProblem(f"向量索引 {path} 无法打开。请运行：policykg rebuild") from error
        parts = [Part.open(path.with_name(name), gone) for name, gone in listed]
        return cls(parts[0].dimension, exact_limit=exact_limit, parts=parts)

    def _nearest(self, query: Vectors, most: int, masks: Sequence[Mask | None]) -> list[Ids]:
        """Positions in each part of the `most` nearest rows of all by their signs, ascending."""
        found = [part.near(query, most, mask) for part, mask in zip(self._parts, masks, strict=True)]
        sizes = [len(positions) for positions, _ in found]
        if sum(sizes) <= most:
            return [np.sort(positions) for positions, _ in found]
        ids = np.concatenate([part.ids[at] for part, (at, _) in zip(self._parts, found, strict=True)])
        kept = np.zeros(len(ids), np.bool_)
        kept[_first(np.concatenate([distances for _, distances in found]), ids, most)] = True
        cuts = np.split(kept, np.cumsum(sizes)[:-1])
        return [np.sort(positions[cut]) for (positions, _), cut in zip(found, cuts, strict=True)]

    def _together(self, group: Sequence[Part]) -> Part | None:
        """One part of several, its rows by their ids; the same part where there is nothing to do, None without rows."""
        if len(group) == 1 and not _is_worn(group[0]):
            return group[0] if len(group[0]) else None
        kept = [(part, _all(part, None)) for part in group]
        ids = np.concatenate([part.ids[alive] for part, alive in kept])
        if not len(ids):
            return None
        starts = np.cumsum([0, *(len(alive) for _, alive in kept)])
        order = np.argsort(ids, kind="stable")
        found = Part(self.dimension)
        for first in range(0, len(order), BLOCK):  # a block at once: those of files stay there
            own = order[first : first + BLOCK]
            rows = np.empty((len(own), self.dimension), np.float32)
            for (part, alive), start, stop in zip(kept, starts, starts[1:], strict=False):
                here = (own >= start) & (own < stop)
                rows[here] = part.rows[alive[own[here] - start]]
            found.add(ids[own], rows)
        return found


def _groups(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts as they are to be put together: each group far smaller than the one before it."""
    groups: list[list[Part]] = []
    for part in parts:
        groups.append([part])
        while len(groups) > 1 and _are_one(*groups[-2:]):
            last = groups.pop()
            groups[-1] += last
    return groups


def _are_one(before: Sequence[Part], after: Sequence[Part]) -> bool:
    first, second = sum(map(len, before)), sum(map(len, after))
    return second * _BESIDE >= first or first + second <= _SMALL


def _is_worn(part: Part) -> bool:
    """Whether a part alone is to be written anew."""
    gone = part.rows_in_file - len(part)
    return not part.is_sorted or gone * _GONE > part.rows_in_file or (part.path is None and gone > 0)


def _all(part: Part, mask: Mask | None) -> Ids:
    """The positions that a mask leaves, or all that are not gone."""
    if mask is None and (mask := part.alive) is None:
        return np.arange(part.rows_in_file)
    return np.flatnonzero(mask)


def _mask(part: Part, allowed: Ids) -> Mask:
    mask = np.zeros(part.rows_in_file, np.bool_)
    mask[part.positions(allowed)] = True
    for start, stop in part.gone:
        mask[start:stop] = False
    return mask


def _first(values: NDArray[Any], ids: Ids, most: int) -> Ids:
    """The places of the `most` least values, of equal ones those with the least ids; in no order."""
    if most >= len(values):
        return np.arange(len(values))
    edge = np.partition(values, most - 1)[most - 1]
    below, equal = np.flatnonzero(values < edge), np.flatnonzero(values == edge)
    missing = most - len(below)
    if missing < len(equal):
        equal = equal[np.argsort(ids[equal], kind="stable")[:missing]]
    return np.concatenate([below, equal])


def _link(part: Part, target: Path, *, with_bits: bool) -> None:
    """The file of a part and its signs, in another folder."""
    source = part.path
    assert source is not None  # noqa: S101 - of a part that was opened
    if source != target:
        link(source, target)
    signs = bits_path(source)
    if not with_bits:
        return
    if not signs.is_file():
        part.write_bits(target)
    elif source != target:
        link(signs, bits_path(target))


def _list_path(path: Path) -> Path:
    return path.with_name(path.name + ".parts")


def _number(path: Path) -> int:
    """1 of a file that was all, the number at the end of the others."""
    end = path.suffix[1:]
    return int(end) if end.isdecimal() else 1
