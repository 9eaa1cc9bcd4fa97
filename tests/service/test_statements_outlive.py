"""What people state outlives changed files, rebuilding, backup and restore: a small run of what `test_review` does."""

from __future__ import annotations

from pathlib import Path

from tests.service.outliving import outlive_everything

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_twenty_statements_and_three_merges_outlive_everything(tmp_path: Path) -> None:
    sources = [*SAMPLES.glob("青浦区2024*"), *SAMPLES.glob("浦东新区2024*")]
    assert len(sources) == 2
    outlive_everything(tmp_path, sources, statements=20, merges=3)
