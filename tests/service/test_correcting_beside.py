"""A correction that somebody makes while a long run reads the very file: it stays, and the new text comes all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import reading as readings
from kg.build.reading import Job, Reading
from kg.core.config import Settings
from kg.service import Service
from kg.service.audit import Actor
from tests.service.test_review import NOTICE, about

BODY = "海城市经济和信息化局"
read_job = readings.read_job


def test_a_correction_during_a_long_ingest_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path / "home", embedder="none", file_seconds=0, lock_seconds=1.0)
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, text in (("一.txt", NOTICE.replace("质量技术帮扶", "质量技术培训")), ("通知.txt", NOTICE)):
        (docs / name).write_text(text)
    service, other = (Service(settings, actor=Actor(name, "app")) for name in ("张三", "李四"))
    assert service.ingest([docs])["failed"] == []
    (docs / "通知.txt").write_text(
        NOTICE.replace("海城市市场监督管理局\n2026", "附则从略。\n海城市市场监督管理局\n2026")
    )
    path = next(
        f"activities/{number}/responsible/1"
        for number, activity in enumerate(other.document("通知.txt")["activities"], 1)
        if "帮扶" in activity["title"]
    )
    stated: list[str] = []

    def read(job: Job, ontology: str) -> Reading:
        result = read_job(job, ontology)
        if not stated:  # the file has been read, and is not committed
            stated.extend(each["id"] for each in other.correct([about("correct", path, name=BODY)])["corrections"])
        return result

    monkeypatch.setattr(readings, "read_job", read)
    report = service.ingest([docs])
    assert (report["updated"], report["failed"], report["skipped"]) == (1, [], [])
    assert "附则从略" in service.text("通知.txt")
    bodies = [party["name"] for a in service.document("通知.txt")["activities"] for party in a["responsible"]]
    assert BODY in bodies
    assert [each["id"] for each in service.corrections()] == stated
    assert service.ask(f"{BODY}负责哪些活动？")["rows"]
    assert service.check()["problems"] == []
