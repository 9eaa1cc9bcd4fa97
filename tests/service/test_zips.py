"""Archives that come through the app."""

from __future__ import annotations

import io
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, RefusedFileError
from kg.core.config import Settings
from kg.service import Service
from kg.service.zips import unpacked


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
        ("资料/甲/乙.txt", b"1"),
        ("资料/丙.md", b"5"),
    ]


def test_names_of_a_chinese_windows_are_read():
    data = archive(("x" * len("质量月.txt".encode("gb18030")), b"1"))
    data = data.replace(b"x" * len("质量月.txt".encode("gb18030")), "质量月.txt".encode("gb18030"))
    (item,) = unpacked("a.zip", data)
    assert item.name == "a/质量月.txt"


def test_links_and_archives_within_are_told_not_followed():
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


def test_what_is_too_much_is_refused_before_anything_is_unpacked():
    many = archive(*((f"{n}.txt", b"") for n in range(5)))
    with pytest.raises(LimitError, match="文件数"):
        list(unpacked("a.zip", many, replace(LIMITS, entries=4)))
    with pytest.raises(LimitError, match="解压后"):
        list(unpacked("a.zip", archive(("a", b"x" * 99)), replace(LIMITS, unpacked_bytes=98)))
    with pytest.raises(LimitError, match="压缩比"):
        list(unpacked("a.zip", archive(("a", b"x" * 3_000_000))))
    with pytest.raises(DamagedFileError):
        list(unpacked("a.zip", b"PK\x03\x04nonsense"))
    with pytest.raises(RefusedFileError, match="没有文件"):
        list(unpacked("a.zip", archive()))
    locked = bytearray(archive(("a.txt", b"1")))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1  # the flag of an encrypted entry, in the central directory
    with pytest.raises(EncryptedFileError):
        list(unpacked("a.zip", bytes(locked)))


def test_an_archive_is_taken_in_file_by_file(tmp_path: Path):
    service = Service(Settings(home=tmp_path, embedder="none"))
    text = "松江区市场监督管理局\n关于开展2031年质量月活动的通知\n2031年9月1日\n".encode()
    sent = [
        ("资料.zip", archive(("子/通知.txt", text), ("../../逃.txt", text + b"1"), ("图.bin", b"\0"))),
        ("坏.zip", b"PK"),
    ]
    rows = {item["name"]: item for item in service.upload(sent)["files"]}
    assert rows["资料/子/通知.txt"]["outcome"] == "added"
    assert rows["资料/../../逃.txt"]["outcome"] == "added"
    assert rows["资料/图.bin"]["outcome"] == "skipped"
    assert rows["坏.zip"]["outcome"] == "failed"
    assert rows["坏.zip"]["reason"]
    kept = {
        path.relative_to(tmp_path / "uploads").as_posix()
        for path in (tmp_path / "uploads").rglob("*")
        if path.is_file()
    }
    assert kept == {"资料/子/通知.txt", "资料/逃.txt"}
    assert service.upload([("坏.zip", b"PK")])["generation"] is None
