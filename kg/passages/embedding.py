"""Passages of documents to vectors: what is embedded, kept in the catalogue, and mixed with its neighbours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kg.core.model import Document, Passage
from kg.passages.embedder import Embedder, Vectors
from kg.passages.static import StaticEmbedder

if TYPE_CHECKING:
    from kg.catalogue import Catalogue

CONTEXT = 0.15  # swept 0-0.4 on the development questions: R@100 .725 without, .736-.741 with 0.1-0.4
EMBED_BATCH = 512  # passages embedded, cached and indexed at once; an interrupted run loses one batch
_LABEL = re.compile(
    r"^\s*(?:第[零〇一二三四五六七八九十百千\d]+[编章节条款]|[（(]?[一二三四五六七八九十\d]+[）)、.．])\s*"
)
_STORED = np.float16  # in the catalogue: half the size, and rankings stay the same


def vectors_of(
    catalogue: Catalogue, embedder: Embedder, documents: Iterable[tuple[Document, Sequence[Passage]]], batch: int
) -> list[Vectors]:
    """The vectors of the passages of some documents, `(passages, dimension)` each, mixed with their neighbours.

    Those that the catalogue holds for (model, text) are not computed again; a static model makes them faster than they
    are looked up, and its vectors are not kept.
    """
    given = list(documents)
    texts = [embedding_text(document, passage) for document, passages in given for passage in passages]
    if not texts:
        return [np.zeros((0, embedder.dimension), np.float32) for _ in given]
    static = isinstance(embedder, StaticEmbedder)
    vectors = _made(embedder, texts) if static else _cached_vectors(catalogue, embedder, texts, batch)
    found, first = [], 0
    for _, passages in given:
        found.append(with_context(vectors[first : first + len(passages)]))
        first += len(passages)
    return found


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


def _made(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Vectors as they come back from the catalogue, without it; equal texts share one."""
    unique = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    made: Vectors = embedder.encode(list(unique), kind="passage").astype(_STORED).astype(np.float32)
    return made[[unique[text] for text in texts]]


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
