"""Would the tests notice? One small change at a time in a copy of the tree, and the tests of that part run on it.

    nice -n 10 python benchmarks/mutants.py [names decide compile] [--seed 1] [--sample 40] [--json FILE]
    nice -n 10 python benchmarks/mutants.py --again FILE        # those of an earlier run that survived

A mutant is one changed comparison, `and` or `or`, number, truth value, `not`, slice, order of arguments, result or
statement. Of all that a part's modules allow, a sample is drawn by the seed. A mutant is killed where a test fails,
timed out where they take twice the processor's time that they take without it, survived where all pass: then the
change means nothing (equivalent), the code does nothing (dead), or a test is missing. Each is told with its line.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"  # the real documents, which some tests read
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "names": (
        ("ontology/names",),
        (
            "tests/ontology/names",
            "tests/ingest/test_who_is_addressed.py",
            "tests/ingest/test_bodies_in_charge.py",
            "tests/ingest/test_rules_of_sorts.py",
            "tests/ingest/header",
        ),
    ),
    "decide": (
        ("ingest/decide.py", "ingest/producers.py", "ingest/propose.py", "ingest/pipeline.py"),
        (
            "tests/ingest/test_decide.py",
            "tests/ingest/test_producers.py",
            "tests/ingest/test_pipeline.py",
            "tests/ingest/structure/test_several.py",
        ),
    ),
    "compile": (
        ("kg/ask/compile.py", "kg/ask/columns.py", "kg/ask/session.py"),
        (
            "tests/ask/test_compile.py",
            "tests/ask/test_forms.py",
            "tests/ask/test_operators.py",
            "tests/ask/test_exists.py",
        ),
    ),
}
"""Each part: its modules, and the tests that are theirs (at most 15 seconds of a free core)."""

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_BUSY = 10  # seconds of a clock for one of the processor, on a machine that others use


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module: `start` and `end` are bytes of its source, half-open."""

    file: str
    line: int
    start: int
    end: int
    was: str
    now: str
    sort: str


def mutants_of(file: str, source: bytes) -> list[Mutant]:
    """All changes that a module allows, in the order of its text; no two give the same source."""
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    found = []
    for node in _changed(ast.parse(source)):
        for sort, changed in _mutations(node):
            start = lines[node.lineno - 1] + node.col_offset
            end = lines[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
            now = ast.unparse(ast.fix_missing_locations(changed))
            now = f"({now})" if isinstance(changed, ast.expr) and not isinstance(changed, ast.Constant) else now
            found.append(Mutant(file, node.lineno, start, end, source[start:end].decode(), now, sort))
    return sorted(dict.fromkeys(found), key=lambda m: (m.start, m.end, m.sort, m.now))


def _changed(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The nodes that run; not annotations, what a decorator keeps in memory, or the parts of f-strings (no places)."""
    left_out = {"annotation", "returns", "decorator_list", "type_params"}
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.expr | ast.stmt) and not isinstance(node, ast.Slice):
        yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in left_out:
                yield from _changed(child)


def _mutations(node: ast.expr | ast.stmt) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """The changes of one node, each with the name of its sort."""
    match node:
        case ast.Compare():
            for n, op in enumerate(node.ops):
                changed = copy.deepcopy(node)
                changed.ops[n] = _OPPOSITE[type(op)]()
                yield "comparison", changed
        case ast.BoolOp():
            yield "and-or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield "not", node.operand
        case ast.Constant(value=bool(value)):
            yield "truth", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield "number", ast.Constant(value + 1)
            yield "number", ast.Constant(value - 1)
        case ast.Call(args=[first, second, *rest], func=called):
            if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
                yield "arguments", ast.Call(called, [second, first, *rest], node.keywords)
        case ast.Subscript(slice=ast.Slice() as cut):
            for bound in ("lower", "upper"):
                if getattr(cut, bound) is not None:
                    changed_cut = copy.copy(cut)
                    setattr(changed_cut, bound, None)
                    yield "slice", ast.Subscript(node.value, changed_cut, node.ctx)
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield "result", ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break() | ast.Delete():
            yield "statement", ast.Pass()


def changed_source(source: bytes, mutant: Mutant) -> bytes:
    """The module with the change in it."""
    return source[: mutant.start] + mutant.now.encode() + source[mutant.end :]


def _modules(paths: tuple[str, ...]) -> list[str]:
    """The modules of a part, as paths below the root."""
    files = (
        f for path in paths for f in ([ROOT / path] if path.endswith(".py") else sorted((ROOT / path).glob("*.py")))
    )
    return [str(file.relative_to(ROOT)) for file in files]


def sampled(part: str, *, seed: int, size: int) -> list[Mutant]:
    """The mutants of a part that a seed draws; those that do not compile are none."""
    every = []
    for file in _modules(PARTS[part][0]):
        source = (ROOT / file).read_bytes()
        every += mutants_of(file, source)
    drawn = random.Random(f"{seed}-{part}").sample(every, len(every))
    return sorted(_compiling(drawn)[:size], key=lambda m: (m.file, m.start))


def survivors(part: str, file: Path) -> list[Mutant]:
    """The mutants of a part that survived an earlier run, where they stand now; what is gone is left out."""
    every = [m for name in _modules(PARTS[part][0]) for m in mutants_of(name, (ROOT / name).read_bytes())]
    found = []
    for row in json.loads(file.read_text(encoding="utf-8")):
        if row["part"] == part and row["outcome"] == "survived":
            same = [m for m in every if all(getattr(m, key) == row[key] for key in ("file", "sort", "was", "now"))]
            found += sorted(same, key=lambda m: abs(m.line - row["line"]))[:1]
    return found


def _compiling(mutants: list[Mutant]) -> list[Mutant]:
    out = []
    for mutant in mutants:
        try:
            compile(changed_source((ROOT / mutant.file).read_bytes(), mutant), mutant.file, "exec")
        except SyntaxError:
            continue
        out.append(mutant)
    return out


def _run(tree: Path, tests: tuple[str, ...], limit: float | None = None) -> tuple[str, float]:
    """killed, survived or timed out, and the processor's seconds; without a limit what is compiled is kept."""
    before = _processor()
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    env = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1" if limit else ""}
    with subprocess.Popen(
        command,
        cwd=tree,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        if limit:
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (ceil(limit), ceil(limit) + 1))
        try:
            status = process.wait(_BUSY * limit if limit else None)
            outcome = {0: "survived", -signal.SIGXCPU: "timed out", -signal.SIGKILL: "timed out"}.get(status, "killed")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            outcome = "timed out"
    return outcome, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tried(part: str, mutants: list[Mutant], tree: Path) -> Iterator[tuple[Mutant, str, float]]:
    """Each mutant with what became of it. Raises `SystemExit` where the tests fail without any change."""
    tests = PARTS[part][1]
    _run(tree, tests)
    outcome, seconds = _run(tree, tests)
    if outcome != "survived":
        raise SystemExit(f"{part}: the tests fail on the tree as it is")
    print(f"{part}: {seconds:.1f} s unmutated, {len(mutants)} mutants", flush=True)
    for mutant in mutants:
        file = tree / mutant.file
        source = file.read_bytes()
        try:
            file.write_bytes(changed_source(source, mutant))
            for stale in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
                stale.unlink()
            yield mutant, *_run(tree, tests, 2 * seconds)
        finally:
            file.write_bytes(source)


def main() -> None:
    """Draw, try, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=40, metavar="N")
    parser.add_argument("--again", type=Path, metavar="FILE")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    told = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".*", "__pycache__", "indexes", "screenshots"))
        if SHARED.is_dir():
            tree.with_name("shared").symlink_to(SHARED)
        for part in asked.parts or PARTS:
            outcomes: Counter[str] = Counter()
            drawn = survivors(part, asked.again) if asked.again else sampled(part, seed=asked.seed, size=asked.sample)
            for mutant, outcome, seconds in tried(part, drawn, tree) if drawn else ():
                outcomes[outcome] += 1
                told.append({"part": part, "outcome": outcome, "seconds": round(seconds, 1), **asdict(mutant)})
                print(
                    f"{outcome:9} {mutant.file}:{mutant.line} {mutant.sort}: {mutant.was} -> {mutant.now}", flush=True
                )
            caught = outcomes["killed"] + outcomes["timed out"]
            print(f"{part}: {caught} of {outcomes.total()} noticed {dict(outcomes)}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
