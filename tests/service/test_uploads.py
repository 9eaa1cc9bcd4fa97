"""Files that come through the app: safe names, what is kept, what came of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.config import Settings
from kg.core.errors import Locked
from kg.service import Service
from kg.service.uploads import safe_name

pytestmark = pytest.mark.long

TEXT = "关于开展2031年某区“质量月”活动的通知\n各单位：\n一、组织质量开放日活动\n由松江区市场监督管理局负责。\n2031年9月1日\n"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))


def outcomes(report) -> list[str]:
    return [item["outcome"] for item in report["files"]]


def kept(service: Service) -> list[str]:
    folder = service.settings.home / "uploads"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("通知.txt", "通知.txt"),
        ("../../etc/passwd", "etc/passwd"),
        ("..\\..\\坏.txt", "坏.txt"),
        ("/absolute.txt", "absolute.txt"),
        ("C:\\文件\\a.txt", "C_/文件/a.txt"),
        ("区/青浦/通知.txt", "区/青浦/通知.txt"),
        (".hidden.txt", "hidden.txt"),
        ("~$lock.docx", "lock.docx"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("...", "未命名"),
        ("", "未命名"),
    ],
)
def test_names_stay_below_the_folder(name: str, safe: str):
    assert safe_name(name) == Path(safe)


def test_long_names_keep_their_ending():
    name = safe_name("长" * 300 + ".docx").name
    assert name.endswith("长.docx")
    assert len(name.encode()) <= 200


@given(st.text(max_size=400))
def test_any_name_is_safe(name: str):
    path = safe_name(name)
    assert not path.is_absolute()
    assert path.parts
    for part in path.parts:
        assert part not in ("", ".", "..")
        assert not part.startswith((".", "~$"))
        assert "\x00" not in part
        assert len(part.encode()) <= 200


def test_each_file_is_answered_for(service: Service):
    report = service.upload(
        [("一.txt", TEXT.encode()), ("空.txt", b" "), ("图.xyz", b"\x89PNG"), ("二.txt", TEXT.encode())]
    )
    assert outcomes(report) == ["added", "failed", "skipped", "skipped"]
    assert [bool(item["reason"]) for item in report["files"]] == [False, True, True, True]
    assert kept(service) == ["一.txt"]
    assert [item["id"] for item in service.documents()] == [report["files"][0]["document_id"]]


def test_a_name_again_is_the_same_document(service: Service):
    first = service.upload([("一.txt", TEXT.encode())])
    assert outcomes(service.upload([("一.txt", TEXT.encode())])) == ["unchanged"]
    second = service.upload([("一.txt", TEXT.replace("开放日", "讲堂").encode())])
    assert outcomes(second) == ["updated"]
    assert second["files"][0]["document_id"] == first["files"][0]["document_id"]
    assert len(service.documents()) == 1


def test_a_new_version_that_cannot_be_read_leaves_the_old_one(service: Service):
    service.upload([("一.txt", TEXT.encode())])
    report = service.upload([("一.txt", b"  ")])
    assert outcomes(report) == ["failed"]
    assert "保留" in report["files"][0]["reason"]
    assert (service.settings.home / "uploads" / "一.txt").read_bytes() == TEXT.encode()
    assert len(service.documents()) == 1


def test_one_name_twice_at_once_is_two_files(service: Service):
    other = TEXT.replace("松江", "奉贤").encode()
    assert outcomes(service.upload([("通知.txt", TEXT.encode()), ("通知.txt", other)])) == ["added", "added"]
    assert kept(service) == ["通知.txt", "通知（2）.txt"]


def test_what_could_not_begin_leaves_nothing(service: Service, monkeypatch: pytest.MonkeyPatch):
    service.upload([("一.txt", TEXT.encode())])

    def locked(*_, **__):
        raise Locked("正在写入", home="x")

    monkeypatch.setattr(service, "ingest", locked)
    with pytest.raises(Locked):
        service.upload([("一.txt", b"new"), ("二.txt", b"new")])
    assert kept(service) == ["一.txt"]
    assert (service.settings.home / "uploads" / "一.txt").read_bytes() == TEXT.encode()


def test_discarding_deletes_uploads_and_no_file_elsewhere(service: Service, tmp_path: Path):
    outside = tmp_path / "外面.txt"
    outside.write_text(TEXT.replace("松江", "金山"), encoding="utf-8")
    service.ingest([outside])
    service.upload([("一.txt", TEXT.encode())])
    done = service.discard([item["id"] for item in service.documents()])
    assert (len(done["removed"]), done["files"]) == (2, 1)
    assert kept(service) == []
    assert outside.exists()
    assert service.documents() == []


def test_reading_again_changes_nothing_and_sees_what_changed(service: Service, tmp_path: Path):
    outside = tmp_path / "外面.txt"
    outside.write_text(TEXT.replace("松江", "金山"), encoding="utf-8")
    service.ingest([outside])
    service.upload([("一.txt", TEXT.encode())])
    again = service.ingest_again()
    assert (again["unchanged"], again["added"], again["updated"]) == (2, 0, 0)
    outside.write_text(TEXT.replace("松江", "普陀"), encoding="utf-8")
    assert service.ingest_again()["updated"] == 1
    outside.unlink()
    missing = service.ingest_again()
    assert [item["reason"] for item in missing["failed"]] == ["文件不存在，请核对名称和位置"]
    assert len(service.documents()) == 2
