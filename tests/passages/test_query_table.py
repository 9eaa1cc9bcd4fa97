"""The query table moves questions, never passages."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kg.core.errors import EnvironmentProblem
from kg.passages.embedder import DEFAULT_MODEL, load_embedder
from kg.passages.grams import key_of
from kg.passages.query_table import FILE, QueryTable
from kg.passages.signs import PLAIN, TAUGHT
from kg.passages.static import StaticEmbedder

PASSAGES = ["用人单位应当按时足额支付劳动报酬。", "供热企业应当按时供热。", "暖气费按照面积计算。"]
ASKED = ["公司拖欠大家的工资", "骑小电驴要戴帽子吗"]


@pytest.fixture(scope="module")
def plain() -> StaticEmbedder:
    return StaticEmbedder.load(DEFAULT_MODEL).with_table(None)


@pytest.fixture(scope="module")
def table(plain: StaticEmbedder) -> QueryTable:
    """暖气 means in questions what 供热 means: the one gram is moved to the other."""
    keys = np.array([key_of("暖气")], np.int64)
    known, rows = plain.rows(np.array([key_of("供热")], np.int64))
    assert known.all()
    return QueryTable.of(keys, 4 * rows)


def test_what_a_gram_means_in_questions_is_not_what_it_means_in_passages(
    plain: StaticEmbedder, table: QueryTable
) -> None:
    taught = plain.with_table(table)
    heated = plain.encode(["供热企业"])[0]
    before, after = (float(model.encode(["屋里没有暖气"], kind="query")[0] @ heated) for model in (plain, taught))
    assert after > before + 0.1
    np.testing.assert_array_equal(taught.encode(PASSAGES), plain.encode(PASSAGES))
    assert taught.name == plain.name
    np.testing.assert_allclose(np.linalg.norm(taught.encode([ASKED[0]], kind="query"), axis=1), 1, atol=1e-5)


def test_it_comes_back_from_its_file(plain: StaticEmbedder, table: QueryTable, tmp_path: Path) -> None:
    table.save(tmp_path)
    again = QueryTable.load(tmp_path)
    assert again is not None
    texts = ["屋里没有暖气", *ASKED]
    np.testing.assert_array_equal(
        plain.with_table(again).encode(texts, kind="query"), plain.with_table(table).encode(texts, kind="query")
    )
    assert QueryTable.load(tmp_path / "none") is None
    (tmp_path / FILE).write_bytes(b"no tensors")
    with pytest.raises(EnvironmentProblem, match="检索词表"):
        QueryTable.load(tmp_path)


def test_a_model_knows_whether_it_was_taught(plain: StaticEmbedder, table: QueryTable) -> None:
    assert plain.with_table(table).taught
    assert not plain.taught
    assert PLAIN.vector / PLAIN.lexical < TAUGHT.vector / TAUGHT.lexical


def test_a_text_of_no_known_characters_is_left(plain: StaticEmbedder, table: QueryTable) -> None:
    for text in ("", "！？", "𠀀"):
        assert not plain.with_table(table).encode([text], kind="query").any()


def test_the_shipped_model_has_one_and_a_model_trained_anew_has_none(tmp_path: Path) -> None:
    shipped = load_embedder("default")
    assert isinstance(shipped, StaticEmbedder)
    assert shipped.taught
    assert (DEFAULT_MODEL / FILE).stat().st_size < 6_000_000
    copy = tmp_path / "own"
    shutil.copytree(DEFAULT_MODEL, copy, ignore=shutil.ignore_patterns(FILE))
    assert not StaticEmbedder.load(copy).taught
    assert StaticEmbedder.load(copy).name == shipped.name
