"""A second look at the best passages by a model that reads query and passage together: slow, exact, off by default."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import MissingExtra


class Reranker(Protocol):
    """Scores passages against a query."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """`(len(texts),)`, higher is better; only their order counts."""
        ...


@lru_cache(maxsize=2)
def load_reranker(setting: str) -> Reranker | None:
    """The model that the setting `reranker` names; None where it is empty.

    Raises `EnvironmentProblem` where the model is not on disk and cannot be had.
    """
    if not setting:
        return None
    if importlib.util.find_spec("sentence_transformers") is None:
        raise MissingExtra("transformers", f"重排模型 {setting} ")
    from kg.passages.sentence_models import CrossEncoderReranker

    return CrossEncoderReranker(setting)
