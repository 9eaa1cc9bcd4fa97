"""A file that holds several documents: taken in, changed, moved, removed as one, held as many."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.build import ingest, plan, remove, sync
from kg.build.repair import repair
from kg.build.report import Report
from kg.catalogue import Catalogue, Summary
from kg.core.config import Settings
from tests.compilation import LISTED, PLAIN, documents


@dataclass
class Nothing:
    """A projection that makes nothing."""

    name: str = "nothing"

    def version(self) -> str:
        return "1"

    def build(self, task: object) -> dict[str, Any]:
        return {}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", file_seconds=0)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "汇编.txt").write_text(documents(LISTED))
    return folder


def take_in(settings: Settings, path: Path) -> Report:
    return ingest(settings, [path], projections=[Nothing()])


def held(settings: Settings) -> dict[str, Summary]:
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        return {Path(item.source).name: item for item in catalogue.documents()}


def counts(report: Report) -> tuple[int, int, int]:
    return report.added, report.updated, report.unchanged


def test_each_part_is_a_document_of_its_own(settings: Settings, docs: Path) -> None:
    assert counts(take_in(settings, docs)) == (3, 0, 0)
    found = held(settings)
    assert list(found) == ["汇编.txt#1", "汇编.txt#2", "汇编.txt#3"]
    assert [item.doc_number for item in found.values()] == [
        "岳水发〔2031〕5号",
        "娄教发〔2031〕12号",
        "襄司发〔2031〕7号",
    ]
    assert [item.place for item in found.values()] == ["岳阳市", "娄底市", "襄阳市"]
    assert [item.date for item in found.values()] == ["2031-01-08", "2031-02-08", "2031-03-08"]
    text = (docs / "汇编.txt").read_text()
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        for number, item in enumerate(found.values(), start=1):
            document = catalogue.document(item.id)
            assert document.part == (number, 3)
            assert [a.title for a in document.activities]
            for activity in document.activities:
                quote = activity.evidence.quote.split("\n")[0]
                at = document.source_offset(activity.evidence.start)
                assert text[at : at + len(quote)] == quote
            assert "part-of-file" in [notice.code for notice in document.notices]


def test_the_same_bytes_are_left_alone(settings: Settings, docs: Path) -> None:
    take_in(settings, docs)
    before = held(settings)
    assert counts(take_in(settings, docs)) == (0, 0, 3)
    assert held(settings) == before


def test_a_changed_file_replaces_all_its_parts(settings: Settings, docs: Path) -> None:
    take_in(settings, docs)
    before = held(settings)
    (docs / "汇编.txt").write_text(documents(LISTED, of=4).replace("6月底", "9月底"))
    assert counts(take_in(settings, docs)) == (1, 3, 0)
    after = held(settings)
    assert len(after) == 4
    assert [after[name].id for name in before] == [item.id for item in before.values()]
    (docs / "汇编.txt").write_text(documents(LISTED, of=2))
    take_in(settings, docs)
    assert list(held(settings)) == ["汇编.txt#1", "汇编.txt#2"]


def test_one_document_becomes_several_and_one_again(settings: Settings, docs: Path) -> None:
    take_in(settings, docs)
    (docs / "汇编.txt").write_text(documents(PLAIN, of=1))
    take_in(settings, docs)
    (whole,) = held(settings).values()
    assert Path(whole.source).name == "汇编.txt"
    (docs / "汇编.txt").write_text(documents(PLAIN, of=2))
    take_in(settings, docs)
    assert list(held(settings)) == ["汇编.txt#1", "汇编.txt#2"]


def test_a_moved_file_takes_its_parts_along(settings: Settings, docs: Path) -> None:
    take_in(settings, docs)
    before = [item.id for item in held(settings).values()]
    (docs / "汇编.txt").rename(docs / "新汇编.txt")
    report = take_in(settings, docs)
    assert (counts(report), len(report.moved)) == ((0, 0, 0), 1)
    assert Path(report.moved[0]["from"]).name == "汇编.txt"
    found = held(settings)
    assert list(found) == ["新汇编.txt#1", "新汇编.txt#2", "新汇编.txt#3"]
    assert [item.id for item in found.values()] == before
    # another compilation where the first one stood has ids of its own
    (docs / "汇编.txt").write_text(documents(LISTED, first=4))
    assert counts(take_in(settings, docs)) == (3, 0, 3)
    assert len({item.id for item in held(settings).values()}) == 6


def test_a_copy_is_a_twin_of_the_file(settings: Settings, docs: Path) -> None:
    take_in(settings, docs)
    (docs / "副本.txt").write_text(documents(LISTED))
    report = take_in(settings, docs)
    assert counts(report) == (0, 0, 3)
    assert report.skipped[0]["reason"].endswith("汇编.txt 完全相同")


def test_a_part_that_was_removed_comes_back_with_the_file(settings: Settings, docs: Path) -> None:
    take_in(settings, docs)
    second = held(settings)["汇编.txt#2"].id
    remove(settings, lambda _: [second], projections=[Nothing()])
    assert len(held(settings)) == 2
    assert counts(take_in(settings, docs)) == (1, 0, 2)
    assert held(settings)["汇编.txt#2"].id == second


def test_parts_are_put_all_or_none(settings: Settings, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Catalogue.put_document

    def failing(self: Catalogue, document: Any, *rest: Any, **more: Any) -> Any:
        if document.part and document.part[0] == 2:
            raise KeyboardInterrupt
        return put(self, document, *rest, **more)

    monkeypatch.setattr(Catalogue, "put_document", failing)
    with pytest.raises(KeyboardInterrupt):
        take_in(settings, docs)
    assert held(settings) == {}


def test_synchronising(settings: Settings, docs: Path) -> None:
    (docs / "单份.txt").write_text(documents(PLAIN, of=1))
    take_in(settings, docs)
    assert plan(settings, docs).unchanged == 2
    (docs / "汇编.txt").rename(docs / "新汇编.txt")
    found = plan(settings, docs)
    assert [(Path(m["from"]).name, Path(m["source"]).name) for m in found.moved] == [("汇编.txt", "新汇编.txt")]
    assert (found.gone, found.added) == ([], [])
    sync(settings, docs, projections=[Nothing()])
    (docs / "新汇编.txt").write_text(documents(LISTED, of=2))
    assert [Path(name).name for name in plan(settings, docs).changed] == ["新汇编.txt"]
    sync(settings, docs, projections=[Nothing()])
    (docs / "新汇编.txt").unlink()
    _, _, removed = sync(settings, docs, delete=True, projections=[Nothing()])
    assert [Path(item["source"]).name for item in removed] == ["新汇编.txt#1", "新汇编.txt#2"]
    assert list(held(settings)) == ["单份.txt"]


def test_in_an_archive(settings: Settings, docs: Path) -> None:
    with zipfile.ZipFile(docs / "公文.zip", "w") as archive:
        archive.writestr("汇编.txt", documents(LISTED))
    (docs / "汇编.txt").unlink()
    assert counts(take_in(settings, docs)) == (3, 0, 0)
    assert [item.source.rpartition("/docs/")[2] for item in held(settings).values()] == [
        "公文.zip/汇编.txt#1",
        "公文.zip/汇编.txt#2",
        "公文.zip/汇编.txt#3",
    ]
    assert counts(take_in(settings, docs)) == (0, 0, 3)


def test_repair_reads_the_file_once_for_all_its_parts(settings: Settings, docs: Path) -> None:
    take_in(settings, docs)
    before = held(settings)
    done = repair(settings, [item.id for item in before.values()])
    assert sum(line.startswith("重读") for line in done) == 1
    assert held(settings) == before
