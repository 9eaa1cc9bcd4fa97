"""Homes as people copy them: links followed or lost, zipped, moved, read-only, under any name."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tantivy

from kg.catalogue import connection
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem
from kg.service import Service

pytestmark = pytest.mark.long

TEXT = "关于开展{0}质量月活动的通知\n各街镇：\n一、组织质量开放日\n组织企业质量开放日（区市场监管局）。\n甲区市场监督管理局\n2024年9月1日\n"


def a_service(home: Path) -> Service:
    return Service(Settings(home=home, file_seconds=0, embedder="none"))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original") / "home"
    service = a_service(home)
    for name in ("甲", "乙"):
        service.upload([(f"{name}.txt", TEXT.format(name).encode())])
    service.close()
    return home


def followed(home: Path, to: Path) -> None:
    shutil.copytree(home, to, symlinks=False)


def lost(home: Path, to: Path) -> None:
    shutil.copytree(home, to, symlinks=True)
    (to / "current").unlink()


def as_a_file(home: Path, to: Path) -> None:
    shutil.copytree(home, to, symlinks=True)
    target = os.readlink(to / "current")  # noqa: PTH115
    (to / "current").unlink()
    (to / "current").write_text(target)


def zipped(home: Path, to: Path) -> None:
    archive = shutil.make_archive(str(to.with_name("copy")), "zip", home)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(to)


def without_locks(home: Path, to: Path) -> None:
    """Some tools leave empty files out."""
    followed(home, to)
    for lock in to.rglob("lock"):
        lock.unlink()


@pytest.mark.parametrize("copy", [followed, lost, as_a_file, zipped, without_locks])
def test_a_copy_answers_or_says_what_to_do_and_is_mended(
    original: Path, tmp_path: Path, copy: Callable[[Path, Path], None]
) -> None:
    home = tmp_path / "新 的文件夹" / "索引 copy"
    home.parent.mkdir()
    copy(original, home)
    service = a_service(home)
    try:
        assert len(service.documents()) == 2
    except EnvironmentProblem as error:
        assert "policykg check --repair" in error.message or "policykg rebuild" in error.message  # noqa: PT017
    service.close()
    service = a_service(home)
    assert service.check(repair=True)["ok"]
    assert service.check()["ok"]
    assert len(service.search("质量开放日")) > 0
    assert service.ingest([tmp_path])["failed"] == []
    service.close()
    assert not [path for path in (home / "generations").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("copy", [followed, lost, as_a_file, zipped])
def test_a_copy_takes_in_documents_without_being_mended_first(
    original: Path, tmp_path: Path, copy: Callable[[Path, Path], None]
) -> None:
    home = tmp_path / "home"
    copy(original, home)
    (tmp_path / "丙.txt").write_text(TEXT.format("丙"), encoding="utf-8")
    service = a_service(home)
    assert service.ingest([tmp_path / "丙.txt"])["added"] == 1
    assert len(service.documents()) == 3
    service.close()


def test_uploads_of_a_moved_home_are_brought_along(original: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    service = a_service(before)
    service.upload([("甲.txt", TEXT.format("甲").encode())])
    service.close()
    before.rename(tmp_path / "after")
    service = a_service(tmp_path / "after")
    assert [problem["code"] for problem in service.check()["problems"]] == ["home"]
    assert service.check(repair=True)["ok"]
    changed = service.upload([("甲.txt", TEXT.format("甲甲").encode())])
    assert [item["outcome"] for item in changed["files"]] == ["updated"]
    assert len(service.documents()) == 1
    service.close()
    del original


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "甲.txt").write_text(TEXT.format("甲"), encoding="utf-8")
    service = a_service(tmp_path / "home")
    assert service.ingest([tmp_path / "甲.txt"])["added"] == 1
    (tmp_path / "甲.txt").write_text(TEXT.format("乙"), encoding="utf-8")
    assert service.ingest([tmp_path / "甲.txt"])["updated"] == 1
    assert (tmp_path / "home" / "current").is_file()
    assert service.check()["ok"]
    service.close()


@pytest.fixture
def read_only(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy in which nothing can be written, as on a read-only medium: whoever tries is told so by the system."""
    home = tmp_path / "只 读" / "索引"
    home.parent.mkdir()
    shutil.copytree(original, home, symlinks=True)
    inside = str(home)
    access, open_, connect = os.access, os.open, connection._open

    def refused(path: Any) -> bool:
        return str(Path(os.fsdecode(path))).startswith(inside)

    def no_access(path: Any, mode: int, **more: Any) -> bool:
        return access(path, mode, **more) and not (mode & os.W_OK and refused(path))

    def no_open(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_CREAT) and refused(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return open_(path, flags, *more, **named)

    def no_connect(path: Path, *, read_only: bool, upgrade: bool = True, frozen: bool = False) -> Any:
        if not read_only:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return connect(path, read_only=True, frozen=True)

    class NoIndex:
        @staticmethod
        def open(path: str) -> Any:
            if refused(path):
                raise ValueError("Failed to acquire Lockfile: ReadOnlyFilesystem")
            return index.open(path)

    index = tantivy.Index
    monkeypatch.setattr(os, "access", no_access)
    monkeypatch.setattr(os, "open", no_open)
    monkeypatch.setattr(connection, "_open", no_connect)
    monkeypatch.setattr(tantivy, "Index", NoIndex)
    return home


def test_a_home_on_a_read_only_medium_is_searched_and_checked(read_only: Path) -> None:
    service = a_service(read_only)
    assert service.search("质量开放日")
    assert service.ask("哪些区开展过质量开放日？")["answer"]
    assert service.sparql("ASK { ?s ?p ?o }")["rows"] == [[True]]
    assert service.check()["problems"] == []
    with pytest.raises(EnvironmentProblem, match="--home"):
        service.rebuild()


def test_contacts_are_shown_to_nobody_whom_the_audit_log_cannot_name(read_only: Path, tmp_path: Path) -> None:
    service = a_service(read_only)
    [first, _] = service.documents()
    for call in (
        lambda: service.search("质量", with_contacts=True),
        lambda: service.document(first["id"], with_contacts=True),
        lambda: service.text(first["id"], with_contacts=True),
        lambda: service.ask("谁负责质量开放日？", with_contacts=True),
        lambda: service.original(first["id"]),
        lambda: service.export("graph", "nq", tmp_path / "x.nq", with_contacts=True),
    ):
        with pytest.raises(EnvironmentProblem, match="操作记录"):
            call()
    assert not (tmp_path / "x.nq").exists()
    assert service.export("graph", "nq", tmp_path / "y.nq")["count"], "what holds none may save the data"
