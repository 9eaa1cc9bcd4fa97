"""`policykg train-embedder`: from texts to a model that the search and sentence-transformers load."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.passages.embedder import load_embedder

pytestmark = pytest.mark.long

WORDS = ["河流", "排放", "污水", "治理", "用人", "单位", "工资", "报酬", "质量", "检验", "标准", "认证"]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(1)
    file = tmp_path_factory.mktemp("texts") / "texts.jsonl"
    rows = [{"text": "".join(rng.choice(WORDS, 20)), "title": "条例"} for _ in range(200)]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return file


def _run(*arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from kg.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "train-embedder", "--home", str(home), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _trained(folder: Path, *arguments: object) -> dict[str, Any]:
    done = _run(*arguments, "-o", folder, "--epochs", "2", "--json", home=folder.parent / "home")
    assert done.returncode == 0, done.stderr
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def test_a_model_from_texts_is_reproducible_and_loads_everywhere(texts: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    cards = {name: _trained(tmp_path / name, texts, "--seed", seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))}
    assert cards["a"]["texts"] == 200
    assert cards["a"]["recipe"]["start"].startswith("policykg-static@")
    weights = {name: (tmp_path / name / "model.safetensors").read_bytes() for name in cards}
    assert weights["a"] == weights["b"] != weights["c"]
    ours = load_embedder(str(tmp_path / "a"))
    assert ours is not None
    sentences = ["排放污水的单位", "质量认证标准"]
    theirs = SentenceTransformer(str(tmp_path / "a"), device="cpu").encode(sentences)
    np.testing.assert_allclose(theirs, ours.encode(sentences), atol=1e-5)
    default = load_embedder("default")
    assert default is not None
    assert np.abs(default.encode(sentences) - ours.encode(sentences)).max() > 1e-3  # it learned something
    kept = ["宅基地使用权"]  # no such grams in the texts: as the built-in model has them
    np.testing.assert_allclose(default.encode(kept), ours.encode(kept), atol=0.02)


def test_from_nothing_it_has_only_the_grams_of_the_texts(texts: Path, tmp_path: Path) -> None:
    assert _trained(tmp_path / "m", texts, "--scratch")["grams"] < 400


def test_the_passages_of_a_home_are_used_where_no_source_is_named(tmp_path: Path, laws_dir: Path) -> None:
    from kg.core.config import Settings
    from kg.service import Service

    law = max(sorted(laws_dir.rglob("*劳动法*.md"))[:3], key=lambda file: file.stat().st_size)
    Service(Settings(home=tmp_path / "home", embedder="none")).ingest([law])
    assert _trained(tmp_path / "m")["texts"] >= 64


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.jsonl", '{"txt": "x"}', "第 1 行"), ("a.txt", "太短", "至少需要 64 段"), ("a.docx", "x", "policykg ingest")],
)
def test_what_cannot_be_used_is_explained(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    done = _run(tmp_path / name, "-o", tmp_path / "m", home=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "m").exists()


def test_a_folder_that_holds_something_is_not_written_into(tmp_path: Path, texts: Path) -> None:
    done = _run(texts, "-o", texts.parent, home=tmp_path)
    assert done.returncode == 2
    assert "不是空文件夹" in done.stderr
