"""One byte flipped in each column of each table and in each index: all of them found, and mended where that can be."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kg.build import generations
from kg.catalogue import Catalogue
from kg.catalogue.sealing import COLUMNS
from kg.core.config import Settings
from kg.core.errors import CatalogueError, EnvironmentProblem, PolicyKGError
from kg.service import Service
from tests.catalogue.rot import CASES, flip, flip_page, indexes

pytestmark = pytest.mark.long

TEXT = (
    "上海市青浦区市场监督管理局关于开展{0}质量月活动的通知\n青市监〔2024〕1{1}号\n各街镇：\n一、组织质量开放日\n"
    "组织企业质量开放日（区市场监管局）。培训1{1}0人。\n青浦区市场监督管理局\n2024年9月1日\n"
)


@pytest.fixture(scope="module")
def prototype(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rot")
    for number, name in enumerate("甲乙丙"):
        (folder / f"{name}.txt").write_text(TEXT.format(name, number), encoding="utf-8")
    service = Service(Settings(home=folder / "home", file_seconds=0))
    service.ingest(sorted(folder.glob("*.txt")))
    about = {"action": "correct", "document": "甲.txt", "path": "document"}
    done = service.correct([{**about, "values": {"year": 2025}}, {**about, "values": {"kind": "方案"}}])
    service.undo_correction(done["corrections"][1]["id"])
    service.keep_question("那2023年呢？", previous="青浦区2024年质量月有哪些活动？")
    reader = service.snapshot()  # holds the generation, so that what is replaced stays in `superseded`
    (folder / "丙.txt").write_text(TEXT.format("丙丙", 2), encoding="utf-8")
    service.ingest([folder / "丙.txt"])
    service.close()
    del reader
    with Catalogue.open(folder / "home" / "catalogue.sqlite") as catalogue:  # as of a home with shorter ids before
        catalogue._insert("aliases", former="d-0123456789", current=next(catalogue.documents()).id)
        catalogue.put_vectors("m", {"a": b"\x01\x02"})  # of a model whose vectors are kept
    return folder


@pytest.fixture
def home(prototype: Path, tmp_path: Path) -> Path:
    shutil.copytree(prototype / "home", tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def a_service(home: Path) -> Service:
    return Service(Settings(home=home, file_seconds=0))


def is_found(path: Path) -> bool:
    """Whether what `check` asks of a catalogue finds something wrong."""
    try:
        with Catalogue.open(path, read_only=True) as catalogue:
            catalogue.tolerate()
            return bool(catalogue.problems() or list(catalogue.broken_rows()))
    except PolicyKGError:
        return True


def test_a_sound_catalogue_is_sound(home: Path) -> None:
    assert not is_found(home / "catalogue.sqlite")
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert tables - {"sqlite_sequence"} == set(COLUMNS), "a table without seals"


@pytest.mark.parametrize(("table", "column"), CASES)
def test_a_flipped_byte_in_a_column_is_found(home: Path, table: str, column: str) -> None:
    path = home / "catalogue.sqlite"
    if not flip(path, table, column):
        empty = (("audit", "run_id"), ("documents", "run_id"), ("corrections", "part"))
        assert (table, column) in empty or table == "superseded"
        return
    assert is_found(path)


def test_a_flipped_byte_in_an_index_is_found(home: Path) -> None:
    path = home / "catalogue.sqlite"
    sound = path.read_bytes()
    missed = []
    for name, page in indexes(path):
        path.write_bytes(sound)
        flip_page(path, page)
        if not is_found(path):
            missed.append(name)
    assert len(indexes(path)) > 5
    assert missed == []


def test_a_flipped_byte_in_a_file_of_the_generation_is_found(home: Path) -> None:
    folder = generations.current_folder(home)
    assert folder is not None
    service = a_service(home)
    missed = []
    for name in [*generations.current_manifest(home).files, "manifest.json"]:  # type: ignore[union-attr]
        path = folder / name
        sound = path.read_bytes()
        if not sound:
            continue
        middle = len(sound) // 2
        path.write_bytes(sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :])
        if name == "manifest.json":
            found = generations.current_manifest(home) is None
        else:
            manifest = generations.current_manifest(home)
            found = manifest is not None and bool(generations.seals.broken(folder, manifest.files))
        if not found:
            missed.append(name)
        path.write_bytes(sound)
    service.close()
    assert missed == []


def test_a_flipped_byte_in_the_head_and_the_definitions_is_found_or_does_no_harm(home: Path, tmp_path: Path) -> None:
    path = home / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        sound_rows = list(connection.iterdump())
    sound, copy = path.read_bytes(), tmp_path / "copy.sqlite"
    missed = []
    words = [m.start() for m in re.finditer(rb"(?<=[A-Za-z,)]) (?=[A-Za-z(])", sound)]
    flips = [
        *((place, 1 << place % 8) for place in range(100)),
        *((place, 0x80) for place in words[:: len(words) // 200]),
    ]
    for place, bit in flips:  # the head; and blanks between words, which become letters that are none
        copy.write_bytes(sound[:place] + bytes([sound[place] ^ bit]) + sound[place + 1 :])
        for beside in ("-wal", "-shm"):
            copy.with_name(copy.name + beside).unlink(missing_ok=True)
        if not is_found(copy):  # or the byte is one that nobody reads
            with closing(sqlite3.connect(copy)) as connection:
                if list(connection.iterdump()) != sound_rows:
                    missed.append(place)
    assert missed == []


def test_a_flipped_byte_in_an_uploaded_file_is_found(tmp_path: Path) -> None:
    service = a_service(tmp_path / "home")
    service.upload([("甲.txt", TEXT.format("甲", 1).encode()), ("乙.txt", TEXT.format("乙", 2).encode())])
    assert service.check()["ok"]
    file = tmp_path / "home" / "uploads" / "甲.txt"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    for found in (service.check(), service.check(repair=True)):
        assert [(problem["code"], problem["where"]) for problem in found["problems"]] == [("upload", "甲.txt")]
        assert "重新上传" in found["problems"][0]["message"]
    service.upload([("甲.txt", TEXT.format("甲", 1).encode())])
    assert service.check()["ok"]
    service.close()


@pytest.mark.parametrize("column", ["title", "date", "year", "facts", "text", "value"])
def test_check_backup_and_rebuild_see_it_and_repair_mends_it(home: Path, tmp_path: Path, column: str) -> None:
    table = {"text": "passages", "value": "meta"}.get(column, "documents")
    flip(home / "catalogue.sqlite", table, column)
    service = a_service(home)
    found = service.check()
    assert {"document", "history"} & {problem["code"] for problem in found["problems"]}
    with pytest.raises(CatalogueError, match="损坏"):
        service.backup(tmp_path / "backup.zip")
    with pytest.raises(CatalogueError, match="损坏"):
        service.rebuild()
    mended = service.check(repair=True)
    assert mended["ok"], mended["problems"]
    assert mended["repaired"]
    service.backup(tmp_path / "backup.zip")
    if table == "meta":
        assert "unverified" in {entry["action"] for entry in service.audit()}
    service.close()


def test_what_cannot_be_mended_is_named(home: Path, prototype: Path) -> None:
    flip(home / "catalogue.sqlite", "documents", "facts")
    for file in prototype.glob("*.txt"):
        file.rename(file.with_suffix(".away"))
    try:
        found = a_service(home).check(repair=True)
    finally:
        for file in prototype.glob("*.away"):
            file.rename(file.with_suffix(".txt"))
    assert not found["ok"]
    assert any("无法自动修复" in problem["message"] for problem in found["problems"])


def test_rot_is_looked_for_at_opening(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = home / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE passages SET number = number + 100")
        connection.commit()
    with Catalogue.open(path, read_only=True) as catalogue:
        assert any(catalogue.sampled() for _ in range(20))
    service = a_service(home)
    for _ in range(20):
        service.snapshot().catalogue.close()
        service.close()
        service = a_service(home)
    assert "policykg check" in caplog.text
    file = max((home / "current").resolve().rglob("*.sst"), key=lambda p: p.stat().st_size)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        a_service(home).snapshot()
