"""Rows in files that are never changed: what is found is what a dictionary would hold, and little is written."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kg.core import segments
from kg.core.errors import EnvironmentProblem
from kg.core.segments import Kind, Segments, link


class _Thing(msgspec.Struct, array_like=True, frozen=True):
    words: list[str]


def _words(thing: _Thing) -> Iterator[bytes]:
    return (word.encode() for word in thing.words)


THINGS = Kind("things", _Thing, _words)


def _saved(before: Segments[_Thing], folder: Path, changes: dict[str, _Thing | None]) -> Segments[_Thing]:
    before.save(folder, {key: ("", thing) if thing is not None else None for key, thing in changes.items()})
    return Segments.open(folder, THINGS)


@pytest.mark.parametrize("seed", range(3))
def test_they_hold_what_a_dictionary_holds(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "_SMALL", 9)
    rng = random.Random(seed)
    words = [f"w{n}" for n in range(12)]
    held: dict[str, _Thing] = {}
    found = Segments(THINGS)
    assert not found.is_there
    bases = 0
    for turn in range(30):
        changes: dict[str, _Thing | None] = {}
        for _ in range(40 if turn == 0 else rng.randint(0, 3)):
            thing = _Thing(rng.sample(words, rng.randint(0, 3))) if rng.random() < 0.7 else None
            changes[f"k{rng.randint(0, 50)}"] = thing
        held = {key: thing for key, thing in (held | changes).items() if thing is not None}
        found = _saved(found, tmp_path / str(turn), changes)
        bases += found.is_base
        assert dict(found.all()) == held
        assert len(found.paths) < 8
        for word in words:
            assert dict(found.find(word.encode())) == {k: thing for k, thing in held.items() if word in thing.words}
            assert found.finds(word.encode()) == any(word in thing.words for thing in held.values())
        for key in (f"k{n}" for n in range(52)):
            assert found.get(key) == held.get(key)
    assert bases > 1, "they were put together now and then"


def test_what_stays_is_the_same_file_and_what_is_as_it_was_is_not_written(tmp_path: Path) -> None:
    first = _saved(Segments(THINGS), tmp_path / "1", {f"k{n}": _Thing(["a"]) for n in range(1000)})
    second = _saved(first, tmp_path / "2", {"k1": _Thing(["b"]), "k2": _Thing(["a"]), "k9999": None})
    assert [path.name for path in second.paths] == ["things.1.rows", "things.2.rows"]
    assert second.paths[0].samefile(first.paths[0])
    assert second.later() == {"k1": _Thing(["b"])}
    assert second.is_later("k1")
    assert not second.is_later("k2")
    third = _saved(second, tmp_path / "3", {})
    assert all(a.samefile(b) for a, b in zip(third.paths, second.paths, strict=True))
    assert second.paths[1].stat().st_size < 200
    assert third.decode(third.base_raw("k1") or b"") == _Thing(["a"])
    assert third.base_raw("none") is None


def test_what_is_to_be_written_again_is(tmp_path: Path) -> None:
    first = _saved(Segments(THINGS), tmp_path / "1", {f"k{n}": _Thing([]) for n in range(100)})
    assert not first.save(tmp_path / "2", {"k1": ("", _Thing([]))}, again={"k1"})
    assert Segments.open(tmp_path / "2", THINGS).later() == {"k1": _Thing([])}


def test_rows_lie_in_their_order_and_have_the_name_that_they_are_saved_under(tmp_path: Path) -> None:
    rows = {"a": ("2", _Thing(["x"])), "b": ("1", _Thing(["x"])), "c": ("1", _Thing(["x"]))}
    Segments(THINGS).save(tmp_path, rows, name="others")
    found = Segments.open(tmp_path, Kind("others", _Thing, _words))
    assert [key for key, _ in found.base()] == list(found.base_having(b"x")) == ["b", "c", "a"]
    assert not Segments.open(tmp_path, THINGS).is_there
    assert not list(Segments(THINGS).base_having(b"x"))


def test_all_may_go(tmp_path: Path) -> None:
    first = _saved(Segments(THINGS), tmp_path / "1", {"a": _Thing(["x"])})
    second = _saved(first, tmp_path / "2", {"a": None})
    assert second.is_there
    assert second.all() == []
    assert not second.finds(b"x")
    assert second.get("a") is None


@pytest.mark.parametrize("damage", ["short", "empty", "other"])
def test_what_is_damaged_is_said(tmp_path: Path, damage: str) -> None:
    found = _saved(Segments(THINGS), tmp_path, {"a": _Thing(["x"])})
    whole = found.paths[0].read_bytes()
    damaged = {"short": whole[:-1], "empty": b"", "other": b"x" * len(whole)}[damage]
    (tmp_path / "things.1.rows").unlink()
    (tmp_path / "things.1.rows").write_bytes(damaged)
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        Segments.open(tmp_path, THINGS)


def test_without_hard_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    (tmp_path / "a").write_text("1", encoding="utf-8")
    (tmp_path / "b").write_text("2", encoding="utf-8")
    monkeypatch.setattr(os, "link", refuse)
    link(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text(encoding="utf-8") == "1"
    assert not (tmp_path / "b").samefile(tmp_path / "a")
