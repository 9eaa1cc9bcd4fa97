"""The short form of `benchmarks/endurance.py`: kills and other hardships, and nothing that was accepted is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "endurance.py"
ROUNDS = 3


def test_three_rounds_of_hardship(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--rounds", str(ROUNDS), "--files", "2", "--seed", "11", "--compare", "0"]
    done = subprocess.run([*command, "--json"], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert result["faults"] == [], done.stderr
    assert sum(sum(row.values()) for row in result["table"].values()) == ROUNDS
    assert result.get("killed", 0) + result.get("finished before the kill", 0) >= ROUNDS // 2
    assert done.returncode == 0
