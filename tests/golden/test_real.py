"""Floors on the five real documents together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from . import real

FLOORS: dict[str, float] = json.loads((real.HERE / "real_floors.json").read_text(encoding="utf-8"))
STEMS = ["national-2024", "pudong-2024", "qingpu-2024", "shanghai-2019", "shanghai-2022-report"]
OURS = sorted(file for file in real.GOLD.glob("*.json") if file != real.ALIASES)


@pytest.fixture(scope="module")
def gold(gold_dir: Path, corpus_dir: Path) -> dict[str, dict[str, Any]]:
    return real.gold_of_all(gold_dir, corpus_dir)


@pytest.fixture(scope="module")
def found(gold_dir: Path, corpus_dir: Path) -> dict[str, dict[str, Any]]:
    return real.read_corpus(corpus_dir, gold_dir)


def test_all_five_have_gold_and_a_floor(gold: dict[str, Any], found: dict[str, Any], corpus_dir: Path) -> None:
    assert len(OURS) == 3
    assert set(gold) == set(found) == set(STEMS)
    assert {view["source"] for view in found.values()} == {file.name for file in corpus_dir.glob("*.txt")}


def test_real_documents_reach_their_floors(
    gold: dict[str, Any], found: dict[str, Any], corpus_dir: Path, gold_dir: Path
) -> None:
    score_py = gold_dir.parent / "score.py"
    result = real.measure(STEMS, gold=gold, found=found, corpus=corpus_dir, score_py=score_py)
    below = {k: (result.f1.get(k), floor) for k, floor in FLOORS.items() if result.f1.get(k, -1.0) < floor}
    assert not below, "\n".join([str(below), *map(str, result.misses)])


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_gold_is_written_in_positions_not_in_words(file: Path, corpus_dir: Path) -> None:
    """The documents must not be copied into the project: quotes and titles longer than 12 characters are positions."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    words = {"title", "evidence", "section", "as_written", "responsible_raw", "theme", "recipients"}
    well_known = [reference["title"] for reference in raw["policy_references"]]

    def long_words(value: Any, key: str = "") -> list[str]:
        if isinstance(value, dict):
            return [w for k, v in value.items() for w in long_words(v, k)]
        if isinstance(value, list):
            return [w for v in value for w in long_words(v, key)]
        return [value] if key in words and isinstance(value, str) and len(value) > 12 else []

    text = "".join((corpus_dir / raw["document"]["source_file"]).read_text(encoding="utf-8").split())
    assert [w for w in long_words(raw) if w not in well_known and "".join(w.split()) in text] == []


def test_gold_titles_read_as_written(gold: dict[str, Any]) -> None:
    """Positions that have slipped would show here first."""
    titles = [a["title"] for file in OURS for a in gold[file.stem]["activities"]]
    assert len(titles) == 15 + 95 + 14
    assert [t for t in titles if t[0] in "，。、；）》 " or t[-1] in "，。、；（《 "] == []
    assert gold["shanghai-2019"]["activities"][0]["no"] == 1
    assert gold["shanghai-2019"]["activities"][-1]["no"] == 63


def test_position_outside_the_text_is_refused() -> None:
    assert real.expand({"title": {"at": [1, 4]}}, "甲乙\n 丙") == {"title": "乙"}
    with pytest.raises(real.GoldError, match="不在原文中"):
        real.expand([{"at": [2, 9]}], "甲乙丙")


def test_changed_source_is_refused(tmp_path: Path) -> None:
    name = json.loads(OURS[0].read_text(encoding="utf-8"))["document"]["source_file"]
    (tmp_path / name).write_text("别的文字", encoding="utf-8")
    with pytest.raises(real.GoldError, match="须重新标注"):
        real.load_gold(OURS[0], tmp_path)
