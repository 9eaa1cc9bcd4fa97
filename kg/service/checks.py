"""`status` and `check`: how things stand, and whether the projections agree with the catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.build import Manifest, current_manifest, replica, seals
from kg.build.generations import current_folder, miscopied
from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.originals import UPLOADS, is_unfinished
from kg.build.publishing import ground, stems_from
from kg.build.repair import moved_uploads
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import CatalogueError, PolicyKGError
from kg.core.facts import KINDS
from kg.core.ids import sha256
from kg.core.model import Document
from kg.core.parts import file_of
from kg.core.progress import Progress, silent
from kg.service import litter
from kg.service.snapshot import Snapshot, Snapshots

if TYPE_CHECKING:
    from kg.graph.protocol import GraphStore

Json = dict[str, Any]


def status(settings: Settings) -> Json:
    """`policykg status`; works in a home where nothing was ever ingested.

    `reading_at` is the dask scheduler whose workers read files; None where they are read on this machine.
    """
    home = settings.home
    reading = settings.workers if isinstance(settings.workers, str) else None
    empty = {"home": str(home), "documents": 0, "passages": 0, "generation": None, "pending": False}
    if not catalogue_of(home).exists():
        nothing: Json = {"stale": [], "entries": {}, "created": None, "last_run": None, "bytes": 0}
        return {**empty, "reading_at": reading, **nothing}
    with read_catalogue(home, Catalogue) as catalogue:
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
            "reading_at": reading,
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
    if manifest is None or manifest.sequence != catalogue.sequence():
        return catalogue.sequence() > 0
    return not stems_from(manifest, catalogue)


def stale(settings: Settings, catalogue: Catalogue, manifest: Manifest | None) -> list[str]:
    """What differs from the ground that the generation was built on (ontology, base, embedder, a step)."""
    if manifest is None:
        return []
    from ontology.reference import version_of

    now = ground(settings, catalogue, version_of(settings.ontology))
    then = manifest.fingerprint
    return sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))


def check(settings: Settings, snapshots: Snapshots, progress: Progress = silent) -> Json:
    """`policykg check`: `{"ok", "documents", "generation", "problems": [{"code", "where", "message"}], "litter"}`.

    `litter` are names of what killed runs left, which is in nobody's way.

    Codes: catalogue, rows (in the file), document (with its `document_id`), history (a row of the log of changes, of
    runs or of who did what; with its `table`), upload (a file that is kept in the home), home (as it was copied),
    pending, stale, files, index, shacl, shared (a copy that is not as the store that it is of).
    """
    with read_catalogue(settings.home, Catalogue) as catalogue:
        manifest = current_manifest(settings.home)
        catalogue.tolerate()
        copied = miscopied(settings.home)
        found: list[Json] = []
        moved = 0
        try:
            found += _catalogue(catalogue, progress)
            found += [*_rot(catalogue, progress), *_documents(catalogue, progress)]
            found += _uploads(settings, catalogue, progress)
            moved = sum(1 for _ in moved_uploads(settings, catalogue))
        except PolicyKGError as error:  # a file so torn that its rows cannot be gone through
            found.append(_problem("catalogue", "目录库", error.message))
        if is_pending(catalogue, manifest):
            message = "目录库中有尚未发布的变更（上次运行被中断）；运行 policykg ingest 或 policykg rebuild 即可发布"
            found.append(_problem("pending", "索引", message))
            if manifest is not None:
                found += _files(settings, manifest, progress)
        elif manifest is not None:
            found += _generation(settings, catalogue, manifest, snapshots, progress)
        for message in replica.differences(settings):
            found.append(_problem("shared", "共享存储", message))
        if copied:
            found.append(_problem("home", "索引文件夹", f"{copied}；请运行 policykg check --repair"))
        if moved:
            message = f"索引文件夹移动过，上传的 {moved} 个文件仍按原路径登记；请运行 policykg check --repair"
            found.append(_problem("home", "索引文件夹", message))
        if changed := stale(settings, catalogue, manifest):
            message = f"索引所依据的设置或版本已变（{'、'.join(changed)}）；请运行 policykg rebuild"
            found.append(_problem("stale", "索引", message))
        return {
            "ok": not found,
            "documents": catalogue.count(),
            "generation": manifest.number if manifest else None,
            "problems": found,
            "litter": litter.found(settings),
        }


def _problem(code: str, where: str, message: str, **more: str) -> Json:
    return {"code": code, "where": where, "message": message, **more}


def _catalogue(catalogue: Catalogue, progress: Progress) -> Iterator[Json]:
    orphans = set()
    problems = catalogue.problems(progress)
    if problems:
        orphans = set(catalogue.orphans())
    for message in problems:
        yield _problem("rows" if message in orphans else "catalogue", "目录库", message)
    if count := catalogue.broken_vectors():
        yield _problem("rows", "目录库", f"有 {count} 个向量的长度不对；可运行 policykg check --repair")


def _rot(catalogue: Catalogue, progress: Progress) -> Iterator[Json]:
    """Rows that are not as they were written: a byte has flipped on the disk, or someone else wrote into the file."""
    progress(0, 1, "核对目录库各行")
    for table, key in catalogue.broken_rows():
        message = f"{_TABLES[table]} {key} 的内容与写入时不同（磁盘损坏，或被其他程序改动）"
        if table in ("documents", "passages"):
            document = key.rpartition("-p")[0] or key
            message += f"；可运行 policykg check --repair，或 policykg remove {document} 后重新入库"
            yield _problem("document", "目录库", message, document_id=document)
        elif table in ("vectors", "superseded"):
            yield _problem("rows", "目录库", f"{message}；可运行 policykg check --repair", table=table)
        else:
            yield _problem("history", "目录库", message, table=table)
    progress(1, 1, "核对目录库各行")


def _uploads(settings: Settings, catalogue: Catalogue, progress: Progress) -> Iterator[Json]:
    """Uploaded files that are not as they were read: what is kept here may be the only copy there is."""
    folder = (settings.home / UPLOADS).resolve()
    files = {Path(file_of(item.source_key)): item.sha256 for item in catalogue.documents()}
    kept = {path: digest for path, digest in files.items() if folder in path.parents and path.is_file()}
    for done, (path, digest) in enumerate(kept.items()):
        progress(done, len(kept), "核对上传的文件")
        if sha256(path.read_bytes()) != digest and not is_unfinished(path):
            message = "与入库时不同（磁盘损坏，或被改动）；已入库的内容不受影响，请重新上传该文件，或从备份恢复"
            yield _problem("upload", path.name, f"上传的文件 {path.name} {message}")
    progress(len(kept), len(kept), "核对上传的文件")


_TABLES = {
    "documents": "文档",
    "passages": "段落",
    "vectors": "向量",
    "superseded": "被替换的文档，第",
    "changes": "变更记录",
    "runs": "运行记录",
    "audit": "操作记录",
    "meta": "目录库的附注",
    "migrations": "目录库的升级记录",
    "corrections": "核定记录",
    "questions": "收藏的问题",
    "aliases": "文档的旧编号",
}


def _documents(catalogue: Catalogue, progress: Progress) -> Iterator[Json]:
    total = catalogue.count()
    for done, item in enumerate(catalogue.documents()):
        progress(done, total, "核对文档")
        for message in _document(catalogue, item.id):
            yield _problem("document", item.source, message, document_id=item.id)
    progress(total, total, "核对文档")


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
    for kind in KINDS:
        for fact in getattr(document, kind.key):
            if (words := getattr(fact, "evidence", None)) is not None:
                yield kind.label, words.quote, words.start, words.end
    for name, item in document.header_evidence.items():
        yield f"要素 {name}", item.quote, item.start, item.end


def _files(settings: Settings, manifest: Manifest, progress: Progress) -> Iterator[Json]:
    """Files of the generation that are not as they were published."""
    folder = current_folder(settings.home)
    if folder is None:
        return
    for message in seals.broken(folder, manifest.files, progress):
        yield _problem("files", "索引", f"索引文件 {message}；请运行 policykg rebuild")


def _generation(
    settings: Settings, catalogue: Catalogue, manifest: Manifest, snapshots: Snapshots, progress: Progress
) -> Iterator[Json]:
    from kg.graph.validate import violations

    try:
        torn = list(_files(settings, manifest, progress))
        yield from torn
        if torn:  # what a torn store answers, or whether it answers at all, says nothing
            return
        snapshot = snapshots.current()
        for message in _counts(catalogue, manifest, snapshot):
            yield _problem("index", "索引", message)
        for message in _graph(catalogue, manifest, snapshot.store, snapshot.settings):
            yield _problem("index", "索引", message)
        for violation in violations(snapshot.store, progress=progress):  # quotes were compared with the texts above
            message = f"SHACL：{violation.message}（{violation.path}，{violation.focus}）"
            yield _problem("shacl", "索引", message)
        snapshot.search.search("检查", top=1)
    except PolicyKGError as error:
        yield _problem("index", "索引", error.message)
    except (OSError, RuntimeError, ValueError) as error:  # what the stores' libraries raise for a damaged file
        yield _problem("index", "索引", f"索引无法读取（{error}）；请运行 policykg rebuild")


def _counts(catalogue: Catalogue, manifest: Manifest, snapshot: Snapshot) -> Iterator[str]:
    if manifest.documents != catalogue.count():
        yield f"索引含 {manifest.documents} 份文档，目录库有 {catalogue.count()} 份；请运行 policykg rebuild"
    passages = manifest.entries.get("passages")
    if passages is not None and passages != catalogue.passage_count():
        yield f"全文索引有 {passages} 段，目录库有 {catalogue.passage_count()} 段；请运行 policykg rebuild"
    if manifest.entries.get("model"):
        from kg.passages.engine import count_vectors

        count = count_vectors(snapshot.folder, snapshot.settings.store)
        if count != catalogue.passage_count():
            yield f"向量索引有 {count} 段，目录库有 {catalogue.passage_count()} 段；请运行 policykg rebuild"


def _graph(catalogue: Catalogue, manifest: Manifest, store: GraphStore, settings: Settings) -> Iterator[str]:
    from kg.graph.iris import Iris

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
