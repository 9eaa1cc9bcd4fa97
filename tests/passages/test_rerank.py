"""A cross-encoder has the last word where one is set: tried with a real one, tiny and with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kg.catalogue import Catalogue
from kg.core.errors import EnvironmentProblem
from kg.core.ids import document_id
from kg.core.model import Document, Passage
from kg.passages.held import Held
from kg.passages.projection import build_passage_indexes
from kg.passages.rerank import load_reranker
from kg.passages.search import PassageSearch

TEXTS = [f"第{n}区举办质量开放日活动，参加企业{n}家，{word}。" for n, word in enumerate("甲乙丙丁戊己庚辛", start=1)]


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BERT with one layer of 16 dimensions over single characters."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("cross-encoder")
    characters = sorted(set("".join(TEXTS)))
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(characters) + 5, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64, num_labels=1, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder / "bert")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    CrossEncoder(str(folder / "bert"), device="cpu").save_pretrained(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Catalogue]:
    folder = tmp_path_factory.mktemp("home")
    catalogue = Catalogue.open(folder / "catalogue.sqlite")
    ident = document_id("a")
    passages, position = [], 0
    for number, text in enumerate(TEXTS, start=1):
        passages.append(Passage(f"{ident}-p{number}", ident, number, position, position + len(text), (), text))
        position += len(text) + 1
    document = Document(ident, "a", "0", "\n".join(TEXTS), title="开放日情况", doc_number="质办〔2024〕1号")
    catalogue.put_document(document, passages, steps={})
    build_passage_indexes(
        folder / "g", previous=None, catalogue=catalogue, changed=frozenset({ident}), removed=frozenset()
    )
    return folder / "g", catalogue


def _texts(opened: PassageSearch, query: str, top: int) -> list[str]:
    hits = opened.search(query, top=top, fold=False)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    return [hit.text for hit in hits]


def test_it_decides_the_order_of_the_first(generation: tuple[Path, Catalogue], cross_encoder: Path) -> None:
    from sentence_transformers import CrossEncoder

    query = "第三区质量开放日"
    before = _texts(PassageSearch.open(*generation, "default"), query, 8)
    judged = CrossEncoder(str(cross_encoder), device="cpu").predict([(query, text) for text in before[:5]])
    expected = [before[i] for i in np.argsort(-np.asarray(judged).reshape(-1), kind="stable")] + before[5:]
    opened = PassageSearch.open(*generation, "default", reranker=str(cross_encoder), rerank_top=5)
    assert expected != before, "the model of this test should disagree"
    assert _texts(opened, query, 8) == expected
    assert _texts(opened, query, 2) == expected[:2]  # it looks at more than are shown


def test_an_exact_number_stays_first(generation: tuple[Path, Catalogue], monkeypatch: pytest.MonkeyPatch) -> None:
    class Backwards:
        def scores(self, query: str, texts: Sequence[str]) -> np.ndarray:
            return np.arange(len(texts), dtype=np.float64)

    monkeypatch.setattr("kg.passages.search.load_reranker", lambda setting: Backwards() if setting else None)
    opened = PassageSearch.open(*generation, "default", reranker="any")
    monkeypatch.setattr(opened._fulltext, "exact", lambda _query: {})
    free = _texts(opened, "开放日", 8)
    monkeypatch.setattr(opened._fulltext, "exact", lambda _query: {_key(generation, free[-1]): 2})
    assert _texts(opened, "开放日", 8)[0] == free[-1]


def _key(generation: tuple[Path, Catalogue], text: str) -> int:
    numbers = Held.open(generation[0]).numbering
    return next(numbers.key(p) for p in generation[1].passages() if p.text == text)


def test_a_model_that_is_not_there_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EnvironmentProblem, match="POLICYKG_RERANKER"):
        load_reranker("nobody/no-such-cross-encoder")


def test_none_is_set_by_default() -> None:
    assert load_reranker("") is None
