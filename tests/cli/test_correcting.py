"""`policykg correct`, `review`, `tasks`: what people state, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.cli import run

pytestmark = pytest.mark.long

NOTICE = """青浦区示范工作办公室文件

青示范办〔2023〕5号

关于开展2023年“示范月”活动的通知

各街镇：

一、活动内容

    1.组织“质量开放日”活动，于2023年10月15日前完成。（区市场监管局、各街镇）

                                  青浦区示范工作办公室
                                  2023年9月1日
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    assert run(["ingest", str(path), "--home", str(tmp_path / "home")]) == 0
    return tmp_path / "home"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run([*arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_duty_is_set_listed_and_undone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--home", str(home), "--json")
    path = "activities/1/responsible/1"
    done = printed(capsys, "correct", "set", "通知", path, "name=青浦区教育局", "role=牵头", *at)
    [stated] = done["corrections"]
    assert stated["words"] == "更正责任：机构 青浦区教育局，角色 牵头"
    assert done["generation"]
    party = printed(capsys, "document", "通知", *at)["activities"][0]["responsible"][0]
    assert (party["name"], party["role"], party["review"]) == ("青浦区教育局", "lead", stated["id"])
    assert [each["id"] for each in printed(capsys, "review", "--made", *at)] == [stated["id"]]
    assert printed(capsys, "review", "--again", *at) == []
    assert run(["audit", "--home", str(home)]) == 0
    assert "核定" in capsys.readouterr().out
    printed(capsys, "correct", "undo", stated["id"][:8], *at)
    assert printed(capsys, "review", "--made", *at) == []


def test_statements_come_in_from_a_file_all_or_none(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {"action": "correct", "document": "通知", "path": "document", "values": {"year": 2022}},
        {"action": "merge", "kind": "body", "name": "青浦区市场监督管理局", "other": "青浦区市场局"},
    ]
    source = tmp_path / "核定.jsonl"
    source.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert len(printed(capsys, "correct", "import", str(source), "--home", str(home), "--json")["corrections"]) == 2
    source.write_text(source.read_text() + '\n{"action": "confirm"}', encoding="utf-8")
    assert run(["correct", "import", str(source), "--home", str(home)]) == 2
    assert len(printed(capsys, "review", "--made", "--home", str(home), "--json")) == 2
    target = tmp_path / "题目.json"
    assert run(["review", "--gold", str(target), "--home", str(home)]) == 0
    assert isinstance(json.loads(target.read_text()), list)


def test_what_is_wrong_is_said_in_a_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ("set", "通知", "activities/1", "colour=红"),
        ("set", "通知", "activities/9", "title=甲"),
        ("set", "通知", "activities/1", "甲"),
        ("undo", "zz"),
        ("confirm", "没有这份", "activities/1"),
    ):
        capsys.readouterr()
        assert run(["correct", *arguments, "--home", str(home)]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("错误：")
        assert told.err.count("\n") == 1


def test_tasks_are_listed_and_written(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = printed(capsys, "tasks", "--home", str(home), "--json")
    assert [row["due"] for row in rows] == ["2023-10-15"]
    assert rows[0]["state"] == "逾期未见通报"
    assert printed(capsys, "tasks", "--due", "2024", "--home", str(home), "--json") == []
    for option, name in (("--ics", "期限.ics"), ("--xlsx", "台账.xlsx")):
        assert run(["tasks", option, str(tmp_path / name), "--home", str(home)]) == 0
        assert (tmp_path / name).stat().st_size > 100
