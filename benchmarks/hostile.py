"""Several hundred broken and hostile files through the command: nothing crashes, hangs or fills the memory.

    python benchmarks/hostile.py                 # 500 files, 300 MB of noise among them
    python benchmarks/hostile.py --files 120 --noise-mb 101 --seconds 20

Prints figures as JSON: what became of how many, the files with another fate than they must have, seconds, and the
peak memory of the command and its workers together. Exit status 1 where anything must not be.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.hostile.files import make  # noqa: E402 - the folder of the project must be known first

MOST_MB = 1500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--noise-mb", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0, help="POLICYKG_FILE_SECONDS")
    parser.add_argument("--scale", type=float, default=1.0, help="of what takes long because it is long")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder to work in, which stays")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        figures = run(folder, options)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 1 if figures["wrong"] or figures["peak_mb"] > MOST_MB else 0


def run(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Make the files, take them in, compare."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    fates = make(docs, options.files, noise_mb=options.noise_mb, scale=options.scale)
    environment = {**os.environ, "POLICYKG_HOME": str(folder / "home"), "POLICYKG_FILE_SECONDS": str(options.seconds)}
    command = [sys.executable, "-c", "from kg.cli import main; main()", "ingest", str(docs), "--json"]
    command += ["--workers", str(options.workers)]
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT
    ) as process:
        peak = Peak(process.pid)
        peak.start()
        out, err = process.communicate()
        seconds = time.perf_counter() - begun
    if process.returncode not in (0, 1):
        raise SystemExit(f"status {process.returncode}\n{err.decode()[-3000:]}")
    report = json.loads(out)
    listed = subprocess.run(
        [*command[:3], "documents", "--json"], capture_output=True, check=True, env=environment, cwd=ROOT
    )
    held = {item["source"] for item in json.loads(listed.stdout)}
    refused = {item["source"]: item["reason"] for name in ("failed", "skipped") for item in report[name]}
    reasons = Counter(reason[:24] for reason in refused.values())
    return {
        "files": len(fates),
        "taken_in": report["added"],
        "failed": len(report["failed"]),
        "skipped": len(report["skipped"]),
        "wrong": compare(fates, docs.as_posix(), held, refused),
        "internal": [f"{s}: {r}" for s, r in refused.items() if "内部错误" in r],
        "given_up": [f"{s}: {r}" for s, r in refused.items() if "已停止" in r or "异常终止" in r],
        "seconds": round(seconds, 1),
        "peak_mb": peak.most_mb,
        "stderr": err.decode()[-500:],
        "reasons": dict(reasons.most_common(12)),
    }


def compare(fates: dict[str, str], docs: str, held: set[str], refused: dict[str, str]) -> list[str]:
    """The files of which something else became than must; a file of which nothing became is one of them."""
    wrong = []
    for name, fate in fates.items():
        shown = f"{docs}/{name}"
        inside = [s for s in (*held, *refused) if s.startswith(shown + "/")]
        is_held = shown in held or any(s in held for s in inside)
        is_refused = shown in refused or any(s in refused for s in inside)
        if not (is_held or is_refused):
            wrong.append(f"{name}: neither taken in nor refused")
        elif (fate == "good" and not is_held) or (fate == "bad" and is_held):
            wrong.append(f"{name} ({fate}): {refused.get(shown, 'taken in')}")
    wrong += [f"{s}: no reason" for s, reason in refused.items() if not reason.strip()]
    return wrong


class Peak(threading.Thread):
    """The most memory that a process and its children held at one moment (resident, shared pages counted once)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.most_mb = 0

    def run(self) -> None:
        """Until the process is gone."""
        while Path(f"/proc/{self._pid}").exists():
            self.most_mb = max(self.most_mb, sum(map(_private_mb, _family(self._pid))))
            time.sleep(0.1)


def _family(pid: int) -> list[int]:
    out = [pid]
    for known in out:
        try:
            children = Path(f"/proc/{known}/task/{known}/children").read_text()
        except OSError:
            continue
        out += [int(child) for child in children.split()]
    return out


def _private_mb(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) // 1024


if __name__ == "__main__":
    sys.exit(main())
