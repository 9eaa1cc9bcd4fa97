"""Everything that touches sentence-transformers; imported only when such a model is used (it takes seconds)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import CrossEncoder, SentenceTransformer

from kg.core.errors import EnvironmentProblem


def open_model(setting: str, device: str | None) -> SentenceTransformer:
    """Load an embedding model by folder or name, first from disk, then (unless offline is set) from the network.

    Raises `EnvironmentProblem` with what to do where it cannot be had.
    """
    model: SentenceTransformer = _open(SentenceTransformer, "向量模型", setting, "POLICYKG_EMBEDDER", device)
    return model


def _open(kind: Callable[..., Any], what: str, setting: str, variable: str, device: str | None) -> Any:
    folder = Path(setting)
    if folder.exists() and not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise EnvironmentProblem(f"{setting} 不是 sentence-transformers 模型文件夹（缺少 modules.json 或 config.json）")
    try:
        return kind(setting, device=device, local_files_only=True)
    except (OSError, ValueError, KeyError) as local_error:
        if folder.exists():
            raise EnvironmentProblem(f"{what} {setting} 无法加载：{_first_line(local_error)}") from local_error
    offline = {os.environ.get("HF_HUB_OFFLINE", ""), os.environ.get("TRANSFORMERS_OFFLINE", "")} & {"1", "true", "TRUE"}
    if not offline:
        try:
            return kind(setting, device=device)
        except (OSError, ValueError, RuntimeError) as error:
            raise _absent(what, setting, variable) from error
    raise _absent(what, setting, variable)


def _absent(what: str, setting: str, variable: str) -> EnvironmentProblem:
    instead = "设为 default 使用内置模型" if variable == "POLICYKG_EMBEDDER" else "留空则不重排"
    return EnvironmentProblem(
        f"本机没有{what} {setting}，也无法下载。请在联网的机器上下载后拷贝到本机，"
        f"并把 {variable} 设为该文件夹的路径；或{instead}",
        model=setting,
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def weights_digest(model: torch.nn.Module, *others: str) -> str:
    """Twelve hex digits of all weights, and of other things that decide the vectors.

    Two models of one name (a newer version, a copy trained further) must not share the vectors in the catalogue.
    """
    digest = hashlib.sha256(repr((str(model), others)).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:12]  # 48 bits: tells the few models apart that a home ever uses


class CrossEncoderReranker:
    """`rerank.Reranker` by a sentence-transformers CrossEncoder."""

    def __init__(self, setting: str) -> None:
        self._model = _open(CrossEncoder, "重排模型", setting, "POLICYKG_RERANKER", None)

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """How well each text answers the query: higher is better, on no fixed scale."""
        pairs = [(query, text) for text in texts]
        found = self._model.predict(pairs, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(found, np.float64).reshape(len(texts), -1)[:, 0]
