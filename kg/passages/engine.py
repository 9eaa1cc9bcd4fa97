"""Which engine serves the passage indexes of a generation; nobody else needs to know which it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.passages.protocol import TextArm, VectorArm

if TYPE_CHECKING:
    from kg.passages.embedder import EmbedderSetting


@dataclass(frozen=True, slots=True)
class Arms:
    """The indexes of a generation, opened for reading. `vectors` and `quality` are None where there are none."""

    fulltext: TextArm
    vectors: VectorArm | None
    quality: VectorArm | None


def open_arms(folder: Path, embedder: str | EmbedderSetting, quality: str = "") -> Arms:
    """The indexes of the generation in `folder`, with the embedders that their vectors were made with.

    Raises `EnvironmentProblem` where an index cannot be opened, or was made with another embedder.
    """
    from kg.passages.fulltext import FulltextIndex
    from kg.passages.local import FOLDER
    from kg.passages.quality import open_quality_arm
    from kg.passages.vector_arm import open_vector_arm

    fulltext = FulltextIndex(folder / FOLDER)
    return Arms(fulltext, open_vector_arm(folder, embedder, fulltext), open_quality_arm(folder, quality, fulltext))


def open_fulltext(folder: Path) -> TextArm:
    """The full text alone: who only asks how frequent words are needs no embedder."""
    from kg.passages.fulltext import FulltextIndex
    from kg.passages.local import FOLDER

    return FulltextIndex(folder / FOLDER)


def count_vectors(folder: Path) -> int:
    """How many vectors the arm of the default model has."""
    from kg.passages.faiss_index import FaissIndex
    from kg.passages.vector_arm import VECTORS

    return len(FaissIndex.open(folder / VECTORS))
