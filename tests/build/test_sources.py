"""Walking: what is taken, what is refused with which reason, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.build.sources import Limits, Refused, Source, walk

SUFFIXES = frozenset({".txt", ".md"})


def walked(*paths: Path, limit: int = 1000, exclude: Path | None = None) -> list[Source | Refused]:
    return list(walk(paths, suffixes=SUFFIXES, limits=Limits(limit, 100_000_000), exclude=exclude))


def reasons(items: list[Source | Refused]) -> dict[str, tuple[str, str]]:
    return {Path(i.shown).name: (i.outcome, i.reason) for i in items if isinstance(i, Refused)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.TXT", "c/d.md", "c/.hidden.txt", "c/~$lock.txt", ".git/x.txt"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("文")
    return tmp_path / "docs"


def test_folders_are_read_whole_in_order_without_hidden_files(folder: Path) -> None:
    found = [item.shown for item in walked(folder)]
    assert found == [f"{folder}/{name}" for name in ("a.TXT", "b.txt", "c/d.md")]


def test_the_path_is_shown_as_given_and_keyed_absolutely(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (item,) = walked(Path("docs/b.txt"))
    assert isinstance(item, Source)
    assert item.shown == "docs/b.txt"
    assert item.key == str(folder / "b.txt")
    (same,) = walked(folder / "b.txt")
    assert isinstance(same, Source)
    assert same.id == item.id


def test_a_file_named_twice_is_taken_once(folder: Path) -> None:
    assert len(walked(folder, folder / "b.txt", folder)) == 3


def test_refusals_carry_their_reason(folder: Path) -> None:
    (folder / "x.exe").write_text("")
    (folder / "large.txt").write_text("x" * 1001)
    (folder / "link.txt").symlink_to(folder / "b.txt")
    os.mkfifo(folder / "pipe.txt")
    found = reasons(walked(folder, folder.parent / "missing.txt"))
    assert found["x.exe"] == ("skipped", "不支持格式 .exe，可用：.md .txt")
    assert found["link.txt"][0] == "skipped"
    assert found["pipe.txt"] == ("skipped", "不是普通文件")
    assert found["large.txt"][0] == "failed"
    assert "POLICYKG_MAX_FILE_MB" in found["large.txt"][1]
    assert found["missing.txt"] == ("failed", "文件不存在，请核对名称和位置")


def test_a_link_is_followed_where_it_is_named(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)
    assert len([i for i in walked(folder.parent / "link") if isinstance(i, Source)]) == 3


def test_the_indexes_folder_is_left_out(folder: Path) -> None:
    assert [Path(i.shown).name for i in walked(folder, exclude=folder / "c")] == ["a.TXT", "b.txt"]


def test_a_name_that_is_not_utf8_can_be_stored(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xb9\xab.txt"
    with open(name, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(b"x")
    (item,) = walked(tmp_path)
    assert isinstance(item, Source)
    item.key.encode("utf-8")
    assert item.shown.endswith("\\xb9\\xab.txt")
    assert item.path.read_bytes() == b"x"
