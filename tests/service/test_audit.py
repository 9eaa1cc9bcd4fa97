"""Who did what and when: every run that writes, also one that was killed; and nothing else about anybody."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.model import Document
from kg.service import Service
from kg.service.audit import Actor, system_user

pytestmark = pytest.mark.long


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0), actor=Actor("张三", "app"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text("关于开展质量月活动的通知\n一、组织质量开放日（甲区市场监管局）\n甲区教育局\n2024年9月1日\n")
    return path


def test_ingest_removal_and_export_name_who_did_them(service: Service, path: Path, tmp_path: Path) -> None:
    assert service.audit() == []
    service.ingest([path])
    service.acting(Actor("李四", "http")).export("graph", "nq", tmp_path / "图.nq")
    [document] = service.documents()
    service.remove([document["id"]])
    removed, exported, ingested = service.audit()
    assert (ingested["actor"], ingested["via"], ingested["action"], ingested["documents"]) == (
        "张三",
        "app",
        "ingest",
        1,
    )
    assert ingested["counts"]["added"] == 1
    assert ingested["finished"] >= ingested["at"]
    assert (exported["actor"], exported["via"], exported["action"]) == ("李四", "http", "export")
    assert exported["detail"]["format"] == "nq"
    assert not exported["detail"]["with_contacts"]
    assert removed["detail"]["documents"] == [{"id": document["id"], "title": document["title"]}]
    assert service.audit(removed["at"])[0]["action"] == "remove"
    assert service.audit("2999-01-01") == []
    with pytest.raises(UsageError, match="2026-11-01"):
        service.audit("昨天")
    assert str(tmp_path) not in json.dumps(service.audit(), ensure_ascii=False), "a path may name a person"


def test_a_run_that_was_killed_is_told(service: Service) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from kg import build; from kg.catalogue import Actor, Catalogue\n"
        "from kg.core.config import Settings\n"
        "Catalogue.finish_run = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "home = Path(sys.argv[1])\n"
        "build.remove(Settings(home=home), lambda c: [next(c.documents()).id], projections=[], actor=Actor('王五', 'cli'))"
    )
    with Catalogue.open(service.settings.home / "catalogue.sqlite") as catalogue:
        catalogue.put_document(Document(id="d-1", source="a", sha256="0", text="x", title="某通知"), (), steps={})
    done = subprocess.run([sys.executable, "-c", script, str(service.settings.home)], check=False)
    assert done.returncode == -signal.SIGKILL
    [entry] = service.audit()
    assert (entry["actor"], entry["action"], entry["finished"], entry["documents"]) == ("王五", "remove", None, 1)


def test_an_export_goes_on_where_the_log_cannot_be_written(
    service: Service, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.ingest([path])

    def full(*_: object) -> None:
        from kg.core.errors import EnvironmentProblem

        raise EnvironmentProblem("磁盘空间不足")

    monkeypatch.setattr(Catalogue, "record", full)
    assert service.export("graph", "nq", tmp_path / "图.nq")["count"] > 0
    assert not service.record("export")


def test_the_user_is_the_systems_not_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody else")
    monkeypatch.setenv("LOGNAME", "somebody else")
    assert system_user("cli") == Actor(pwd.getpwuid(os.getuid()).pw_name, "cli")
    monkeypatch.setattr(os, "getuid", lambda: 987654)
    assert system_user().name == "987654"
