"""One document more, less or changed: what is published is what a build from nothing would be, and little is written."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.ask.lexicon import load_lexicon
from kg.ask.shares import SHARES
from kg.build import ahead, generations, ingest, rebuild, remove
from kg.build.ahead import make_ready
from kg.build.generations import current_folder
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem
from kg.core.segments import Segments
from kg.graph.ties import LINKS
from kg.passages.documents import MEANS, saved_means
from kg.passages.faiss_index import FaissIndex
from kg.passages.held import Held
from kg.passages.numbering import HELD, Kept
from kg.passages.vector_arm import VECTORS
from kg.service import Service

SUBJECTS = ("质量月", "标准化", "计量", "知识产权", "消费维权", "食品安全", "节能降碳", "招商引资")
PLACES = ("青浦区", "浦东新区", "嘉定区", "徐汇区")
QUESTIONS = ("2024年有哪些区开展质量月活动？", "标准化活动奖励多少万元？", "食品安全检查由谁组织？", "何时起施行？")


def text_of(rng: random.Random, number: int) -> str:
    """A notice of which some sentences stand in others, too."""
    place, subject = rng.choice(PLACES), rng.choice(SUBJECTS)
    points = "\n\n".join(
        f"{n}．{rng.choice(SUBJECTS)}活动第{rng.randint(1, 60)}次。组织{rng.choice(PLACES)}有关单位开展检查，"
        f"奖励{rng.randint(1, 90)}万元。"
        for n in range(1, rng.randint(3, 7))
    )
    return (
        f"上海市{place}关于开展2024年{subject}工作的通知（{number}）\n\n各有关单位：\n\n一、主要任务\n\n{points}\n\n"
        f"二、附则\n\n本通知自2024年{rng.randint(1, 3)}月1日起施行。\n\n上海市{place}市场监督管理局\n2024年8月1日\n"
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", file_seconds=0)


def folder_of(settings: Settings) -> Path:
    folder = current_folder(settings.home)
    assert folder is not None
    return folder


def shown(settings: Settings, path: Path) -> dict[str, Any]:
    """What a generation gives: its graph, its names, its vectors and what they find, its answers."""
    folder = folder_of(settings)
    service = Service(settings)
    service.export("graph", "nq", path)
    index = FaissIndex.open(folder / VECTORS, exact_limit=100)
    queries = np.random.default_rng(0).normal(size=(5, index.dimension)).astype(np.float32)
    found = [index.search(query, top=40) for query in queries]
    answers = [service.ask(question) for question in QUESTIONS]
    return {
        "graph": sorted(path.read_text(encoding="utf-8").splitlines()),
        "names": load_lexicon(folder),
        "shares": sorted(Segments.open(folder, SHARES).all()),
        "links": sorted(Segments.open(folder, LINKS).all()),
        "held": sorted(Segments.open(folder, HELD).all()),
        "entries": generations.hold_current(settings.home).manifest.entries,
        "means": [each.tolist() for each in saved_means(folder)],
        "vectors": [(ids.tolist(), scores.tolist()) for ids, scores in found],
        "answers": [(answer["answer"], answer["rows"], answer["answerable"]) for answer in answers],
    }


def test_many_publishes_give_what_one_gives_from_nothing(settings: Settings, tmp_path: Path) -> None:
    rng = random.Random(3)
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(12):
        (docs / f"{number}.txt").write_text(text_of(rng, number), encoding="utf-8")
    ingest(settings, [docs])
    parts = 0
    for turn in range(12):
        what = rng.choice(("more", "changed", "less"))
        known = sorted(docs.iterdir())
        if what == "less":
            gone = rng.choice(known)
            with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
                ident = next(item.id for item in catalogue.documents() if item.source_key == str(gone.resolve()))
            gone.unlink()
            remove(settings, lambda _, ident=ident: [ident])  # type: ignore[misc]
        else:
            number = 100 + turn
            path = docs / f"{number}.txt" if what == "more" else rng.choice(known)
            path.write_text(text_of(rng, number), encoding="utf-8")
            report = ingest(settings, [docs])
            assert report.added + report.updated == 1
        parts = max(parts, len(list(folder_of(settings).glob(f"{VECTORS}.[0-9]*"))))
    followed = shown(settings, tmp_path / "followed.nq")
    numbering = Held.open(folder_of(settings)).numbering
    assert Kept(Segments.open(folder_of(settings), HELD)).table == numbering.table
    assert len(numbering.table) == len(list(docs.iterdir()))
    rebuild(settings)
    anew = shown(settings, tmp_path / "anew.nq")
    for name, value in anew.items():
        assert followed[name] == value, name


@pytest.mark.parametrize("lost", ["held.1.rows", "shares.1.rows", "shares.2.rows"])
def test_rows_that_were_lost_are_made_anew_and_not_sealed_as_lost(
    settings: Settings, tmp_path: Path, lost: str
) -> None:
    rng = random.Random(5)
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(4):
        (docs / f"{number}.txt").write_text(text_of(rng, number), encoding="utf-8")
        if number > 1:  # two at once, then one more
            ingest(settings, [docs])
    (folder_of(settings) / lost).unlink()
    (docs / "4.txt").write_text(text_of(rng, 4), encoding="utf-8")
    ingest(settings, [docs])
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        held = {item.id for item in catalogue.documents()}
    assert {key for key, _ in Segments.open(folder_of(settings), SHARES).all()} == held
    assert len(Held.open(folder_of(settings)).numbering.table) == len(held) == 5


def test_what_a_document_more_writes_does_not_grow_with_what_is_held(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors and words: new files are those of the document, all others are the same files as before."""
    monkeypatch.setattr("kg.passages.faiss_index._SMALL", 0)
    rng = random.Random(5)
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(30):
        (docs / f"{number}.txt").write_text(text_of(rng, number), encoding="utf-8")
    ingest(settings, [docs])
    before = {file.stat().st_ino for file in folder_of(settings).rglob("*")}
    rows = len(FaissIndex.open(folder_of(settings) / VECTORS))
    (docs / "one.txt").write_text(text_of(rng, 99), encoding="utf-8")
    with (folder_of(settings) / "lock").open("rb"):
        ingest(settings, [docs])
    folder = folder_of(settings)
    assert (folder / f"{VECTORS}.1").stat().st_ino in before
    new = sum(file.stat().st_size for file in folder.glob(f"{VECTORS}*") if file.stat().st_ino not in before)
    own = len(FaissIndex.open(folder / VECTORS)) - rows
    assert 0 < own * 1024 < new < own * 1024 + 2000
    for kind in (SHARES, HELD, MEANS, LINKS):
        files = [path for path in Segments.open(folder, kind).paths if path.stat().st_ino not in before]
        assert len(files) == 1, kind.name
        assert files[0].stat().st_size < 9_000, kind.name
    assert (folder / "names.msgpack").stat().st_ino in before


def test_what_cannot_be_made_ready_is_left_to_the_publish(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EnvironmentProblem("没有这个模型")

    (tmp_path / "a.txt").write_text(text_of(random.Random(1), 1), encoding="utf-8")
    ingest(settings, [tmp_path / "a.txt"])
    asked: list[str] = []
    original: Callable[..., Any] = ahead.import_module
    monkeypatch.setattr(ahead, "import_module", lambda name: (asked.append(name), original(name))[1])
    make_ready(settings)
    assert "pyoxigraph" in asked
    monkeypatch.setattr("kg.passages.embedder.load_embedder", refuse)
    make_ready(settings)
