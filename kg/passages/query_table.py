"""What questions mean by their words: a correction of the static model for queries, learnt from questions.

Passages keep their vectors. A question is the sum of the same grams, some of them moved: 老板 towards 用人单位.
The table lies beside the model (`query.safetensors`) and is no part of its digest, so that it may be
learnt anew without embedding anything again.

    keys (n,) int64 ascending; deltas (n, D) int8; scales (n,) float32

Beside it lies which laws the questions were about (`asked`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.passages.asked import Laws, load_asked, save_asked
from kg.passages.embedder import Vectors
from kg.passages.grams import Ints, find, text_to_grams

FILE = "query.safetensors"
_LEAST = 0.1  # of the greatest change: rows moved less are left out


@dataclass(frozen=True, slots=True, repr=False)
class QueryTable:
    """See the module."""

    keys: Ints
    deltas: NDArray[np.int8]
    scales: NDArray[np.float32]
    asked: Laws = field(default_factory=dict)

    @classmethod
    def of(cls, keys: Ints, changes: Vectors) -> Self:
        """From changes `(n, D)` of the grams `keys` (ascending), rounded to 8 bits of each row's largest."""
        size = np.abs(changes).max(axis=1)
        moved = size > _LEAST * float(size.max(initial=0.0))
        return cls(keys[moved], *to_8_bits(changes[moved]))

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """That of a model's folder; None where it has none."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        path = folder / FILE
        if not path.is_file():
            return None
        try:
            tensors = load(path.read_bytes())
            return cls(tensors["keys"], tensors["deltas"], tensors["scales"], load_asked(folder))
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise EnvironmentProblem(f"检索词表 {path} 已损坏：{error}") from error

    def save(self, folder: Path) -> None:
        """Write `folder/query.safetensors`, and the laws where it knows any."""
        from safetensors.numpy import save

        tensors: dict[str, NDArray[Any]] = {"keys": self.keys, "deltas": self.deltas, "scales": self.scales}
        (folder / FILE).write_bytes(save(tensors))
        if self.asked:
            save_asked(folder, self.asked)

    def with_asked(self, laws: Laws) -> Self:
        """The same with other laws."""
        return replace(self, asked=laws)

    def changes(self, keys: Ints) -> Vectors:
        """What is to be added to the vectors of some grams `(n, D)`; zeros for one that is not the table's."""
        place, known = find(self.keys, keys)
        added = np.zeros((len(keys), self.deltas.shape[1]), np.float32)
        added[known] = self._rows(place[known])
        return added

    def _rows(self, places: Ints) -> Vectors:
        rows: Vectors = self.deltas[places].astype(np.float32) * self.scales[places][:, None]
        return rows

    def change(self, text: str) -> Vectors | None:
        """What is to be added to the sum of a text's grams `(D,)`; None where it has none of the table's."""
        grams = text_to_grams(text)
        present = np.concatenate([grams.characters, grams.bigrams])
        present = present[present > 0]
        place, known = find(self.keys, present)
        if not known.any():
            return None
        total: Vectors = self._rows(place[known]).sum(axis=0)
        return total


def to_8_bits(rows: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows `(n, D)` rounded to 8 bits of each one's largest component, and what turns these into the rows `(n,)`."""
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-9).astype(np.float32) / 127
    return np.rint(rows / scales[:, None]).astype(np.int8), scales
