"""What can be mended in a home without losing anything.

That is rows without an owner, documents whose file is still there, vectors that are none, and all projections. What
is left is for people: `kg.service.repair` names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kg.build.audiences import publish_audiences
from kg.build.holding import hold, with_held
from kg.build.originals import NoOriginal, original
from kg.build.publishing import publish
from kg.build.reading import Job, reader
from kg.build.run import must_be_sound, steps_of, writing
from kg.build.sources import is_gone
from kg.catalogue import Actor, Catalogue, Summary
from kg.core.config import Settings
from kg.core.errors import PolicyKGError, UnknownName
from kg.core.ids import sha256
from kg.core.parts import file_of, part_name, part_number
from kg.core.progress import Progress, silent
from ontology.reference import version_of

UPLOADS = "uploads"  # of the home (kg.service.uploads)


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
    for table in ("changes", "runs", "audit", "meta", "migrations", "corrections", "questions"):
        if kept := [key for _, key in catalogue.broken_rows((table,))]:
            catalogue.keep_broken_rows(table)
            catalogue.record(actor or Actor("policykg"), "unverified", {"table": table, "rows": kept})
            yield f"{table} 第 {'、'.join(kept)} 行与写入时不同，无从复原，已照现状保留并记入操作记录"


def moved_uploads(settings: Settings, catalogue: Catalogue) -> Iterator[tuple[Summary, Path]]:
    """Documents of uploaded files that a moved or copied home still knows by their old place, with the new one."""
    folder = (settings.home / UPLOADS).resolve()
    if not folder.is_dir():
        return
    for item in catalogue.documents():
        old = Path(file_of(item.source_key))
        if UPLOADS not in old.parts or folder in old.parents or not is_gone(old):
            continue
        at = len(old.parts) - 1 - old.parts[::-1].index(UPLOADS)
        new = folder.joinpath(*old.parts[at + 1 :])
        try:
            if sha256(new.read_bytes()) == item.sha256 and catalogue.find(_named(item, new)) is None:
                yield item, new
        except OSError:
            continue


def _named(item: Summary, file: Path) -> str:
    """The file as the source of a document, which may be one of several in it."""
    number = part_number(item.source_key)
    return str(file) if number is None else part_name(str(file), number)


def _rehomed(settings: Settings, catalogue: Catalogue, run: int) -> Iterator[str]:
    """Documents of uploaded files, brought along to where the home stands now."""
    for item, new in list(moved_uploads(settings, catalogue)):
        state = catalogue.source_state(item.id)
        catalogue.put_document(
            replace(catalogue.document_as_read(item.id), source=_named(item, new)),
            tuple(catalogue.passages(item.id)),
            steps=state.steps if state else {},
            source_key=_named(item, new),
            run=run,
            anew=True,
        )
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
