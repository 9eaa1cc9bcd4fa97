"""Reading a corpus of laws: how much, how right, how fast, and where the time goes.

    python benchmarks/extraction.py ../shared/corpus/laws [--files 600] [--workers 1 2] [--profile] [--json]

Figures: failures; titles and dates against the files' own headings and names; citations in 《》 whose target is held
that resolve to it; MB/s of structure + extraction + resolution for each number of workers (ratios within one run mean
more than the figures themselves); peak memory; a profile by stage. Nothing is written.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import re
import resource
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.pipeline import read_document, tools_for
from kg.core.errors import UnreadableDocument
from kg.core.ids import title_key
from kg.core.model import Document
from ontology.reference import load_reference

HEADING = re.compile(r"^#\s+(.*)$", re.MULTILINE)
VERSION = re.compile(r"\((\d{4}-\d{2}-\d{2})\)$")
CITED = re.compile(r"《([^《》]+)》")


@dataclass(slots=True)
class Quality:
    """Counts over the corpus."""

    files: int = 0
    failed: list[str] = field(default_factory=list)
    titles: int = 0
    dated: int = 0
    dates: int = 0
    cited: int = 0
    resolved: int = 0
    unresolved: Counter[str] = field(default_factory=Counter)


def read(path: Path) -> Document | str:
    reference = load_reference()
    try:
        return read_document(path.read_bytes(), source=str(path), document_id="d", reference=reference)
    except UnreadableDocument as error:
        return error.reason


def read_size(path: Path) -> int:
    read(path)
    return path.stat().st_size


def warm(_: int) -> None:
    tools_for(load_reference())


def quality(files: list[Path]) -> Quality:
    """Titles, dates and citations of all files; `held` are the titles of the whole corpus."""
    found = Quality(files=len(files))
    headings = {f: (m[1].strip() if (m := HEADING.search(f.read_text(encoding="utf-8"))) else f.stem) for f in files}
    held = {title_key(title) for title in headings.values()}
    for file in files:
        document = read(file)
        if isinstance(document, str):
            found.failed.append(f"{file.name}: {document}")
            continue
        found.titles += title_key(document.title) == title_key(headings[file])
        if version := VERSION.search(file.stem):
            found.dated += 1
            found.dates += document.date == version[1]
        extracted = {title_key(r.title) for r in document.policy_references if r.title}
        own = title_key(document.title)
        for cited in CITED.findall(document.text):
            key = title_key(cited)
            if key == own:
                continue
            if key in held:
                found.cited += 1
                found.resolved += key in extracted
            else:
                found.unresolved[cited] += 1
    return found


def speed(files: list[Path], workers: int) -> dict[str, float]:
    """MB/s with a number of processes; start-up and reference data are not counted."""
    megabytes = sum(f.stat().st_size for f in files) / 1e6
    if workers == 1:
        warm(0)
        begun = time.perf_counter()
        for file in files:
            read(file)
        seconds = time.perf_counter() - begun
    else:
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(warm, range(workers * 4)))
            begun = time.perf_counter()
            list(pool.map(read_size, files, chunksize=8))
            seconds = time.perf_counter() - begun
    return {
        "workers": workers,
        "megabytes": round(megabytes, 2),
        "seconds": round(seconds, 2),
        "mb_per_s": round(megabytes / seconds, 3),
    }


def profile(files: list[Path], rows: int = 14) -> list[dict[str, Any]]:
    """The functions with the most time of their own."""
    warm(0)
    profiler = cProfile.Profile()
    profiler.runcall(lambda: [read(f) for f in files])
    stats: Any = pstats.Stats(profiler)
    total = stats.total_tt
    own = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:rows]
    return [
        {"share": round(values[2] / total, 3), "function": f"{Path(where[0]).name}:{where[2]}"} for where, values in own
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--files", type=int, help="a random sample of this many files for the speed figures")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--no-quality", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    files = sorted(args.corpus.rglob("*.md"))
    if not files:
        sys.exit(f"no .md files in {args.corpus}")
    sample = random.Random(7).sample(files, min(args.files or len(files), len(files)))
    out: dict[str, Any] = {"files": len(files), "megabytes": round(sum(f.stat().st_size for f in files) / 1e6, 1)}
    out["speed"] = [speed(sample, n) for n in args.workers]
    if args.profile:
        out["profile"] = profile(sample[:60])
    if not args.no_quality:
        q = quality(files)
        out["quality"] = {
            "failed": q.failed,
            "titles": f"{q.titles}/{q.files}",
            "dates": f"{q.dates}/{q.dated}",
            "citations_resolved": f"{q.resolved}/{q.cited}",
            "most_unresolved": q.unresolved.most_common(10),
        }
    out["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(out, ensure_ascii=False, indent=1 if not args.json else None))


if __name__ == "__main__":
    main()
