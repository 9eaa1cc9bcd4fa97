"""Shared fixtures. The real documents live beside the project; a test that needs them fails when they are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
_TIMED = {"growth", "process_time", "perf_counter", "thread_time"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what must not run beside other tests: what waits for a browser, and what is timed (tests/clock.py)."""
    for item in items:
        code = getattr(getattr(item, "function", None), "__code__", None)
        if "e2e" in item.path.parts or (code is not None and _TIMED & set(code.co_names)):
            item.add_marker(pytest.mark.alone)
        if "e2e" in item.path.parts:
            # Browser, app and test run beside each other, and a busy machine may order them as no user would. What is
            # wrong fails twice; what was tried again is counted in the last line, so that it is seen.
            item.add_marker(pytest.mark.flaky(reruns=1))


def _shared(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.fail(f"../shared/{'/'.join(parts)} is missing: the real documents are part of the test suite")
    return path


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """The five real documents."""
    return _shared("corpus", "quality-month")


@pytest.fixture(scope="session")
def real_dir() -> Path:
    """Local plans, notices, pages and compilations of many offices."""
    return _shared("corpus", "real")


@pytest.fixture(scope="session")
def laws_dir() -> Path:
    """About 3,200 laws and local regulations."""
    return _shared("corpus", "laws")


@pytest.fixture(scope="session")
def gold_dir() -> Path:
    """Hand-made annotations."""
    return _shared("eval", "gold")


@pytest.fixture(scope="session")
def stard_dir() -> Path:
    """Law articles and questions for retrieval."""
    return _shared("eval", "stard")


@pytest.fixture(scope="session")
def cases_dir() -> Path:
    """Small inputs, one kind of fault each, with what is right."""
    return _shared("eval", "cases", "reading")
