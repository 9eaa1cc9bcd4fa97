"""An index that was changed over many generations finds what one finds that was written at once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from kg.core.errors import EnvironmentProblem
from kg.passages.documents import document_means, means_of
from kg.passages.faiss_index import FaissIndex
from kg.passages.keys import NUMBER_BITS
from kg.passages.vectors import Ids

DIMENSION = 16
EXACT = 150
Documents = dict[int, np.ndarray]


def _rows(rng: np.random.Generator, count: int) -> np.ndarray:
    """Rows of which many are equal, as articles that say when a law comes into force are."""
    rows = rng.integers(-2, 3, size=(count, DIMENSION)).astype(np.float32)
    rows[rng.random(count) < 0.3] = 1.0
    rows[:, 0] += 0.5  # none is zero
    found: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def _keys(number: int, count: int) -> Ids:
    return (np.int64(number) << NUMBER_BITS) | np.arange(1, count + 1, dtype=np.int64)


def _range(number: int) -> tuple[int, int]:
    return number << NUMBER_BITS, (number + 1) << NUMBER_BITS


def _fresh(documents: Documents, path: Path) -> FaissIndex:
    index = FaissIndex(DIMENSION, exact_limit=EXACT)
    for number in sorted(documents):
        index.add(_keys(number, len(documents[number])), documents[number])
    path.mkdir()
    index.save(path / "v.faiss")
    return FaissIndex.open(path / "v.faiss", exact_limit=EXACT)


def _next(before: Path, after: Path, changed: Documents, removed: set[int]) -> FaissIndex:
    """As a publish does it; the generation before is swept."""
    index = FaissIndex.open(before / "v.faiss", exact_limit=EXACT)
    for number in sorted(changed.keys() | removed):
        index.remove(*_range(number))
    for number in sorted(changed):
        index.add(_keys(number, len(changed[number])), changed[number])
    after.mkdir()
    index.save(after / "v.faiss")
    for file in before.iterdir():
        file.unlink()
    return FaissIndex.open(after / "v.faiss", exact_limit=EXACT)


def _same_searches(index: FaissIndex, fresh: FaissIndex, rng: np.random.Generator) -> None:
    assert len(index) == len(fresh)
    keys = np.concatenate([ids for ids, _ in fresh.blocks()] or [np.zeros(0, np.int64)])
    absent = np.array([5, 1 << 60], np.int64)
    half = np.concatenate([keys[rng.random(len(keys)) < 0.5], absent])
    for query in _rows(rng, 3):
        for top in (1, 7, 60):
            for allowed in (None, half, keys[:9], absent):
                ids, scores = index.search(query, top=top, allowed=allowed)
                wanted_ids, wanted = fresh.search(query, top=top, allowed=allowed)
                np.testing.assert_array_equal(ids, wanted_ids)
                np.testing.assert_array_equal(scores, wanted)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_came_and_went_it_finds_what_one_finds_that_was_written_at_once(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.passages.faiss_index._SMALL", 20)
    monkeypatch.setattr("kg.passages.faiss_index.RERANK", 40)  # so that the signs decide who is looked at
    monkeypatch.setattr("kg.passages.faiss_part._ASKED_BESIDE", 5 if seed % 2 else 10_000)
    rng = np.random.default_rng(seed)
    documents = {number: _rows(rng, int(rng.integers(1, 20))) for number in range(1, 50)}
    index = _fresh(documents, tmp_path / "0")
    most, wholes = 0, 0
    for turn in range(1, 25):
        known = sorted(documents)
        removed = set(rng.choice(known, size=min(int(rng.integers(0, 3)), len(known)), replace=False).tolist())
        wanted = {*rng.choice(known, size=1).tolist(), int(rng.integers(1, 200))} - removed
        changed = {number: _rows(rng, int(rng.integers(0, 20))) for number in wanted}
        documents = {n: rows for n, rows in documents.items() if n not in removed} | changed
        index = _next(tmp_path / str(turn - 1), tmp_path / str(turn), changed, removed)
        fresh = _fresh(documents, tmp_path / f"fresh{turn}")
        _same_searches(index, fresh, rng)
        numbers, means = document_means(index)
        wanted_numbers, wanted_means = document_means(fresh)
        np.testing.assert_array_equal(numbers, wanted_numbers)
        np.testing.assert_array_equal(means, wanted_means)
        files = [f for f in (tmp_path / str(turn)).iterdir() if f.suffix not in (".bits", ".parts")]
        most = max(most, len(files))
        wholes += len(files) == 1
    assert 2 <= most <= 6  # parts are kept apart, and put together
    assert wholes


def test_a_document_more_writes_its_own_rows_however_many_there_are(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    written = []
    for size in (200, 2000):
        home = tmp_path / str(size)
        home.mkdir()
        _fresh({number: _rows(rng, 20) for number in range(1, size + 1)}, home / "0")
        known = {file.stat().st_ino for file in (home / "0").iterdir()}
        index = FaissIndex.open(home / "0" / "v.faiss", exact_limit=EXACT)
        index.remove(*_range(7))
        index.add(_keys(7, 30), _rows(rng, 30))
        index.add(_keys(5000, 30), _rows(rng, 30))
        (home / "1").mkdir()
        index.save(home / "1" / "v.faiss")
        written.append(sum(f.stat().st_size for f in (home / "1").iterdir() if f.stat().st_ino not in known))
        assert 60 * DIMENSION * 4 < written[-1] < 60 * DIMENSION * 4 + 2000
    assert abs(written[0] - written[1]) < 50


def test_rows_are_written_again_a_few_times_only(tmp_path: Path) -> None:
    """One document after another: what is put together grows with the logarithm, not with the number of publishes."""
    rng = np.random.default_rng(2)
    _fresh({1: _rows(rng, 8000)}, tmp_path / "0")
    written, inodes = 0, {file.stat().st_ino for file in (tmp_path / "0").iterdir()}
    for turn in range(1, 201):
        _next(tmp_path / str(turn - 1), tmp_path / str(turn), {turn + 1: _rows(rng, 20)}, set())
        files = {f.stat().st_ino: f.stat().st_size for f in (tmp_path / str(turn)).iterdir()}
        written += sum(size for inode, size in files.items() if inode not in inodes)
        inodes = set(files)
    rows = written / (DIMENSION * 4)
    assert rows < 200 * 8000 / 10  # all of it each time would be 200 times 8,000 rows and more
    assert len(FaissIndex.open(tmp_path / "200" / "v.faiss")) == 8000 + 200 * 20


def test_a_generation_that_is_read_stays_as_it_is(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    documents = {number: _rows(rng, 40) for number in range(1, 60)}
    read = _fresh(documents, tmp_path / "0")
    query = _rows(rng, 1)[0]
    before = read.search(query, top=50)
    digest = (tmp_path / "0" / "v.faiss").read_bytes()
    for turn in range(1, 6):
        index = FaissIndex.open(tmp_path / str(turn - 1) / "v.faiss", exact_limit=EXACT)
        index.remove(*_range(turn))
        index.add(_keys(100 + turn, 400), _rows(rng, 400))
        (tmp_path / str(turn)).mkdir()
        index.save(tmp_path / str(turn) / "v.faiss")
    assert (tmp_path / "0" / "v.faiss").read_bytes() == digest
    for mine, again in zip(before, read.search(query, top=50), strict=True):
        np.testing.assert_array_equal(mine, again)


def test_all_may_go_and_others_come(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    _fresh({1: _rows(rng, 3000), 2: _rows(rng, 10)}, tmp_path / "0")
    apart = _next(tmp_path / "0", tmp_path / "1", {3: _rows(rng, 400)}, set())
    assert len(list((tmp_path / "1").glob("v.faiss.parts"))) == 1
    assert len(apart) == 3410
    left = _next(tmp_path / "1", tmp_path / "2", {}, {1, 2})  # the first file has no rows any more
    assert len(left) == 400
    empty = _next(tmp_path / "2", tmp_path / "3", {}, {3})
    assert len(empty) == 0
    assert len(empty.search(_rows(rng, 1)[0], top=3)[0]) == 0
    again = _next(tmp_path / "3", tmp_path / "4", {9: _rows(rng, 5)}, set())
    assert len(again) == 5
    assert [file.name for file in (tmp_path / "4").iterdir()] == ["v.faiss"]


def test_a_file_of_rows_in_another_order_is_put_in_order_once(tmp_path: Path) -> None:
    """Before there were parts, documents that had changed stood at the end of the file."""
    rng = np.random.default_rng(5)
    documents = {number: _rows(rng, 40) for number in range(1, 30)}
    old = FaissIndex(DIMENSION, exact_limit=EXACT)
    for number in sorted(documents, key=lambda n: (n == 4, n)):
        old.add(_keys(number, 40), documents[number])
    (tmp_path / "0").mkdir()
    old._parts[0].write(tmp_path / "0" / "v.faiss", with_bits=True)
    documents[9] = _rows(rng, 30)
    index = _next(tmp_path / "0", tmp_path / "1", {9: documents[9]}, set())
    assert all(part.is_sorted for part in index._parts)
    _same_searches(index, _fresh(documents, tmp_path / "fresh"), rng)


def test_a_part_that_is_missing_is_told(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    _fresh({1: _rows(rng, 3000)}, tmp_path / "0")
    _next(tmp_path / "0", tmp_path / "1", {2: _rows(rng, 30)}, set())
    listed = json.loads((tmp_path / "1" / "v.faiss.parts").read_text(encoding="utf-8"))["parts"]
    assert listed[0][0] == "v.faiss.1"
    assert not (tmp_path / "1" / "v.faiss").exists()  # a program that knows of no parts must not take it for all
    (tmp_path / "1" / listed[1][0]).unlink()
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        FaissIndex.open(tmp_path / "1" / "v.faiss")
    (tmp_path / "1" / "v.faiss.parts").write_text("{", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        FaissIndex.open(tmp_path / "1" / "v.faiss")


def test_where_files_cannot_be_linked_they_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    rng = np.random.default_rng(7)
    documents = {1: _rows(rng, 3000)}
    _fresh(documents, tmp_path / "0")
    documents[2] = _rows(rng, 30)
    index = _next(tmp_path / "0", tmp_path / "1", {2: documents[2]}, set())
    _same_searches(index, _fresh(documents, tmp_path / "fresh"), rng)


def test_the_mean_of_a_document_is_the_same_wherever_blocks_end() -> None:
    rng = np.random.default_rng(8)
    ids = np.concatenate([_keys(1, 7), _keys(2, 30), _keys(3, 3)])
    rows = _rows(rng, len(ids))
    whole = means_of([(ids, rows)], DIMENSION)
    for cut in range(1, len(ids)):
        parts = [(ids[:cut], rows[:cut]), (ids[cut : cut + 5], rows[cut : cut + 5]), (ids[cut + 5 :], rows[cut + 5 :])]
        for mine, wanted in zip(means_of(parts, DIMENSION), whole, strict=True):
            np.testing.assert_array_equal(mine, wanted)
