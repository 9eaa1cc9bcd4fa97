"""How long commands take from the shell: `--help`, one `ask`, one `search`, beside `python -c "import numpy, faiss"`.

    python benchmarks/cold_search.py HOME [--query 首席质量官] [--question …] [--repeats 15]

The commands take turns, so that whatever else the machine does falls on all; what counts are their ratios. CPU time is
that of the finished processes, system time included: its median, and the best, which comes near to that of a quiet
machine. Bytecode is that of an installed program: it is written by the first run, wherever `PYTHONPYCACHEPREFIX` says.
The home must be published by this version, else commands read the ontology anew (`ontology.kept`).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence


def measured(command: Sequence[str]) -> tuple[float, float]:
    """(wall, CPU) seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    at = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    wall = time.perf_counter() - at
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home")
    parser.add_argument("--query", default="首席质量官")
    parser.add_argument("--question", default="《节约用水条例》由哪个部门负责监督？")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    run = "import sys; from kg.cli import main; main(sys.argv[1:])"  # what the installed command does
    commands = {
        "help": [sys.executable, "-c", run, "--help"],
        "ask": [sys.executable, "-c", run, "--home", options.home, "ask", options.question, "--json"],
        "search": [sys.executable, "-c", run, "--home", options.home, "search", options.query, "--json"],
        "imports": [sys.executable, "-c", "import numpy, faiss"],
        "bare python": [sys.executable, "-c", "pass"],
    }
    for command in commands.values():
        measured(command)  # the files come into memory
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(options.repeats):
        for name, command in commands.items():
            times[name].append(measured(command))
    result: dict[str, object] = {
        name: {
            "wall_ms": round(statistics.median(wall for wall, _ in runs) * 1000),
            "cpu_ms": round(statistics.median(cpu for _, cpu in runs) * 1000),
            "best_cpu_ms": round(min(cpu for _, cpu in runs) * 1000),
        }
        for name, runs in times.items()
    }
    for position, kind in enumerate(("wall", "cpu")):
        medians = {name: statistics.median(run[position] for run in runs) for name, runs in times.items()}
        result[f"search_to_imports_{kind}"] = round(medians["search"] / medians["imports"], 2)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
