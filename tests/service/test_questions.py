"""Questions that people keep, and what a new document changes in their answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import UnknownName, UsageError
from kg.service import Service

PLAN = """{place}市场监督管理局文件
关于开展{year}年“质量月”活动的通知
一、组织“质量开放日”活动
由{place}市场监督管理局负责。
{place}市场监督管理局
{year}年9月1日
"""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))


def taken_in(service: Service, folder: Path, place: str, year: int) -> None:
    path = folder / f"{place}{year}.txt"
    path.write_text(PLAN.format(place=place, year=year))
    assert service.ingest([path])["failed"] == []


@pytest.mark.long
def test_a_kept_question_tells_what_a_new_document_changed(service: Service, tmp_path: Path) -> None:
    taken_in(service, tmp_path, "青浦区", 2024)
    kept = service.keep_question("哪些区开展过质量开放日？", name="开放日")
    assert [(q["name"], q["stale"]) for q in service.kept_questions()] == [("开放日", False)]
    assert not service.ask_again(kept["id"])["changed"]
    taken_in(service, tmp_path, "崇明区", 2024)
    assert service.kept_questions()[0]["stale"]
    found = service.ask_again(kept["id"])
    assert found["changed"]
    assert any("崇明区" in row for row in found["added"]) or "崇明区" in found["answer"]
    assert not service.kept_questions()[0]["stale"]
    service.backup(tmp_path / "备份.zip")
    service.drop_question(kept["id"])
    assert service.kept_questions() == []
    service.restore(tmp_path / "备份.zip", force=True)
    assert [q["name"] for q in service.kept_questions()] == ["开放日"]


def test_nothing_and_nobody_knows_are_refused(service: Service, tmp_path: Path) -> None:
    taken_in(service, tmp_path, "青浦区", 2024)
    with pytest.raises(UsageError):
        service.keep_question(" ")
    for call in (service.ask_again, service.drop_question):
        with pytest.raises(UnknownName):
            call("没有")
