"""The static model: a passage is the weighted sum of the vectors of its characters and bigrams.

Needs numpy and safetensors only. A model folder holds

    static.json         name, recipe
    model.safetensors   keys (V,) int64 ascending; embeddings (V + 1, D) int8; weights (V + 1,) float32, which turn
                        the integers into vectors and carry idf. The last row is zero: it stands for unknown grams
    README.md           the model card
    modules.json, tokenizer.json ...    for SentenceTransformer(folder), see `twin`
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.passages.embedder import Kind, Vectors
from kg.passages.grams import Ints, texts_to_grams

_BATCH = 256  # texts summed at once: about 50,000 grams, 50 MB of gathered vectors at 256 dimensions


class StaticEmbedder:
    """See the module. Thread-safe: nothing changes after construction."""

    def __init__(self, name: str, keys: Ints, vectors: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
        if not len(keys) == len(vectors) == len(scales):
            raise ValueError(f"{len(keys)} keys, {len(vectors)} vectors, {len(scales)} scales")
        self._name = name
        self._keys = keys
        self._vectors = vectors
        self._scales = scales

    @classmethod
    def load(cls, folder: Path) -> StaticEmbedder:
        """Read a model folder; `EnvironmentProblem` where it is not complete."""
        from safetensors.numpy import load, save

        try:
            card: dict[str, Any] = json.loads((folder / "static.json").read_text(encoding="utf-8"))
            tensors = load((folder / "model.safetensors").read_bytes())
            # The digest makes retrained vectors a different model for the cache in the catalogue. It is of the numbers
            # in a fixed form, not of the file: how they are laid out for other readers changes no vector.
            same = {"keys": tensors["keys"], "vectors": tensors["embeddings"][:-1], "scales": tensors["weights"][:-1]}
            name = f"{card['name']}@{hashlib.sha256(save(same)).hexdigest()[:12]}"
            return cls(name, tensors["keys"], tensors["embeddings"][:-1], tensors["weights"][:-1])
        except (OSError, ValueError, KeyError) as error:
            raise EnvironmentProblem(f"向量模型文件夹 {folder} 不完整或已损坏：{error}") from error

    def rows(self, keys: Ints) -> tuple[NDArray[np.bool_], Vectors]:
        """Which of some grams the model knows `(n,)`, and their weighted vectors `(n, dimension)`, else zeros."""
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        known = self._keys[place] == keys
        vectors = self._vectors[place].astype(np.float32) * (self._scales[place] * known)[:, None]
        return known, vectors

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

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:  # noqa: ARG002 - protocol
        """See `Embedder.encode`; queries and passages are treated alike."""
        out = np.zeros((len(texts), self.dimension), np.float32)
        for first in range(0, len(texts), _BATCH):
            batch = texts[first : first + _BATCH]
            out[first : first + len(batch)] = self._encode(batch)
        return out

    def _encode(self, texts: Sequence[str]) -> Vectors:
        grams = texts_to_grams(texts)
        sums = np.zeros((len(texts), self.dimension), np.float32)
        owner = np.repeat(np.arange(len(texts)), np.diff(grams.starts))
        keys = np.concatenate([grams.characters, grams.bigrams])
        rows = np.concatenate([owner, owner])
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        known = self._keys[place] == keys
        # One row per (text, gram) with its count: fewer vectors to gather, and sums in one reduceat.
        pairs, counts = np.unique(rows[known] * len(self._keys) + place[known], return_counts=True)
        rows, place = np.divmod(pairs, len(self._keys))
        if not len(rows):
            return sums
        weights = self._scales[place] * counts.astype(np.float32)
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        gathered = self._vectors[place].astype(np.float32)
        gathered *= weights[:, None]
        sums[rows[starts]] = np.add.reduceat(gathered, starts, axis=0)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        np.divide(sums, norms, out=sums, where=norms > 0)
        return sums
