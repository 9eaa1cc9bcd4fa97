"""How the store of one machine grows: ingest, publishing one document, search, answers and SPARQL, size after size.

    taskset -c 1 python benchmarks/growth.py --folder /tmp/growth [--corpus ../shared/corpus/laws]
        [--sizes 1 3 7] [--grown 10] [--profile 7] [--files N]

A size is how many editions of the corpus it holds (growth_corpus.py). Each of `--sizes` is ingested from nothing, as
the command does it with one worker; each of `--grown` is the size before it with the missing editions taken in on top.
Then a warm program is asked, beside the engines alone, then documents are added, changed and removed one by one. Every
size leaves `size-NNN.json` in the folder, and is not measured again where that is there; of the homes only the last one
stays. At the end comes one table: values, and by which power of the number of passages each has grown (1: like the
passages, 0: not at all). Engines stand below what is built on them, with the ratio of the two.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]  # the project that this file is of, whichever is installed

from growth_corpus import Editions, titles  # noqa: E402
from growth_table import table  # noqa: E402

ROUNDS = 3  # documents that are added, changed and removed
ADDED, CHANGED = 900, 950  # editions that no corpus has
PARTS = {
    "graph": ("graph/",),
    "fulltext": ("fulltext/",),
    "vectors": ("vectors.faiss", "means."),
    "lexicon": ("names.msgpack", "said.msgpack", "shares.", "slots."),
    "links": ("links.",),
    "held": ("held.",),
}
_LOOK = 0.25  # seconds between two looks at the processes
_TEMPLATES = (
    "《{}》什么时候施行？",
    "《{}》由哪个部门负责？",
    "《{}》是由哪个机关通过的？",
    "《{}》第三条是怎样规定的？",
)


@dataclass
class Watch:
    """Looks at a process and all that it started: the most memory of each, and the most bytes below a folder."""

    pid: int
    folder: Path
    peaks: dict[int, int] = field(default_factory=dict)
    disk: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look until told to stop."""
        looks = 0
        while not self._over.wait(_LOOK):
            for pid in descendants(self.pid):
                try:
                    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
                except OSError:
                    continue
                if "VmHWM:" in text:
                    peak = int(text.partition("VmHWM:")[2].split()[0]) // 1024
                    self.peaks[pid] = max(self.peaks.get(pid, 0), peak)
            if looks % 8 == 0:
                self.disk = max(self.disk, size_of(self.folder))
            looks += 1

    def stop(self) -> None:
        """Look no more."""
        self._over.set()


def descendants(pid: int) -> Iterator[int]:
    """A process and those that it started, and so on."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from descendants(int(child))
    except OSError:
        return


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, of those with several names once."""
    found: dict[int, int] = {}
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                stat = Path(where, name).stat()
            except OSError:
                continue
            found[stat.st_ino] = stat.st_size
    return sum(found.values())


def run(command: list[str], folder: Path) -> dict[str, Any]:
    """Run a command: wall seconds, CPU seconds of all its processes, the most memory of each kind, what it printed."""
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, env=environment) as process:
        watch = Watch(process.pid, folder)
        thread = threading.Thread(target=watch.run)
        thread.start()
        assert process.stdout is not None
        printed = process.stdout.read()
        _, code, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        wall = time.perf_counter() - begun
        watch.stop()
        thread.join()
    if process.returncode:
        raise SystemExit(f"{command} ended with status {process.returncode}")
    own = watch.peaks.pop(process.pid, 0)
    return {
        "seconds": round(wall, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": {"own": own, "others": max(watch.peaks.values(), default=0)},
        "disk_peak_mb": round(watch.disk / 1e6),
        **(json.loads(printed) if printed.startswith("{") else {}),
    }


def child(stage: str, home: Path, *words: str) -> dict[str, Any]:
    """A stage of growth_child.py."""
    return run([str(HERE / "growth_child.py"), stage, str(home), *words], home)


def parts(home: Path) -> dict[str, float]:
    """Megabytes on disk by part."""
    generation = (home / "current").resolve()
    found = dict.fromkeys((*PARTS, "other"), 0)
    for path in generation.rglob("*"):
        if path.is_file():
            name = path.relative_to(generation).as_posix()
            part = next((part for part, begins in PARTS.items() if name.startswith(begins)), "other")
            found[part] += path.stat().st_size
    found["catalogue"] = sum(path.stat().st_size for path in home.glob("catalogue.sqlite*"))
    return {part: round(size / 1e6, 2) for part, size in found.items()}


def questions(editions: Editions, seed: int) -> dict[str, Any]:
    """What is asked of every size: of the folder itself, which every size holds."""
    lines = (HERE / "questions" / "laws.jsonl").read_text(encoding="utf-8").splitlines()
    free = [str(json.loads(line)["question"]) for line in lines]
    named = [title for title in titles(editions) if title.endswith(("条例", "办法", "规定", "法")) and len(title) < 25]
    step = max(len(named) // 20, 1)
    formed = [_TEMPLATES[n % len(_TEMPLATES)].format(title) for n, title in enumerate(named[::step][:20])]
    return {"search": free, "ask": [*free[:20], *formed], "cold": (formed or free)[0], "seed": seed}


def one_by_one(editions: Editions, folder: Path, home: Path, *, profile: bool) -> dict[str, Any]:
    """Some documents added, then changed, then removed, each by a run of its own; the home is then as before."""
    middle = sorted(editions.paths, key=lambda path: (path.stat().st_size, str(path)))
    found: dict[str, list[dict[str, Any]]] = {"added": [], "changed": [], "removed": []}
    for number in range(ROUNDS):
        path = middle[len(middle) * (number + 2) // (ROUNDS + 3)]
        file = editions.write_one(path, folder / "beside", ADDED + number)
        with_profile = ["--profile"] if profile and number == ROUNDS - 1 else []
        found["added"].append(child("ingest", home, str(file)))
        file.write_text(editions.text(path, CHANGED + number)[1], encoding="utf-8")
        found["changed"].append(child("ingest", home, str(file), *with_profile))
        found["removed"].append(child("remove", home, str(file)))
        file.unlink()
    result: dict[str, Any] = {}
    for name, rows in found.items():
        plain = [row for row in rows if "profile" not in row]
        keys = ("seconds", "cpu_seconds", "publish_seconds")
        result[name] = {key: round(statistics.median(row[key] for row in plain), 2) for key in keys}
        result[name]["peak_mb"] = max(row["peak_mb"]["own"] for row in plain)
        result[name]["projections"] = {
            part: round(statistics.median(row["projections"][part][0] for row in plain), 3)
            for part in plain[0]["projections"]
        }
        if profiles := [row["profile"] for row in rows if "profile" in row]:
            result[name]["profile"] = profiles[0]
    return result


def cold(home: Path, question: str) -> dict[str, Any]:
    """`policykg ask` from the shell, the median of some runs."""
    program = f"from kg.cli import main; main(['--home', {str(home)!r}, 'ask', {question!r}, '--json'])"
    runs = [run(["-c", program], home / "current") for _ in range(ROUNDS)]
    keys = ("seconds", "cpu_seconds")
    return {
        **{key: round(statistics.median(each[key] for each in runs), 2) for key in keys},
        "peak_mb": max(each["peak_mb"]["own"] for each in runs),
    }


def measure(options: argparse.Namespace, editions: Editions, size: int, before: int) -> dict[str, Any]:
    """One size, in the home of the size `before` where that is not 0."""
    corpus, home = options.folder / "corpus", options.folder / f"home-{size:03d}"
    for number in range(size):
        if not (corpus / f"{number:03d}.done").exists():
            editions.write(corpus, number)
            (corpus / f"{number:03d}.done").touch()
    shutil.rmtree(home, ignore_errors=True)
    for old in options.folder.glob("home-*"):
        if before and old.name == f"home-{before:03d}":
            old.rename(home)
        else:
            shutil.rmtree(old)
    asked = options.folder / "questions.json"
    wanted = questions(editions, options.seed)
    asked.write_text(json.dumps(wanted, ensure_ascii=False), encoding="utf-8")
    new = [str(corpus / f"{number:03d}") for number in range(before, size)]
    result: dict[str, Any] = {"size": size, "grown_from": before}
    result["text_mb"] = round(sum(size_of(corpus / f"{number:03d}") for number in range(size)) / 1e6, 1)
    result["ingest"] = child("ingest", home, *new)
    result["disk_mb"] = parts(home)
    result["warm"] = child("warm", home, "--questions", str(asked))
    result["cold_ask"] = cold(home, wanted["cold"])
    result["one"] = one_by_one(editions, options.folder, home, profile=size in options.profile)
    result["disk_after_changes_mb"] = parts(home)
    if size in options.profile:
        result["first"] = child("first", home, "--questions", str(asked))["profile"]
        slow = child("slowest", home, "--questions", str(asked))
        result["slowest"] = {name: slow[name] for name in ("ask", "search")}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus/laws"))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 3, 7])
    parser.add_argument("--grown", type=int, nargs="*", default=[])
    parser.add_argument("--profile", type=int, nargs="*", default=[], help="sizes whose work is profiled too")
    parser.add_argument("--files", type=int, help="use only so many files of the corpus")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    editions = Editions(options.corpus.resolve(), options.seed, options.files)
    found: list[dict[str, Any]] = []
    before = 0
    for size in sorted({*options.sizes, *options.grown}):
        kept = options.folder / f"size-{size:03d}.json"
        if not kept.exists():
            is_grown = size in options.grown and (options.folder / f"home-{before:03d}").exists()
            result = measure(options, editions, size, before if is_grown else 0)
            kept.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
        found.append(json.loads(kept.read_text(encoding="utf-8")))
        before = size
    print(table(found))


if __name__ == "__main__":
    main()
