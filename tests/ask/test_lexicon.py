"""The names of a generation: made from what changed, they are those made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.ask import lexicon
from kg.ask.lexicon import FILE, SHARES, build_lexicon, hold_shares


class _Part:
    """Some documents of a catalogue; counts what is read."""

    def __init__(self, catalogue: Any, ids: list[str]) -> None:
        self._catalogue = catalogue
        self._ids = ids
        self.read: list[str] = []

    def documents(self) -> list[Any]:
        return [summary for summary in self._catalogue.documents() if summary.id in self._ids]

    def corrections(self, **_: Any) -> list[Any]:
        return []

    def document(self, document_id: str) -> Any:
        self.read.append(document_id)
        return self._catalogue.document(document_id)


def test_from_what_changed_as_anew(context: Any, tmp_path: Path) -> None:
    ids = [summary.id for summary in context.catalogue.documents()]
    first = _Part(context.catalogue, ids[:-1])
    build_lexicon(tmp_path / "1", first, context.reference)
    assert first.read == ids[:-1]
    second = _Part(context.catalogue, ids[1:])  # one gone, one come, one read again
    build_lexicon(tmp_path / "2", second, context.reference, previous=tmp_path / "1", changed={ids[-1], ids[1]})
    assert sorted(second.read) == sorted({ids[-1], ids[1]})
    build_lexicon(tmp_path / "3", second, context.reference)
    for name in (FILE, SHARES):
        assert (tmp_path / "2" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()


def test_shares_that_were_read_ahead_are_those_of_their_generation_and_of_no_other(
    context: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [summary.id for summary in context.catalogue.documents()]
    build_lexicon(tmp_path / "1", _Part(context.catalogue, ids[:-1]), context.reference)
    build_lexicon(tmp_path / "other", _Part(context.catalogue, ids[:1]), context.reference)
    part = _Part(context.catalogue, ids)
    build_lexicon(tmp_path / "anew", part, context.reference)
    for ahead in ("1", "other"):
        hold_shares(tmp_path / ahead)
        part.read.clear()
        build_lexicon(tmp_path / f"2{ahead}", part, context.reference, previous=tmp_path / "1", changed={ids[-1]})
        assert part.read == ids[-1:]
        assert (tmp_path / f"2{ahead}" / SHARES).read_bytes() == (tmp_path / "anew" / SHARES).read_bytes()
    assert not lexicon._held  # none lives longer than the publish that it is for
    hold_shares(tmp_path / "nowhere")
    hold_shares(tmp_path / "1")
    monkeypatch.setattr(lexicon.msgspec.msgpack, "decode", None)  # not read again
    build_lexicon(tmp_path / "3", _Part(context.catalogue, ids[:-1]), context.reference, previous=tmp_path / "1")
