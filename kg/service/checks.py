"""`status` and `check`: how things stand, and whether the projections agree with the catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg.build import Manifest, current_manifest
from kg.build.publishing import ground
from kg.build.run import CATALOGUE
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import CatalogueError, PolicyKGError
from kg.core.model import Document
from kg.core.progress import Progress, silent
from kg.service.snapshot import Snapshots

Json = dict[str, Any]


def status(settings: Settings) -> Json:
    """`policykg status`; works in a home where nothing was ever ingested."""
    home = settings.home
    empty = {"home": str(home), "documents": 0, "passages": 0, "generation": None, "pending": False}
    if not (home / CATALOGUE).exists():
        return {**empty, "stale": [], "entries": {}, "created": None, "last_run": None, "bytes": 0}
    with Catalogue.open(home / CATALOGUE, read_only=True) as catalogue:
        manifest = current_manifest(home)
        runs = catalogue.runs()
        return {
            "home": str(home),
            "documents": catalogue.count(),
            "passages": catalogue.passage_count(),
            "generation": manifest.number if manifest else None,
            "created": manifest.created if manifest else None,
            "pending": is_pending(catalogue, manifest),
            "stale": stale(settings, catalogue, manifest),
            "entries": manifest.entries if manifest else {},
            "last_run": {"command": runs[0].command, "started": runs[0].started, "finished": runs[0].finished}
            if runs
            else None,
            "bytes": _size(home),
        }


def _size(folder: Path) -> int:
    """Bytes of all files below; those that a writer removes meanwhile do not count."""
    total = 0
    for below, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.lstat(os.path.join(below, name)).st_size  # noqa: PTH118 - of thousands of files
    return total


def is_pending(catalogue: Catalogue, manifest: Manifest | None) -> bool:
    """Whether the catalogue holds changes that no generation shows: a run was killed between the two."""
    return catalogue.sequence() > 0 and (manifest is None or manifest.sequence != catalogue.sequence())


def stale(settings: Settings, catalogue: Catalogue, manifest: Manifest | None) -> list[str]:
    """What differs from the ground that the generation was built on (ontology, base, embedder, a step)."""
    if manifest is None:
        return []
    from ontology.reference import version_of

    now = ground(settings, catalogue, version_of(settings.ontology))
    then = manifest.fingerprint
    return sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))


def check(settings: Settings, snapshots: Snapshots, progress: Progress = silent) -> Json:
    """`policykg check`: `{"ok", "documents", "generation", "problems": [{"where", "message"}]}`."""
    with Catalogue.open(settings.home / CATALOGUE, read_only=True) as catalogue:
        manifest = current_manifest(settings.home)
        found = [{"where": "目录库", "message": message} for message in catalogue.problems()]
        total = catalogue.count()
        for done, item in enumerate(catalogue.documents()):
            progress(done, total, "核对文档")
            found += [{"where": item.source, "message": message} for message in _document(catalogue, item.id)]
        progress(total, total, "核对文档")
        if is_pending(catalogue, manifest):
            message = "目录库中有尚未发布的变更（上次运行被中断）；运行 policykg ingest 或 policykg rebuild 即可发布"
            found.append({"where": "索引", "message": message})
        elif manifest is not None:
            found += [{"where": "索引", "message": message} for message in _generation(catalogue, manifest, snapshots)]
        if changed := stale(settings, catalogue, manifest):
            message = f"索引所依据的设置或版本已变（{'、'.join(changed)}）；请运行 policykg rebuild"
            found.append({"where": "索引", "message": message})
    return {
        "ok": not found,
        "documents": total,
        "generation": manifest.number if manifest else None,
        "problems": found,
    }


def _document(catalogue: Catalogue, document_id: str) -> Iterator[str]:
    try:
        document = catalogue.document(document_id)
    except CatalogueError as error:
        yield error.message
        return
    if document.id != document_id:
        yield f"内容中的编号 {document.id} 与目录不符"
    for what, quote, start, end in _quotes(document):
        if document.text[start:end] != quote:
            yield f"{what}的引文与原文位置不符（{start}–{end}）"
    for passage in catalogue.passages(document_id):
        if document.text[passage.start : passage.end] != passage.text:
            yield f"段落 {passage.id} 与原文不符"


def _quotes(document: Document) -> Iterator[tuple[str, str, int, int]]:
    facts: dict[str, tuple[Any, ...]] = {
        "活动": document.activities,
        "引用": document.policy_references,
        "作品": document.works,
        "数字": document.figures,
        "时限": document.deadlines,
        "联系人": document.contacts,
        "提示": tuple(notice for notice in document.notices if notice.evidence),
    }
    for what, items in facts.items():
        for item in items:
            yield what, item.evidence.quote, item.evidence.start, item.evidence.end
    for name, item in document.header_evidence.items():
        yield f"要素 {name}", item.quote, item.start, item.end


def _generation(catalogue: Catalogue, manifest: Manifest, snapshots: Snapshots) -> Iterator[str]:
    if manifest.documents != catalogue.count():
        yield f"索引含 {manifest.documents} 份文档，目录库有 {catalogue.count()} 份；请运行 policykg rebuild"
    passages = manifest.entries.get("passages")
    if passages is not None and passages != catalogue.passage_count():
        yield f"全文索引有 {passages} 段，目录库有 {catalogue.passage_count()} 段；请运行 policykg rebuild"
    try:
        snapshot = snapshots.current()
        yield from _graph(catalogue, manifest, snapshot.store, snapshot.settings)
        snapshot.search.search("检查", top=1)
    except PolicyKGError as error:
        yield error.message


def _graph(catalogue: Catalogue, manifest: Manifest, store: Any, settings: Settings) -> Iterator[str]:
    from kg.graph.iris import Iris
    from kg.graph.validate import violations

    if (quads := manifest.entries.get("quads")) is not None and quads != len(store):
        yield f"图中有 {len(store)} 条，清单记为 {quads} 条；请运行 policykg rebuild"
    iris = Iris(settings.base_iri)
    prefix = iris.graph("d-")
    held = {iris.graph(item.id): item.id for item in catalogue.documents()}
    graphs = {name for name in store.graphs() if name.startswith(prefix)}
    for name in sorted(held.keys() - graphs):
        yield f"文档 {held[name]} 不在图中；请运行 policykg rebuild"
    for name in sorted(graphs - held.keys()):
        yield f"图中有目录库没有的文档 {name}；请运行 policykg rebuild"
    for violation in violations(store, base=settings.base_iri):  # quotes were compared with the texts above
        yield f"SHACL：{violation.message}（{violation.path}，{violation.focus}）"
