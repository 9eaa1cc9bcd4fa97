"""A file that holds several documents, from the command line: taken in, listed, shown, asked, kept, removed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kg.cli import run
from kg.core.config import Settings
from kg.service import Service
from tests.compilation import LISTED, documents

pytestmark = pytest.mark.long


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POLICYKG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("POLICYKG_EMBEDDER", "none")
    found = tmp_path / "公文"
    found.mkdir()
    (found / "汇编.txt").write_text(documents(LISTED, of=2))
    return found


def said(capsys: pytest.CaptureFixture[str], *command: str, status: int = 0) -> Any:
    assert run([*command, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_from_the_file_to_the_answer_and_back(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert said(capsys, "ingest", str(folder))["added"] == 2
    listed = said(capsys, "documents")
    assert [Path(item["source"]).name for item in listed] == ["汇编.txt#1", "汇编.txt#2"]
    assert [item["title"] for item in listed] == [
        "岳阳市水务局关于做好防汛工作的通知",
        "娄底市教育局关于做好校园食堂工作的通知",
    ]
    second = said(capsys, "document", "汇编.txt#2")
    assert second["part"] == {"file": str(folder / "汇编.txt"), "number": 2, "of": 2}
    assert run(["document", "汇编.txt#2"]) == 0
    assert f"所在文件：{folder / '汇编.txt'}（共 2 份公文，这是第 2 份）" in capsys.readouterr().out
    assert run(["document", "汇编.txt"]) == 2  # which of them?
    assert "汇编.txt#1" in capsys.readouterr().err

    answer = said(capsys, "ask", "娄底市教育局负责哪些活动？")
    assert answer["answerable"]
    assert {item["document_id"] for item in answer["evidence"]} == {second["id"]}
    assert {Path(item["source"]).name for item in answer["evidence"]} == {"汇编.txt#2"}
    found = said(capsys, "search", "校园食堂培训")
    assert found[0]["document_id"] == second["id"]

    assert said(capsys, "check")["ok"]
    assert said(capsys, "sync", str(folder))["unchanged"] == 1
    before = said(capsys, "documents")
    assert run(["rebuild"]) == 0
    assert run(["backup", str(tmp_path / "备份.zip")]) == 0
    assert run(["restore", str(tmp_path / "备份.zip"), "--force"]) == 0
    capsys.readouterr()
    assert said(capsys, "documents") == before
    assert said(capsys, "check")["ok"]

    removed = said(capsys, "remove", "汇编.txt")["removed"]
    assert [Path(item["source"]).name for item in removed] == ["汇编.txt#1", "汇编.txt#2"]
    assert said(capsys, "documents") == []


def test_one_part_can_be_removed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "ingest", str(folder))
    said(capsys, "remove", "汇编.txt#1")
    assert [Path(item["source"]).name for item in said(capsys, "documents")] == ["汇编.txt#2"]


def test_an_upload_is_told_part_by_part(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path / "home", embedder="none"))
    kept = tmp_path / "home" / "uploads" / "汇编.txt"
    data = documents(LISTED, of=2).encode()
    done = service.upload([("汇编.txt", data)])["files"]
    assert [(row["name"], row["outcome"]) for row in done] == [("汇编.txt#1", "added"), ("汇编.txt#2", "added")]
    first, second = (row["document_id"] for row in done)
    assert [row["outcome"] for row in service.upload([("汇编.txt", data)])["files"]] == ["unchanged", "unchanged"]
    assert service.ingest_again()["unchanged"] == 2
    assert service.backup(tmp_path / "备份.zip")["uploads"] == 1
    assert service.discard([first])["files"] == 0
    assert kept.exists()  # the other document still stands in it
    assert service.discard([second])["files"] == 1
    assert not kept.exists()


def test_an_upload_is_no_litter_and_moves_with_its_home(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path / "home", embedder="none"))
    service.upload([("汇编.txt", documents(LISTED, of=2).encode())])
    os.utime(tmp_path / "home" / "uploads" / "汇编.txt", (0, 0))
    assert service.check(repair=True)["repaired"] == []
    service.close()
    (tmp_path / "home").rename(tmp_path / "moved")
    moved = Service(Settings(home=tmp_path / "moved", embedder="none"))
    assert moved.check(repair=True)["ok"]
    assert {item["source"] for item in moved.documents()} == {
        f"{tmp_path / 'moved' / 'uploads' / '汇编.txt'}#{number}" for number in (1, 2)
    }


def test_a_folder_called_like_that_of_uploads_is_no_litter_in_it(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path / "home", embedder="none"))
    name = "资料/uploads/汇编.txt"
    service.upload([(name, documents(LISTED, of=2).encode())])
    kept = tmp_path / "home" / "uploads" / name
    before = kept.with_name(f".{kept.name}.before")  # an upload that was cut off when its old version stood aside
    kept.rename(before)
    os.utime(before, (0, 0))
    service.close()
    (tmp_path / "home").rename(tmp_path / "moved")
    moved = Service(Settings(home=tmp_path / "moved", embedder="none"))
    assert moved.check(repair=True)["ok"]
    kept = tmp_path / "moved" / "uploads" / name
    assert kept.exists()
    assert {item["source"] for item in moved.documents()} == {f"{kept}#1", f"{kept}#2"}
    os.utime(kept, (0, 0))
    assert moved.check(repair=True)["repaired"] == []
    assert kept.exists()


def test_a_compilation_that_grows_is_one_changed_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    service = Service(Settings(home=tmp_path / "home", embedder="none"))
    whole = documents(LISTED, of=2)
    (tmp_path / "in" / "汇编.txt").write_text(documents(LISTED, of=1), encoding="utf-8")
    service.sync(tmp_path / "in")
    (tmp_path / "in" / "汇编.txt").write_text(whole, encoding="utf-8")
    done = service.sync(tmp_path / "in")
    assert (len(done["added"]), len(done["changed"]), done["gone"]) == (0, 1, [])
