"""README: its commands exist, and it says what a reader of it needs first."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.MULTILINE))
HELPED = {"help", "demo", "test", "test-all", "app", "check", "lock", "wheelhouse"}


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    make = shutil.which("make")
    assert make, "make is not installed"
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run([make, *arguments], cwd=ROOT, capture_output=True, text=True, env=environment, check=False)


def test_make_targets_named_exist() -> None:
    named = set(re.findall(r"\bmake ([a-z-]+)\b", README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert {"demo", "test", "test-all", "app", "check"} <= named <= TARGETS


def test_the_commands_come_first() -> None:
    block = re.search(r"```bash\n(.*?)```", README, re.DOTALL)
    assert block
    assert [line.split("#")[0].strip() for line in block[1].splitlines()] == ["make demo", "make test", "make test-all"]


def test_ci_runs_the_test_commands_of_the_readme() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (command,) = re.findall(r"^(make test\S*) ", ci, re.MULTILINE)
    assert re.search(rf"^{command} ", README, re.MULTILINE)
    assert re.search(r"^test-all: test ", MAKEFILE, re.MULTILINE)  # the one holds the other


def test_plain_make_prints_help_in_chinese() -> None:
    done = _make()
    assert done.returncode == 0, done.stderr
    listed = dict(re.findall(r"^  make ([a-z-]+) +(.+)$", done.stdout, re.MULTILINE))
    assert set(listed) == HELPED
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in listed.values())


@pytest.mark.parametrize("target", sorted(HELPED - {"help"}))
def test_targets_can_be_made(target: str) -> None:
    done = _make("--dry-run", target)
    assert done.returncode == 0, done.stderr


def test_installation_is_repeated_only_when_dependencies_changed() -> None:
    files = {
        stamp: set(re.findall(r"[a-z]+\.(?:txt|toml)", rule))
        for stamp, rule in re.findall(r"^\$\((INSTALLED|DEVELOPED)\): (.+)$", MAKEFILE, re.MULTILINE)
    }
    assert files["INSTALLED"] == {"pyproject.toml", "run.txt", "build.txt"}
    locked = {path.name for path in (ROOT / "requirements").glob("*.txt")}
    assert files["INSTALLED"] | files["DEVELOPED"] == locked | {"pyproject.toml"}


@pytest.mark.parametrize("path", ["Makefile", ".ci/run", "tests/browser.sh"])
def test_no_registry_is_named(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|\buv\b", text) == []


def test_english_summary_of_three_lines() -> None:
    assert len(re.findall(r"^> .+$", README, re.MULTILINE)) == 3


def test_sample_count_in_readme_is_right() -> None:
    assert len(list((ROOT / "samples").iterdir())) == 8
    assert "八份" in README
