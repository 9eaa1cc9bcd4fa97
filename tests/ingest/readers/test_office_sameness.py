"""What LibreOffice makes of real documents (doc, pdf, html, mhtml) gives the facts of the text."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from . import writers
from .test_sameness import FLOOR, NAMES, OTHERS, _document, _source, facts_of, overlap

pytestmark = pytest.mark.long

FILTERS = ("doc:MS Word 97", "pdf", "html:HTML (StarWriter)")
SECONDS = 580  # of one conversion of five files; 12 s on a quiet machine


@pytest.fixture(scope="module")
def converted(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five documents as .docx and in each format that LibreOffice makes of them."""
    folder = tmp_path_factory.mktemp("office")
    files = []
    for name in NAMES:
        paragraphs, _ = _source(corpus_dir / f"{name}.txt")
        files.append(folder / f"{name}.docx")
        files[-1].write_bytes(writers.docx(paragraphs))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for made in FILTERS:
        command = ["soffice", "--headless", "--norestore", profile, "--convert-to", made, "--outdir", folder, *files]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    for name in NAMES:
        page = (folder / f"{name}.html").read_text(encoding="utf-8")
        (folder / f"{name}.mhtml").write_bytes(writers.mhtml(page, "utf-8"))
        (folder / f"{name}.wps").write_bytes((folder / f"{name}.doc").read_bytes())
    return folder


@pytest.mark.parametrize("suffix", [".docx", ".doc", ".wps", ".pdf", ".html", ".mhtml"])
@pytest.mark.parametrize("name", NAMES)
def test_facts_equal_those_of_the_text(name: str, suffix: str, converted: Path, corpus_dir: Path) -> None:
    _, expected = _source(corpus_dir / f"{name}.txt")
    path = converted / f"{name}{suffix}"
    found = facts_of(_document(path.read_bytes(), path.name))
    assert expected["activities"].total() > 0
    for kind, wanted in expected.items():
        assert overlap(wanted, found[kind]) >= FLOOR, (kind, wanted - found[kind], found[kind] - wanted)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight other documents as web pages made by LibreOffice."""
    folder = tmp_path_factory.mktemp("pages")
    files = [folder / f"{n}.docx" for n in range(len(OTHERS))]
    for file, source in zip(files, OTHERS, strict=True):
        file.write_bytes(writers.docx(_source(source)[0]))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", "--norestore", profile, "--convert-to", FILTERS[2], "--outdir", folder, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return folder


@pytest.mark.parametrize("number", range(len(OTHERS)))
def test_pages_of_other_documents_give_the_facts_of_their_text(number: int, pages: Path) -> None:
    _, expected = _source(OTHERS[number])
    path = pages / f"{number}.html"
    found = facts_of(_document(path.read_bytes(), path.name))
    for kind, wanted in expected.items():
        assert overlap(wanted, found[kind]) >= FLOOR, (kind, wanted - found[kind], found[kind] - wanted)
