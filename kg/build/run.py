"""The runs that write: ingest, remove, rebuild. Each holds the write lock and ends with one publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.build import durable
from kg.build.lock import write_lock
from kg.build.projections import PROJECTIONS, Projection
from kg.build.publishing import publish
from kg.build.reading import Job, Reader, Reading, reader
from kg.build.sources import Limits, Refused, Source, walk
from kg.catalogue import Actor, Catalogue
from kg.core.config import Settings
from kg.core.errors import NotBuilt
from kg.core.ids import sha256
from kg.core.progress import Progress, silent
from ontology.reference import version_of

CATALOGUE = "catalogue.sqlite"


@dataclass(slots=True)
class Report:
    """What an ingest run did; `as_dict` is the shape of the command-line contract."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    generation: int | None = None

    def refuse(self, item: Refused) -> None:
        """Note a source that was not taken in."""
        entry = {"source": item.shown, "reason": item.reason}
        (self.failed if item.outcome == "failed" else self.skipped).append(entry)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: getattr(self, name) for name in self.__slots__}


def steps_of(ontology: str) -> dict[str, str]:
    """The versions of everything that decides how a source is read; `ontology` is the reference data's."""
    return {
        "ingest": str(import_module("ingest.pipeline").STEP_VERSION),
        "chunk": str(import_module("kg.passages.chunk").CHUNK_VERSION),
        "ontology": ontology,
    }


def ingest(
    settings: Settings,
    paths: Sequence[Path],
    *,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = silent,
    actor: Actor | None = None,
) -> Report:
    """Take in files and folders; what fails is reported and never stops the rest.

    A source whose bytes and step versions are known is left alone. Bytes that are held under another source are
    skipped, naming it; if this source was held with other bytes, those are gone and so are its facts.
    """
    from ingest.readers import SUFFIXES

    report = Report()
    limits = Limits(settings.max_file_mb * 2**20, settings.max_archive_mb * 2**20)
    items = list(walk(paths, suffixes=SUFFIXES, limits=limits, exclude=settings.home))
    with writing(settings) as catalogue:
        steps = steps_of(version_of(settings.ontology))
        run = _Run(catalogue, steps, report, catalogue.start_run("ingest", steps, actor=actor))
        run.sources = {item.id: item for item in items if isinstance(item, Source)}
        todo = _jobs(items, run, _watched(progress, len(items)))
        for job, reading in run.in_order(todo, reader(settings)):
            run.commit(job, reading)
        manifest = publish(settings, catalogue, projections=projections, progress=progress)
        report.generation = manifest.number if manifest else None
        counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged")}
        catalogue.finish_run(run.number, {**counts, "skipped": len(report.skipped), "failed": len(report.failed)})
    return report


def remove(
    settings: Settings,
    find: Callable[[Catalogue], Sequence[str]],
    *,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = silent,
    actor: Actor | None = None,
) -> tuple[list[dict[str, str]], int | None]:
    """Remove the documents that `find` names (ids; it may raise, and then nothing is removed).

    Returns what was removed and the generation that no longer shows it.
    """
    removed: list[dict[str, str]] = []
    _must_exist(settings)
    with writing(settings) as catalogue:
        summaries = [catalogue.summary(document_id) for document_id in dict.fromkeys(find(catalogue))]
        gone = [{"id": summary.id, "title": summary.title} for summary in summaries]
        run = catalogue.start_run("remove", {}, actor=actor, detail={"documents": gone})
        for summary in summaries:
            catalogue.remove_document(summary.id, run=run)
            removed.append({"id": summary.id, "source": summary.source, "title": summary.title})
        manifest = publish(settings, catalogue, projections=projections, progress=progress)
        catalogue.finish_run(run, {"removed": len(removed)})
    return removed, manifest.number if manifest else None


def rebuild(
    settings: Settings,
    *,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = silent,
    actor: Actor | None = None,
) -> dict[str, Any]:
    """Build all projections anew from the catalogue; the sources are not read again. Raises `NotBuilt`."""
    _must_exist(settings)
    with writing(settings) as catalogue:
        run = catalogue.start_run("rebuild", {}, actor=actor)
        manifest = publish(settings, catalogue, projections=projections, scratch=True, progress=progress)
        catalogue.finish_run(run, {"documents": manifest.documents if manifest else 0})
    if manifest is None:
        return {"generation": None, "documents": 0, "seconds": 0.0}
    return {"generation": manifest.number, "documents": manifest.documents, "seconds": manifest.seconds}


@contextmanager
def writing(settings: Settings) -> Iterator[Catalogue]:
    """The catalogue, open for the one writer. Raises `Locked`; `EnvironmentProblem` where the disk is full."""
    with (
        durable.explained(settings.home),
        write_lock(settings.home, settings.lock_seconds),
        Catalogue.open(settings.home / CATALOGUE) as catalogue,
    ):
        yield catalogue


def _must_exist(settings: Settings) -> None:
    if not (settings.home / CATALOGUE).exists():
        raise NotBuilt(settings.home)


def _watched(progress: Progress, total: int) -> Callable[[int, str], None]:
    return lambda done, shown: progress(done, total, shown.rsplit("/", 1)[-1])


@dataclass(slots=True)
class _Run:
    """The state of one ingest run."""

    catalogue: Catalogue
    steps: dict[str, str]
    report: Report
    number: int
    sources: dict[str, Source] = field(default_factory=dict)  # by document id, all of this run
    flying: dict[str, str] = field(default_factory=dict)  # hash -> source of what is being read right now
    twins: list[Source] = field(default_factory=list)  # same bytes as one in flight: decided when that one landed

    def wanted(self, source: Source) -> Job | None:
        """The source with its bytes, unless it is known, held under another name, or cannot be read."""
        try:
            data = source.read()
        except OSError as error:
            self.report.refuse(Refused(source.shown, f"无法读取（{error.strerror or error}）", "failed"))
            return None
        digest = sha256(data)
        state = self.catalogue.source_state(source.id)
        if state is not None and state.sha256 == digest and state.steps == self.steps:
            self.report.unchanged += 1
            return None
        other = self.catalogue.by_sha256(digest)
        changed = state is None or state.sha256 != digest
        if other is not None and other != source.id and changed and self._keeps(other, digest):
            self._skip_twin(source, self.catalogue.summary(other).source, held=state is not None)
            return None
        if digest in self.flying:
            self.twins.append(source)
            return None
        return Job(source, digest, data)

    def _keeps(self, document_id: str, digest: str) -> bool:
        """Whether a held document still has these bytes after this run: its file may be about to bring others."""
        source = self.sources.get(document_id)
        try:
            return source is None or sha256(source.read()) == digest
        except OSError:  # it fails in its turn, and keeps what was held
            return True

    def _skip_twin(self, source: Source, other: str, *, held: bool) -> None:
        reason = f"内容与已入库的 {other} 完全相同"
        if held:  # what it said before is no longer written anywhere
            self.catalogue.remove_document(source.id, run=self.number)
            reason += "，其原有内容已移除"
        self.report.refuse(Refused(source.shown, reason, "skipped"))

    def in_order(self, jobs: Iterable[Job], using: Reader) -> Iterator[tuple[Job, Reading]]:
        """All results in order, then those of twins whose first could not be read."""
        yield from using.readings(jobs)
        while self.twins:
            job = self.wanted(self.twins.pop(0))
            if job is not None:
                yield from using.readings([job])

    def commit(self, job: Job, reading: Reading) -> None:
        """Put a document, or note why there is none. A source that became unreadable keeps what was held."""
        self.flying.pop(job.sha256, None)
        if reading.document is None:
            reason = reading.reason or "内部错误"
            if self.catalogue.source_state(job.source.id) is not None:
                reason += "（保留此前入库的内容）"
            self.report.refuse(Refused(job.source.shown, reason, "failed"))
            return
        outcome = self.catalogue.put_document(
            reading.document, reading.passages, steps=self.steps, source_key=job.source.key, run=self.number
        )
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)


def _jobs(items: Sequence[Source | Refused], run: _Run, watch: Callable[[int, str], None]) -> Iterator[Job]:
    for done, item in enumerate(items):
        if isinstance(item, Refused):
            run.report.refuse(item)
            continue
        watch(done, item.shown)
        job = run.wanted(item)
        if job is not None:
            run.flying[job.sha256] = item.shown
            yield job
    watch(len(items), "")
