"""Zip archives as folders: names, bounds, and what an archive may hold that a folder may not."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from kg.build import archives, ingest, remove
from kg.build.sources import Limits, Refused, Source, walk
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.service import Service

SUFFIXES = frozenset({".txt", ".md", ".zip"})
MB = 2**20


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def entry(name: str, raw: bytes, *, extra: bytes = b"") -> bytes:
    """An archive of one file whose name is stored as these bytes, without the mark of UTF-8."""
    stand_in = "n" * len(raw)
    info = zipfile.ZipInfo(stand_in)
    info.extra = extra
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, name)
    return out.getvalue().replace(stand_in.encode(), raw)


def walked(path: Path, *, file: int = MB, archive: int = 100 * MB) -> list[Source | Refused]:
    found = list(walk([path], suffixes=SUFFIXES, limits=Limits(file, archive)))
    for item in found:
        assert not isinstance(item, Refused) or re.search("请|可用", item.reason), f"says not what to do: {item.reason}"
    return found


def put(folder: Path, data: bytes, name: str = "公文.zip") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def only(path: Path, **limits: int) -> Refused:
    (item,) = walked(path, **limits)
    assert isinstance(item, Refused)
    return item


def test_files_are_sources_of_their_own(tmp_path: Path) -> None:
    path = put(
        tmp_path, zipped({"二/乙.txt": "乙", "一/甲.md": "甲", "二/": "", ".DS_Store": "x", "__MACOSX/甲.md": "x"})
    )
    found = walked(path)
    assert [item.shown for item in found] == [f"{path}/一/甲.md", f"{path}/二/乙.txt"]
    assert all(isinstance(item, Source) and item.key == item.shown for item in found)
    assert [item.read().decode() for item in found if isinstance(item, Source)] == ["甲", "乙"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_names_are_shown_as_they_were_meant(tmp_path: Path, encoding: str) -> None:
    name = "質量/公告.txt" if encoding == "big5" else "质量/通知.txt"
    (item,) = walked(put(tmp_path, entry("内容", name.encode(encoding))))
    assert item.shown.endswith(f"公文.zip/{name}") or encoding == "big5"  # big5 may be valid gb18030
    assert isinstance(item, Source)
    assert item.read().decode() == "内容"


def test_a_name_in_the_extra_field_wins(tmp_path: Path) -> None:
    raw, name = b"______.txt", "通知".encode()
    field = struct.pack("<BI", 1, zlib.crc32(raw)) + name + b".txt"
    (item,) = walked(put(tmp_path, entry("x", raw, extra=struct.pack("<HH", 0x7075, len(field)) + field)))
    assert item.shown.endswith("/通知.txt")


def test_archives_in_archives_to_a_depth(tmp_path: Path) -> None:
    data = zipped({"底.txt": "底"})
    for level in (4, 3, 2):
        data = zipped({f"第{level}层.zip": data, f"{level}.txt": str(level)})
    found = walked(put(tmp_path, data))
    names = [item.shown.partition("公文.zip/")[2] for item in found]
    assert names == ["2.txt", "第2层.zip/3.txt", "第2层.zip/第3层.zip/4.txt", "第2层.zip/第3层.zip/第4层.zip"]
    assert isinstance(found[-1], Refused)
    assert "嵌套超过 3 层" in found[-1].reason
    assert isinstance(found[2], Source)
    assert found[2].read() == b"4"


def test_a_path_may_lead_into_an_archive(tmp_path: Path) -> None:
    path = put(tmp_path, zipped({"一/甲.txt": "甲", "一/乙.txt": "乙", "二.txt": "丙"}))
    assert [item.shown for item in walked(path / "二.txt")] == [f"{path}/二.txt"]
    assert len(walked(path / "一")) == 2
    assert only(path / "没有.txt").reason.startswith("压缩包中没有这个文件")
    text = tmp_path / "a.txt"
    text.write_text("x")
    assert isinstance(only(text / "b.txt"), Refused)


def test_hostile_entries_are_named_one_by_one(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, mode in (("链接.txt", stat.S_IFLNK), ("设备.txt", stat.S_IFCHR), ("管道.txt", stat.S_IFIFO)):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (mode | 0o644) << 16
            archive.writestr(info, "/etc/passwd")
        archive.writestr("../../外.txt", "x")
        archive.writestr("/etc/绝对.txt", "绝对")
        archive.writestr("x.exe", "x")
        archive.writestr("大.txt", "x" * 2000)
        archive.writestr("好.txt", "好")
        archive.writestr("换\n行.txt", "好二")
        archive.writestr(zipfile.ZipInfo("慢.txt"), "x", compress_type=zipfile.ZIP_LZMA)
    found = walked(put(tmp_path, out.getvalue()), file=1000)
    reasons = {item.shown.rpartition("/")[2]: item.reason for item in found if isinstance(item, Refused)}
    assert "符号链接" in reasons["链接.txt"]
    assert reasons["设备.txt"] == reasons["管道.txt"]
    assert reasons["设备.txt"].startswith("不是普通文件")
    assert "越出" in reasons["外.txt"]
    assert "不支持格式 .exe" in reasons["x.exe"]
    assert "POLICYKG_MAX_FILE_MB" in reasons["大.txt"]
    assert "压缩方法" in reasons["慢.txt"]
    good = [item for item in found if isinstance(item, Source)]
    assert sorted(item.shown.partition("公文.zip/")[2] for item in good) == ["etc/绝对.txt", "好.txt", "换_行.txt"]
    assert {item.read().decode() for item in good} == {"绝对", "好", "好二"}


def test_bombs_are_refused_unopened(tmp_path: Path) -> None:
    assert "压缩炸弹" in only(put(tmp_path, zipped({"甲.txt": b" " * (4 * MB)}))).reason
    many = zipped({f"{n}.txt": "" for n in range(archives._MOST_ENTRIES + 1)})
    assert "文件过多" in only(put(tmp_path, many)).reason
    noise = zipped({"甲.txt": bytes(3000), "乙.txt": bytes(3000)})
    assert "POLICYKG_MAX_ARCHIVE_MB" in only(put(tmp_path, noise), archive=5000).reason
    assert "POLICYKG_MAX_ARCHIVE_MB" in only(put(tmp_path, noise), archive=50).reason


def test_the_bounds_hold_for_all_levels_together(tmp_path: Path) -> None:
    inner = zipped({f"{n}.txt": "x" for n in range(2000)}, zipfile.ZIP_STORED)
    found = walked(put(tmp_path, zipped({f"{n}.zip": inner for n in range(4)})), file=10 * MB)
    assert sum(isinstance(item, Source) for item in found) == 4000
    assert ["文件过多" in item.reason for item in found if isinstance(item, Refused)] == [True, True]


def test_a_directory_that_lies_about_its_size_is_not_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"甲.txt": bytes(6 * MB)}, zipfile.ZIP_STORED))
    at = data.rindex(b"PK\x05\x06")
    struct.pack_into("<I", data, at + 12, 5 * MB)
    assert "文件过多" in only(put(tmp_path, bytes(data))).reason


@pytest.mark.parametrize("cut", [0, 10, 60, 100])
def test_a_damaged_archive_is_named_as_such(tmp_path: Path, cut: int) -> None:
    assert "损坏" in only(put(tmp_path, zipped({"甲.txt": "甲" * 50})[:cut])).reason


def test_an_encrypted_archive_is_named_as_such(tmp_path: Path) -> None:
    data = bytearray(zipped({"甲.txt": "甲"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    assert "已加密" in only(put(tmp_path, bytes(data))).reason


def test_a_damaged_entry_fails_alone(tmp_path: Path) -> None:
    words = "质量月活动" * 50
    data = zipped({"甲.txt": words, "乙.txt": "乙"}, zipfile.ZIP_STORED).replace(words.encode(), b"x" * 750)
    settings = Settings(home=tmp_path / "home", embedder="none", file_seconds=0)
    report = ingest(settings, [put(tmp_path, data)], projections=[])
    assert report.added == 1
    assert "已损坏" in report.failed[0]["reason"]
    assert report.failed[0]["source"].endswith("公文.zip/甲.txt")


def test_other_archives_say_what_to_do(tmp_path: Path) -> None:
    for suffix in (".rar", ".7z", ".tar"):
        item = only(put(tmp_path, b"Rar!", f"a{suffix}"))
        assert item.outcome == "skipped"
        assert "解压成文件夹" in item.reason


def test_an_office_file_named_zip_is_a_document(tmp_path: Path) -> None:
    path = put(tmp_path, zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}))
    (item,) = walked(path)
    assert isinstance(item, Source)
    assert item.chain == ()


def notice(number: int, words: str = "") -> str:
    return f"关于开展第{number}次质量月活动的通知\n各有关单位：\n现将有关事项通知如下。{words}\n"


def test_ingest_again_change_and_remove(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    path = put(tmp_path, zipped({"内部/一.txt": notice(1), "内部/二.txt": notice(2), "三.txt": notice(3)}))
    assert service.ingest([path])["added"] == 3
    assert service.ingest([path])["unchanged"] == 3
    put(tmp_path, zipped({"内部/一.txt": notice(1), "内部/二.txt": notice(2, "补充。"), "三.txt": notice(3)}))
    report = service.ingest([path])
    assert (report["updated"], report["unchanged"]) == (1, 2)
    assert service.ingest_again()["unchanged"] == 3
    assert service.document(f"{path}/内部/二.txt")["title"] == "关于开展第2次质量月活动的通知"
    assert [item["source"] for item in service.remove([f"{path}/三.txt"])["removed"]] == [f"{path}/三.txt"]
    assert len(service.remove([str(path)])["removed"]) == 2
    assert service.documents() == []


def test_the_same_file_in_an_archive_and_beside_it_is_held_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", embedder="none", file_seconds=0)
    path = put(tmp_path, zipped({"一.txt": notice(1)}))
    put(tmp_path, notice(1).encode(), "一.txt")
    report = ingest(settings, [tmp_path / "一.txt", path], projections=[])
    assert (report.added, len(report.skipped)) == (1, 1)
    assert "完全相同" in report.skipped[0]["reason"]
    removed, _ = remove(settings, lambda c: [next(c.documents()).id], projections=[])
    assert len(removed) == 1
    with Catalogue.open(settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        assert list(catalogue.documents()) == []
