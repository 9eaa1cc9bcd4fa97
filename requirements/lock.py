"""Write the lock: every package that an installation takes, with its version and the hashes of its files.

    make lock                               # what pyproject.toml asks for now; versions that still fit stay
    python requirements/lock.py --upgrade   # the newest versions that fit

Needs uv (a package of that name) and the network. All sets are solved together, so that they fit each other, and each
package is written into the first set that needs it:

    run.txt      the program
    extras.txt   reading of scans, login, databases
    models.txt   models by sentence-transformers, without torch
    build.txt    what builds the package itself
    dev.txt      tests and checks

Every set is complete with those before it, so it is installed with `--no-deps`, and `tests/test_lock.py` compares the
files with `pyproject.toml` and with what is installed. They hold for Linux and macOS (14 and later, for
faiss), Python 3.11 and later.

torch has a file of its own, with a version but without hashes (torch.txt). One version of it comes in several builds
(CPU and several of CUDA) whose files differ, and the CUDA builds bring a dozen packages more, of 5 GB, that the CPU
build does not want: one list of hashes cannot serve both.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "pyproject.toml"
# set -> the extras of pyproject.toml that it serves; each also serves what those before it serve
SETS: dict[str, tuple[str, ...]] = {
    "run": (),
    "extras": ("ocr", "login", "oceanbase", "dask"),
    "models": ("models",),
    "build": (),
    "dev": ("dev",),
}
# torch, and what only its CUDA builds bring
OUTSIDE = re.compile(r"torch|triton|nvidia-.*|cuda-.*")
EDITABLE = "editables>=0.5"  # hatchling asks for it when the package is installed from its folder
_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
_HEAD = """\
# Made by requirements/lock.py from pyproject.toml; not to be edited. `make lock` writes it anew.
"""


def name_of(requirement: str) -> str:
    """The normalised name (PEP 503) at the head of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    if found is None:
        raise ValueError(f"no requirement: {requirement!r}")
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def pins(text: str) -> dict[str, str]:
    """Name -> version of the lines of a lock."""
    return {name_of(name): version for name, version in _PINNED.findall(text)}


def _uv() -> str:
    found = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit("需要 uv，请先安装：.venv/bin/pip install uv")
    return found


def _compile(sources: list[str], extras: list[str], target: Path, *options: str) -> str:
    command = [_uv(), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--no-header"]
    command += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--output-file", str(target), *options]
    for extra in extras:
        command += ["--extra", extra]
    subprocess.run([*command, *sources], check=True, cwd=HERE.parent)
    return target.read_text(encoding="utf-8")


def main() -> int:
    """Solve all sets, then write each; the exit status."""
    building = [*tomllib.loads(PROJECT.read_text(encoding="utf-8"))["build-system"]["requires"], EDITABLE]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        build = scratch / "build.in"
        build.write_text("\n".join(building) + "\n", encoding="utf-8")
        # uv keeps the versions that it finds in the file it writes to
        whole = scratch / "whole.txt"
        before = [
            (HERE / f"{name}.txt").read_text(encoding="utf-8") for name in SETS if (HERE / f"{name}.txt").exists()
        ]
        held = {name: version for text in before for name, version in pins(text).items()}
        whole.write_text("".join(f"{name}=={version}\n" for name, version in held.items()), encoding="utf-8")
        every = [extra for extras in SETS.values() for extra in extras]
        solved = _compile(
            [PROJECT.name, str(build)],
            every,
            whole,
            f"--constraint={HERE / 'torch.txt'}",
            *(["--upgrade"] if "--upgrade" in sys.argv[1:] else []),
        )
        outside = {name for name in pins(solved) if OUTSIDE.fullmatch(name)}
        written: set[str] = set()
        extras: list[str] = []
        for name, own in SETS.items():
            extras += own
            sources = [PROJECT.name, *([str(build)] if name in ("build", "dev") else [])]
            left_out = [option for other in sorted(written | outside) for option in ("--no-emit-package", other)]
            lines = _compile(
                sources,
                extras,
                scratch / f"{name}.txt",
                "--generate-hashes",
                f"--constraint={whole}",
                *left_out,
            )
            packages = lines.partition("# The following packages were excluded")[0].rstrip()
            (HERE / f"{name}.txt").write_text(f"{_HEAD}{packages}\n", encoding="utf-8")
            written |= set(pins(packages))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
