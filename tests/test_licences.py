"""NOTICE names what the project needs, and the script that keeps it so notices when it does not."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def licences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a copy of what it reads and writes."""
    spec = importlib.util.spec_from_file_location("policykg_licences", ROOT / "benchmarks" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("NOTICE", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def checked(licences: ModuleType, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["licences.py", "--check"])
    return int(licences.main())


def change(licences: ModuleType, name: str, old: str, new: str) -> None:
    path = licences.ROOT / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_kept_here_is_in_step(licences: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(licences, monkeypatch) == 0


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("NOTICE", "lxml: BSD-3-Clause\n", ""),
        ("NOTICE", "lxml: BSD-3-Clause\n", "lxml: BSD-3-Clause\nsomething-else: MIT\n"),
        ("NOTICE", "lxml: BSD-3-Clause\n", "lxml: \n"),
        ("NOTICE", "lxml: BSD-3-Clause\n", "lxml: not installed here\n"),
        ("NOTICE", "This project needs the following packages", "Elsewhere"),
        ("pyproject.toml", "\ndependencies = [", "\ndependencies = [\n    'anotherone>=1',"),
    ],
    ids=["missing", "needed no more", "without a licence", "never looked up", "no list", "a new package"],
)
def test_what_is_out_of_step_is_noticed(
    licences: ModuleType, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    change(licences, file, old, new)
    assert checked(licences, monkeypatch) == 1


def test_writing_mends_it_and_leaves_the_rest(licences: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (licences.ROOT / "NOTICE").read_text(encoding="utf-8")
    change(licences, "NOTICE", "lxml: BSD-3-Clause\n", "")
    monkeypatch.setattr(sys, "argv", ["licences.py"])
    assert licences.main() == 0
    after = (licences.ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "\nlxml: " in after
    assert after.partition(licences.BEGIN)[0] == before.partition(licences.BEGIN)[0]
    assert checked(licences, monkeypatch) == 0


def test_a_package_that_is_not_installed_keeps_its_line(licences: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (licences.ROOT / "NOTICE").read_text(encoding="utf-8")
    monkeypatch.setattr(licences, "licence_of", lambda _: "")
    assert licences.notice(before) == before
