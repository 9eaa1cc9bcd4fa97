"""What can be mended in a home without losing anything.

That is rows without an owner, documents whose file is still there, vectors that are none, and all projections. What
is left is for people: `kg.service.repair` names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.build.audiences import publish_audiences
from kg.build.holding import hold, move, with_held
from kg.build.originals import UPLOADS, NoOriginal, in_uploads, original
from kg.build.publishing import publish
from kg.build.reading import Job, reader
from kg.build.run import must_be_sound, steps_of, writing
from kg.build.sources import Source, is_gone, name_of
from kg.catalogue import Actor, Catalogue, Summary
from kg.core.config import Settings
from kg.core.errors import PolicyKGError, UnknownName
from kg.core.ids import sha256
from kg.core.parts import file_of
from kg.core.progress import Progress, silent
from ontology.reference import version_of


def repair(
    settings: Settings, documents: Iterable[str], *, actor: Actor | None = None, progress: Progress = silent
) -> list[str]:
    """Mend the catalogue, read `documents` (ids) again from their files, and build all projections anew.

    Returns what was done, in Chinese. Raises `CatalogueError` where the catalogue does not let itself be written.
    """
    done: list[str] = []
    with writing(settings) as catalogue:
        run = catalogue.start_run("repair", {}, actor=actor)
        done += _mended(catalogue, actor)
        done += _rehomed(settings, catalogue, run)
        if orphans := catalogue.drop_orphans():
            done.append(f"清除没有文档的段落 {orphans} 段")
        if useless := catalogue.drop_broken_vectors():
            done.append(f"清除长度不对的向量 {useless} 个，已重新计算")
        done += [f"重读文档 {name}" for name in _reread(settings, catalogue, documents, run)]
        catalogue.drop_broken_rows("superseded")  # what was read again in place of a spoilt row
        try:
            must_be_sound(catalogue, "未重建索引")
            manifest = publish(settings, catalogue, scratch=True, progress=progress)
            publish_audiences(settings, scratch=True, progress=progress)
        except PolicyKGError:
            manifest = None  # a document that cannot be read stands in the way: the check that follows names it
        if manifest is not None:
            done.append(f"重建图、全文与向量索引（第 {manifest.number} 代，{manifest.documents} 份文档）")
        catalogue.finish_run(run, {"documents": manifest.documents if manifest else 0})
    return done


def _mended(catalogue: Catalogue, actor: Actor | None) -> Iterator[str]:
    """Rows whose seal is broken: had anew where that can be, else kept as they stand, and said so in the audit log."""
    catalogue.tolerate()
    for table in ("vectors", "superseded"):
        if useless := catalogue.drop_broken_rows(table):
            yield f"清除损坏的行 {useless} 个（{table}），可由其余内容重得"
    for document_id in [key for table, key in catalogue.broken_rows(("documents",))]:
        if catalogue.mend_document(document_id):
            yield f"由文档内容改正目录中的要素 {document_id}"
    for key in [key for _, key in catalogue.broken_rows(("passages",))]:
        if catalogue.mend_passage(key):
            yield f"由文档内容改正段落 {key}"
    for table in ("changes", "runs", "audit", "meta", "migrations", "corrections", "questions", "aliases"):
        if kept := [key for _, key in catalogue.broken_rows((table,))]:
            catalogue.keep_broken_rows(table)
            catalogue.record(actor or Actor("policykg"), "unverified", {"table": table, "rows": kept})
            yield f"{table} 第 {'、'.join(kept)} 行与写入时不同，无从复原，已照现状保留并记入操作记录"


def moved_uploads(settings: Settings, catalogue: Catalogue) -> Iterator[tuple[list[Summary], Path]]:
    """Uploaded files that a moved or copied home still knows by their old place: what is held of each, the new one."""
    folder = name_of((settings.home / UPLOADS).resolve())
    held: dict[str, list[Summary]] = {}
    for item in catalogue.documents():
        held.setdefault(file_of(item.source_key), []).append(item)
    for key, items in held.items():
        if key.startswith(f"{folder}/") or not (places := in_uploads(settings.home, key)) or not is_gone(Path(key)):
            continue
        for place in places:
            try:
                same = sha256(Path(place).read_bytes()) == items[0].sha256
            except OSError:
                continue
            if same and place not in held:
                yield items, Path(place)
                break


def _rehomed(settings: Settings, catalogue: Catalogue, run: int) -> Iterator[str]:
    """Documents of uploaded files, brought along to where the home stands now."""
    for held, new in list(moved_uploads(settings, catalogue)):
        move(catalogue, held, Source(new, name_of(new), name_of(new)), run=run)
        yield f"上传的文件随索引文件夹移到 {new}"


def _reread(settings: Settings, catalogue: Catalogue, documents: Iterable[str], run: int) -> Iterator[str]:
    """Read documents again whose files still hold the bytes that were taken in."""
    steps = steps_of(version_of(settings.ontology))
    for job, reading in reader(settings).readings(_jobs(settings, catalogue, documents)):
        if reading.document is not None:
            hold(catalogue, job, reading, steps=steps, run=run, anew=True)
            yield job.source.shown


def _jobs(settings: Settings, catalogue: Catalogue, documents: Iterable[str]) -> Iterator[Job]:
    summaries: dict[str, Summary] = {}  # a file of several documents once
    for document_id in documents:
        try:
            summary = catalogue.summary(document_id)
        except UnknownName:  # of a passage without a document, which is dropped
            continue
        summaries[file_of(summary.source_key)] = summary
    for summary in summaries.values():
        try:
            source, data = original(settings, summary)
        except NoOriginal:
            continue
        yield Job(with_held(catalogue, source), summary.sha256, data)
