"""The vector arm of a generation, opened for reading: an index together with the embedder that it was made with."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.core.errors import EnvironmentProblem
from kg.passages.asked import Laws
from kg.passages.documents import DocumentVectors
from kg.passages.embedder import Embedder, EmbedderSetting, Kind, asked, familiarity, load_embedder
from kg.passages.faiss_index import FaissIndex
from kg.passages.ranking import EMPTY, Keys, Ranking
from kg.passages.vectors import VectorIndex

VECTORS = "vectors.faiss"
CARD = "passages.json"


class EmbeddedVectors:
    """`search.VectorArm`."""

    def __init__(self, index: VectorIndex, embedder: Embedder, folder: Path) -> None:
        self.index = index
        self.embedder = embedder
        self._folder = folder

    def search(self, query: str, *, top: int, allowed: Keys | None = None, kind: Kind = "query") -> Ranking:
        """The nearest passages; none where the model knows no character of the query."""
        vector = self.embedder.encode([query], kind=kind)[0]
        if not vector.any():
            return EMPTY
        ids, scores = self.index.search(vector, top=top, allowed=allowed)
        return Ranking.of(ids, scores)

    def familiarity(self, query: str) -> float:
        """How much of the query is in the words of questions that the model was taught on."""
        return familiarity(self.embedder, query)

    @property
    def asked(self) -> Laws:
        """How much people ask about which laws, as far as the model was taught on questions."""
        return asked(self.embedder)

    @cached_property
    def documents(self) -> DocumentVectors:
        """One vector a document."""
        return DocumentVectors.open(self._folder, self.index)


def read_card(folder: Path | None) -> dict[str, Any]:
    """What the passage indexes of a generation were made with; empty where there are none."""
    if folder is None or not (folder / CARD).is_file():
        return {}
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    return card


def open_vector_arm(folder: Path, setting: str | EmbedderSetting) -> EmbeddedVectors | None:
    """The vectors of a generation with their embedder; None where it was built without vectors, or with `none`."""
    card = read_card(folder)
    embedder = load_embedder(setting) if card.get("model") else None
    if embedder is None:
        return None
    if embedder.name != card["model"]:
        raise EnvironmentProblem(
            f"索引的向量由 {card['model']} 生成，与当前设置的向量模型不同。请运行：policykg rebuild"
        )
    return EmbeddedVectors(FaissIndex.open(folder / VECTORS), embedder, folder)
