"""Cold start of `policykg ask` beside a yardstick, and warm latency of answers.

    python benchmarks/ask.py FOLDER_OF_DOCUMENTS [--questions QUESTIONS.json] [--runs 5]

Ingests into a temporary home. Cold: process start to answer, median of the runs, beside `python -c pass` and
`python -c "import streamlit"`. Warm: every question three times in one process, p50 and p95.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.core.config import Settings
from kg.service import Service

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "answer" / "questions.json"


def seconds(command: list[str], home: str) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "POLICYKG_HOME": home})
    return time.perf_counter() - begun


def median(command: list[str], home: str, runs: int) -> float:
    return round(statistics.median(seconds(command, home) for _ in range(runs)), 3)


def warm(home: str, questions: list[str]) -> dict[str, float]:
    service = Service(Settings.load(home=home))
    for question in questions:  # opens the stores
        service.ask(question)
    times = []
    for _ in range(3):
        for question in questions:
            begun = time.perf_counter()
            service.ask(question)
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return {"p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(len(times) * 0.95)], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    questions = [case["question"] for case in json.loads(args.questions.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as home:
        Service(Settings.load(home=home)).ingest([args.folder])
        python = sys.executable
        policykg = [python, "-c", "from kg.cli import main; main()", "ask", questions[0], "--json"]
        figures = {
            "cold_s": {
                "python -c pass": median([python, "-c", "pass"], home, args.runs),
                "import streamlit": median([python, "-c", "import streamlit"], home, args.runs),
                "policykg ask": median(policykg, home, args.runs),
            },
            "warm": warm(home, questions),
        }
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
