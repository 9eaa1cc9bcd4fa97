"""The folder that `make wheelhouse` fills (requirements/wheelhouse): what is wrong with it is told before anything is installed.

That an installation from it works needs its 335 MB; docs/quality.md says how that was tried without a network.
"""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "requirements" / "wheelhouse"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]} {sys.platform} {platform.machine()}"


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A wheelhouse with one package that is none."""
    folder = tmp_path / "wheelhouse"
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(SOURCE / "install.sh", folder)
    (folder / "machine").write_text(f"{HERE}\n", encoding="utf-8")
    wheel = folder / "wheels" / "policykg-0.0-py3-none-any.whl"
    wheel.write_bytes(b"no wheel")
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(b'no wheel').hexdigest()}  ./wheels/{wheel.name}\n")
    return folder


def install(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(folder / "install.sh"), str(folder.parent / "installed")]
    env = {"PATH": "/usr/bin:/bin", "PYTHON": sys.executable, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def test_a_damaged_file_is_refused_before_anything_is_installed(carried: Path) -> None:
    next((carried / "wheels").iterdir()).write_bytes(b"cut of")
    done = install(carried)
    assert done.returncode == 2
    assert "请重新拷贝" in done.stderr
    assert not (carried.parent / "installed").exists()


def test_a_missing_file_is_refused(carried: Path) -> None:
    next((carried / "wheels").iterdir()).unlink()
    assert install(carried).returncode == 2


def test_another_python_is_refused_by_name(carried: Path) -> None:
    (carried / "machine").write_text("2.7 linux x86_64\n", encoding="utf-8")
    done = install(carried)
    assert done.returncode == 2
    assert f"安装包用于 Python 2.7 linux x86_64，本机是 Python {HERE}" in done.stderr
    assert not (carried.parent / "installed").exists()


def test_the_installation_uses_the_folder_only() -> None:
    script = (SOURCE / "install.sh").read_text(encoding="utf-8")
    (pip,) = re.findall(r"^pip=\((.+)\)$", script, re.MULTILINE)
    assert {"--isolated", "--no-index", "--no-deps"} <= set(pip.split())
    assert "--require-hashes" in script


def test_what_it_is_made_of_exists() -> None:
    script = (SOURCE / "make.sh").read_text(encoding="utf-8")
    (sets,) = re.findall(r"\|\| sets=\((.+)\)$", script, re.MULTILINE)
    assert [name for name in sets.split() if not (SOURCE.parent / f"{name}.txt").is_file()] == []
    for name in ("install.sh", "说明.md"):
        assert f"$here/{name}" in script
        assert (SOURCE / name).is_file()


@pytest.mark.parametrize("name", ["make.sh", "install.sh", "说明.md"])
def test_no_registry_is_named(name: str) -> None:
    assert re.findall(r"https?://|index-url", (SOURCE / name).read_text(encoding="utf-8")) == []
