"""Archives that come through the app."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from kg.build import archives
from kg.build.archives import ArchiveError
from kg.core.config import Settings
from kg.service import Service
from kg.service.zips import Unpacked
from kg.service.zips import unpacked as unpacked_within


def unpacked(name: str, data: bytes, **limits: int) -> list[Unpacked]:
    return list(unpacked_within(name, data, Settings(**limits)))


def archive(*files: tuple[str, bytes], **given: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files:
            made.writestr(name, data)
    return buffer.getvalue()


def test_files_stand_below_the_name_of_the_archive_and_what_systems_add_is_left_out():
    data = archive(
        ("甲/乙.txt", b"1"), ("__MACOSX/._x", b"2"), ("甲/.DS_Store", b"3"), ("~$乙.docx", b"4"), ("丙.md", b"5")
    )
    assert [(item.name, item.data) for item in unpacked("资料.zip", data)] == [
        ("资料/丙.md", b"5"),
        ("资料/甲/乙.txt", b"1"),
    ]


def test_names_of_a_chinese_windows_are_read():
    data = archive(("x" * len("质量月.txt".encode("gb18030")), b"1"))
    data = data.replace(b"x" * len("质量月.txt".encode("gb18030")), "质量月.txt".encode("gb18030"))
    (item,) = unpacked("a.zip", data)
    assert item.name == "a/质量月.txt"


def test_links_are_told_not_followed_and_a_broken_archive_within_is_told():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        link = zipfile.ZipInfo("链接")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("内.zip", b"PK")
    assert [(item.data, bool(item.reason)) for item in unpacked("a.zip", buffer.getvalue())] == [
        (b"", True),
        (b"", True),
    ]


def test_archives_within_are_folders_too():
    inner = archive(("丙.txt", b"3"))
    assert [(i.name, i.data) for i in unpacked("a.zip", archive(("甲.txt", b"1"), ("乙.zip", inner)))] == [
        ("a/乙.zip/丙.txt", b"3"),
        ("a/甲.txt", b"1"),
    ]


def test_what_is_too_much_is_refused_before_anything_is_unpacked(monkeypatch):
    with pytest.raises(ArchiveError, match="解开后"):
        unpacked("a.zip", archive(("a.txt", os.urandom(1_100_000))), max_archive_mb=1)
    (large,) = unpacked("a.zip", archive(("a.txt", os.urandom(1_100_000))), max_file_mb=1)
    assert "超过 1 MB" in large.reason
    with pytest.raises(ArchiveError, match="损坏"):
        unpacked("a.zip", b"PK\x03\x04nonsense")
    with pytest.raises(ArchiveError, match="没有文件"):
        unpacked("a.zip", archive())
    monkeypatch.setattr(archives, "_MOST_ENTRIES", 4)
    with pytest.raises(ArchiveError, match="文件过多"):
        unpacked("a.zip", archive(*((f"{n}.txt", b"") for n in range(5))))


def test_one_entry_that_is_not_unpacked_does_not_keep_the_others_out():
    bomb, good = unpacked("a.zip", archive(("大.txt", b"x" * 3_000_000), ("好.txt", b"1")))
    assert "压缩炸弹" in bomb.reason
    assert not bomb.data
    assert (good.name, good.data) == ("a/好.txt", b"1")
    locked = bytearray(archive(("密.txt", b"1"), ("明.txt", b"2")))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    kept = {item.name: item for item in unpacked("a.zip", bytes(locked))}
    assert "已加密" in kept["a/密.txt"].reason
    assert kept["a/明.txt"].data == b"2"


def test_an_encrypted_archive_is_named_as_such():
    locked = bytearray(archive(("a.txt", b"1")))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1  # the flag of an encrypted entry, in the central directory
    with pytest.raises(ArchiveError, match="加密"):
        unpacked("a.zip", bytes(locked))


def test_an_archive_is_taken_in_file_by_file(tmp_path: Path):
    service = Service(Settings(home=tmp_path, embedder="none", file_seconds=0))
    text = "松江区市场监督管理局\n关于开展2031年质量月活动的通知\n2031年9月1日\n".encode()
    sent = [
        ("资料.zip", archive(("子/通知.txt", text), ("../../逃.txt", text + b"1"), ("图.bin", b"\0"))),
        ("坏.zip", b"PK"),
    ]
    rows = {item["name"]: item for item in service.upload(sent)["files"]}
    assert rows["资料/子/通知.txt"]["outcome"] == "added"
    assert "越出" in rows["资料/../../逃.txt"]["reason"]
    assert rows["资料/图.bin"]["outcome"] == "skipped"
    assert rows["坏.zip"]["outcome"] == "failed"
    assert rows["坏.zip"]["reason"]
    kept = {
        path.relative_to(tmp_path / "uploads").as_posix()
        for path in (tmp_path / "uploads").rglob("*")
        if path.is_file()
    }
    assert kept == {"资料/子/通知.txt"}
    assert service.upload([("坏.zip", b"PK")])["generation"] is None
