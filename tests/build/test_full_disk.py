"""A disk that fills up: a clear error, the old generation still serves, and with room again all is well.

On a tmpfs of 64 MB in a mount namespace of its own. Where no kind of mount is permitted (some containers) the
limit of a file's size stands in for the disk's: the same calls fail, only with another number (EFBIG).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("full_disk.py")
OWN_MOUNTS = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
MOUNTED = 'mount -t tmpfs -o size=64m tmpfs "$1" && exec "$2" "$3" "$1"'
SMALL = 60_000  # bytes: less than the catalogue


def run(command: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def may_mount(prefix: list[str], folder: Path) -> bool:
    try:
        command = [*prefix, "sh", "-c", 'mount -t tmpfs -o size=1m tmpfs "$1"', "sh", str(folder)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], bool]:
    """What the script tells, and whether there was a small disk."""
    folder = tmp_path_factory.mktemp("small")
    for prefix in OWN_MOUNTS:
        if may_mount(prefix, folder):
            return run([*prefix, "sh", "-c", MOUNTED, "sh", str(folder), sys.executable, str(SCRIPT)]), True
    return run([sys.executable, str(SCRIPT), str(folder), str(SMALL)]), False


def test_the_error_is_one_clear_sentence(small_disk: tuple[list[dict[str, Any]], bool]) -> None:
    steps, is_disk = small_disk
    errors = [step["error"] for step in steps if step["step"] == "full"]
    assert errors
    assert all(errors), "every run met the end of the disk"
    if is_disk:
        assert all("磁盘空间不足" in error and "清出空间" in error for error in errors)
    else:
        assert all("无法" in error for error in errors)
    assert not any("No space" in error or "os error" in error for error in errors)


def test_the_old_generation_still_serves(small_disk: tuple[list[dict[str, Any]], bool]) -> None:
    steps, _ = small_disk
    [before] = [step for step in steps if step["step"] == "before"]
    full = [step for step in steps if step["step"] == "full"]
    for step in full:
        assert (step["generation"], step["quads"]) == (before["generation"], before["quads"])
        assert step["documents"] >= before["documents"]
        assert step["hits"] > 0
        assert step["answerable"]
    counts = [step["documents"] for step in full]
    assert counts == sorted(counts), "what was accepted once stays"


def test_with_room_again_the_same_command_finishes(small_disk: tuple[list[dict[str, Any]], bool]) -> None:
    steps, _ = small_disk
    after = steps[-1]
    report = after["report"]
    assert (report["added"] + report["unchanged"], report["failed"]) == (after["documents"], [])
    assert after["documents"] > steps[0]["documents"]
    assert after["generation"] == steps[0]["generation"] + 1
    assert after["problems"] == []
    assert after["left"] == [], "nothing of the failed runs is left"


def test_a_backup_there_is_no_room_for_leaves_nothing(small_disk: tuple[list[dict[str, Any]], bool]) -> None:
    steps, _ = small_disk
    backups = [step for step in steps if step["step"] == "backup"]
    assert any(step["error"] for step in backups)
    assert all(step["left"] == [] for step in backups)
