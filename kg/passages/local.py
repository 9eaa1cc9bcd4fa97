"""The passage indexes in the folder of a generation: full text in tantivy, vectors in FAISS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kg.core.model import Document, Passage
from kg.passages.documents import means_of, save_document_vectors, save_means
from kg.passages.embedding import vectors_of
from kg.passages.faiss_index import FaissIndex
from kg.passages.fulltext import FulltextIndex
from kg.passages.fulltext_writer import FulltextWriter
from kg.passages.keys import Numbers
from kg.passages.protocol import Model, Work, Written
from kg.passages.quality import VECTORS as QUALITY_VECTORS
from kg.passages.vector_arm import VECTORS

if TYPE_CHECKING:
    from kg.catalogue import Catalogue

FOLDER = "fulltext"
FILES = {"model": VECTORS, "quality": QUALITY_VECTORS}
"""The vector files of the models, by their names in the card."""


class Local:
    """`protocol.Engine`: the next state begins as a copy of the one before, the full text's by hard links."""

    def begin(self, work: Work) -> LocalDraft:
        """The next state; what the one before made with another model or version is made anew."""
        return LocalDraft(work)


class LocalDraft:
    """`protocol.Draft`. Words and each model's vectors are kept from the state before, or not, each by itself."""

    def __init__(self, work: Work) -> None:
        before, card = work.before, work.card
        self._target = work.target
        kept = work.previous if before.get("fulltext") == card["fulltext"] else None
        self._writer = FulltextWriter(
            work.target / FOLDER, numbers=work.numbers, previous=kept / FOLDER if kept is not None else None
        )
        gone = work.changed | work.removed
        for document_id in sorted(gone) if kept is not None else ():
            self._writer.remove_document(document_id)
        self._texts = work.changed if kept is not None else work.everything()
        self._arms: list[_VectorWriter] = []
        for model in work.models:
            same = all(before.get(name) == card[name] for name in (model.name, "vectors"))
            file = FILES[model.name]
            source = work.previous / file if work.previous and same else None
            wanted = work.changed if source else work.everything()
            arm = _VectorWriter(
                work.catalogue, model, wanted, work.target / file, numbers=work.numbers, previous=source
            )
            arm.remove(gone, work.before_numbers)
            self._arms.append(arm)

    @property
    def wanted(self) -> frozenset[str]:
        """Documents of which the words or some vectors are missing."""
        return self._texts.union(*(arm.wanted for arm in self._arms))

    def add(self, document: Document, passages: list[Passage]) -> None:
        """Put in what is missing of a document."""
        if document.id in self._texts:
            self._writer.add_document(document, passages)
        for arm in self._arms:
            if document.id in arm.wanted:
                arm.add(document, passages)

    def finish(self) -> Written:
        """Write all files."""
        self._writer.commit()
        for arm in self._arms:
            arm.finish()
            if arm.model.name == "model":
                arm.save_means(self._target)
        return Written(len(FulltextIndex(self._target / FOLDER)))


class _VectorWriter:
    """Embeds and indexes the documents `wanted`, a batch at once, beside what `previous` holds of others."""

    def __init__(
        self,
        catalogue: Catalogue,
        model: Model,
        wanted: frozenset[str],
        file: Path,
        *,
        numbers: Numbers,
        previous: Path | None,
    ) -> None:
        self.wanted, self.model = wanted, model
        self.index = FaissIndex.open(previous) if previous else FaissIndex(model.embedder.dimension)
        self._numbers = numbers
        self._catalogue, self._file, self._previous = catalogue, file, previous
        self._gone: set[int] = set()  # numbers of documents, as of the generation before
        self._waiting: list[tuple[Document, Sequence[Passage]]] = []
        self._count = 0

    def remove(self, gone: frozenset[str], numbers: Numbers) -> None:
        """Drop documents of the previous generation, by the numbers that they had there."""
        for document_id in sorted(gone) if len(self.index) else ():
            if numbers.holds(document_id):
                self.index.remove(*numbers.range(document_id))
                self._gone.add(numbers.of(document_id))

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Take a document."""
        self._waiting.append((document, passages))
        self._count += len(passages)
        if self._count >= self.model.batch:
            self._flush()

    def finish(self) -> None:
        """Write all that was taken."""
        self._flush()
        self.index.save(self._file)

    def save_means(self, target: Path) -> None:
        """Keep one vector a document; those that stayed are taken over."""
        if self._previous is not None:
            added = means_of(self.index.added(), self.index.dimension)
            if save_means(target, *added, previous=self._previous.parent, gone=self._gone):
                return
        save_document_vectors(target, self.index)

    def _flush(self) -> None:
        documents, self._waiting, self._count = self._waiting, [], 0
        found = vectors_of(self._catalogue, self.model.embedder, documents, self.model.batch)
        for (_, passages), own in zip(documents, found, strict=True):
            if len(own):
                self.index.add(np.array([self._numbers.key(p) for p in passages], np.int64), own)
