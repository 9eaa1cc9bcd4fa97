"""What the tests of readers need from ../shared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import shared_path


@pytest.fixture(scope="session")
def cases_dir() -> Path:
    """Small files, one situation each, with what is right in it."""
    return shared_path("eval", "cases", "files")
