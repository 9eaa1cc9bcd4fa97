"""The product's vector index: FAISS. The only module that imports it.

Up to `EXACT_LIMIT` rows a flat scan, which is exact. Above it the signs of all components are scanned first
(Hamming distance, 1 bit instead of 32) and the nearest `RERANK` rows are scored exactly. The rows stay on disk,
mapped into memory. Figures, those of other kinds of index too, are in docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.passages.embedder import Vectors
from kg.passages.vectors import BLOCK, Ids, check_rows

if TYPE_CHECKING:
    import faiss

EXACT_LIMIT = 10_000  # a flat scan of 10,000 x 256 takes 0.7 ms, as long as both steps at 57,789
RERANK = 2000  # at 57,789 x 256: recall@10 1.000 and recall@200 .988 in 0.8 ms; with 1000 .958 in 0.5, flat in 3.8 ms


def _faiss() -> Any:
    import faiss

    # A single query is faster on one thread than on two (measured), and leaves the other core to the lexical arm.
    faiss.omp_set_num_threads(1)
    return faiss


class FaissIndex:
    """`VectorIndex` over `IndexIDMap2(IndexFlatIP)`, with a sign-bit index beside it for large sets."""

    def __init__(self, dimension: int, *, exact_limit: int = EXACT_LIMIT, index: Any = None, bits: Any = None) -> None:
        library = _faiss()
        self._exact_limit = exact_limit
        self._index: faiss.IndexIDMap2 = index or library.IndexIDMap2(library.IndexFlatIP(dimension))
        self._bits: faiss.IndexBinaryFlat | None = bits

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See `VectorIndex.add`."""
        check_rows(ids, vectors, self.dimension)
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64))
        self._forget()

    def remove(self, start: int, stop: int) -> int:
        """See `VectorIndex.remove`."""
        removed = int(self._index.remove_ids(_faiss().IDSelectorRange(start, stop)))
        self._forget()
        return removed

    def search(self, query: Vectors, *, top: int, allowed: Sequence[int] | Ids | None = None) -> tuple[Ids, Vectors]:
        """See `VectorIndex.search`. Exact up to `exact_limit` rows."""
        total = len(self)
        mask: NDArray[np.bool_] | None = None
        if allowed is not None:
            mask = np.zeros(total, np.bool_)
            mask[self._positions(np.asarray(allowed, np.int64))] = True
            total = int(mask.sum())
        top = min(top, total)
        if top < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if mask is not None and total <= RERANK:
            positions, scores = self._best(np.flatnonzero(mask), query, top)
        elif len(self) <= self._exact_limit:
            positions, scores = self._scan(query, top, mask)
        else:
            positions, scores = self._scan_bits(query, top, total, mask)
        return self._ids[positions], scores

    def blocks(self) -> Iterator[tuple[Ids, Vectors]]:
        """See `VectorIndex.blocks`."""
        for first in range(0, len(self), BLOCK):
            yield self._ids[first : first + BLOCK], self._rows[first : first + BLOCK]

    def save(self, path: Path) -> None:
        """Write `path`, and `path` with `.bits` added where the set is large."""
        library = _faiss()
        library.write_index(self._index, str(path))
        if len(self) > self._exact_limit:
            library.write_index_binary(self._sign_bits(), str(_bits_path(path)))

    @classmethod
    def open(cls, path: Path, *, writable: bool = False, exact_limit: int = EXACT_LIMIT) -> Self:
        """See `VectorIndex.open`."""
        library = _faiss()
        try:
            flags = 0 if writable else library.IO_FLAG_MMAP_IFC
            index = library.read_index(str(path), flags)
            has_bits = not writable and _bits_path(path).is_file()
            bits = _counting(library.read_index_binary(str(_bits_path(path)), flags)) if has_bits else None
        except RuntimeError as error:
            raise EnvironmentProblem(f"向量索引 {path} 无法打开。请运行：policykg rebuild") from error
        return cls(index.d, exact_limit=exact_limit, index=index, bits=bits)

    def _scan(self, query: Vectors, top: int, mask: NDArray[np.bool_] | None) -> tuple[Ids, Vectors]:
        params, _keep = self._parameters(mask)
        scores, positions = self._index.index.search(query[None].astype(np.float32), top, params=params)
        return positions[0], scores[0]

    def _scan_bits(self, query: Vectors, top: int, total: int, mask: NDArray[np.bool_] | None) -> tuple[Ids, Vectors]:
        bits = self._sign_bits()
        params, _keep = self._parameters(mask)
        count = min(max(RERANK, top * 2), total)
        _, found = bits.search(np.packbits(query[None] > 0, axis=1), count, params=params)
        return self._best(np.sort(found[0][found[0] >= 0]), query, top)

    def _best(self, positions: Ids, query: Vectors, top: int) -> tuple[Ids, Vectors]:
        """The `top` best of some rows, scored exactly; `positions` ascend, which is kind to a mapped file."""
        library = _faiss()
        positions = np.ascontiguousarray(positions, np.int64)
        query = np.ascontiguousarray(query, np.float32)
        scores = np.empty(len(positions), np.float32)
        # Not `rows[positions] @ query`: that copies the rows, and numpy's BLAS starts threads, which on a busy machine
        # take longer than the work.
        library.fvec_inner_products_by_idx(
            library.swig_ptr(scores),
            library.swig_ptr(query),
            library.downcast_index(self._index.index).get_xb(),
            library.swig_ptr(positions),
            *(self.dimension, 1, len(positions)),
        )
        if top < len(positions):
            nearest = np.argpartition(-scores, top - 1)[:top]
            positions, scores = positions[nearest], scores[nearest]
        best = np.lexsort((positions, -scores))
        return positions[best], scores[best]

    def _parameters(self, mask: NDArray[np.bool_] | None) -> tuple[Any, Any]:
        """Search parameters, and the buffer that must live as long as they do."""
        if mask is None:
            return None, None
        library = _faiss()
        buffer = np.packbits(mask, bitorder="little")
        selector = library.IDSelectorBitmap(len(mask), library.swig_ptr(buffer))
        return library.SearchParameters(sel=selector), (buffer, selector)

    def _sign_bits(self) -> faiss.IndexBinaryFlat:
        if self._bits is None:
            self._bits = _counting(_faiss().IndexBinaryFlat(self.dimension))
            for first in range(0, len(self), 100_000):
                self._bits.add(np.packbits(self._rows[first : first + 100_000] > 0, axis=1))
        return self._bits

    def _positions(self, ids: Ids) -> Ids:
        order, ascending = self._order
        place = np.searchsorted(ascending, ids)
        place[place == len(ascending)] = 0
        found: Ids = order[place[ascending[place] == ids]] if len(ascending) else place
        return found

    @cached_property
    def _ids(self) -> Ids:
        ids: Ids = _faiss().vector_to_array(self._index.id_map)
        return ids

    @cached_property
    def _order(self) -> tuple[Ids, Ids]:
        order = np.argsort(self._ids, kind="stable")
        return order, self._ids[order]

    @cached_property
    def _rows(self) -> Vectors:
        """A view of FAISS' own (mapped) memory."""
        library = _faiss()
        flat = library.downcast_index(self._index.index)
        rows: Vectors = library.rev_swig_ptr(flat.get_xb(), len(self) * self.dimension).reshape(len(self), -1)
        return rows

    def _forget(self) -> None:
        for name in ("_ids", "_order", "_rows"):
            self.__dict__.pop(name, None)
        self._bits = None


def _counting(bits: Any) -> Any:
    """Sort the few possible distances by counting: half the time of FAISS' default, a heap, at 2,000 of 57,789."""
    bits.use_heap = False
    return bits


def _bits_path(path: Path) -> Path:
    return path.with_name(path.name + ".bits")
