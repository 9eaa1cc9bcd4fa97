"""Catalogue -> the passage indexes of a generation, whole or from what changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kg.catalogue import Catalogue
from kg.core.model import Document, Passage
from kg.core.progress import Progress, silent
from kg.passages.documents import save_document_vectors
from kg.passages.embedder import Embedder, EmbedderSetting, Vectors, load_embedder
from kg.passages.faiss_index import FaissIndex
from kg.passages.fulltext import FulltextIndex
from kg.passages.fulltext_writer import FULLTEXT_VERSION, FulltextWriter
from kg.passages.held import Held, save_held
from kg.passages.keys import Numbers
from kg.passages.quality import BATCH as QUALITY_BATCH
from kg.passages.quality import VECTORS as QUALITY_VECTORS
from kg.passages.quality import load_quality
from kg.passages.vector_arm import CARD, VECTORS, read_card
from kg.passages.wordings import Wordings
from ontology.reference import Reference, load_reference

PROJECTION_VERSION = "3"
CONTEXT = 0.15  # swept 0-0.4 on the development questions: R@100 .725 without, .736-.741 with 0.1-0.4
EMBED_BATCH = 512  # passages embedded, cached and indexed at once; an interrupted run loses one batch
_LABEL = re.compile(
    r"^\s*(?:第[零〇一二三四五六七八九十百千\d]+[编章节条款]|[（(]?[一二三四五六七八九十\d]+[）)、.．])\s*"
)
_STORED = np.float16  # in the catalogue: half the size, and rankings stay the same


def build_passage_indexes(
    target: Path,
    *,
    previous: Path | None,
    catalogue: Catalogue,
    changed: frozenset[str],
    removed: frozenset[str],
    embedder_setting: str | EmbedderSetting = "default",
    quality: str = "",
    reference: Reference | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write `target/fulltext/`, the vector files, and what a search must know of documents and words.

    `previous=None` builds from scratch (all documents). A previous generation with another model or another index
    version is rebuilt where it differs; vectors that the catalogue holds for (model, text) are not computed again.
    `quality` names the model of a further arm (`kg.passages.quality`), empty for none.
    `reference` are the data whose names are read for one another, where they are not the built-in ones. Returns
    manifest entries: `passages` (count), `model` (name of the embedder, None without vectors) and `dimension`.
    """
    target.mkdir(parents=True, exist_ok=True)
    embedder = load_embedder(embedder_setting)
    before = read_card(previous)
    card = {
        "fulltext": FULLTEXT_VERSION,
        "vectors": PROJECTION_VERSION,
        "model": embedder.name if embedder else None,
        "dimension": embedder.dimension if embedder else 0,
    }
    further = load_quality(quality)
    if further:
        card["quality"] = further.name
    summaries = list(catalogue.documents())
    everything = frozenset(summary.id for summary in summaries)
    before_numbers = Held.open(previous).numbering if previous else Numbers()
    numbers = Numbers.given(everything, before_numbers)
    same_texts = previous is not None and before.get("fulltext") == FULLTEXT_VERSION
    writer = FulltextWriter(
        target / "fulltext", numbers=numbers, previous=previous / "fulltext" if previous and same_texts else None
    )
    for document_id in sorted(changed | removed) if same_texts else ():
        writer.remove_document(document_id)
    gone = changed | removed
    arms: list[_VectorWriter] = []
    for model, name, file, batch in (
        (embedder, "model", VECTORS, EMBED_BATCH),
        (further, "quality", QUALITY_VECTORS, QUALITY_BATCH),
    ):
        if model is not None:
            same = (before.get(name), before.get("vectors")) == (model.name, PROJECTION_VERSION)
            kept = previous / file if previous and same else None
            wanted = changed if kept else everything
            arm = _VectorWriter(catalogue, model, wanted, target / file, numbers=numbers, previous=kept, batch=batch)
            arm.remove(gone, before_numbers)
            arms.append(arm)
    _add(catalogue, writer, changed if same_texts else everything, arms, progress)
    writer.commit()
    for arm in arms:
        arm.finish()
    if embedder:
        save_document_vectors(target, arms[0].index)
    save_held(target, summaries, numbers)
    reference = reference or load_reference()
    Wordings.of(reference, reference.forms).save(target)
    (target / CARD).write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")
    count = len(FulltextIndex(target / "fulltext"))
    return {"passages": count, "model": card["model"], "dimension": card["dimension"]}


def _add(
    catalogue: Catalogue,
    writer: FulltextWriter,
    texts: frozenset[str],
    arms: Sequence[_VectorWriter],
    progress: Progress,
) -> None:
    """Read each document once, for all indexes."""
    wanted = sorted(texts.union(*(arm.wanted for arm in arms)))
    for done, document_id in enumerate(wanted):
        progress(done, len(wanted), "全文和向量索引")
        document, passages = catalogue.document(document_id), list(catalogue.passages(document_id))
        if document_id in texts:
            writer.add_document(document, passages)
        for arm in arms:
            if document_id in arm.wanted:
                arm.add(document, passages)
    progress(len(wanted), len(wanted), "全文和向量索引")


class _VectorWriter:
    """Embeds and indexes the documents `wanted`, `batch` passages at once, beside what `previous` holds of others."""

    def __init__(
        self,
        catalogue: Catalogue,
        embedder: Embedder,
        wanted: frozenset[str],
        file: Path,
        *,
        numbers: Numbers,
        previous: Path | None,
        batch: int,
    ) -> None:
        self.wanted = wanted
        self.index = FaissIndex.open(previous, writable=True) if previous else FaissIndex(embedder.dimension)
        self._numbers = numbers
        self._catalogue, self._embedder, self._file, self._batch = catalogue, embedder, file, batch
        self._waiting: list[tuple[Document, list[Passage]]] = []
        self._count = 0

    def remove(self, gone: frozenset[str], numbers: Numbers) -> None:
        """Drop documents of the previous generation, by the numbers that they had there."""
        for document_id in sorted(gone) if len(self.index) else ():
            if numbers.holds(document_id):
                self.index.remove(*numbers.range(document_id))

    def add(self, document: Document, passages: list[Passage]) -> None:
        """Take a document."""
        self._waiting.append((document, passages))
        self._count += len(passages)
        if self._count >= self._batch:
            self._flush()

    def finish(self) -> None:
        """Write all that was taken."""
        self._flush()
        self.index.save(self._file)

    def _flush(self) -> None:
        documents, self._waiting, self._count = self._waiting, [], 0
        texts = [embedding_text(document, passage) for document, passages in documents for passage in passages]
        if not texts:
            return
        vectors = _cached_vectors(self._catalogue, self._embedder, texts, self._batch)
        first = 0
        for _, passages in documents:
            own = vectors[first : first + len(passages)]
            first += len(passages)
            self.index.add(np.array([self._numbers.key(p) for p in passages], np.int64), with_context(own))


def with_context(vectors: Vectors) -> Vectors:
    """Mix into each passage of a document a little of the one before and the one after.

    A passage often leaves unsaid what its neighbours say. The cache in the catalogue holds the plain vectors.
    """
    mixed = vectors.copy()
    mixed[1:] += CONTEXT * vectors[:-1]
    mixed[:-1] += CONTEXT * vectors[1:]
    norms = np.linalg.norm(mixed, axis=1, keepdims=True)
    np.divide(mixed, norms, out=mixed, where=norms > 0)
    return mixed


def embedding_text(document: Document, passage: Passage) -> str:
    """What is embedded: title and headings say what a sentence is about, often in the asker's words.

    Numbers of headings (第十三条, （一）) are left out: they would only make all thirteenth articles alike.
    """
    headings = [_LABEL.sub("", heading) for heading in passage.heading_path]
    return "\n".join((document.title, *headings, passage.text))


def _cached_vectors(catalogue: Catalogue, embedder: Embedder, texts: Sequence[str], batch: int) -> Vectors:
    """Vectors from the catalogue, or computed and put there, `batch` at once; equal texts share one."""
    hashes = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
    known = catalogue.vectors(embedder.name, set(hashes))
    missing = list({h: text for h, text in zip(hashes, texts, strict=True) if h not in known}.items())
    for first in range(0, len(missing), batch):
        some = missing[first : first + batch]
        made = embedder.encode([text for _, text in some], kind="passage").astype(_STORED)
        new = {h: row.tobytes() for (h, _), row in zip(some, made, strict=True)}
        catalogue.put_vectors(embedder.name, new)
        known = {**known, **new}
    return np.stack([np.frombuffer(known[h], _STORED) for h in hashes]).astype(np.float32)
