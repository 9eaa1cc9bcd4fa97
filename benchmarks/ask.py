"""Cold start of `policykg ask` beside a yardstick, and warm latency of answers, by wall clock and by processor time.

    python benchmarks/ask.py FOLDER_OF_DOCUMENTS [--questions QUESTIONS.json ...] [--runs 5]
    python benchmarks/ask.py --home HOME [--against OTHER_HOME] [--slowest 10]

A folder is ingested into a temporary home; with `--home` an ingested one is read and not written to. Cold: process
start to answer, median of the runs, beside `python -c pass` and `python -c "import streamlit"`. Warm: every question
three times in one process, after all have been asked once. `--against` compares the answers with those of another
home and lists the questions that give other rows.
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
from typing import Any

from kg.core.config import Settings
from kg.service import Service

ROUNDS = 3
OWN = Path(__file__).resolve().parent.parent / "tests" / "ask" / "questions"
QUESTIONS = [OWN / "first.json", OWN / "second.json", OWN / "third.json"]


def seconds(command: list[str], home: str) -> float:
    """Wall-clock seconds of a process."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "POLICYKG_HOME": home})
    return time.perf_counter() - begun


def median(command: list[str], home: str, runs: int) -> float:
    """The median of some runs, in seconds."""
    return round(statistics.median(seconds(command, home) for _ in range(runs)), 3)


def percentiles(times: list[float]) -> dict[str, float]:
    """p50, p95 and the most, in milliseconds."""
    ordered = sorted(times)
    last = len(ordered) - 1
    return {name: round(ordered[int(last * share)], 1) for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0))}


def warm(home: str, questions: list[str], slowest: int) -> dict[str, Any]:
    """Wall-clock and processor milliseconds of each question; of the three rounds the quickest for the slowest."""
    service = Service(Settings.load(home=home))
    for question in questions:  # opens the stores
        service.ask(question)
    wall: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for question in questions:
            begun, spent = time.perf_counter(), time.process_time()
            service.ask(question)
            wall.setdefault(question, []).append((time.perf_counter() - begun) * 1000)
            cpu.setdefault(question, []).append((time.process_time() - spent) * 1000)
    return {
        "wall_ms": percentiles([one for times in wall.values() for one in times]),
        "cpu_ms": percentiles([one for times in cpu.values() for one in times]),
        "slowest_cpu_ms": {
            question: round(min(times), 1)
            for question, times in sorted(cpu.items(), key=lambda item: -min(item[1]))[:slowest]
        },
    }


def differing(home: str, other: str, questions: list[str]) -> list[str]:
    """The questions whose rows, or whether they are answered, differ between two homes."""
    first, second = (Service(Settings.load(home=one)) for one in (home, other))
    out: list[str] = []
    for question in questions:
        one, two = first.ask(question), second.ask(question)
        if one["rows"] != two["rows"] or one["answerable"] != two["answerable"]:
            out.append(question)
    return out


def cold(home: str, question: str, runs: int) -> dict[str, float]:
    """Seconds from the start of a process to its end."""
    python = sys.executable
    policykg = [python, "-c", "from kg.cli import main; main()", "ask", question, "--json"]
    return {
        "python -c pass": median([python, "-c", "pass"], home, runs),
        "import streamlit": median([python, "-c", "import streamlit"], home, runs),
        "policykg ask": median(policykg, home, runs),
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--home")
    parser.add_argument("--against")
    parser.add_argument("--questions", type=Path, nargs="+", default=QUESTIONS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--slowest", type=int, default=5)
    args = parser.parse_args()
    if (args.folder is None) == (args.home is None):
        parser.error("give a folder or --home")
    questions = [case["question"] for path in args.questions for case in json.loads(path.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as temporary:
        home = args.home or temporary
        if args.folder is not None:
            Service(Settings.load(home=home)).ingest([args.folder])
        figures: dict[str, Any] = {"questions": len(questions), "cold_s": cold(home, questions[0], args.runs)}
        figures["warm"] = warm(home, questions, args.slowest)
        if args.against:
            figures["differing"] = differing(home, args.against, questions)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
