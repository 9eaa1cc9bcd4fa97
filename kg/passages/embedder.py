"""Texts to vectors: the shipped static model, or any sentence-transformers model that the user names.

`load_embedder(setting)` chooses: `default` is the folder `model/` beside this file, `none` switches vectors off,
a folder with `static.json` is another static model, and all else is left to sentence-transformers. A static model
needs no prompts, batches or devices: those settings do not concern it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem
from kg.passages.asked import NONE, Laws
from kg.passages.optional import need_models

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

DEFAULT_MODEL = Path(__file__).parent / "model"


class Embedder(Protocol):
    """Maps texts to unit vectors. `name` identifies the model and its version: the catalogue keeps vectors under it."""

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


@dataclass(frozen=True, slots=True)
class EmbedderSetting:
    """Which model, and for sentence-transformers models how it is used; empty and 0 leave it to the model."""

    model: str = "default"
    batch_size: int = 32
    device: str = ""
    max_length: int = 0
    query_prompt: str = ""
    passage_prompt: str = ""

    @classmethod
    def of(cls, settings: Settings, *, model: str | None = None) -> Self:
        """From the settings of a site; `model` instead of theirs."""
        return cls(
            settings.embedder if model is None else model,
            settings.embedder_batch,
            settings.embedder_device,
            settings.embedder_max_length,
            settings.embedder_query_prompt,
            settings.embedder_passage_prompt,
        )

    def fingerprint(self) -> str:
        """The model and all else that decides the vectors of passages."""
        parts = [self.model]
        parts += [f"max_length={self.max_length}"] if self.max_length else []
        parts += [f"passage_prompt={self.passage_prompt}"] if self.passage_prompt else []
        return "\n".join(parts)


@lru_cache(maxsize=4)
def load_embedder(setting: str | EmbedderSetting) -> Embedder | None:
    """The embedder that the setting names; None for the model `none`.

    Raises `EnvironmentProblem` where a named model is not on disk and cannot be had, `MissingExtra` where it needs
    sentence-transformers and that is not installed.
    """
    from kg.passages.static import StaticEmbedder, built_in

    setting = EmbedderSetting(setting) if isinstance(setting, str) else setting
    if setting.model == "none":
        return None
    folder = DEFAULT_MODEL if setting.model in ("", "default") else Path(setting.model)
    if (folder / "static.json").is_file():
        return built_in() if folder == DEFAULT_MODEL else StaticEmbedder.load(folder)
    if folder == DEFAULT_MODEL:
        raise EnvironmentProblem(f"内置向量模型缺失：{folder}。请重新安装 policykg，或设置 POLICYKG_EMBEDDER=none")
    return SentenceTransformerEmbedder(setting)


def taught(embedder: Embedder) -> bool:
    """Whether the model has a query table (`StaticEmbedder.taught`)."""
    from kg.passages.static import StaticEmbedder

    return isinstance(embedder, StaticEmbedder) and embedder.taught


def asked(embedder: Embedder) -> Laws:
    """The laws that questions were about which the model was taught on (`StaticEmbedder.asked`); else none."""
    from kg.passages.static import StaticEmbedder

    return embedder.asked if isinstance(embedder, StaticEmbedder) else NONE


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder.

    Prompts are those of the setting, else those of the model's own configuration (`prompts` with the names `query`
    and `passage`, `document` or `corpus`), else none.
    """

    def __init__(self, setting: EmbedderSetting) -> None:
        need_models(f"向量模型 {setting.model} ", "把 POLICYKG_EMBEDDER 设为 default 使用内置模型")
        from kg.passages.sentence_models import open_model, weights_digest

        self._setting = setting
        self._model = open_model(setting.model, setting.device or None)
        if setting.max_length:
            self._model.max_seq_length = setting.max_length
        digest = weights_digest(self._model, setting.fingerprint().partition("\n")[2], self._prompt("passage") or "")
        self._name = f"sentence-transformers:{setting.model}@{digest}"

    @property
    def name(self) -> str:
        """The model as set, with a digest of its weights and of what else decides the vectors of passages."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """See `Embedder.encode`."""
        vectors = self._model.encode(
            list(texts),
            prompt=self._prompt(kind),
            batch_size=self._setting.batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def _prompt(self, kind: Kind) -> str | None:
        asked = self._setting.query_prompt if kind == "query" else self._setting.passage_prompt
        if asked:
            return asked
        prompts = self._model.prompts or {}
        names = ("query",) if kind == "query" else ("passage", "document", "corpus")
        return next((prompts[name] for name in names if prompts.get(name)), None)
