"""`backup`, `restore`, `audit`, `check --repair` at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.catalogue import Catalogue
from kg.cli import run
from kg.core.model import Document
from kg.service.audit import system_user


def test_a_home_goes_into_a_file_and_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYKG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("POLICYKG_EMBEDDER", "none")
    with Catalogue.open(tmp_path / "home" / "catalogue.sqlite") as catalogue:
        catalogue.put_document(
            Document(id="d-0000000001", source="通知.txt", sha256="0", text="字", title="某通知"), (), steps={}
        )
    backup = str(tmp_path / "b.zip")
    assert run(["backup", backup]) == 0
    assert "已备份 1 份文档" in capsys.readouterr().out
    assert run(["restore", backup]) == 2
    assert "--force" in capsys.readouterr().err
    assert run(["remove", "d-0000000001"]) == 0
    capsys.readouterr()
    assert run(["restore", backup, "--force", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["uploads"]) == (1, 0)
    assert Path(told["before"]).is_file()
    assert run(["check", "--repair"]) == 0
    assert "一切正常：1 份文档" in capsys.readouterr().out
    assert run(["audit", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["action"] for entry in entries][:3] == ["restore", "backup", "remove"]
    assert {(entry["actor"], entry["via"]) for entry in entries} == {(system_user().name, "cli")}
    assert run(["audit"]) == 0
    shown = capsys.readouterr().out
    assert "某通知" in shown
    assert "命令行" in shown
    assert run(["audit", "--since", "昨天"]) == 2
    assert run(["restore", str(tmp_path / "没有.zip")]) == 2
    assert "没有这个备份文件" in capsys.readouterr().err
