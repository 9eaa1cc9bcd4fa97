"""Which engine serves the passage indexes of a generation; nobody else needs to know which it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.errors import EnvironmentProblem
from kg.passages.protocol import TextArm, VectorArm

if TYPE_CHECKING:
    from kg.passages.embedder import EmbedderSetting
    from kg.passages.fulltext import FulltextIndex
    from kg.passages.oceanbase.tables import State
    from kg.shared.session import Session


@dataclass(frozen=True, slots=True)
class Arms:
    """The indexes of a generation, opened for reading. `vectors` and `quality` are None where there are none."""

    fulltext: TextArm
    vectors: VectorArm | None
    quality: VectorArm | None


def open_arms(folder: Path, embedder: str | EmbedderSetting, quality: str = "", store: str = "") -> Arms:
    """The indexes of the generation in `folder`, with the embedders that their vectors were made with.

    `store` is the setting of that name. Raises `EnvironmentProblem` where an index cannot be opened, or was made with
    another embedder.
    """
    from kg.passages.quality import open_quality_arm, quality_of
    from kg.passages.vector_arm import embedder_of, open_vector_arm, read_card

    if (stored := _stored(folder, store)) is None:
        local = _local(folder)
        return Arms(local, open_vector_arm(folder, embedder, local), open_quality_arm(folder, quality, local))
    from kg.passages.oceanbase.text import StoredText
    from kg.passages.oceanbase.vectors import COLUMNS, StoredVectors

    card = read_card(folder)
    models = {"model": embedder_of(card, embedder), "quality": quality_of(card, quality)}
    found = {
        name: StoredVectors(*stored, COLUMNS[name], model, folder) if model is not None else None
        for name, model in models.items()
    }
    return Arms(StoredText(*stored), found["model"], found["quality"])


def open_fulltext(folder: Path, store: str = "") -> TextArm:
    """The full text alone: who only asks how frequent words are needs no embedder."""
    if (stored := _stored(folder, store)) is None:
        return _local(folder)
    from kg.passages.oceanbase.text import StoredText

    return StoredText(*stored)


def count_vectors(folder: Path, store: str = "") -> int:
    """How many vectors the arm of the default model has."""
    if (stored := _stored(folder, store)) is not None:
        from kg.passages.oceanbase.tables import count

        return count(*stored)
    from kg.passages.faiss_index import FaissIndex
    from kg.passages.vector_arm import VECTORS

    return len(FaissIndex.open(folder / VECTORS))


def _local(folder: Path) -> FulltextIndex:
    from kg.passages.fulltext import FulltextIndex
    from kg.passages.local import FOLDER

    return FulltextIndex(folder / FOLDER)


def _stored(folder: Path, store: str) -> tuple[Session, State] | None:
    """The database and what a generation reads there; None where its indexes lie in its folder."""
    from kg.passages.vector_arm import read_card

    card = read_card(folder)
    at = card.get("store_at")
    if at is None:
        return None
    from kg.passages.oceanbase.draft import opened
    from kg.shared.address import address

    found = address(store)
    if found is None or found.shown != at:
        raise EnvironmentProblem(
            f"现有索引的全文和向量在 {at}，而设置 POLICYKG_STORE 中没有它。"
            "请把它写回 POLICYKG_STORE，或运行 policykg migrate --back 搬回本机"
        )
    return opened(found, card)
