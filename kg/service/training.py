"""Material for the static embedding model: the passages of a home, or texts in files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.build import durable
from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.masked import Masked
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, NotBuilt, UsageError
from kg.core.progress import Progress, silent
from kg.service.backup import scratch

Json = dict[str, Any]

SUFFIXES = (".txt", ".md", ".jsonl")
_SHORTEST = 15  # characters; shorter ones have no span to hide
_LONGEST = 600  # of a paragraph that is one text; longer ones are cut


def train_embedder(
    settings: Settings,
    sources: Sequence[Path],
    target: Path,
    *,
    epochs: int | None = None,
    seed: int = 0,
    scratch: bool = False,
    progress: Progress = silent,
) -> Json:
    """See `Service.train_embedder`."""
    from kg.passages.embedder import load_embedder
    from kg.passages.optional import need_models
    from kg.passages.static import StaticEmbedder
    from kg.passages.train import EPOCHS, Recipe, train_embedder

    need_models("训练向量模型")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} 已存在且不是空文件夹。请另给一个文件夹名")
    begun = time.perf_counter()
    pairs = dict(files_to_texts(sources) if sources else home_to_texts(settings))
    start = None if scratch else load_embedder("default")
    with _in_one_step(target) as folder:
        card = train_embedder(
            list(pairs),
            folder,
            titles=list(pairs.values()),
            recipe=Recipe(seed=seed, epochs=EPOCHS if epochs is None else epochs),
            start=start if isinstance(start, StaticEmbedder) else None,
            progress=progress,
        )
    size = sum(file.stat().st_size for file in target.iterdir())
    return {**card, "path": str(target), "bytes": size, "seconds": round(time.perf_counter() - begun, 1)}


@contextmanager
def _in_one_step(target: Path) -> Iterator[Path]:
    """A folder to write that becomes `target` when all of it is on the disk: a killed run leaves no half a model."""
    whole = target.absolute()
    parent = whole.parent
    try:
        with durable.explained(parent), scratch(parent, ".policykg-model-") as folder:
            yield folder / whole.name
            durable.sync_tree(folder)
            (folder / whole.name).replace(whole)
            durable.sync_file(parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"无法写入模型 {target}：{reason}。请检查路径和权限") from error


def home_to_texts(settings: Settings) -> Iterator[tuple[str, str]]:
    """(passage, title of its document) of all that is held. Raises `NotBuilt`."""
    if not catalogue_of(settings.home).exists():
        raise NotBuilt(settings.home)
    with read_catalogue(settings.home, Masked) as catalogue:
        titles = {item.id: item.title for item in catalogue.documents()}
        for passage in catalogue.passages():
            if len(passage.text) >= _SHORTEST:
                yield passage.text, titles[passage.document_id]


def files_to_texts(sources: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """(text, title) of files: paragraphs of `.txt` and `.md`, the `text` and `title` of each line of `.jsonl`.

    The title of a paragraph is the name of its file. Folders are searched whole.
    """
    for source in sources:
        if not source.exists():
            raise UsageError(f"没有这个文件或文件夹：{source}")
        files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.suffix in SUFFIXES)
        for file in files:
            if file.suffix not in SUFFIXES:
                raise UsageError(f"{file}：训练只读 {'、'.join(SUFFIXES)}；其他格式请先用 policykg ingest 入库")
            for text, title in _jsonl(file) if file.suffix == ".jsonl" else _paragraphs(file):
                if len(text) >= _SHORTEST:
                    yield text, title


def _paragraphs(file: Path) -> Iterator[tuple[str, str]]:
    for line in _read(file).splitlines():
        paragraph = line.strip().lstrip("#").strip()
        for first in range(0, len(paragraph), _LONGEST):
            yield paragraph[first : first + _LONGEST], file.stem


def _jsonl(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(_read(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield str(row["text"]), str(row.get("title") or row.get("name") or "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f'{file} 第 {number} 行应为 {{"text": "…", "title": "…"}}（title 可省）') from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} 不是 UTF-8 编码。请先转换，或用 policykg ingest 入库后训练") from error
