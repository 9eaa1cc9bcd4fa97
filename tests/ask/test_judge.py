"""The trees that tell how likely a text answers: read as they were written, and never moved the wrong way."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from kg.ask.judge import Judge, shipped
from kg.ask.signs import BETTER, NAMES, WORSE, Signs
from kg.core.errors import EnvironmentProblem


@pytest.fixture(scope="module")
def signs() -> Signs:
    random = np.random.default_rng(1)
    return (random.random((200, len(NAMES))) * 1.5).astype(np.float32)


def test_the_trees_are_walked_as_they_stand(signs: Signs):
    judge = shipped()
    odds = []
    for row in signs[:20]:
        total = judge.bias
        for root in judge.roots:
            at = int(root)
            while judge.left[at] != at:
                at = int(judge.left[at] if row[judge.feature[at]] <= judge.threshold[at] else judge.right[at])
            total += float(judge.value[at])
        odds.append(1 / (1 + np.exp(-total)))
    assert np.allclose(judge.likely(signs[:20]), odds, atol=1e-6)


@pytest.mark.parametrize(("name", "step"), [*((n, 0.5) for n in BETTER), *((n, -0.5) for n in WORSE)])
def test_a_better_sign_never_makes_a_text_less_likely(name: str, step: float, signs: Signs):
    better = signs.copy()
    better[:, NAMES.index(name)] += step
    judge = shipped()
    assert (judge.likely(better) >= judge.likely(signs) - 1e-6).all()


def test_nothing_is_judged_of_no_texts():
    assert len(shipped().likely(np.zeros((0, len(NAMES)), np.float32))) == 0


def test_written_and_read_again_they_say_the_same(tmp_path: Path, signs: Signs):
    shipped().save(tmp_path / "judge")
    assert (Judge.load(tmp_path / "judge").likely(signs) == shipped().likely(signs)).all()


@pytest.mark.parametrize("content", [b"", b"no trees", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
def test_a_damaged_file_is_told_as_such(content: bytes, tmp_path: Path):
    path = tmp_path / "judge"
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem, match="重新安装"):
        Judge.load(path)


def test_trees_of_other_signs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for names in (NAMES[1:], (*NAMES[1:], NAMES[0])):
        with monkeypatch.context() as patch:
            patch.setattr("kg.ask.judge.NAMES", names)
            shipped().save(tmp_path / "judge")
        with pytest.raises(EnvironmentProblem, match="版本不符"):
            Judge.load(tmp_path / "judge")


@pytest.mark.parametrize(
    "change",
    [
        {"left": np.zeros(3, np.int32)},  # fewer than nodes
        {"right": shipped().right - 1},  # back to where the walk came from
        {"roots": np.array([10**6], np.int32)},
        {"feature": np.full_like(shipped().feature, len(NAMES))},
    ],
    ids=["short", "circle", "root", "sign"],
)
def test_trees_that_cannot_be_walked_are_damaged(change: dict[str, np.ndarray], tmp_path: Path):
    dataclasses.replace(shipped(), **change).save(tmp_path / "judge")
    with pytest.raises(EnvironmentProblem, match="已损坏"):
        Judge.load(tmp_path / "judge")
