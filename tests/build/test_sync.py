"""A folder and what is held of it: the plan, and what carrying it out does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.build import ingest, plan, run, sync, syncing
from kg.build import reading as readings
from kg.build.reading import Job, Reading
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.model import Document, Passage
from ontology.reference import Reference

REFERENCE = Reference((), (), (), (), (), (), (), version="r1", files=())


@dataclass
class Nothing:
    """A projection that makes nothing."""

    name: str = "nothing"

    def version(self) -> str:
        return "1"

    def build(self, task: object) -> dict[str, Any]:
        return {}


def read(job: Job, ontology: str) -> Reading:
    text = job.data.decode()
    document = Document(id=job.source.id, source=job.source.shown, sha256=job.sha256, text=text, title=text)
    return Reading(document, (Passage(f"{document.id}-p1", document.id, 1, 0, len(text), (), text),))


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Step versions that a test may change; reading is simple and quick."""
    versions = {"ingest": "1"}
    monkeypatch.setattr(readings, "read_job", read)
    for module in (run, syncing):
        monkeypatch.setattr(module, "version_of", lambda _: REFERENCE.version)
        monkeypatch.setattr(module, "steps_of", lambda _: dict(versions))
    monkeypatch.setattr("kg.build.publishing.version_of", lambda _: REFERENCE.version)
    monkeypatch.setattr("kg.build.publishing.load_reference", lambda _: REFERENCE)
    return versions


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", file_seconds=0)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in "甲乙丙":
        (folder / f"{name}.txt").write_text(name)
    return folder


def take_in(settings: Settings, folder: Path) -> None:
    ingest(settings, [folder], projections=[Nothing()])


def held(settings: Settings) -> set[str]:
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        return {Path(item.source).name for item in catalogue.documents()}


def names(entries: list[str]) -> list[str]:
    return [Path(entry).name for entry in entries]


@pytest.fixture
def changed(settings: Settings, docs: Path, steps: dict[str, str]) -> Path:
    """Held: 甲, 乙, 丙, 丁. Then 甲 is edited, 乙 renamed, 丙 deleted, 戊 new."""
    (docs / "丁.txt").write_text("丁")
    take_in(settings, docs)
    (docs / "甲.txt").write_text("甲改")
    (docs / "乙.txt").rename(docs / "新乙.txt")
    (docs / "丙.txt").unlink()
    (docs / "戊.txt").write_text("戊")
    return docs


def test_the_plan_names_each_and_changes_nothing(settings: Settings, changed: Path) -> None:
    before = held(settings)
    found = plan(settings, changed)
    assert names(found.added) == ["戊.txt"]
    assert names(found.changed) == ["甲.txt"]
    assert [(Path(m["from"]).name, Path(m["source"]).name) for m in found.moved] == [("乙.txt", "新乙.txt")]
    assert [Path(item["source"]).name for item in found.gone] == ["丙.txt"]
    assert (found.unchanged, found.again, found.refused) == (1, [], [])
    assert held(settings) == before


def test_nothing_is_deleted_unless_asked(settings: Settings, changed: Path) -> None:
    found, report, removed = sync(settings, changed, projections=[Nothing()])
    assert (report.added, report.updated, report.unchanged, len(report.moved)) == (1, 1, 1, 1)
    assert removed == []
    assert held(settings) == {"甲.txt", "新乙.txt", "丙.txt", "丁.txt", "戊.txt"}
    assert len(found.gone) == 1
    assert (names(found.added), names(found.changed)) == (["戊.txt"], ["甲.txt"])
    assert [Path(m["from"]).name for m in found.moved] == ["乙.txt"]


def test_every_file_is_read_once(settings: Settings, changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_: list[str] = []
    whole = Path.read_bytes

    def noted(path: Path) -> bytes:
        read_.append(path.name)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    sync(settings, changed, projections=[Nothing()])
    assert sorted(name for name in read_ if name.endswith(".txt")) == ["丁.txt", "戊.txt", "新乙.txt", "甲.txt"]


def test_two_new_files_of_the_same_bytes_are_one_in_the_plan_as_in_the_run(
    settings: Settings, docs: Path, steps: dict[str, str]
) -> None:
    (docs / "甲二.txt").write_text("甲")
    found = plan(settings, docs)
    assert (len(found.added), len(found.refused)) == (3, 1)
    done, _, _ = sync(settings, docs, projections=[Nothing()])
    assert names(done.added) == names(found.added)
    assert [item["reason"] for item in done.refused] == [item["reason"] for item in found.refused]


def test_what_is_gone_is_removed_on_request(settings: Settings, changed: Path) -> None:
    _, report, removed = sync(settings, changed, delete=True, projections=[Nothing()])
    assert [Path(item["source"]).name for item in removed] == ["丙.txt"]
    assert held(settings) == {"甲.txt", "新乙.txt", "丁.txt", "戊.txt"}
    assert report.generation is not None
    found, _, _ = sync(settings, changed, delete=True, projections=[Nothing()])
    assert (found.unchanged, found.gone, found.added, found.changed, found.moved) == (4, [], [], [], [])


def test_only_documents_of_the_folder_are_gone(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    take_in(settings, docs)
    other = docs.parent / "别处"
    other.mkdir()
    (other / "己.txt").write_text("己")
    take_in(settings, other)
    (other / "己.txt").unlink()
    assert plan(settings, docs).gone == []


def test_a_newer_step_is_told_apart_from_a_change(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    take_in(settings, docs)
    steps["ingest"] = "2"
    found = plan(settings, docs)
    assert (len(found.again), found.changed, found.unchanged) == (3, [], 0)


def test_no_folder_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="不是文件夹"):
        plan(settings, tmp_path / "没有")
