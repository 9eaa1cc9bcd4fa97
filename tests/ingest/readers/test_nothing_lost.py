"""No text is lost between the file and the passages: characters are counted, over all documents at hand.

Of what a source shows, every character stands in a line, but for one in a thousand; every line stands in a passage.
What may go is named: page numbers and running heads of printed pages, and rules drawn with characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from ingest import readers
from ingest.layout import raw_to_clean
from ingest.readers import read
from ingest.readers.base import LineKind
from ingest.readers.sniff import Format, sniff
from kg.core.model import Document
from kg.passages.chunk import document_to_passages
from ontology.forms import load
from tests.conftest import SHARED

from . import writers

pytestmark = pytest.mark.long

MOST = 0.001  # of the characters
MOST_CHARACTERS = 20_000  # of one document: enough to see a kind of loss, and quick

FOLDERS = ("corpus/quality-month", "corpus/real/local", "corpus/real/collected", "corpus/real/compiled", "corpus/laws")
EACH = 12  # documents of a folder, spread over it


def files_of(folder: str) -> list[Path]:
    return sorted(path for path in (SHARED / folder).rglob("*") if path.suffix in (".txt", ".md"))


@cache
def documents() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(name, paragraphs): table rows have TABs."""
    out = []
    for folder in FOLDERS:
        files = files_of(folder)
        if not files:
            pytest.fail(f"../shared/{folder} is missing: the real documents are part of the test suite")
        for path in files[:: max(len(files) // EACH, 1)][:EACH]:
            text = path.read_text(encoding="utf-8", errors="ignore")[:MOST_CHARACTERS]
            clean = raw_to_clean(read(text.encode(), path.name), load())
            out.append((path.name, tuple(clean.of(p) for p in clean.paragraphs if clean.of(p).strip())))
    return tuple(out)


def counted(texts: Iterable[str]) -> Counter[str]:
    """Characters with ink; blanks are typesetting."""
    return Counter(re.sub(r"\s", "", "".join(texts)))


def text_of(paragraphs: tuple[str, ...]) -> bytes:
    return "\n".join(paragraphs).encode()


def page_of(paragraphs: tuple[str, ...]) -> bytes:
    from html import escape

    blocks = writers.blocks(paragraphs)
    out = []
    for n, (is_table, lines) in enumerate(blocks):
        around = [blocks[at][1][0].count("\t") for at in (n - 1, n + 1) if 0 <= at < len(blocks) and blocks[at][0]]
        if not is_table and len(lines) == 1 and len(around) == 2 and around[0] == around[1]:
            out.append(f"<tr><td colspan={around[0] + 1}>{escape(lines[0])}</td></tr>")  # a caption inside a table
            continue
        if not is_table:
            out += [f"<p>{escape(line)}</p>" for line in lines]
            continue
        out += ["<tr><td>" + escape(line).replace("\t", "</td><td>") + "</td></tr>" for line in lines]
    body = re.sub(r"(?:<tr>.*?</tr>)+", lambda found: f"<table>{found[0]}</table>", "".join(out))
    return f"<html><body>{body}</body></html>".encode()


def markdown_of(paragraphs: tuple[str, ...]) -> bytes:
    rows = ["| " + p.replace("\t", " | ") + " |" if "\t" in p else p for p in paragraphs]
    return "\n\n".join(rows).encode()


MAKERS: dict[str, Callable[[tuple[str, ...]], bytes]] = {
    ".txt": text_of,
    ".md": markdown_of,
    ".html": page_of,
    ".mht": lambda paragraphs: writers.mhtml(page_of(paragraphs).decode(), "utf-8"),
    ".csv": lambda paragraphs: "\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in p.split("\t")) for p in paragraphs
    ).encode(),
    ".docx": writers.docx,
    ".doc": writers.doc,
    ".rtf": writers.rtf,
    ".xlsx": writers.xlsx,
    ".xls": writers.xls,
    ".pptx": lambda paragraphs: writers.pptx([paragraphs[n : n + 20] for n in range(0, len(paragraphs), 20)]),
    ".eml": lambda paragraphs: writers.eml(paragraphs[0], paragraphs[1:], "utf-8"),
    ".pdf": lambda paragraphs: writers.pdf(writers.printed(paragraphs)),
    ".ofd": lambda paragraphs: writers.ofd(writers.printed(paragraphs)),
}
SLOW = frozenset([".pdf", ".ofd"])  # every fourth document: a page takes some milliseconds


def test_every_reader_is_among_them() -> None:
    name, paragraphs = min(documents(), key=lambda item: len(item[1]))
    made = {suffix: make(paragraphs) for suffix, make in MAKERS.items()}
    found = {sniff(data) for data in made.values()}
    assert found - {None} == set(Format) - {Format.IMAGE}, name  # what is recognised in pictures: test_ocr
    assert {readers._TEXT[suffix] for suffix in MAKERS if suffix in readers._TEXT} == set(readers._TEXT.values())


@pytest.mark.parametrize("suffix", MAKERS)
def test_every_character_of_the_source_stands_in_a_line(suffix: str) -> None:
    chosen = documents()[:: 4 if suffix in SLOW else 1]
    total, lost, worst = 0, 0, ("", Counter[str]())
    for name, paragraphs in chosen:
        wanted = counted(paragraphs)
        found = counted(line.text for line in read(MAKERS[suffix](paragraphs), f"a{suffix}").lines)
        missing = wanted - found
        total += wanted.total()
        lost += missing.total()
        worst = max(worst, (name, missing), key=lambda item: item[1].total())
    assert total > 10_000
    assert lost <= MOST * total, (lost, total, worst[0], worst[1].most_common(20))


def test_a_reader_that_loses_a_line_in_a_hundred_would_be_seen() -> None:
    name, paragraphs = max(documents(), key=lambda item: len(item[1]))
    assert len(paragraphs) > 100, name
    wanted = counted(paragraphs)
    lines = read(text_of(paragraphs), "a.txt").lines
    kept = [line.text for n, line in enumerate(lines) if n % 100 != 50]
    assert (wanted - counted(kept)).total() > MOST * wanted.total()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_line_stands_in_a_passage(folder: str) -> None:
    files = files_of(folder)
    for path in files[:: max(len(files) // EACH, 1)][:EACH]:
        data = path.read_text(encoding="utf-8", errors="ignore")[:MOST_CHARACTERS].encode()
        raw = read(data, path.name)
        clean = raw_to_clean(raw, load())
        document = Document("d-0123456789", path.name, "0" * 64, clean.text)
        passages = counted(p.text for p in document_to_passages(document))
        assert not counted([clean.text]) - passages, path.name
        lines = counted(line.text.translate(NARROW) for line in raw.lines if line.kind is not LineKind.SKIP)
        missing = lines - counted([clean.text.translate(NARROW)])
        # page numbers, running heads, rules of dashes; invisible characters
        gone = Counter(
            {c: n for c, n in missing.items() if not re.match(r"[-\d—–－·_=*.~\u200b\ufeff\u00ad〔〕„‟\[\]]", c)}
        )
        assert gone.total() <= MOST * lines.total(), (path.name, gone.most_common(20))


NARROW = str.maketrans(
    {c: c - 0xFEE0 for c in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
)
