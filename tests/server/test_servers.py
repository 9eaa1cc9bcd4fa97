"""Two servers over one store, sixty-four clients, and a third machine that publishes meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.endpoints import oxigraph
from tests.seekdb import seekdb

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.alone
def test_nobody_sees_an_error_or_two_versions(tmp_path: Path) -> None:
    with ExitStack() as running:
        (tmp_path / "store").mkdir()
        store = running.enter_context(seekdb(tmp_path / "store")).database()
        graphs = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            graphs.append(running.enter_context(oxigraph(tmp_path / name)))
        command = [sys.executable, "benchmarks/serve_cluster.py", "--store", store, "--graph", ",".join(graphs)]
        command += ["--documents", "samples", "--folder", str(tmp_path / "work"), "--clients", "64", "--servers", "2"]
        command += ["--seconds", "10", "--publishes", "1", "--pause", "2"]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    told = json.loads(done.stdout)
    assert told["failures"] == {}
    assert told["publish_errors"] == []
    assert told["marks"]["of_two_versions"] == []
    assert told["marks"]["back_in_time"] == []
    assert told["marks"]["looks"] > 100
    assert all(len(seen) >= 2 for seen in told["marks"]["seen"]), "clients of both servers saw a publish"
