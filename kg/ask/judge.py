"""How likely a stretch of text answers a question: boosted trees over the signs of `kg.ask.signs`.

Fitted by `benchmarks/fit_answers.py` on thousands of questions written for single passages, asked where the passage is
held and where it is not. The trees stand in `judge.safetensors`, all nodes of all trees in a row:

    feature (N,) uint8, the column of `signs.NAMES`; threshold (N,) float32; left, right (N,) int32, the next node for
    a sign up to the threshold and above it (behind it in the row; a leaf points to itself); value (N,) float32, what a
    leaf adds to the log odds; roots (T,) int32; bias (1,) float32; signs (8,) uint8, which columns they were fitted on
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.ask.signs import NAMES, Signs
from kg.core.errors import EnvironmentProblem

FILE = Path(__file__).parent / "judge.safetensors"

Likely = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class Judge:
    """See the module."""

    feature: NDArray[np.uint8]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    bias: float

    @classmethod
    def load(cls, path: Path = FILE) -> Judge:
        """Read the trees; `EnvironmentProblem` where they are missing or damaged."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            parts = load(path.read_bytes())
            fitted_on = parts.pop("signs").tobytes()
            found = cls(bias=float(parts.pop("bias")[0]), **parts)
            found.check()
        except (OSError, ValueError, KeyError, TypeError, IndexError, SafetensorError) as error:
            raise EnvironmentProblem(f"问答判断模型 {path} 已损坏（{error}），请重新安装 policykg") from error
        if fitted_on != _digest():
            raise EnvironmentProblem(f"问答判断模型 {path} 与程序版本不符，请重新安装 policykg")
        return found

    def check(self) -> None:
        """`ValueError` where a walk through the trees would not end at a leaf."""
        nodes = np.arange(len(self.value))
        if not all(len(each) == len(nodes) for each in (self.feature, self.threshold, self.left, self.right)):
            raise ValueError("parts of unequal length")
        if any(((each < nodes) | (each >= len(nodes))).any() for each in (self.left, self.right)):
            raise ValueError("a node before its parent")
        if ((self.roots < 0) | (self.roots >= len(nodes))).any() or int(self.feature.max(initial=0)) >= len(NAMES):
            raise ValueError("a root or a sign that is not there")

    def save(self, path: Path) -> None:
        """Write the trees."""
        from safetensors.numpy import save

        names = ("feature", "threshold", "left", "right", "value", "roots")
        parts = {name: np.ascontiguousarray(getattr(self, name)) for name in names}
        parts |= {"bias": np.array([self.bias], np.float32), "signs": np.frombuffer(_digest(), np.uint8)}
        path.write_bytes(save(parts))

    def likely(self, signs: Signs) -> Likely:
        """The likelihood of each row of signs, between 0 and 1."""
        at = np.broadcast_to(self.roots, (len(signs), len(self.roots)))
        rows = np.arange(len(signs))[:, None]
        while True:
            below = signs[rows, self.feature[at]] <= self.threshold[at]
            following = np.where(below, self.left[at], self.right[at])
            if (following == at).all():
                break
            at = following
        odds = self.bias + self.value[at].sum(axis=1, dtype=np.float64)
        likely: Likely = 1 / (1 + np.exp(-odds))
        return likely


def _digest() -> bytes:
    """Of the names of the columns in their order: trees of others would read one sign for another."""
    return hashlib.sha256("\n".join(NAMES).encode()).digest()[:8]


@lru_cache(maxsize=1)
def shipped() -> Judge:
    """The trees that come with the package."""
    return Judge.load()
