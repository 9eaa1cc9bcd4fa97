"""Texts to vectors: the shipped static model, or any sentence-transformers model that the user names.

`load_embedder(setting)` chooses: `default` is the folder `model/` beside this file, `none` switches vectors off,
a folder with `static.json` is another static model, and all else is left to sentence-transformers.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem, MissingExtra

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

DEFAULT_MODEL = Path(__file__).parent / "model"


class Embedder(Protocol):
    """Maps texts to unit vectors. `name` identifies the model and its version: vectors are cached under it."""

    @property
    def name(self) -> str:
        """Identifies model and weights."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """`(len(texts), dimension)` float32, each row of length 1 (or 0 for a text without known characters)."""
        ...


@lru_cache(maxsize=4)
def load_embedder(setting: str) -> Embedder | None:
    """The embedder that the setting `embedder` names; None for `none`.

    Raises `EnvironmentProblem` where a named model is not on disk and cannot be had.
    """
    from kg.passages.static import StaticEmbedder

    if setting == "none":
        return None
    folder = DEFAULT_MODEL if setting in ("", "default") else Path(setting)
    if (folder / "static.json").is_file():
        return StaticEmbedder.load(folder)
    if folder == DEFAULT_MODEL:
        raise EnvironmentProblem(f"内置向量模型缺失：{folder}。请重新安装 policykg，或设置 POLICYKG_EMBEDDER=none")
    return SentenceTransformerEmbedder(setting)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder; loaded at the first `encode`.

    Query and passage prompts are those of the model's own configuration (`prompts` with the names `query` and
    `passage` or `document`), else none.
    """

    def __init__(
        self, model: str, *, device: str | None = None, batch_size: int = 32, max_length: int | None = None
    ) -> None:
        if importlib.util.find_spec("sentence_transformers") is None:
            raise MissingExtra("transformers", f"向量模型 {model} ")
        self._setting = model
        self._batch_size = batch_size
        from kg.passages.sentence_models import open_model

        self._model = open_model(model, device)
        if max_length is not None:
            self._model.max_seq_length = max_length

    @property
    def name(self) -> str:
        """The name or folder as set, with the prompt kinds: other prompts make other vectors."""
        return f"sentence-transformers:{self._setting}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """See `Embedder.encode`."""
        prompt = self._prompt(kind)
        vectors = self._model.encode(
            list(texts),
            prompt=prompt,
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def _prompt(self, kind: Kind) -> str | None:
        prompts = self._model.prompts or {}
        names = ("query",) if kind == "query" else ("passage", "document", "corpus")
        return next((prompts[name] for name in names if prompts.get(name)), None)
