"""`check` sees what is torn, lost or left over; `--repair` mends what it can and names the rest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg.build import generations, write_lock
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import PolicyKGError
from kg.graph.store import OxigraphStore
from kg.service import Service

pytestmark = pytest.mark.long

TEXT = (
    "关于开展{}质量月活动的通知\n各街镇：\n一、组织质量开放日\n组织企业质量开放日（区市场监管局）。\n"
    "二、召开{}质量会议\n根据《质量强国建设纲要》，召开质量会议（区经委）。\n甲区市场监督管理局\n2024年9月1日\n"
)


@pytest.fixture(scope="module")
def prototype(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two documents, and the files that they came from."""
    folder = tmp_path_factory.mktemp("prototype")
    (folder / "docs").mkdir()
    for name in "甲乙":
        (folder / "docs" / f"{name}.txt").write_text(TEXT.format(name, name))
    a_service(folder / "home").ingest([folder / "docs"])
    return folder


def a_service(home: Path) -> Service:
    return Service(Settings(home=home, file_seconds=0))


@pytest.fixture
def home(prototype: Path, tmp_path: Path) -> Path:
    shutil.copytree(prototype / "home", tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def codes(service: Service) -> set[str]:
    return {problem["code"] for problem in service.check()["problems"]}


def largest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern), key=lambda path: path.stat().st_size)


def catalogue_of(home: Path) -> Catalogue:
    return Catalogue.open(home / "catalogue.sqlite")


def torn_graph(home: Path) -> None:
    file = largest(home / "current" / "graph", "*.sst")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flipped_vectors(home: Path) -> None:
    file = home / "current" / "vectors.faiss"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def lost_fulltext(home: Path) -> None:
    largest(home / "current" / "fulltext", "*.store").unlink()


def torn_manifest(home: Path) -> None:
    (home / "current" / "manifest.json").write_text("{")


def broken_vector(home: Path) -> None:
    with catalogue_of(home) as catalogue:
        catalogue.put_vectors("m", dict.fromkeys(("a", "b", "c"), b"\x01\x02"))
        catalogue._run("UPDATE vectors SET vector = x'00' WHERE text_hash = (SELECT min(text_hash) FROM vectors)")


def orphaned_passage(home: Path) -> None:
    with catalogue_of(home) as catalogue:
        catalogue._run("PRAGMA foreign_keys = OFF")
        values = {"id": "d-none-p1", "document_id": "d-none", "number": 1, "start": 0, "end": 1}
        catalogue._insert("passages", **values, heading_path="[]", text="字")


def unpublished(home: Path) -> None:
    with catalogue_of(home) as catalogue:
        catalogue.remove_document(next(catalogue.documents()).id)


def undecodable(home: Path) -> None:
    with catalogue_of(home) as catalogue:
        catalogue._run("UPDATE documents SET facts = x'7b7d' WHERE id = ?", next(catalogue.documents()).id)


def misplaced_passage(home: Path) -> None:
    with catalogue_of(home) as catalogue:
        catalogue._run('UPDATE passages SET start = start + 1, "end" = "end" + 1 WHERE number = 1')


HARM: list[tuple[Callable[[Path], None], str]] = [
    (torn_graph, "files"),
    (flipped_vectors, "files"),
    (lost_fulltext, "files"),
    (torn_manifest, "pending"),
    (broken_vector, "rows"),
    (orphaned_passage, "rows"),
    (unpublished, "pending"),
    (undecodable, "document"),
    (misplaced_passage, "document"),
]


@pytest.mark.parametrize(("harm", "code"), HARM)
def test_what_is_harmed_is_seen_and_mended(home: Path, harm: Callable[[Path], None], code: str) -> None:
    documents = 1 if harm is unpublished else 2
    harm(home)
    service = a_service(home)
    assert code in codes(service)
    found = service.check(repair=True)
    assert found["problems"] == []
    assert found["repaired"]
    again = a_service(home)
    assert again.check()["ok"]
    assert len(again.documents()) == documents
    assert again.search("质量开放日")
    entry = again.audit()[0]
    assert (entry["action"], entry["finished"] is not None) == ("repair", True)


def test_a_sound_home_is_left_as_it_is(home: Path) -> None:
    service = a_service(home)
    number = service.generation()["number"]
    assert service.check(repair=True) == {**service.check(), "repaired": []}
    assert service.generation()["number"] == number


def test_leftovers_of_killed_runs_are_cleared(home: Path) -> None:
    (home / "generations" / ".building-1").mkdir()
    (home / ".restoring-x").mkdir()
    os.utime(home / ".restoring-x", (0, 0))  # what is younger than an hour may be somebody's work
    found = a_service(home).check(repair=True)
    assert len(found["repaired"]) == 2
    assert not [path for path in (*home.iterdir(), *(home / "generations").iterdir()) if path.name.startswith(".")]


def test_what_cannot_be_mended_is_named_with_what_to_do(home: Path, prototype: Path) -> None:
    with catalogue_of(home) as catalogue:
        item = next(catalogue.documents())
        catalogue._run("UPDATE documents SET facts = x'7b7d', sha256 = 'of another file' WHERE id = ?", item.id)
    found = a_service(home).check(repair=True)
    assert not found["ok"]
    told = [problem["message"] for problem in found["problems"] if problem["code"] == "document"]
    assert len(told) == 2, "that the row is not as it was written, and that it cannot be read"
    assert all("policykg remove" in message and "无法自动修复" in message for message in told)


def test_a_damaged_catalogue_is_not_written_into(home: Path) -> None:
    file = home / "catalogue.sqlite"
    data = bytearray(file.read_bytes())
    size = 4096
    for page in range(4, len(data) // size, 3):
        data[page * size : page * size + 200] = b"\xff" * 200
    file.write_bytes(data)
    try:
        found = a_service(home).check(repair=True)
    except PolicyKGError as error:
        told = [error.message]
    else:
        told = [problem["message"] for problem in found["problems"]]
        assert not found["ok"]
    assert any("restore" in message or "备份" in message for message in told)
    assert file.read_bytes() == bytes(data)


def test_torn_ends_of_the_log_lose_nothing_that_was_whole(home: Path, tmp_path: Path) -> None:
    """A power cut may leave the last pages of the write-ahead log torn: what was committed before them stays."""
    writer = catalogue_of(home)
    held = [writer.document(item.id) for item in writer.documents()]
    sizes = []
    for number in range(3):
        writer.set_meta(f"note {number}", "字" * 3000)
        sizes.append((home / "catalogue.sqlite-wal").stat().st_size)
    log = (home / "catalogue.sqlite-wal").read_bytes()
    for cut in (sizes[0], sizes[0] + 100, sizes[1] + 5000, len(log) - 1, 40, 0):
        copy = tmp_path / f"cut-{cut}"
        shutil.copytree(home, copy, symlinks=True, ignore=shutil.ignore_patterns("*-shm"))
        (copy / "catalogue.sqlite-wal").write_bytes(log[:cut])
        with catalogue_of(copy) as catalogue:
            whole = sum(size <= cut for size in sizes)
            assert [catalogue.meta(f"note {n}") is not None for n in range(3)] == [n < whole for n in range(3)]
            assert [catalogue.document(item.id) for item in catalogue.documents()] == held
            assert catalogue.problems() == []
        assert codes(a_service(copy)) <= {"stale"}
    writer.close()


def test_a_generation_ahead_of_the_catalogue_is_not_built_upon(home: Path, prototype: Path) -> None:
    """The disk lost the end of the catalogue, and not the generation that came of it."""
    with catalogue_of(home) as catalogue:
        catalogue._run("DELETE FROM documents WHERE id IN (SELECT document_id FROM changes WHERE sequence = 2)")
        catalogue._run("DELETE FROM changes WHERE sequence = 2")
    service = a_service(home)
    assert "pending" in codes(service)
    service.ingest([prototype / "docs"])
    graph = set(OxigraphStore(home / "current" / "graph", read_only=True).quads())
    service.rebuild()
    assert set(OxigraphStore(home / "current" / "graph", read_only=True).quads()) == graph
    assert codes(service) == set()


@pytest.mark.parametrize("harm", ["removed", "changed"])
def test_the_old_generation_still_answers_while_its_documents_are_gone(home: Path, harm: str) -> None:
    service = a_service(home)
    question = "哪些文件引用了质量强国建设纲要？"
    before = service.ask(question)
    passages = service.search("质量开放日")
    assert len(before["evidence"]) == 2
    with catalogue_of(home) as catalogue:
        for item in list(catalogue.documents()):
            if harm == "removed":
                catalogue.remove_document(item.id)
            else:
                document = catalogue.document(item.id)
                catalogue.put_document(replace(document, text="前面多了一行\n" + document.text), (), steps={})
    for reader in (service, a_service(home)):  # one that had it open, and one that comes now
        after = reader.ask(question)
        assert [e["quote"] for e in after["evidence"]] == [e["quote"] for e in before["evidence"]]
        assert len(reader.search("质量开放日")) <= len(passages)


def test_open_stores_do_not_break_the_seals(home: Path) -> None:
    service = a_service(home)
    service.ask("哪些区开展过质量开放日？")
    service.search("质量开放日")
    assert codes(a_service(home)) == set()
    with write_lock(home, 1):
        assert generations.sweep(home) == []
