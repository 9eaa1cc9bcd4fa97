"""The optional packages that other embedding models, reranking and training need: the extra `models`.

The shipped model, search and answers do without them: torch alone is larger than all the rest together.
"""

from __future__ import annotations

import importlib.util

from kg.core.errors import MissingExtra

_PACKAGES = ("torch", "sentence_transformers", "tokenizers")


def need_models(purpose: str, instead: str = "") -> None:
    """Raise `MissingExtra` where the extra `models` is not installed.

    `purpose` is what it is needed for and begins the Chinese sentence; `instead` is what also helps.
    """
    if any(importlib.util.find_spec(package) is None for package in _PACKAGES):
        raise MissingExtra("models", purpose, instead)
