"""The ontology kept in a file is the one that is read: the same records, forms and patterns, or none at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from ontology import forms, kept, reference
from ontology.reference import Reference, load_reference

OWN = """
[[form]]
name = "label.own"
words = ["承办窗口"]
examples = ["承办窗口"]
counter = ["窗口"]
"""


def _forget() -> None:
    kept._offered.clear()
    for cached in (reference._load, forms._load, forms._built_in, kept._decoded, kept._known):
        cached.cache_clear()


@pytest.fixture(autouse=True)
def _by_itself() -> Iterator[None]:
    _forget()
    yield
    _forget()


@pytest.fixture
def own(tmp_path: Path) -> str:
    (tmp_path / "own" / "forms").mkdir(parents=True)
    (tmp_path / "own" / "forms" / "own.toml").write_text(OWN, encoding="utf-8")
    return str(tmp_path / "own")


def _again(file: Path, setting: str = "") -> Reference:
    _forget()
    kept.offer(file)
    return load_reference(setting)


@pytest.fixture
def not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither Turtle nor TOML may be read, nor a pattern compiled, from here on."""

    def refuse(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("ontology.turtle._parse", refuse)
    monkeypatch.setattr(forms, "_read", refuse)
    monkeypatch.setattr("re.compile", refuse)


def _patterns(read: Reference, names: Iterable[str]) -> dict[str, tuple[object, ...]]:
    found = {name: read.forms.pattern(name) for name in names}
    return {name: (p, p.flags, p.groups, dict(p.groupindex)) for name, p in found.items()}


def test_what_is_kept_is_what_was_read(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    read = load_reference()
    kept.write(tmp_path / kept.FILE, read)
    request.getfixturevalue("not_read")
    found = _again(tmp_path / kept.FILE)
    assert found is not read
    assert found == read
    assert list(found.forms) == list(read.forms)
    names = [form.name for form in read.forms if form.name in found.forms._kept]
    assert len(names) > 300
    restored = _patterns(found, names)
    request.getfixturevalue("monkeypatch").undo()
    assert restored == _patterns(read, names)  # a pattern is equal where the matcher's numbers are


def test_forms_of_a_site_and_those_without_them_are_both_kept(
    tmp_path: Path, own: str, request: pytest.FixtureRequest
) -> None:
    kept.write(tmp_path / kept.FILE, load_reference(own), own)
    request.getfixturevalue("not_read")
    assert _again(tmp_path / kept.FILE, own).forms.pattern("label.own").fullmatch("承办窗口")
    assert "label.own" not in {form.name for form in forms.load()}


def test_a_changed_file_of_the_ontology_is_read_and_not_what_was_kept(tmp_path: Path, own: str) -> None:
    kept.write(tmp_path / kept.FILE, load_reference(own), own)
    (tmp_path / "own" / "forms" / "own.toml").write_text(OWN.replace("承办窗口", "受理窗口"), encoding="utf-8")
    assert _again(tmp_path / kept.FILE, own).forms.words("label.own") == ("受理窗口",)


def test_data_that_are_not_of_the_files_are_not_kept(tmp_path: Path, own: str) -> None:
    kept.write(tmp_path / kept.FILE, load_reference(own))
    kept.write(tmp_path / kept.FILE, Reference((), (), (), (), (), (), (), version="r1", files=()))
    assert not (tmp_path / kept.FILE).exists()


@pytest.mark.parametrize("data", [b"", b"\x80", b"no msgpack", None])
def test_a_damaged_file_or_none_is_as_if_nothing_were_kept(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / kept.FILE).write_bytes(data)
    assert _again(tmp_path / kept.FILE).places


def test_a_file_of_another_program_or_python_counts_for_nothing(tmp_path: Path) -> None:
    kept.write(tmp_path / kept.FILE, load_reference())
    held = kept._read(tmp_path / kept.FILE)
    assert held is not None
    other = msgspec.structs.replace(held, made_for=held.made_for + "another")
    (tmp_path / kept.FILE).write_bytes(msgspec.msgpack.encode(other))
    assert _again(tmp_path / kept.FILE).forms._kept == {}


def test_the_file_of_the_generation_before_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    read = load_reference()
    kept.write(before, read)
    monkeypatch.setattr(kept, "_encode", lambda *_: b"anew")
    kept._known.cache_clear()
    kept.write(after, read, previous=before)
    assert after.read_bytes() == before.read_bytes()
    shutil.copyfile(before, after)
    before.write_bytes(b"another")
    kept.write(after, read, previous=before)
    assert after.read_bytes() == b"anew"


@pytest.mark.parametrize("source", ["(?P<a>甲)(乙)?(?P<b>[丙丁]+)", "(?i:ab)|(?<=丙)x", "^a.{2,}?$", r"[^\W\d]{3}", ""])
def test_a_restored_pattern_is_the_compiled_one(source: str) -> None:
    import re

    from ontology.forms.compiled import Compiled, compiled, restored

    held = msgspec.msgpack.decode(msgspec.msgpack.encode(compiled(source)), type=Compiled)
    again, pattern = restored(held), re.compile(source)
    assert again == pattern
    assert (again.groups, again.groupindex, again.flags) == (pattern.groups, pattern.groupindex, pattern.flags)


def test_numbers_that_are_no_pattern_are_not_believed() -> None:
    from ontology.forms.compiled import compiled, restored

    held = compiled("甲(乙)")
    assert held is not None
    wrong = msgspec.structs.replace(held, numbers=b"\xff" * len(held.numbers))
    assert restored(wrong).fullmatch("甲乙")


def test_publishing_keeps_the_ontology_and_a_snapshot_reads_it(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    from kg.core.config import Settings
    from kg.service import Service

    (tmp_path / "通知.txt").write_text(
        "关于开展2024年质量月活动的通知\n\n一、举办论坛。（市教育局）\n", encoding="utf-8"
    )
    service = Service(Settings(home=tmp_path / "home"))
    service.ingest([tmp_path / "通知.txt"])
    asked = "质量月活动由谁负责？"
    expected = service.ask(asked) | {"elapsed_ms": 0}
    file = service.snapshot().folder / kept.FILE
    assert file.is_file()
    service.close()
    _forget()
    request.getfixturevalue("not_read")
    again = Service(Settings(home=tmp_path / "home"))
    assert again.snapshot().reference == load_reference()
    assert again.snapshot().reference.forms._kept
    request.getfixturevalue("monkeypatch").undo()  # other patterns may be compiled
    assert again.ask(asked) | {"elapsed_ms": 0} == expected
