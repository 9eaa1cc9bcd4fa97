"""Tokens stay at home, what a backup brings along does not act by itself, files are their owner's, litter is cleared."""

from __future__ import annotations

import os
import stat
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.service import Service
from kg.service.secrets import asleep, without

pytestmark = pytest.mark.long

TEXT = "关于开展{0}质量月活动的通知\n各街镇：\n一、组织质量开放日\n组织企业质量开放日（区市场监管局）。\n甲区市场监督管理局\n2024年9月1日\n"
TOML = 'workers = 1\nserver_token = "令牌-不外传"\nllm_url = "http://10.0.0.8/v1"\nllm_key = "sk-不外传"\nembedder = "none"\n'


def a_service(home: Path) -> Service:
    return Service(Settings(home=home, file_seconds=0, embedder="none"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    service = a_service(home)
    service.upload([("甲.txt", TEXT.format("甲").encode())])
    service.close()
    (home / "policykg.toml").write_text(TOML, encoding="utf-8")
    return home


def test_secrets_go_into_a_backup_only_when_asked(home: Path, tmp_path: Path) -> None:
    done = a_service(home).backup(tmp_path / "a.zip")
    a_service(home).backup(tmp_path / "b.zip", with_secrets=True)
    with zipfile.ZipFile(tmp_path / "a.zip") as plain, zipfile.ZipFile(tmp_path / "b.zip") as whole:
        assert not any("不外传" in plain.read(name).decode("utf-8", "replace") for name in plain.namelist())
        assert whole.read("policykg.toml").decode().count("不外传") == 2
        assert tomllib.loads(plain.read("policykg.toml").decode())["workers"] == 1
    assert any("server_token" in note and "llm_key" in note for note in done["notes"])


def test_what_a_backup_brings_along_is_named_and_does_not_act(home: Path, tmp_path: Path) -> None:
    a_service(home).backup(tmp_path / "b.zip", with_secrets=True)
    other = tmp_path / "other"
    done = a_service(other).restore(tmp_path / "b.zip")
    assert any("http://10.0.0.8/v1" in note and "server_token" in note for note in done["notes"])
    assert not any("不外传" in note for note in done["notes"])
    settings = Settings.load(home=other, environ={})
    assert (settings.llm_url, settings.server_token, settings.llm_key, settings.workers) == ("", "", "", 1)
    assert "# llm_url" in (other / "policykg.toml").read_text(encoding="utf-8")
    again = a_service(home).restore(tmp_path / "b.zip", force=True)  # where it acted before it goes on
    assert not any("停用" in note for note in again["notes"])
    assert Settings.load(home=home, environ={}).llm_url == "http://10.0.0.8/v1"


def test_files_are_readable_by_their_owner_only(home: Path, tmp_path: Path) -> None:
    a_service(home).backup(tmp_path / "b.zip")
    other = tmp_path / "other"
    a_service(other).restore(tmp_path / "b.zip")
    for place in (home, other):
        for name in ("catalogue.sqlite", "uploads/甲.txt"):
            assert stat.S_IMODE((place / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE((other / "policykg.toml").stat().st_mode) == 0o600


def test_litter_of_killed_runs_is_found_and_cleared(home: Path) -> None:
    uploads = home / "uploads"
    held = (uploads / "甲.txt").read_bytes()
    (uploads / "甲.txt").rename(uploads / ".甲.txt.before")  # killed while the new version was being read
    (uploads / "甲.txt").write_text("半", encoding="utf-8")
    litter = [
        home / ".current.new",
        home / ".catalogue.sqlite.partial-99",
        home / "generations" / ".building-99",
        home / ".restoring-abc",
        home / "backups" / ".policykg-backup-abc",
        uploads / "没有入库.txt",
        uploads / ".甲.txt.before",
    ]
    for path in litter[:5]:
        path.mkdir(parents=True)
    litter[5].write_text("字", encoding="utf-8")
    young = uploads / "正在上传.txt"
    young.write_text("字", encoding="utf-8")
    for path in litter:
        os.utime(path, (time.time() - 7200,) * 2)
    service = a_service(home)
    found = service.check()
    assert found["ok"]
    assert len(found["litter"]) == len(litter)
    assert len(service.check(repair=True)["repaired"]) == len(litter)
    assert [path for path in litter if path.exists()] == []
    assert (uploads / "甲.txt").read_bytes() == held
    assert young.exists()
    assert service.check()["litter"] == []


@pytest.mark.parametrize("value", ['"x"', "'x'", '"""\nx\n"""', '"a\\"b"'])
def test_settings_are_taken_out_however_they_are_written(value: str) -> None:
    text = f"workers = 2\nserver_token = {value}\nhome = 'a'\n"
    kept, names = without(text)
    assert names == ["server_token"]
    assert tomllib.loads(kept) == {"workers": 2, "home": "a"}
    sleeping, named = asleep(text)
    assert tomllib.loads(sleeping) == {"workers": 2, "home": "a"}
    assert list(named) == ["server_token"]
    assert asleep(text, text) == (text, {})


def test_a_scheduler_that_a_backup_names_is_sent_nothing_before_somebody_has_looked() -> None:
    text = 'workers = "tcp://10.0.0.5:8786"\nembedder = "none"\n'
    sleeping, named = asleep(text)
    assert tomllib.loads(sleeping) == {"embedder": "none"}
    assert named == {"workers": "tcp://10.0.0.5:8786"}
    assert asleep('workers = "2"\n') == ('workers = "2"\n', {})


def test_a_database_with_its_password_is_a_secret() -> None:
    text = 'store = "mysql://用户:不外传@10.0.0.9:2881/policykg"\nembedder = "none"\n'
    assert without(text) == ('embedder = "none"\n', ["store"])
    assert "# store" in asleep(text)[0]
