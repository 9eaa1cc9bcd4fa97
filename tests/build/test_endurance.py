"""The short form of `benchmarks/endurance.py`: SIGKILL at random moments, and nothing that was accepted is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "endurance.py"
ROUNDS = 8


def test_eight_rounds_of_kill_9(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--rounds", str(ROUNDS), "--files", "3", "--seed", "7", "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert result["faults"] == []
    assert result["rounds"] == ROUNDS
    assert result["killed"] >= ROUNDS // 2, "most runs were ended, not finished"
    assert done.returncode == 0
