"""The wheel holds all that a user needs: built, installed beside nothing of this tree, and run from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str, cwd: Path, **environ: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("POLICYKG_", "PYTHONPATH"))} | environ
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel")
    run(*pip, str(ROOT), "--no-deps", "--no-build-isolation", "--no-index", "-q", "-w", str(folder), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    tree = {
        path.relative_to(ROOT).as_posix()
        for package in ("kg", "ingest", "ontology")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    samples = {f"kg/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "samples").iterdir()}
    assert tree | samples | {"app.py", ".streamlit/config.toml"} <= held
    for ending in (".ttl", ".rq", ".safetensors", ".js", ".css"):
        assert any(name.endswith(ending) for name in held), f"no {ending} in the packages"


def test_the_demo_runs_from_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    # An environment with the packages of this one, but not with this tree (its .pth is not read from there).
    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv"), cwd=tmp_path)
    python = str(tmp_path / "venv" / "bin" / "python")
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    (own / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install")
    run(*pip, "--no-deps", "--no-index", "-q", str(wheel), cwd=tmp_path)
    where = run(
        python,
        "-c",
        "import kg, ingest, ontology; print(kg.__file__, ingest.__file__, ontology.__file__)",
        cwd=tmp_path,
    )
    assert [Path(file).is_relative_to(own) for file in where.split()] == [True] * 3
    policykg = str(tmp_path / "venv" / "bin" / "policykg")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shown = run(policykg, "demo", cwd=elsewhere, POLICYKG_HOME=str(tmp_path / "home"))
    assert all(word in shown for word in ("点名", "推及", "未提及", "未入库", "SELECT")), shown
    assert list(elsewhere.iterdir()) == []
