"""Everything that touches sentence-transformers; imported only when such a model is used (it takes seconds).

`CharBigramStatic` is the module that the shipped model's `modules.json` names, so that
`SentenceTransformer(<model folder>, trust_remote_code=True)` gives the same vectors as `static.StaticEmbedder`.
sentence-transformers asks for that flag since 6.0 for every class that is not its own. Its own modules cannot
express overlapping bigrams: a `tokenizers` pipeline only ever partitions a text.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from kg.core.errors import EnvironmentProblem
from kg.passages.static import StaticEmbedder


def open_model(setting: str, device: str | None) -> SentenceTransformer:
    """Load a model by folder or name, first from disk, then (unless offline is set) from the network.

    Raises `EnvironmentProblem` with what to do where it cannot be had.
    """
    folder = Path(setting)
    if folder.exists() and not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise EnvironmentProblem(f"{setting} 不是 sentence-transformers 模型文件夹（缺少 modules.json 或 config.json）")
    try:
        return SentenceTransformer(setting, device=device, local_files_only=True)
    except (OSError, ValueError, KeyError) as local_error:
        if folder.exists():
            raise EnvironmentProblem(f"向量模型 {setting} 无法加载：{_first_line(local_error)}") from local_error
    offline = {os.environ.get("HF_HUB_OFFLINE", ""), os.environ.get("TRANSFORMERS_OFFLINE", "")} & {"1", "true", "TRUE"}
    if not offline:
        try:
            return SentenceTransformer(setting, device=device)
        except (OSError, ValueError, RuntimeError) as error:
            raise _absent(setting) from error
    raise _absent(setting)


def _absent(setting: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"本机没有向量模型 {setting}，也无法下载。请在联网的机器上下载后拷贝到本机，"
        "并把 POLICYKG_EMBEDDER 设为该文件夹的路径；或设为 default 使用内置模型",
        model=setting,
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


class CharBigramStatic(torch.nn.Module):
    """The static model as a sentence-transformers module: texts in, `sentence_embedding` out."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        super().__init__()
        self._embedder = embedder
        # A model without parameters has no device or type to ask for.
        self.marker = torch.nn.Parameter(torch.zeros(1), requires_grad=False)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> CharBigramStatic:
        """Called by `SentenceTransformer(folder)` because of `modules.json`."""
        return cls(StaticEmbedder.load(Path(model_name_or_path) / subfolder))

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Texts to their vectors already: the sum over grams is numpy's."""
        return {"vectors": torch.from_numpy(self._embedder.encode([(prompt or "") + str(text) for text in inputs]))}

    def tokenize(self, texts: list[str], **_: Any) -> dict[str, torch.Tensor]:
        """The older name of `preprocess`."""
        return self.preprocess(texts)

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Hand the vectors on under the name that sentence-transformers reads."""
        features["sentence_embedding"] = features["vectors"]
        return features

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    get_sentence_embedding_dimension = get_embedding_dimension
