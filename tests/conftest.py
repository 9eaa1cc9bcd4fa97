"""Shared fixtures, and which tests belong to which run.

The marks are set here where the code tells them:

    shared   reads the real documents in ../shared: asks for one of the fixtures below, or its module imports
             `SHARED`. Without that folder these tests are left out, and the summary says so; where `CI=true` a missing folder is an error.
    long     minutes, or much of the processor: the browser's (but for a short walk), what is timed, and what its module marks.
    alone    not beside other tests: its seconds are compared with a bound, or it says so itself. Not what asks only how
             time grows with length (`growth` of tests/clock.py): that holds on a busy machine too.

`make test` leaves out what is long; `make test-all` runs everything. The browser's tests are a part of their own (the folder
e2e), on two cores like the others: Playwright leaves a running event loop behind, which tests of other folders do not expect.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SHARED_FIXTURES = {"cases_dir", "corpus_dir", "gold_dir", "laws_dir", "real_dir", "stard_dir"}
SHORT_WALK = {"test_beginning.py", "test_short_walk.py"}  # of tests/e2e; they need neither ../shared nor long
_TIMED = {"cpu_seconds", "process_time", "perf_counter", "thread_time"}  # seconds are compared with a bound
_COMPARED = {"growth"}  # of tests/clock.py: two lengths in turn, so that what slows one down slows the other down too
_left_out: dict[str, int] = {}  # process -> tests left out for want of ../shared


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a run of CI that would leave out the real documents."""
    if os.environ.get("CI") == "true" and not SHARED.is_dir():
        raise pytest.UsageError("../shared is missing: where CI=true the tests of the real documents must run")


@pytest.hookimpl(tryfirst=True)  # before -m chooses by the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set the marks, and leave out what cannot run here."""
    for item in items:
        used = _used(getattr(item, "function", None))
        timed = bool(_TIMED & used)
        browser = "e2e" in item.path.parts
        if timed:
            item.add_marker(pytest.mark.alone)
        if timed or _COMPARED & used or (browser and item.path.name not in SHORT_WALK):
            item.add_marker(pytest.mark.long)
        if browser:
            # Browser, app and test run beside each other, and a busy machine may order them as no user would. What is
            # wrong fails twice; what was tried again is counted in the last line, so that it is seen.
            item.add_marker(pytest.mark.flaky(reruns=1))
        if SHARED_FIXTURES & set(getattr(item, "fixturenames", ())) or hasattr(getattr(item, "module", None), "SHARED"):
            item.add_marker(pytest.mark.shared)
    if not SHARED.is_dir():
        out = [item for item in items if item.get_closest_marker("shared")]
        _left_out["here"] = len(out)
        if out:
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if not item.get_closest_marker("shared")]


def _used(test: object) -> set[str]:
    """The names that a test uses, and those that the functions of its own module use that it calls."""
    if not isinstance(test, FunctionType):
        return set()
    own = set(_names(test.__code__))
    called = (test.__globals__.get(name) for name in own)
    near = (found for found in called if isinstance(found, FunctionType) and found.__module__ == test.__module__)
    return own.union(*(_names(found.__code__) for found in near))


def _names(code: CodeType) -> Iterator[str]:
    """The names in a function, those of the functions inside it included."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the count over from a process of pytest-xdist."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = _left_out.get("here", 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take the count from a process of pytest-xdist: each has collected the same tests."""
    _left_out["here"] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    if count := _left_out.get("here"):
        terminalreporter.section("没有运行的测试")
        terminalreporter.write_line(
            f"{count} tests left out: ../shared is missing（{count} 项测试要读同级的 ../shared 中的真实文件，本机没有这个文件夹）"
        )


def shared_path(*parts: str) -> Path:
    """A file or folder of ../shared; the test fails where it is not in there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.fail(f"../shared/{'/'.join(parts)} is missing: the real documents are part of the test suite")
    return path


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """The five real documents."""
    return shared_path("corpus", "quality-month")


@pytest.fixture(scope="session")
def real_dir() -> Path:
    """Local plans, notices, pages and compilations of many offices."""
    return shared_path("corpus", "real")


@pytest.fixture(scope="session")
def laws_dir() -> Path:
    """About 3,200 laws and local regulations."""
    return shared_path("corpus", "laws")


@pytest.fixture(scope="session")
def gold_dir() -> Path:
    """Hand-made annotations."""
    return shared_path("eval", "gold")


@pytest.fixture(scope="session")
def stard_dir() -> Path:
    """Law articles and questions for retrieval."""
    return shared_path("eval", "stard")


@pytest.fixture(scope="session")
def cases_dir() -> Path:
    """Small inputs, one kind of fault each, with what is right."""
    return shared_path("eval", "cases", "reading")
