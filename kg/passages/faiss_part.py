"""One file of vectors in FAISS. The only module that imports it.

A part is made of rows that are added, or mapped from its file and then never changed: rows that go are `gone`, and the
file is shared by hard links with the generations before and after.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.passages.embedder import Vectors
from kg.passages.vectors import Ids

if TYPE_CHECKING:
    import faiss

Mask = NDArray[np.bool_]
Range = tuple[int, int]

_ASKED_BESIDE = (
    500  # rows gone up to which more are asked for, and those dropped: a selector costs .2 ms of 1 at 163,000
)


def _faiss() -> Any:
    import faiss

    # A single query is faster on one thread than on two (measured), and leaves the other core to the lexical arm.
    faiss.omp_set_num_threads(1)
    return faiss


class Part:
    """`IndexIDMap(IndexFlatIP)`, with the signs of all components beside it where they are asked for.

    `path` is the file that it was mapped from, None for one in memory. Positions count the rows of the part.
    """

    def __init__(self, dimension: int, *, index: Any = None, bits: Any = None, path: Path | None = None) -> None:
        library = _faiss()
        self._index: faiss.IndexIDMap = index or library.IndexIDMap(library.IndexFlatIP(dimension))
        self._bits: faiss.IndexBinaryFlat | None = bits
        self.path = path
        self.gone: list[Range] = []  # half-open, of positions

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows to a part in memory."""
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64))
        for name in ("ids", "rows", "is_sorted", "_order"):
            self.__dict__.pop(name, None)
        self._bits = None

    @classmethod
    def open(cls, path: Path, gone: Iterable[Range] = ()) -> Self:
        """Map a file. Raises `EnvironmentProblem`."""
        library = _faiss()
        flags = library.IO_FLAG_MMAP_IFC
        try:
            index = library.read_index(str(path), flags)
            has_bits = bits_path(path).is_file()
            bits = _counting(library.read_index_binary(str(bits_path(path)), flags)) if has_bits else None
        except RuntimeError as error:
            raise EnvironmentProblem(f"向量索引 {path} 无法打开。请运行：policykg rebuild") from error
        part = cls(index.d, index=index, bits=bits, path=path)
        part.gone = [(int(start), int(stop)) for start, stop in gone]
        return part

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def rows_in_file(self) -> int:
        """How many rows there are, those that are gone too."""
        return int(self._index.ntotal)

    def __len__(self) -> int:
        return self.rows_in_file - sum(stop - start for start, stop in self.gone)

    @cached_property
    def ids(self) -> Ids:
        """The ids of all rows."""
        ids: Ids = _faiss().vector_to_array(self._index.id_map)
        return ids

    @cached_property
    def rows(self) -> Vectors:
        """A view of FAISS' own (mapped) memory."""
        library = _faiss()
        flat = library.downcast_index(self._index.index)
        shape = (self.rows_in_file, self.dimension)
        if not shape[0]:
            return np.zeros(shape, np.float32)
        rows: Vectors = library.rev_swig_ptr(flat.get_xb(), shape[0] * shape[1]).reshape(shape)
        return rows

    @cached_property
    def is_sorted(self) -> bool:
        """Whether ids ascend; files of older versions have changed documents at their end."""
        return bool((self.ids[1:] > self.ids[:-1]).all())

    @property
    def alive(self) -> Mask | None:
        """Which rows are not gone; None where none is."""
        if not self.gone:
            return None
        mask = np.ones(self.rows_in_file, np.bool_)
        for start, stop in self.gone:
            mask[start:stop] = False
        return mask

    def remove(self, start: int, stop: int) -> int:
        """Note as gone all ids in `range(start, stop)`; returns how many there were."""
        if self.is_sorted:
            first, last = np.searchsorted(self.ids, (start, stop)).tolist()
            found = [(first, last)] if first < last else []
        else:
            inside = (self.ids >= start) & (self.ids < stop)
            edges = np.flatnonzero(np.diff(inside, prepend=False, append=False)).tolist()
            found = list(zip(edges[::2], edges[1::2], strict=True))
        before = len(self)
        self.gone = _joined([*self.gone, *found])
        return before - len(self)

    def near(self, query: Vectors, count: int, mask: Mask | None) -> tuple[Ids, NDArray[np.int32]]:
        """Positions of the `count` nearest rows by their signs, with their distances; the first where they are equal.

        Only among those of `mask`, which leaves out what is gone; None for all that are not.
        """
        beside = self.rows_in_file - len(self) if mask is None else 0
        if beside > _ASKED_BESIDE:
            mask, beside = self.alive, 0
        count = min(count, len(self) if mask is None else int(mask.sum()))
        if not count:
            return np.zeros(0, np.int64), np.zeros(0, np.int32)
        params, _keep = _parameters(mask)
        packed = np.packbits(query[None] > 0, axis=1)
        distances, positions = self._signs().search(packed, count + beside, params=params)
        found, at = positions[0], distances[0]
        kept = found >= 0
        if beside and (alive := self.alive) is not None:
            kept &= alive[found]
        return found[kept][:count], at[kept][:count]

    def scores(self, query: Vectors, positions: Ids) -> Vectors:
        """Exact scores of some rows; `positions` ascend, which is kind to a mapped file."""
        library = _faiss()
        positions = np.ascontiguousarray(positions, np.int64)
        query = np.ascontiguousarray(query, np.float32)
        scores: Vectors = np.empty(len(positions), np.float32)
        # Not `rows[positions] @ query`: that copies the rows, and numpy's BLAS starts threads, which on a busy machine
        # take longer than the work.
        library.fvec_inner_products_by_idx(
            library.swig_ptr(scores),
            library.swig_ptr(query),
            library.downcast_index(self._index.index).get_xb(),
            library.swig_ptr(positions),
            *(self.dimension, 1, len(positions)),
        )
        return scores

    def positions(self, ids: Ids) -> Ids:
        """Where ids stand, those that are here; what is gone among them."""
        order, ascending = self._order
        if not len(ascending):
            return np.zeros(0, np.int64)
        place = np.searchsorted(ascending, ids)
        place[place == len(ascending)] = 0
        found: Ids = place[ascending[place] == ids]
        return found if order is None else np.asarray(order[found])

    def write(self, path: Path, *, with_bits: bool) -> None:
        """Write to `path`, and the signs beside it where they are wanted; what stood there is not overwritten in place.

        Generations share files by hard links, and a reader has them mapped.
        """
        library = _faiss()
        for file in (path, bits_path(path)):
            file.unlink(missing_ok=True)
        library.write_index(self._index, str(path))
        if with_bits:
            self.write_bits(path)

    def write_bits(self, path: Path) -> None:
        """Write the signs beside the file `path`."""
        _faiss().write_index_binary(self._signs(), str(bits_path(path)))

    @cached_property
    def _order(self) -> tuple[Ids | None, Ids]:
        if self.is_sorted:
            return None, self.ids
        order = np.argsort(self.ids, kind="stable")
        return order, self.ids[order]

    def _signs(self) -> faiss.IndexBinaryFlat:
        if self._bits is None:
            self._bits = _counting(_faiss().IndexBinaryFlat(self.dimension))
            for first in range(0, self.rows_in_file, 100_000):
                self._bits.add(np.packbits(self.rows[first : first + 100_000] > 0, axis=1))
        return self._bits


def bits_path(path: Path) -> Path:
    """Where the signs of a file of vectors lie."""
    return path.with_name(path.name + ".bits")


def _joined(ranges: list[Range]) -> list[Range]:
    """The same positions in ranges that ascend and do not touch."""
    out: list[Range] = []
    for start, stop in sorted(ranges):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        else:
            out.append((start, stop))
    return out


def _parameters(mask: Mask | None) -> tuple[Any, Any]:
    """Search parameters, and the buffer that must live as long as they do."""
    if mask is None:
        return None, None
    library = _faiss()
    buffer = np.packbits(mask, bitorder="little")
    selector = library.IDSelectorBitmap(len(mask), library.swig_ptr(buffer))
    return library.SearchParameters(sel=selector), (buffer, selector)


def _counting(bits: Any) -> Any:
    """Sort the few possible distances by counting: half the time of FAISS' default, a heap, at 2,000 of 57,789."""
    bits.use_heap = False
    return bits
