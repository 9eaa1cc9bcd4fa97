"""The vector arm of a generation, opened for reading: an index together with the embedder that it was made with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from kg.core.errors import EnvironmentProblem
from kg.passages.asked import Laws
from kg.passages.documents import DocumentVectors
from kg.passages.embedder import Embedder, EmbedderSetting, Kind, asked, load_embedder, taught
from kg.passages.faiss_index import FaissIndex
from kg.passages.query import Query
from kg.passages.ranking import EMPTY, Keys, Ranking
from kg.passages.vectors import VectorIndex

VECTORS = "vectors.faiss"
CARD = "passages.json"


class Conditions(Protocol):
    """What tells which passages fulfil the conditions of a query: the full text beside the vectors."""

    def allowed(self, query: Query, *, depth: int) -> Keys | None:
        """The keys of those of which `depth` may be asked for; None where there is no condition."""
        ...


class OfModel:
    """What an arm knows by its embedder alone."""

    embedder: Embedder

    @property
    def taught(self) -> bool:
        """Whether the model has a query table."""
        return taught(self.embedder)

    @property
    def asked(self) -> Laws:
        """How much people ask about which laws, as far as the model was taught on questions."""
        return asked(self.embedder)


class EmbeddedVectors(OfModel):
    """`protocol.VectorArm` over an index of this process, which takes the keys that a query allows."""

    def __init__(
        self, index: VectorIndex, embedder: Embedder, folder: Path, conditions: Conditions | None = None
    ) -> None:
        self.index = index
        self.embedder = embedder
        self._folder = folder
        self._conditions = conditions

    def __len__(self) -> int:
        return len(self.index)

    def __bool__(self) -> bool:
        return True  # else its truth would be its length

    def search(self, text: str, *, top: int, under: Query | None = None, kind: Kind = "query") -> Ranking:
        """The nearest passages; none where the model knows no character of the text."""
        vector = self.embedder.encode([text], kind=kind)[0]
        if not vector.any():
            return EMPTY
        if under is not None and self._conditions is None:
            raise ValueError("conditions, and nothing that tells which passages fulfil them")
        allowed = self._conditions.allowed(under, depth=top) if under is not None and self._conditions else None
        ids, scores = self.index.search(vector, top=top, allowed=allowed)
        return Ranking.of(ids, scores)

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


def open_vector_arm(
    folder: Path, setting: str | EmbedderSetting, conditions: Conditions | None = None
) -> EmbeddedVectors | None:
    """The vectors of a generation with their embedder; None where it was built without vectors, or with `none`."""
    embedder = embedder_of(read_card(folder), setting)
    return EmbeddedVectors(FaissIndex.open(folder / VECTORS), embedder, folder, conditions) if embedder else None


def embedder_of(card: Mapping[str, Any], setting: str | EmbedderSetting) -> Embedder | None:
    """The embedder that the vectors of a card were made with; None where there are none, or with `none`."""
    embedder = load_embedder(setting) if card.get("model") else None
    if embedder is not None and embedder.name != card["model"]:
        raise EnvironmentProblem(
            f"索引的向量由 {card['model']} 生成，与当前设置的向量模型不同。请运行：policykg rebuild"
        )
    return embedder
