"""The runs that write: ingest, remove, rebuild. Each ends with one publish.

Ingest holds the write lock for its commits and for publishing (`kg.build.turns`), the others all the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.build import durable
from kg.build.ahead import make_ready
from kg.build.audiences import publish_audiences
from kg.build.generations import current_folder
from kg.build.intake import Intake
from kg.build.lineage import catalogue_of
from kg.build.projections import PROJECTIONS, Projection
from kg.build.publishing import must_name_endpoints, publish, shows_former_ids
from kg.build.reading import Job, PoolReader, reader
from kg.build.replica import own_turn
from kg.build.report import Report
from kg.build.sources import Limits, Refused, Source, walk
from kg.build.turns import turns
from kg.catalogue import Actor, Catalogue
from kg.core.config import Settings
from kg.core.errors import CatalogueError, NotBuilt
from kg.core.progress import Progress, silent
from kg.core.rights import Rights
from ontology import kept
from ontology.reference import version_of


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
    skipped, naming it; if this source was held with other bytes, those are gone and so are its facts. Others may write
    while files are read: what they remove or put while a file is read stays so (`kg.build.intake`).
    """
    from ingest.readers import SUFFIXES

    report = Report()
    items = list(walk(paths, suffixes=SUFFIXES, limits=Limits.of(settings), exclude=settings.home))
    if held := current_folder(settings.home):
        kept.offer(held / kept.FILE)
    with turns(settings) as own:
        steps = steps_of(version_of(settings.ontology))
        with own.mine():
            number = own.catalogue.start_run("ingest", steps, actor=actor)
            if shows_former_ids(settings, own.catalogue):  # readers wait for it; files may take an hour to read
                publish(settings, own.catalogue, projections=projections, progress=progress)
                publish_audiences(settings, projections=projections, progress=progress)
        run = Intake(own, steps, report, number)
        run.sources = {item.key: item for item in items if isinstance(item, Source)}
        todo = _jobs(items, run, _watched(progress, len(items)))
        using = reader(settings)
        if isinstance(using, PoolReader):
            using.meanwhile = partial(make_ready, settings)
        for job, reading in run.in_order(todo, using):
            run.land(job, reading)
        with own.mine():
            manifest = publish(settings, own.catalogue, projections=projections, progress=progress)
        with own.mine():
            publish_audiences(settings, projections=projections, progress=progress)
            report.generation = manifest.number if manifest else None
            counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged")}
            counts |= {name: len(getattr(report, name)) for name in ("moved", "skipped", "failed")}
            own.catalogue.finish_run(run.number, counts)
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
        publish_audiences(settings, projections=projections, progress=progress)
        catalogue.finish_run(run, {"removed": len(removed)})
    return removed, manifest.number if manifest else None


def correct(
    settings: Settings,
    work: Callable[[Catalogue, int], Any],
    *,
    publishing: bool = True,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = silent,
) -> tuple[Any, int | None]:
    """Let `work` take people's statements in (catalogue and number of the run), and publish; what it gave back.

    Without `publishing` they wait for the next run that publishes; no number then. Raises `NotBuilt`.
    """
    _must_exist(settings)
    with writing(settings, upgrade=publishing) as catalogue:
        run = catalogue.start_run("correct", {})
        done = work(catalogue, run)
        manifest = None
        if publishing:
            manifest = publish(settings, catalogue, projections=projections, progress=progress)
            publish_audiences(settings, projections=projections, progress=progress)
        catalogue.finish_run(run, {})
    return done, manifest.number if manifest else None


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
        must_be_sound(catalogue, "未重建索引")
        run = catalogue.start_run("rebuild", {}, actor=actor)
        manifest = publish(settings, catalogue, projections=projections, scratch=True, progress=progress)
        publish_audiences(settings, projections=projections, scratch=True, progress=progress)
        catalogue.finish_run(run, {"documents": manifest.documents if manifest else 0})
    if manifest is None:
        return {"generation": None, "documents": 0, "seconds": 0.0}
    return {"generation": manifest.number, "documents": manifest.documents, "seconds": manifest.seconds}


@contextmanager
def writing(settings: Settings, *, upgrade: bool = True) -> Iterator[Catalogue]:
    """The catalogue, open for the one writer. Raises `Locked`; `EnvironmentProblem` where the disk is full.

    Who publishes nothing says `upgrade=False`: ids that are renamed want a new generation.
    """
    Rights.load(settings.home)  # what cannot be understood is said before anything is done
    must_name_endpoints(settings)
    with (
        durable.explained(settings.home),
        own_turn(settings, settings.lock_seconds),
        Catalogue.open(catalogue_of(settings.home), upgrade=upgrade) as catalogue,
    ):
        yield catalogue


def must_be_sound(catalogue: Catalogue, consequence: str) -> None:
    """Raise `CatalogueError` for the first row that is not as it was written."""
    for table, key in catalogue.broken_rows():
        raise CatalogueError(
            f"目录库有损坏的行（{table} {key}），{consequence}。"
            "请先运行 policykg check --repair，修不了的从此前的备份恢复",
            table=table,
            key=key,
        )


def _must_exist(settings: Settings) -> None:
    if not catalogue_of(settings.home).exists():
        raise NotBuilt(settings.home)


def _watched(progress: Progress, total: int) -> Callable[[int, str], None]:
    return lambda done, shown: progress(done, total, shown.rsplit("/", 1)[-1])


def _jobs(items: Sequence[Source | Refused], run: Intake, watch: Callable[[int, str], None]) -> Iterator[Job]:
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
