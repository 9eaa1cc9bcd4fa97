"""What happens beside a run that reads for long: others write, and nothing of theirs is lost or brought back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.build import ingest, remove, run, write_lock
from kg.build import reading as readings
from kg.build.reading import Job, Reading
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import Locked
from tests.build.test_run import REFERENCE, Count, read

Outside = Callable[[], Any]


class Slow:
    """A reader that stops before a file is read, while somebody else does something."""

    def __init__(self) -> None:
        self.meanwhile: dict[str, list[Outside]] = {}
        self.read: list[str] = []

    def before(self, name: str, work: Outside) -> None:
        self.meanwhile.setdefault(name, []).append(work)

    def __call__(self, job: Job, ontology: str) -> Reading:
        name = Path(job.source.shown).name
        result = read(job, ontology)
        for work in self.meanwhile.pop(name, []):
            work()
        self.read.append(name)
        return result


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    reader = Slow()
    monkeypatch.setattr(readings, "read_job", reader)
    monkeypatch.setattr(run, "version_of", lambda _: REFERENCE.version)
    monkeypatch.setattr("kg.build.publishing.version_of", lambda _: REFERENCE.version)
    monkeypatch.setattr("kg.build.publishing.load_reference", lambda _: REFERENCE)
    monkeypatch.setattr(run, "steps_of", lambda _: {"ingest": "1"})
    yield reader
    assert reader.meanwhile == {}, "never reached"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", file_seconds=0, lock_seconds=0.5)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in "甲乙丙丁":
        (folder / f"{name}.txt").write_text(name)
    return folder


def take_in(settings: Settings, *paths: Path) -> dict[str, Any]:
    return ingest(settings, paths, projections=[Count()]).as_dict()


def held(settings: Settings) -> dict[str, str]:
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        return {Path(item.source).name: catalogue.document(item.id).text for item in catalogue.documents()}


def drop(settings: Settings, name: str) -> None:
    def find(catalogue: Catalogue) -> list[str]:
        return [item.id for item in catalogue.documents() if item.source.endswith(name)]

    removed, _ = remove(settings, find, projections=[Count()])
    assert len(removed) == 1


def test_others_write_while_files_are_read(settings: Settings, docs: Path, tmp_path: Path, slow: Slow) -> None:
    other = tmp_path / "戊.txt"
    other.write_text("戊")
    slow.before("甲.txt", lambda: take_in(settings, other))
    assert take_in(settings, docs)["added"] == 4
    assert sorted(held(settings)) == sorted(["甲.txt", "乙.txt", "丙.txt", "丁.txt", "戊.txt"])


def test_two_that_take_in_the_same_files_both_succeed(settings: Settings, docs: Path, slow: Slow) -> None:
    inner: list[dict[str, Any]] = []
    slow.before("乙.txt", lambda: inner.append(take_in(settings, docs)))
    outer = take_in(settings, docs)
    assert outer["failed"] == inner[0]["failed"] == []
    assert outer["added"] + inner[0]["added"] == 4
    assert outer["added"] + outer["unchanged"] == inner[0]["added"] + inner[0]["unchanged"] == 4
    assert held(settings) == {f"{name}.txt": name for name in "甲乙丙丁"}


def test_two_at_once_in_threads(settings: Settings, tmp_path: Path, slow: Slow) -> None:
    for folder in "ab":
        (tmp_path / folder).mkdir()
        for number in range(40):
            (tmp_path / folder / f"{number}.txt").write_text(f"{folder}{number}")
    shared = tmp_path / "a"
    reports: list[dict[str, Any]] = []
    patient = replace(settings, lock_seconds=30.0)

    def work(*paths: Path) -> None:
        reports.append(take_in(patient, *paths))

    threads = [threading.Thread(target=work, args=paths) for paths in ((shared,), (shared, tmp_path / "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(reports) == 2
    assert [report["failed"] + report["skipped"] for report in reports] == [[], []]
    assert sum(report["added"] for report in reports) == 80
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        assert catalogue.count() == 80
        assert [item.finished is not None for item in catalogue.runs()] == [True, True]
        assert catalogue.problems() == []


def test_what_is_removed_while_it_is_read_again_stays_away(settings: Settings, docs: Path, slow: Slow) -> None:
    take_in(settings, docs)
    (docs / "乙.txt").write_text("乙改")
    slow.before("乙.txt", lambda: drop(settings, "乙.txt"))
    report = take_in(settings, docs)
    assert "移除" in report["skipped"][0]["reason"]
    assert sorted(held(settings)) == ["丁.txt", "丙.txt", "甲.txt"]
    assert take_in(settings, docs)["added"] == 1, "whoever asks again gets it"


def test_what_another_took_in_and_a_third_removed_stays_away(settings: Settings, docs: Path, slow: Slow) -> None:
    slow.before("乙.txt", lambda: take_in(settings, docs / "乙.txt"))
    slow.before("乙.txt", lambda: drop(settings, "乙.txt"))
    report = take_in(settings, docs)
    assert [Path(item["source"]).name for item in report["skipped"]] == ["乙.txt"]
    assert "乙.txt" not in held(settings)


def test_the_newer_bytes_stay_when_an_older_reading_lands_late(settings: Settings, docs: Path, slow: Slow) -> None:
    take_in(settings, docs)
    (docs / "乙.txt").write_text("乙二")

    def save_again() -> None:
        (docs / "乙.txt").write_text("乙三")
        assert take_in(settings, docs / "乙.txt")["updated"] == 1

    slow.before("乙.txt", save_again)
    report = take_in(settings, docs)
    assert held(settings)["乙.txt"] == "乙三"
    assert (report["updated"], report["unchanged"], report["failed"]) == (0, 4, [])


def test_bytes_that_changed_twice_are_read_again(settings: Settings, docs: Path, slow: Slow) -> None:
    def save_twice() -> None:
        (docs / "乙.txt").write_text("乙二")
        assert take_in(settings, docs / "乙.txt")["added"] == 1
        (docs / "乙.txt").write_text("乙三")

    slow.before("乙.txt", save_twice)
    report = take_in(settings, docs)
    assert held(settings)["乙.txt"] == "乙三"
    assert (report["added"], report["updated"]) == (3, 1)


def test_the_same_bytes_taken_in_elsewhere_meanwhile_are_one_document(
    settings: Settings, docs: Path, tmp_path: Path, slow: Slow
) -> None:
    copy = tmp_path / "另处.txt"
    copy.write_text("乙")
    slow.before("乙.txt", lambda: take_in(settings, copy))
    report = take_in(settings, docs)
    assert "另处.txt" in report["skipped"][0]["reason"]
    assert sorted(held(settings).values()) == sorted("甲乙丙丁")


def test_reading_goes_on_while_another_publishes(settings: Settings, docs: Path, slow: Slow) -> None:
    patient = replace(settings, lock_seconds=30.0)
    taken, free = threading.Event(), threading.Event()

    def publish_for_long() -> None:
        with write_lock(settings.home, 10):
            taken.set()
            free.wait(30)

    other = threading.Thread(target=publish_for_long)
    slow.before("丁.txt", lambda: (other.start(), taken.wait(10)))  # the second of four by name
    slow.before("甲.txt", free.set)  # the last one: reached although no commit could be made
    assert take_in(patient, docs)["added"] == 4
    other.join(30)


def test_a_writer_that_is_kept_out_for_good_says_so(settings: Settings, docs: Path, slow: Slow) -> None:
    quick = replace(settings, lock_seconds=0.1)
    with write_lock(settings.home, 1), pytest.raises(Locked, match="正在写入"):
        take_in(quick, docs)


def test_nobody_exchanges_the_catalogue_while_files_are_read(settings: Settings, docs: Path, slow: Slow) -> None:
    from kg.build.lock import reading_lock

    def exchange() -> None:
        with pytest.raises(Locked, match="读取要入库"), reading_lock(settings.home, 0.1, alone=True):
            pass

    slow.before("乙.txt", exchange)
    assert take_in(settings, docs)["added"] == 4
    with reading_lock(settings.home, 0, alone=True):
        pass


def test_what_was_moved_before_its_turn_keeps_its_document(settings: Settings, docs: Path, slow: Slow) -> None:
    """Ids are asked for when a file is read, not when the run begins: another file may stand under its name by then."""
    take_in(settings, docs / "乙.txt")
    elsewhere = docs.parent / "别处"
    elsewhere.mkdir()

    def move() -> None:
        (docs / "乙.txt").rename(elsewhere / "乙.txt")
        take_in(settings, elsewhere)
        (docs / "乙.txt").write_text("新")

    slow.before("丁.txt", move)
    take_in(settings, docs)
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        kept = {
            Path(item.source_key).parent.name + Path(item.source_key).name: item.id for item in catalogue.documents()
        }
        texts = {name: catalogue.document(ident).text for name, ident in kept.items()}
    assert texts["别处乙.txt"] == "乙"
    assert texts["docs乙.txt"] == "新"
