"""The static model: a passage is the weighted sum of the vectors of its characters and bigrams.

Needs numpy and safetensors only. A model folder holds

    static.json         name, recipe
    model.safetensors   keys (V,) int64 ascending; embeddings (V + 1, D) int8; weights (V + 1,) float32, which turn
                        the integers into vectors and carry idf. The last row is zero: it stands for unknown grams
    query.safetensors   what questions mean by some grams, see `query_table`; not every model has it
    README.md           the model card
    modules.json, tokenizer.json ...    for SentenceTransformer(folder), see `twin`
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.passages.asked import NONE, Laws
from kg.passages.embedder import DEFAULT_MODEL, Kind, Vectors
from kg.passages.grams import Ints, find, text_to_grams, texts_to_grams
from kg.passages.query_table import QueryTable, to_8_bits

_BATCH = 256  # texts summed at once
_FEW = 8  # texts up to which rows are gathered one by one
_WORTH = 5_000  # texts; gathering so many takes as long as to import scipy and to unpack the table: 0.3 s


@lru_cache(maxsize=1)
def built_in() -> StaticEmbedder:
    """The model that ships with the package, loaded once for all who need it."""
    return StaticEmbedder.load(DEFAULT_MODEL)


class StaticEmbedder:
    """See the module. Thread-safe: the one thing made later, the unpacked table, is the same whoever makes it.

    How sums are made changes no bit of them, only how long they take.
    """

    def __init__(
        self,
        name: str,
        keys: Ints,
        vectors: NDArray[np.int8],
        scales: NDArray[np.float32],
        table: QueryTable | None = None,
    ) -> None:
        if not len(keys) == len(vectors) == len(scales):
            raise ValueError(f"{len(keys)} keys, {len(vectors)} vectors, {len(scales)} scales")
        self._name = name
        self._keys = keys
        self._vectors = vectors
        self._scales = scales
        self._query = table
        self._summed = 0

    @classmethod
    def of(cls, name: str, keys: Ints, vectors: Vectors) -> StaticEmbedder:
        """A model of the grams `keys` (ascending) with the vectors `(n, D)`, rounded to 8 bits."""
        return cls(name, keys, *to_8_bits(vectors))

    def with_table(self, table: QueryTable | None) -> StaticEmbedder:
        """The same model with another query table, or none."""
        return StaticEmbedder(self._name, self._keys, self._vectors, self._scales, table)

    @classmethod
    def load(cls, folder: Path) -> StaticEmbedder:
        """Read a model folder; `EnvironmentProblem` where it is not complete."""
        from safetensors.numpy import load, save

        try:
            card: dict[str, Any] = json.loads((folder / "static.json").read_text(encoding="utf-8"))
            tensors = load((folder / "model.safetensors").read_bytes())
            # The digest makes retrained vectors a different model for the cache in the catalogue. It is of the numbers
            # in a fixed form, not of the file: how they are laid out for other readers changes no vector.
            # 48 bits: a home ever uses a few models.
            same = {"keys": tensors["keys"], "vectors": tensors["embeddings"][:-1], "scales": tensors["weights"][:-1]}
            name = f"{card['name']}@{hashlib.sha256(save(same)).hexdigest()[:12]}"
            return cls(
                name,
                tensors["keys"],
                tensors["embeddings"][:-1],
                tensors["weights"][:-1],
                QueryTable.load(folder),
            )
        except (OSError, ValueError, KeyError) as error:
            raise EnvironmentProblem(f"向量模型文件夹 {folder} 不完整或已损坏：{error}") from error

    def rows(self, keys: Ints) -> tuple[NDArray[np.bool_], Vectors]:
        """Which of some grams the model knows `(n,)`, and their weighted vectors `(n, dimension)`, else zeros."""
        place, known = find(self._keys, keys)
        vectors = self._vectors[place].astype(np.float32) * (self._scales[place] * known)[:, None]
        return known, vectors

    def changes(self, keys: Ints) -> Vectors:
        """What the query table adds to some grams in a question `(n, dimension)`; zeros without one."""
        if self._query is None:
            return np.zeros((len(keys), self.dimension), np.float32)
        return self._query.changes(keys)

    @property
    def table(self) -> QueryTable | None:
        """The query table; None where it has none."""
        return self._query

    @property
    def taught(self) -> bool:
        """Whether it has a query table."""
        return self._query is not None

    @property
    def asked(self) -> Laws:
        """The laws that the questions were about which the model was taught on; none without a query table."""
        return self._query.asked if self._query is not None else NONE

    @property
    def keys(self) -> Ints:
        """The grams, ascending (`kg.passages.grams`)."""
        return self._keys

    @property
    def name(self) -> str:
        """Name of the model with a digest of its weights."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """See `Embedder.encode`; a query's grams mean what its table says, where the model has one."""
        out = np.zeros((len(texts), self.dimension), np.float32)
        # neither a query nor two documents side by side wait for scipy to be imported and the table to be unpacked
        self._summed += len(texts)
        total = self._gathered if len(texts) <= _FEW or self._summed <= _WORTH else self._multiplied
        for first in range(0, len(texts), _BATCH):
            batch = texts[first : first + _BATCH]
            grams = texts_to_grams(batch) if len(texts) > 1 else text_to_grams(texts[0])
            sums = out[first : first + len(batch)]
            for keys in (grams.characters, grams.bigrams):
                places, ends = self._places(keys, grams.starts)
                sums += total(places, ends)
            if kind == "query" and self._query is not None:
                _add_changes(sums, batch, self._query)
            norms = np.linalg.norm(sums, axis=1, keepdims=True)
            np.divide(sums, norms, out=sums, where=norms > 0)
        return out

    def _places(self, keys: Ints, starts: Ints) -> tuple[Ints, Ints]:
        """The rows of the grams that the model knows, and where those of each text begin and end among them."""
        at = np.flatnonzero(keys)
        present = keys[at]
        place, known = find(self._keys, present)
        return place[known], np.searchsorted(at[known], starts)

    def _gathered(self, places: Ints, ends: Ints) -> Vectors:
        return np.stack([self._sum(places[a:b]) for a, b in pairwise(ends)])

    def _sum(self, rows: Ints) -> Vectors:
        total: Vectors = (self._vectors[rows].astype(np.float32) * self._scales[rows][:, None]).sum(axis=0)
        return total

    def _multiplied(self, places: Ints, ends: Ints) -> Vectors:
        """The same sums as a sparse matrix times the table: 3.3 times as fast as gathering rows."""
        from scipy.sparse import csr_matrix

        ones = np.ones(len(places), np.float32)
        shape = (len(ends) - 1, len(self._keys))
        counts = csr_matrix((ones, places.astype(np.int32), ends.astype(np.int32)), shape=shape)
        sums: Vectors = counts @ self._table
        return sums

    @cached_property
    def _table(self) -> Vectors:
        """All vectors with their weights, `(V, dimension)`: 24,000 × 256 are 25 MB."""
        return self._vectors.astype(np.float32) * self._scales[:, None]


def _add_changes(sums: Vectors, texts: Sequence[str], table: QueryTable) -> None:
    for number, text in enumerate(texts):
        change = table.change(text)
        if change is not None:
            sums[number] += change
