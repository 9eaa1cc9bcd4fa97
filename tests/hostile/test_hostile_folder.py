"""A folder of hostile files through the command; the long form is benchmarks/hostile.py."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from .files import make

pytestmark = pytest.mark.long

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "hostile.py"


@pytest.fixture(scope="module")
def hostile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("policykg_hostile", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_good_are_in_and_the_bad_are_out_with_their_reasons(hostile: ModuleType, tmp_path: Path) -> None:
    options = argparse.Namespace(files=100, noise_mb=101, seconds=300.0, workers=1, scale=0.01)
    figures = hostile.run(tmp_path, options)
    assert figures["wrong"] == []
    assert figures["internal"] == []
    assert figures["files"] >= 90
    assert figures["peak_mb"] < hostile.MOST_MB


def test_the_comparison_sees_what_must_not_be(hostile: ModuleType) -> None:
    fates = {"a": "good", "b": "bad", "c": "any", "d.zip": "bad", "e": "bad"}
    held, refused = {"x/b", "x/d.zip/in.txt"}, {"x/a": "损坏", "x/e": " "}
    wrong = hostile.compare(fates, "x", held, refused)
    assert [w.split()[0].rstrip(":") for w in wrong] == ["a", "b", "c", "d.zip", "x/e"]


def test_the_same_seed_makes_the_same_folder(tmp_path: Path) -> None:
    first = make(tmp_path / "a", 95, noise_mb=0, scale=0.01)
    assert make(tmp_path / "b", 95, noise_mb=0, scale=0.01) == first
    assert {"good", "bad", "any"} == set(first.values())
