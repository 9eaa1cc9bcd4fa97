"""What the tests of readers need from ../shared."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.fixture(scope="session")
def cases_dir() -> Path:
    """Small files, one situation each, with what is right in it."""
    path = SHARED / "eval" / "cases" / "files"
    if not path.is_dir():
        pytest.fail("../shared/eval/cases/files is missing: the situations are part of the test suite")
    return path
