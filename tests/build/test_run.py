"""Ingest runs: what counts as new, what fails alone, and what the next run makes of a killed one."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from kg.build import ingest, rebuild, remove, run
from kg.build import reading as readings
from kg.build.projections import Task
from kg.build.reading import InlineReader, Job, Reading
from kg.build.sources import Source
from kg.catalogue import Catalogue
from kg.core import ids
from kg.core.config import Settings
from kg.core.errors import IdTaken, NotBuilt, UnknownName
from kg.core.ids import document_id
from kg.core.model import Document, Passage
from ontology.reference import Reference

REFERENCE = Reference((), (), (), (), (), (), (), version="r1", files=())


@dataclass
class Count:
    """A projection that only counts."""

    name: str = "count"
    tasks: list[Task] = field(default_factory=list)

    def version(self) -> str:
        return "1"

    def build(self, task: Task) -> dict[str, Any]:
        self.tasks.append(task)
        return {}


def read(job: Job, ontology: str) -> Reading:
    text = job.data.decode()
    if text.startswith("坏"):
        return Reading(reason="无法识别")
    document = Document(id=job.source.id, source=job.source.shown, sha256=job.sha256, text=text, title=text)
    return Reading(document, (Passage(f"{document.id}-p1", document.id, 1, 0, len(text), (), text),))


@dataclass
class Ahead:
    """Takes in that many jobs before it hands out the first result, as a pool of processes does."""

    depth: int

    def readings(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading]]:
        todo = iter(jobs)
        while some := list(islice(todo, self.depth)):
            yield from ((job, read(job, "")) for job in some)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Step versions that a test may change; reading is simple and quick."""
    versions = {"ingest": "1"}
    monkeypatch.setattr(readings, "read_job", read)
    monkeypatch.setattr(run, "version_of", lambda _: REFERENCE.version)
    monkeypatch.setattr("kg.build.publishing.version_of", lambda _: REFERENCE.version)
    monkeypatch.setattr("kg.build.publishing.load_reference", lambda _: REFERENCE)
    monkeypatch.setattr(run, "steps_of", lambda _: dict(versions))
    return versions


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", file_seconds=0)  # read here, by the stand-in


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in "甲乙丙":
        (folder / f"{name}.txt").write_text(name)
    return folder


def report_of(settings: Settings, *paths: Path, projection: Count | None = None) -> dict[str, Any]:
    return ingest(settings, paths, projections=[projection or Count()]).as_dict()


def held(settings: Settings) -> dict[str, str]:
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        return {Path(item.source).name: item.title for item in catalogue.documents()}


def test_the_second_time_nothing_is_done(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    projection = Count()
    first = report_of(settings, docs, projection=projection)
    empty = {"skipped": [], "failed": [], "moved": [], "not_read": [], "generation": 1}
    assert first == {"added": 3, "updated": 0, "unchanged": 0, **empty}
    again = report_of(settings, docs, projection=projection)
    assert again == {"added": 0, "updated": 0, "unchanged": 3, **empty}
    assert len(projection.tasks) == 1


def colliding(folder: Path) -> tuple[Path, Path]:
    """Two files whose paths give the same short id."""
    known: dict[str, Path] = {}
    for number in range(10_000):
        path = folder / f"{number}.txt"
        other = known.setdefault(document_id(str(path)), path)
        if other != path:
            return other, path
    raise AssertionError("no collision")


@pytest.mark.parametrize("together", [True, False], ids=["in-one-run", "in-two-runs"])
def test_two_paths_with_the_same_id_do_not_overwrite_each_other(
    settings: Settings, tmp_path: Path, steps: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, together: bool
) -> None:
    monkeypatch.setattr(ids, "DIGITS", 4)
    first, second = colliding(tmp_path.resolve())
    first.write_text("甲")
    second.write_text("乙")
    if not together:
        assert report_of(settings, first)["added"] == 1
    found = report_of(settings, first, second)
    assert [item["source"] for item in found["failed"]] == [str(second)]
    assert "已属于另一个文件" in found["failed"][0]["reason"]
    assert held(settings) == {first.name: "甲"}
    assert report_of(settings, second)["failed"] == found["failed"], "nor the next time"
    second.rename(third := tmp_path / "改过的名字.txt")
    assert report_of(settings, third)["added"] == 1
    assert held(settings) == {first.name: "甲", third.name: "乙"}


def test_a_document_is_not_put_over_that_of_another_source(settings: Settings) -> None:
    with Catalogue.open(settings.home / "catalogue.sqlite") as catalogue:
        mine = Document("d-1", "甲.txt", "1", "甲")
        assert catalogue.put_document(mine, (), steps={}) == "added"
        with pytest.raises(IdTaken) as told:
            catalogue.put_document(replace(mine, source="乙.txt", text="乙"), (), steps={})
        assert told.value.context == {"source": "乙.txt", "document_id": "d-1", "other": "另一个文件 甲.txt"}
        assert catalogue.document("d-1") == mine
        assert catalogue.put_document(replace(mine, source="乙.txt"), (), steps={}, moved=True) == "updated"


def test_changed_bytes_replace_and_reach_the_projection(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    projection = Count()
    report_of(settings, docs, projection=projection)
    (docs / "乙.txt").write_text("乙改")
    report = report_of(settings, docs, projection=projection)
    assert (report["updated"], report["unchanged"], report["generation"]) == (1, 2, 2)
    assert held(settings)["乙.txt"] == "乙改"
    assert len(projection.tasks[1].changed) == 1


def test_a_newer_step_reads_again_and_publishes_its_version(
    settings: Settings, docs: Path, steps: dict[str, str]
) -> None:
    report_of(settings, docs)
    steps["ingest"] = "2"
    report = report_of(settings, docs)
    assert (report["unchanged"], report["generation"]) == (3, 2), "facts as before, provenance is new"
    again = report_of(settings, docs)
    assert (again["unchanged"], again["generation"]) == (3, 2)


def test_one_bad_file_does_not_stop_the_rest(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    (docs / "一.txt").write_text("坏文件")
    report = report_of(settings, docs, docs / "没有.txt")
    assert report["added"] == 3
    assert {Path(entry["source"]).name: entry["reason"] for entry in report["failed"]} == {
        "一.txt": "无法识别",
        "没有.txt": "文件不存在，请核对名称和位置",
    }


def test_a_file_that_became_bad_keeps_what_was_held(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)
    (docs / "乙.txt").write_text("坏了")
    report = report_of(settings, docs)
    assert "保留此前入库的内容" in report["failed"][0]["reason"]
    assert held(settings)["乙.txt"] == "乙"


def test_an_unexpected_error_is_a_reason_without_words_of_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("ingest.pipeline.read_document", explode)
    monkeypatch.setattr(readings, "load_reference", lambda _: REFERENCE)
    job = Job(Source(tmp_path, "a.txt", "/a.txt"), "0" * 64, b"x")
    reading = readings.read_job(job, "")
    assert reading == Reading(reason=readings.INTERNAL)
    assert not {"ZeroDivisionError", "secret"} & set(re.findall(r"\w+", readings.INTERNAL))


def test_the_same_bytes_under_two_names_are_held_once(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    (docs / "甲副本.txt").write_text("甲")
    report = report_of(settings, docs)
    assert report["added"] == 3
    assert "甲.txt" in report["skipped"][0]["reason"]
    assert report_of(settings, docs)["unchanged"] == 3


def test_bytes_that_became_those_of_another_take_their_old_facts_along(
    settings: Settings, docs: Path, steps: dict[str, str]
) -> None:
    report_of(settings, docs)
    (docs / "乙.txt").write_text("甲")
    report = report_of(settings, docs)
    assert "其原有内容已移除" in report["skipped"][0]["reason"]
    assert held(settings) == {"甲.txt": "甲", "丙.txt": "丙"}


@pytest.mark.parametrize("copy", ["一旧稿.txt", "甲旧稿.txt"])  # read before and after the file that it was copied from
@pytest.mark.parametrize("workers", [1, 2])
def test_a_copy_of_what_a_changed_file_said_is_taken_in(
    tmp_path: Path, docs: Path, steps: dict[str, str], copy: str, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "reader", lambda settings: Ahead(3) if settings.workers > 1 else InlineReader(""))
    settings = Settings(home=tmp_path / "home", workers=workers, file_seconds=0)
    report_of(settings, docs)
    (docs / copy).write_text("甲")
    (docs / "甲.txt").write_text("甲改")
    report = report_of(settings, docs)
    assert (report["added"], report["updated"], report["skipped"]) == (1, 1, [])
    assert held(settings) == {copy: "甲", "甲.txt": "甲改", "乙.txt": "乙", "丙.txt": "丙"}


def test_files_that_swapped_their_contents_are_both_held(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)
    (docs / "甲.txt").write_text("乙")
    (docs / "乙.txt").write_text("甲")
    report = report_of(settings, docs)
    assert (report["updated"], report["skipped"]) == (2, [])
    assert held(settings) == {"甲.txt": "乙", "乙.txt": "甲", "丙.txt": "丙"}


def test_removal_by_unknown_name_removes_nothing(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)

    def find(catalogue: Catalogue) -> list[str]:
        return [next(catalogue.documents()).id, catalogue.summary("d-none").id]

    with pytest.raises(UnknownName):
        remove(settings, find, projections=[Count()])
    assert len(held(settings)) == 3


def test_removal_publishes(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)
    projection = Count()
    removed, generation = remove(settings, lambda c: [next(c.documents()).id], projections=[projection])
    assert len(removed) == 1
    assert generation == 2
    assert projection.tasks[0].removed == {removed[0]["id"]}
    assert len(held(settings)) == 2


def test_rebuild_starts_from_nothing_but_the_catalogue(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)
    for file in docs.iterdir():
        file.unlink()
    projection = Count()
    result = rebuild(settings, projections=[projection])
    assert (result["documents"], result["generation"]) == (3, 2)
    assert projection.tasks[0].previous is None


def test_rebuild_of_nothing_is_said_so(settings: Settings) -> None:
    with pytest.raises(NotBuilt):
        rebuild(settings, projections=[])
    assert not settings.home.exists()


def test_a_run_killed_before_publishing_is_finished_by_the_next(
    settings: Settings, docs: Path, steps: dict[str, str]
) -> None:
    report_of(settings, docs)
    with Catalogue.open(settings.home / "catalogue.sqlite") as catalogue:
        document = Document(id="d-x", source="x", sha256="x", text="x")
        catalogue.put_document(document, (), steps={})  # committed, and then the process was gone
    projection = Count()
    report = report_of(settings, docs, projection=projection)
    assert (report["unchanged"], report["generation"]) == (3, 2)
    assert projection.tasks[0].changed == {"d-x"}


def test_kill_9_during_a_run_loses_no_committed_document(settings: Settings, docs: Path) -> None:
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from kg.build import ingest, reading, run
        from kg.core.config import Settings
        from kg.core.model import Document
        run.version_of = lambda _: "r1"
        run.steps_of = lambda _: {"ingest": "1"}
        def read(job, ontology):
            if job.source.shown.endswith("乙.txt"):
                os.kill(os.getpid(), signal.SIGKILL)
            return reading.Reading(Document(id=job.source.id, source=job.source.shown, sha256=job.sha256, text="x"))
        reading.read_job = read
        ingest(Settings(home=Path(sys.argv[1]), file_seconds=0), [Path(sys.argv[2])], projections=[])
        """
    )
    command = [sys.executable, "-c", script, str(settings.home), str(docs)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    names = sorted(path.name for path in docs.iterdir())
    assert sorted(held(settings)) == names[: names.index("乙.txt")]
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        assert catalogue.problems() == []


def source_of(settings: Settings) -> dict[str, str]:
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        return {item.id: Path(item.source_key).name for item in catalogue.documents()}


def test_a_renamed_file_takes_its_document_along(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)
    before = {name: key for key, name in source_of(settings).items()}
    (docs / "甲.txt").rename(docs / "改名.txt")
    (docs / "子").mkdir()
    (docs / "乙.txt").rename(docs / "子" / "乙.txt")
    report = report_of(settings, docs)
    assert [(Path(m["from"]).name, Path(m["source"]).name) for m in report["moved"]] == [
        ("乙.txt", "乙.txt"),
        ("甲.txt", "改名.txt"),
    ]
    assert (report["added"], report["updated"], report["unchanged"], report["skipped"]) == (0, 0, 1, [])
    after = {name: key for key, name in source_of(settings).items()}
    assert after == {"改名.txt": before["甲.txt"], "乙.txt": before["乙.txt"], "丙.txt": before["丙.txt"]}


def test_a_moved_document_is_known_by_its_new_path_from_then_on(
    settings: Settings, docs: Path, steps: dict[str, str]
) -> None:
    report_of(settings, docs)
    before = {name: key for key, name in source_of(settings).items()}
    (docs / "甲.txt").rename(docs / "改名.txt")
    report_of(settings, docs)
    assert report_of(settings, docs)["unchanged"] == 3
    (docs / "改名.txt").write_text("甲又改")
    assert report_of(settings, docs)["updated"] == 1
    (docs / "甲.txt").write_text("后来的文件")  # at the old path: another document
    assert report_of(settings, docs)["added"] == 1
    after = {name: key for key, name in source_of(settings).items()}
    assert after["改名.txt"] == before["甲.txt"]
    assert after["甲.txt"] not in before.values()
    assert report_of(settings, docs)["unchanged"] == 4


def test_a_moved_file_is_read_again_by_newer_steps(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)
    (docs / "甲.txt").rename(docs / "改名.txt")
    steps["ingest"] = "2"
    report = report_of(settings, docs)
    assert len(report["moved"]) == 1
    assert len(source_of(settings)) == 3
    assert report_of(settings, docs)["unchanged"] == 3


def test_a_copy_is_no_move(settings: Settings, docs: Path, steps: dict[str, str]) -> None:
    report_of(settings, docs)
    (docs / "副本.txt").write_bytes((docs / "甲.txt").read_bytes())
    report = report_of(settings, docs)
    assert report["moved"] == []
    assert "完全相同" in report["skipped"][0]["reason"]
