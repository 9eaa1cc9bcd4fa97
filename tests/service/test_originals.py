"""The original of a document: the file that was read, at the page of a quote; nothing else is ever given."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ingest.readers.pdf_page import WIDTH, page_picture
from kg.build.originals import NoOriginal
from kg.cli import run
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.server import create_app
from kg.service import Service
from kg.service.originals import Original
from tests.ingest.readers import writers
from tests.server.client import running

LINES = [
    "关于开展质量月活动的通知",
    "各有关单位：",
    *[f"{n}．组织第{n}次现场咨询活动，由市教育局负责。" for n in range(1, 90)],
]
LAST = "组织第89次现场咨询活动"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("originals")
    docs = folder / "docs"
    docs.mkdir()
    (docs / "通知.pdf").write_bytes(writers.pdf(writers.printed(LINES)))
    (docs / "网页.html").write_text(f"<html><script>alert(1)</script><p>{'现将有关事项通知如下。' * 9}</p></html>")
    (docs / "会变.txt").write_text("关于报送总结的通知\n各单位：\n请按时报送。\n")
    with zipfile.ZipFile(docs / "公文.zip", "w") as archive:
        archive.writestr("通知/二号.txt", "关于开展读书活动的通知\n各单位：\n请按时开展。\n")
    service = Service(Settings(home=folder / "home", embedder="none", file_seconds=0))
    assert service.ingest([docs])["failed"] == []
    name = "上传的.txt"
    uploaded = service.upload([(name, "关于上传的通知\n各单位：\n请按时上传。\n".encode())])["files"]
    assert [item["outcome"] for item in uploaded] == ["added"]
    return folder


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    service = Service(Settings(home=folder / "home", embedder="none", file_seconds=0))
    yield service
    service.close()


def test_the_file_and_the_page_of_a_quote(service: Service, folder: Path) -> None:
    found = service.original("通知.pdf", quote=LAST)
    assert found.data == (folder / "docs" / "通知.pdf").read_bytes()
    assert (found.path, found.media, found.shown) == (folder / "docs" / "通知.pdf", "application/pdf", True)
    assert found.page is not None
    assert found.page >= 3
    at = service.text("通知.pdf").index(LAST)
    assert service.original("通知.pdf", position=at).page == found.page
    assert service.original("通知.pdf").page is None
    with pytest.raises(UsageError, match="没有这个位置或这句话"):
        service.original("通知.pdf", quote="没有写的一句话")


def test_the_page_of_a_quote_is_drawn_and_what_cannot_be_drawn_is_not(service: Service, folder: Path) -> None:
    first, last = (service.original("通知.pdf", quote=words).picture() for words in (LINES[0], LAST))
    assert first is not None
    assert last is not None
    with Image.open(io.BytesIO(last)) as picture:
        assert picture.format == "PNG"
        assert picture.width == WIDTH
        dark = sum(picture.convert("L").histogram()[:128])
        assert dark > 1000  # there is print on it
    assert first != last
    assert service.original("网页.html").picture() is None
    data = (folder / "docs" / "通知.pdf").read_bytes()
    assert page_picture(data, 99) is None
    assert page_picture(data[:200], 1) is None
    assert page_picture(data, 1, seconds=0.001) is None


def test_it_is_in_the_audit_log_as_it_holds_contacts(service: Service) -> None:
    service.original("通知.pdf")
    assert service.audit()[0]["detail"] == {"what": "original"}


def test_a_file_in_an_archive_and_one_that_was_uploaded(service: Service) -> None:
    inside = service.original("二号.txt")
    assert inside.data.decode().startswith("关于开展读书活动的通知")
    assert (inside.path, inside.name) == (None, "二号.txt")
    uploaded = service.original("上传的.txt")
    assert uploaded.data.decode().startswith("关于上传的通知")
    assert uploaded.path is not None
    assert uploaded.path.parent.name == "uploads"


def test_an_upload_is_found_in_a_home_that_was_moved(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "home", tmp_path / "moved", symlinks=True)
    (tmp_path / "elsewhere").mkdir()
    hidden = folder / "home" / "uploads"
    hidden.rename(tmp_path / "elsewhere" / "uploads")
    try:
        moved = Service(Settings(home=tmp_path / "moved", embedder="none", file_seconds=0))
        assert moved.original("上传的.txt").path == tmp_path / "moved" / "uploads" / "上传的.txt"
    finally:
        (tmp_path / "elsewhere" / "uploads").rename(hidden)


def test_what_stands_in_the_place_of_the_file_is_not_given(service: Service, folder: Path) -> None:
    path = folder / "docs" / "会变.txt"
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")
    with pytest.raises(NoOriginal, match=r"改动过.*重新入库"):
        service.original("会变.txt")
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises(NoOriginal):
        service.original("会变.txt")
    path.unlink()
    with pytest.raises(NoOriginal, match=r"已不在原处.*放回原处"):
        service.original("会变.txt")
    path.write_bytes(whole)
    assert service.original("会变.txt").data == whole
    for name in ("/etc/passwd", "../docs/没有.txt", "../../etc/passwd"):
        with pytest.raises(UsageError, match="没有这个文档"):
            service.original(name)


def test_the_server_gives_the_bytes_and_runs_nothing(service: Service, folder: Path) -> None:
    ids = {item["source"].rpartition("/")[2]: item["id"] for item in service.documents()}
    with running(create_app(service)) as client:
        at = service.text("通知.pdf").index(LAST)
        reply = client(f"/api/documents/{ids['通知.pdf']}/original?contacts=yes&start={at}")
        assert (reply.status, reply.media) == (200, "application/pdf")
        assert reply.content == (folder / "docs" / "通知.pdf").read_bytes()
        assert int(reply.headers["x-page"]) >= 3
        assert reply.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E9%80%9A")
        page = client(f"/api/documents/{ids['网页.html']}/original?contacts=yes")
        assert page.headers["content-disposition"].startswith("attachment;")
        assert page.headers["content-security-policy"].startswith("sandbox;")
        assert page.headers["x-content-type-options"] == "nosniff"
        path = folder / "docs" / "会变.txt"
        whole = path.read_bytes()
        path.write_bytes(b"x")
        changed = f"/api/documents/{ids['会变.txt']}/original"
        assert client(changed).status == 400, "the whole file is given to those who ask for its contacts too"
        assert client(f"{changed}?contacts=yes").status == 409
        path.unlink()
        reply = client(f"{changed}?contacts=yes")
        assert reply.status == 410
        assert "放回原处" in reply.json()["error"]
        path.write_bytes(whole)
        assert client("/api/documents/%2Fetc%2Fpasswd/original?contacts=yes").status == 404


def test_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(folder / "home")]
    assert run(["open", "通知.pdf", "--quote", LAST, "--json", *home]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["path"] == str(folder / "docs" / "通知.pdf")
    assert found["page"] >= 3
    assert run(["open", "二号.txt", "-o", str(tmp_path / "二号.txt"), *home]) == 0
    assert (tmp_path / "二号.txt").read_text(encoding="utf-8").startswith("关于开展读书活动")
    capsys.readouterr()
    assert run(["open", "二号.txt", *home]) == 2
    assert "请加 -o" in capsys.readouterr().err


def test_repair_reads_a_document_of_an_archive_again(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "home", tmp_path / "home", symlinks=True)
    service = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    from kg.build.repair import repair

    (one,) = [item["id"] for item in service.documents() if item["source"].endswith("二号.txt")]
    assert any(line.startswith("重读文档") and "二号.txt" in line for line in repair(service.settings, [one]))


@pytest.mark.parametrize(
    ("name", "media", "shown"),
    [
        ("通知.TXT", "text/plain", True),
        ("清单.csv", "text/plain", True),
        ("网页.html", "text/html", False),  # it might run something
        ("通知.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
        ("扫描.tiff", "application/octet-stream", False),
        ("扫描.jpg", "image/jpeg", True),
    ],
)
def test_what_a_browser_shows_in_place(name: str, media: str, shown: bool) -> None:
    file = Original("d-1", name, name, b"", None, None)
    assert (file.media, file.shown) == (media, shown)
