"""`policykg sync`, and what `ingest` says of what it did not read."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xlsxwriter

from kg.cli import run

pytestmark = pytest.mark.long

COMMAND = Path(sys.executable).with_name("policykg")
TEXT = "松江区教育局\n关于开展2031年安全教育的通知\n各学校：\n一、安全演练由区教育局负责。\n2031年9月1日\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POLICYKG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("POLICYKG_EMBEDDER", "none")
    found = tmp_path / "公文"
    found.mkdir()
    (found / "甲.txt").write_text(TEXT)
    (found / "乙.txt").write_text(TEXT + "附件：名单\n")
    return found


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["区", "家数"])
        sheet.write(1, 0, "合计")
        sheet.write_formula(1, 1, "=SUM(B1:B1)", None, "")
    return out.getvalue()


def test_ingest_ends_with_what_was_not_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "表.xlsx").write_bytes(workbook())
    assert run(["ingest", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("未读入：公式 1 处")
    assert run(["document", "表.xlsx", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(loss["part"], loss["count"]) for loss in found["fidelity"]] == [("公式", 1)]
    assert "not-read" in [notice["code"] for notice in found["notices"]]
    assert run(["ingest", str(folder)]) == 0
    assert "未读入" not in capsys.readouterr().out  # nothing was taken in


def test_a_dry_run_a_run_and_a_deletion(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sync", str(folder), "--dry-run"]) == 0
    assert "新增 2" in capsys.readouterr().out
    assert run(["sync", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["report"]["added"] == 2
    (folder / "甲.txt").rename(folder / "改名.txt")
    (folder / "乙.txt").unlink()
    assert run(["sync", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "甲.txt → " in out
    assert "文件已不存在（加 --delete 移除）" in out
    assert run(["sync", str(folder), "--delete"]) == 0
    assert "已移除" in capsys.readouterr().out
    assert run(["documents", "--json"]) == 0
    assert [Path(d["source"]).name for d in json.loads(capsys.readouterr().out)] == ["改名.txt"]


def test_what_is_no_folder_and_what_does_not_go_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sync", str(folder / "甲.txt")]) == 2
    assert "不是文件夹" in capsys.readouterr().err
    assert run(["sync", str(folder), "--watch", "--dry-run"]) == 2


def test_watching_takes_in_what_comes(folder: Path, tmp_path: Path) -> None:
    watching = subprocess.Popen(
        # tests that run in the background of a shell inherit an ignored Ctrl+C
        ["env", "--default-signal=INT", COMMAND, "sync", str(folder), "--watch"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert watching.stdout is not None
        first = watching.stdout.readline().decode()
        assert "新增 2" in first
        (folder / "丙.txt").write_text(TEXT + "附件：清单\n")
        give_up = time.monotonic() + 60
        while "新增 1" not in (line := watching.stdout.readline().decode()):
            assert time.monotonic() < give_up, line
    finally:
        watching.send_signal(signal.SIGINT)
        watching.wait(30)
        if watching.stdout is not None:
            watching.stdout.close()
    assert watching.returncode == 0
