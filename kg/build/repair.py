"""What can be mended in a home without losing anything.

That is rows without an owner, documents whose file is still there, vectors that are none, and all projections. What
is left is for people: `kg.service.repair` names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.build.holding import hold, with_held
from kg.build.originals import NoOriginal, original
from kg.build.publishing import publish
from kg.build.reading import Job, reader
from kg.build.run import steps_of, writing
from kg.catalogue import Actor, Catalogue
from kg.core.config import Settings
from kg.core.errors import PolicyKGError
from kg.core.parts import file_of
from kg.core.progress import Progress, silent
from ontology.reference import version_of


def repair(
    settings: Settings, documents: Iterable[str], *, actor: Actor | None = None, progress: Progress = silent
) -> list[str]:
    """Mend the catalogue, read `documents` (ids) again from their files, and build all projections anew.

    Returns what was done, in Chinese. Raises `CatalogueError` where the catalogue does not let itself be written.
    """
    done = []
    with writing(settings) as catalogue:
        run = catalogue.start_run("repair", {}, actor=actor)
        if orphans := catalogue.drop_orphans():
            done.append(f"清除没有文档的段落 {orphans} 段")
        if useless := catalogue.drop_broken_vectors():
            done.append(f"清除长度不对的向量 {useless} 个，已重新计算")
        done += [f"重读文档 {name}" for name in _reread(settings, catalogue, documents, run)]
        try:
            manifest = publish(settings, catalogue, scratch=True, progress=progress)
        except PolicyKGError:
            manifest = None  # a document that cannot be read stands in the way: the check that follows names it
        if manifest is not None:
            done.append(f"重建图、全文与向量索引（第 {manifest.number} 代，{manifest.documents} 份文档）")
        catalogue.finish_run(run, {"documents": manifest.documents if manifest else 0})
    return done


def _reread(settings: Settings, catalogue: Catalogue, documents: Iterable[str], run: int) -> Iterator[str]:
    """Read documents again whose files still hold the bytes that were taken in."""
    steps = steps_of(version_of(settings.ontology))
    for job, reading in reader(settings).readings(_jobs(settings, catalogue, documents)):
        if reading.document is not None:
            hold(catalogue, job, reading, steps=steps, run=run, anew=True)
            yield job.source.shown


def _jobs(settings: Settings, catalogue: Catalogue, documents: Iterable[str]) -> Iterator[Job]:
    summaries = [catalogue.summary(document_id) for document_id in documents]
    for summary in {file_of(summary.source_key): summary for summary in summaries}.values():  # a file of several once
        try:
            source, data = original(settings, summary)
        except NoOriginal:
            continue
        yield Job(with_held(catalogue, source), summary.sha256, data)
