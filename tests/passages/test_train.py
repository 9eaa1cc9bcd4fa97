"""Training: reproducible, and it learns what it is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.core.errors import UsageError
from kg.passages.static import StaticEmbedder
from kg.passages.train import Recipe, train_embedder

TOPICS = {
    "水": "河流湖泊排放污水治理保护水源",
    "劳": "用人单位劳动者工资合同报酬休假",
    "质": "质量检验标准计量认证产品监督",
}


def _texts(count: int = 360) -> tuple[list[str], list[str]]:
    rng = np.random.default_rng(1)
    texts, titles = [], []
    for number in range(count):
        topic, letters = list(TOPICS.items())[number % 3]
        words = [letters[i : i + 2] for i in range(0, len(letters) - 1, 2)]
        texts.append("".join(rng.choice(words, 20)))
        titles.append(topic)
    return texts, titles


def test_training_brings_what_belongs_together_near(tmp_path: Path) -> None:
    texts, titles = _texts()
    calls: list[int] = []
    card = train_embedder(
        texts,
        tmp_path,
        titles=titles,
        recipe=Recipe(epochs=12, dimension=32),
        progress=lambda done, *_: calls.append(done),
    )
    assert card["texts"] == 360
    assert calls == sorted(calls)
    assert calls
    model = StaticEmbedder.load(tmp_path)
    assert model.dimension == 32
    sewage, wages, water = model.encode(["排放污水", "工资报酬", "保护水源"])
    assert sewage @ water > sewage @ wages


def test_the_same_seed_gives_the_same_model(tmp_path: Path) -> None:
    texts, _ = _texts(120)
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        train_embedder(texts, tmp_path / name, recipe=Recipe(seed=seed, epochs=1, dimension=16))
    weights = {name: (tmp_path / name / "model.safetensors").read_bytes() for name in "abc"}
    assert weights["a"] == weights["b"] != weights["c"]


def test_too_few_texts_are_refused_with_both_numbers(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"64.*3"):
        train_embedder(["质量"] * 3, tmp_path)
