"""Catalogue -> the passage indexes of a generation, whole or from what changed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from kg.catalogue import Catalogue
from kg.core.progress import Progress, silent
from kg.core.segments import Segments
from kg.passages.embedder import EmbedderSetting, load_embedder
from kg.passages.embedding import EMBED_BATCH, embedding_text, with_context
from kg.passages.fulltext_writer import FULLTEXT_VERSION
from kg.passages.keys import Numbers
from kg.passages.numbering import HELD, Kept, save_held
from kg.passages.protocol import Draft, Engine, Model, Work
from kg.passages.quality import BATCH as QUALITY_BATCH
from kg.passages.quality import load_quality
from kg.passages.vector_arm import CARD, read_card
from kg.passages.wordings import Wordings
from ontology.reference import Reference, load_reference

__all__ = ["PROJECTION_VERSION", "build_passage_indexes", "embedding_text", "with_context"]

PROJECTION_VERSION = "3"


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
    engine: Engine | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write the full text, the vectors, and into `target` what a search must know of documents and words.

    `previous=None` builds from scratch (all documents). A previous generation with another model or another index
    version is rebuilt where it differs; vectors that the catalogue holds are not computed again.
    `quality` names the model of a further arm (`kg.passages.quality`), empty for none.
    `reference` are the data whose names are read for one another, where they are not the built-in ones. `engine` says
    where full text and vectors are kept: in files in `target` if it is not given. Returns manifest entries: `passages`
    (count), `model` (name of the embedder, None without vectors), `dimension`, and where they are if not in `target`.
    """
    target.mkdir(parents=True, exist_ok=True)
    embedder = load_embedder(embedder_setting)
    card: dict[str, Any] = {
        "fulltext": FULLTEXT_VERSION,
        "vectors": PROJECTION_VERSION,
        "model": embedder.name if embedder else None,
        "dimension": embedder.dimension if embedder else 0,
    }
    models = [Model("model", embedder, EMBED_BATCH)] if embedder else []
    if further := load_quality(quality):
        card["quality"] = further.name
        models.append(Model("quality", further, QUALITY_BATCH))
    rows = Segments.open(previous, HELD) if previous else Segments(HELD)
    known = Kept(rows)
    everything = cache(lambda: frozenset(summary.id for summary in catalogue.documents()))
    numbers = known.following(changed, removed) if rows.is_there else Numbers.given(everything())
    if engine is None:
        from kg.passages.local import Local

        engine = Local()
    draft = engine.begin(
        Work(
            target=target,
            previous=previous,
            catalogue=catalogue,
            card=card,
            before=read_card(previous),
            models=tuple(models),
            numbers=numbers,
            before_numbers=known,
            changed=changed,
            removed=removed,
            everything=everything,
        )
    )
    _add(catalogue, draft, progress)
    written = draft.finish()
    anew = catalogue.documents() if not rows.is_there else map(catalogue.summary, sorted(changed))
    save_held(target, anew, numbers, previous=rows, removed=removed)
    reference = reference or load_reference()
    Wordings.of(reference, reference.forms).save(target)
    (target / CARD).write_text(json.dumps({**card, **written.place}, ensure_ascii=False), encoding="utf-8")
    found = {"passages": written.passages, "model": card["model"], "dimension": card["dimension"]}
    return {**found, **written.place}


def _add(catalogue: Catalogue, draft: Draft, progress: Progress) -> None:
    """Read each document once, for all indexes."""
    wanted = sorted(draft.wanted)
    for done, document_id in enumerate(wanted):
        progress(done, len(wanted), "全文和向量索引")
        draft.add(catalogue.document(document_id), list(catalogue.passages(document_id)))
    progress(len(wanted), len(wanted), "全文和向量索引")
