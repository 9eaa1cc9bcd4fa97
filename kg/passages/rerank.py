"""A second look at the best passages by a model that reads query and passage together: slow, exact, off by default."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kg.passages.optional import need_models


class Reranker(Protocol):
    """Scores passages against a query."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """`(len(texts),)`, higher is better; only their order counts."""
        ...


@lru_cache(maxsize=2)
def load_reranker(setting: str) -> Reranker | None:
    """The model that the setting `reranker` names; None where it is empty.

    Raises `EnvironmentProblem` where the model is not on disk and cannot be had, `MissingExtra` where
    sentence-transformers is not installed.
    """
    if not setting:
        return None
    need_models(f"重排模型 {setting} ", "把 POLICYKG_RERANKER 留空，不重排")
    from kg.passages.sentence_models import CrossEncoderReranker

    return CrossEncoderReranker(setting)
