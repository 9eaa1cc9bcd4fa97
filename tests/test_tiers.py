"""Which tests run where: what tests/conftest.py leaves out, says and refuses, on a small suite of its own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
SUITE = {
    "test_fixture.py": "def test_of_a_fixture(corpus_dir): assert corpus_dir.is_dir()\n",
    "test_module.py": "from tests.conftest import SHARED\ndef test_of_a_module(): assert list(SHARED.iterdir())\n",
    "test_plain.py": "def test_plain(): pass\n",
    "test_time.py": "import time\ndef test_timed():\n    def cost(): return time.process_time()\n    assert cost() >= 0\n",
    "test_near.py": "import time\ndef cost(): return time.process_time()\ndef test_timed_near(): assert cost() >= 0\n",
    "test_growth.py": "def growth(): return 9\ndef test_compared(): assert growth() <= 12\n",
    "test_slow.py": "import pytest\npytestmark = pytest.mark.long\ndef test_slow(): pass\n",
    "e2e/test_page.py": "def test_page(): pass\n",
    "e2e/test_short_walk.py": "def test_walk(): pass\n",
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A project with this conftest and a test of each sort; no shared folder beside it."""
    root = tmp_path / "project"
    for name, text in SUITE.items():
        file = root / "tests" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    shutil.copy(TESTS / "conftest.py", root / "tests")
    shutil.copy(TESTS.parent / "pyproject.toml", root)
    (root / "tests" / "__init__.py").touch()
    return root


def run(root: Path, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "PYTHONPATH") and not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=env | environ)


def passed(done: subprocess.CompletedProcess[str]) -> set[str]:
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.findall(r"::(test_\w+) PASSED|PASSED (?:\[ *\d+%\] )?\S+::(test_\w+)", done.stdout)
    return {one or other for one, other in found}


ALL = {test for text in SUITE.values() for test in re.findall(r"def (test_\w+)", text)}
REAL = {"test_of_a_fixture", "test_of_a_module"}
TIMED = {"test_timed", "test_timed_near"}
LONG = TIMED | {"test_compared", "test_page", "test_slow"}


def parts_of(target: str) -> list[list[str]]:
    """What the Makefile hands to pytest for a target, part by part."""
    makefile = (TESTS.parent / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe
    return [
        shlex.split(line) for line in re.findall(r"^\t@\$\(PYTEST\) (.*?)(?: \$\(TWO\))?$", recipe[1], re.MULTILINE)
    ]


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two"])
def test_without_the_real_documents_their_tests_are_left_out_and_that_is_said(
    suite: Path, processes: tuple[str, ...]
) -> None:
    done = run(suite, *processes)
    assert passed(done) == ALL - REAL
    assert "2 tests left out: ../shared is missing" in done.stdout


def test_with_them_all_run_and_nothing_is_said(suite: Path) -> None:
    (suite.parent / "shared" / "corpus" / "quality-month").mkdir(parents=True)
    done = run(suite)
    assert passed(done) == ALL
    assert "left out" not in done.stdout


def test_where_ci_is_true_a_missing_folder_is_an_error(suite: Path) -> None:
    done = run(suite, CI="true")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "../shared is missing" in done.stderr


def test_the_two_tiers_make_the_whole(suite: Path) -> None:
    (suite.parent / "shared" / "corpus" / "quality-month").mkdir(parents=True)
    parts = {target: [passed(run(suite, *options)) for options in parts_of(target)] for target in ("test", "test-all")}
    assert parts["test"] == [ALL - LONG - {"test_walk"}, {"test_walk"}]
    assert parts["test-all"] == [{"test_compared", "test_slow"}, {"test_page"}, TIMED]
    assert sorted(test for target in parts.values() for part in target for test in part) == sorted(ALL)


def test_what_is_timed_has_the_machine_to_itself() -> None:
    *others, last = parts_of("test") + parts_of("test-all")
    assert all("not alone" in options[options.index("-m") + 1] for options in others)
    assert last == ["-m", "alone"]  # and no second process


def test_ci_waits_for_the_closing_line_of_every_part() -> None:
    ci = (TESTS.parent / ".ci" / "run").read_text(encoding="utf-8")
    wanted = re.search(r'-eq (\d+) \] \|\| fail "not all \w+ parts', ci)
    assert wanted
    assert int(wanted[1]) == len(parts_of("test") + parts_of("test-all"))


def test_nobody_finds_the_real_documents_by_another_way() -> None:
    """A path made by hand would be no mark, and the test would fail in a clone."""
    by_hand = re.compile(r"/ \"shared\"")
    found = {path.name for path in TESTS.rglob("*.py") if by_hand.search(path.read_text(encoding="utf-8"))}
    assert found == {"conftest.py", Path(__file__).name}
