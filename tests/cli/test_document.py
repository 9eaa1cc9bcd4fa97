"""`policykg document` of a document that has every kind of fact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli import run
from tests import every_fact


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("every") / "home"
    every_fact.hold(folder)
    return folder


def test_the_tables_show_what_was_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", every_fact.ID, "--home", str(home)]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    for heading in (
        "活动（1）",
        "引用文件（1）",
        "数字（1）",
        "时限（1）",
        "人员（1）",
        "效力（2）",
        "待核（1）",
        "未读内容（1）",
    ):
        assert heading in lines, out
    for row in (
        "活动\t责任单位\t时限\t状态\t可信度",
        "建设书房\t海城市文化局（牵头）\t2026-12-31\t部署\t93%",
        "参与率\t80以上 %\t提高\t2026\t目标\t88%",
        "方案\t2026-03-01\t90%",
        "周明\t组长\t副市长\t海城市文化局\t95%",
        "废止\t海城市读书办法\t2026-01-01\t98%",
        "数字\t60%\t40%",
        "图片\t2\t图片中的文字未识别",
        "海城市文化条例\t根据\t未入库\t99%",
    ):
        assert row in lines, out
    assert "李丽" not in out


def test_contacts_come_only_when_asked_for(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", every_fact.ID, "--home", str(home), "--with-contacts"]) == 0
    assert "李丽\t55550100" in capsys.readouterr().out.splitlines()


def test_json_has_the_keys_of_the_contract(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", every_fact.ID, "--home", str(home), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["activities"][0]["deadline"] == {"date": "2026-12-31", "as_written": "2026年底前"}
    assert {"what", "value", "upper", "unit", "qualifier", "direction", "time", "status", "scope", "evidence"} <= set(
        found["figures"][0]
    )
    assert {"what", "date", "as_written", "to", "evidence"} <= set(found["deadlines"][0])
    assert {"to_check", "fidelity", "persons", "articles", "effects"} <= set(found)
