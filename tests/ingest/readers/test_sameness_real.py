"""Eight real documents of other offices, made into every format by our writers and by LibreOffice: the same facts."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

from ingest.layout import raw_to_clean
from ingest.readers import read
from ontology.forms import load
from tests.conftest import SHARED

from . import writers
from .test_nothing_lost import page_of
from .test_sameness import FLOOR, WRITERS, _document, facts_of, overlap

pytestmark = pytest.mark.long

REAL = SHARED / "corpus" / "real"
MADE = {**WRITERS, ".html": page_of}
FILTERS = ("doc:MS Word 97", "pdf", "html:HTML (StarWriter)")
SECONDS = 580  # of one conversion of all files


@cache
def files() -> dict[str, tuple[str, ...]]:
    """Stem -> paragraphs; table rows have TABs."""
    local = sorted((REAL / "local").iterdir())
    found = [*local, *sorted((REAL / "collected").glob("国务院*报告.md"))]
    if len(found) < 8:
        pytest.fail(f"{REAL} is missing: the real documents are part of the test suite")
    cleaned = {path.stem: raw_to_clean(read(path.read_bytes(), path.name), load()) for path in found[:8]}
    return {name: tuple(clean.of(p) for p in clean.paragraphs) for name, clean in cleaned.items()}


@cache
def expected(name: str):
    """What the paragraphs alone say: particulars that a collector put around them are no part of it."""
    return facts_of(_document("\n".join(files()[name]).encode(), "a.txt"))


def unlike(name: str, data: bytes, suffix: str) -> list[object]:
    found = facts_of(_document(data, f"{name}{suffix}"))
    wanted = expected(name)
    return [
        (kind, wanted[kind] - found[kind], found[kind] - wanted[kind])
        for kind in wanted
        if overlap(wanted[kind], found[kind]) < FLOOR
    ]


def test_they_are_eight_and_say_something() -> None:
    assert len(files()) == 8
    facts = [expected(name) for name in files()]
    assert sum(f["activities"].total() for f in facts) > 60
    assert sum(f["figures"].total() for f in facts) > 60
    assert sum(f["references"].total() for f in facts) > 20


@pytest.mark.parametrize("suffix", MADE)
def test_by_our_writers(suffix: str) -> None:
    found = {name: unlike(name, MADE[suffix](paragraphs), suffix) for name, paragraphs in files().items()}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    made = []
    for name, paragraphs in files().items():
        made.append(folder / f"{name}.docx")
        made[-1].write_bytes(writers.docx(paragraphs))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for form in FILTERS:
        command = ["soffice", "--headless", "--norestore", profile, "--convert-to", form, "--outdir", folder, *made]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return folder


@pytest.mark.parametrize("suffix", [".doc", ".pdf", ".html"])
def test_by_libreoffice(suffix: str, converted: Path) -> None:
    found = {name: unlike(name, (converted / f"{name}{suffix}").read_bytes(), suffix) for name in files()}
    assert {name: what for name, what in found.items() if what} == {}
