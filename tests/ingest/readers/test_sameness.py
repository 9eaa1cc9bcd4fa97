"""The same document in every format gives the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ingest.layout import raw_to_clean
from ingest.pipeline import read_document
from ingest.readers import read
from kg.core.model import Document
from ontology.forms import load
from ontology.reference import load_reference
from tests.conftest import SHARED

from . import writers

pytestmark = pytest.mark.long

NAMES = (
    "上海市2019年质量月活动安排",
    "上海市2022年质量月活动情况通报",
    "全国2024年质量月活动通知",
    "浦东新区2024年质量月活动通知",
    "青浦区2024年质量月活动方案",
)
REAL = SHARED / "corpus" / "real"
_SIZES = range(2_500, 40_000)  # bytes
_READ = sorted(path for path in REAL.rglob("*") if path.suffix in (".txt", ".md") and path.stat().st_size in _SIZES)
OTHERS = _READ[len(_READ) // 16 :: max(len(_READ) // 8, 1)][:8]  # spread over all folders, chosen by nothing else
WRITERS: dict[str, Callable[[writers.Paragraphs], bytes]] = {
    ".docx": writers.docx,
    ".pdf": lambda paragraphs: writers.pdf(writers.printed(paragraphs)),
    ".ofd": lambda paragraphs: writers.ofd(writers.printed(paragraphs)),
    ".doc": writers.doc,
}
FLOOR = 0.98


def facts_of(document: Document) -> dict[str, Counter[object]]:
    return {
        "activities": Counter((a.title, tuple(sorted(p.name for p in a.responsible))) for a in document.activities),
        "references": Counter((r.title, r.number) for r in document.policy_references),
        "figures": Counter((f.what, str(f.value), f.unit) for f in document.figures),
        "header": Counter([document.title, document.doc_number, document.date, *(p.name for p in document.issuers)]),
    }


def overlap(one: Counter[object], other: Counter[object]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


@cache
def _source(path: Path) -> tuple[tuple[str, ...], dict[str, Counter[object]]]:
    data = path.read_bytes()
    clean = raw_to_clean(read(data, path.name), load())
    return tuple(clean.of(p) for p in clean.paragraphs), facts_of(_document(data, path.name))


def _document(data: bytes, source: str) -> Document:
    return read_document(data, source=source, document_id="d", reference=load_reference())


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_facts_equal_those_of_the_text(name: str, suffix: str, corpus_dir: Path, tmp_path: Path) -> None:
    paragraphs, expected = _source(corpus_dir / f"{name}.txt")
    path = tmp_path / f"{name}{suffix}"
    path.write_bytes(WRITERS[suffix](paragraphs))
    found = facts_of(_document(path.read_bytes(), path.name))
    assert expected["activities"].total() > 0
    for kind, wanted in expected.items():
        assert overlap(wanted, found[kind]) >= FLOOR, (kind, wanted - found[kind], found[kind] - wanted)


def test_eight_others_are_at_hand() -> None:
    assert len(OTHERS) == 8


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".ofd"])
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem[:20])
def test_facts_of_other_documents_are_the_same_too(path: Path, suffix: str) -> None:
    paragraphs, expected = _source(path)
    found = facts_of(_document(WRITERS[suffix](paragraphs), f"a{suffix}"))
    for kind, wanted in expected.items():
        assert overlap(wanted, found[kind]) >= FLOOR, (kind, wanted - found[kind], found[kind] - wanted)


@pytest.mark.parametrize("name", NAMES)
def test_pages_without_indents_are_joined_by_their_words(name: str, corpus_dir: Path) -> None:
    paragraphs, expected = _source(corpus_dir / f"{name}.txt")
    raw_bytes = writers.pdf(writers.printed(paragraphs, indent=0))
    assert read(raw_bytes, "a.pdf").wrapped
    found = facts_of(_document(raw_bytes, "a.pdf"))
    for kind in ("activities", "references", "figures"):
        assert overlap(expected[kind], found[kind]) >= FLOOR, (kind, expected[kind] - found[kind])


def test_a_table_kept_as_xlsx(corpus_dir: Path) -> None:
    paragraphs, expected = _source(corpus_dir / f"{NAMES[0]}.txt")
    found = facts_of(_document(writers.xlsx(paragraphs), "a.xlsx"))
    assert len(expected["activities"]) > 50
    assert overlap(expected["activities"], found["activities"]) >= FLOOR


def test_running_heads_and_page_numbers_are_no_text(corpus_dir: Path) -> None:
    paragraphs, _ = _source(corpus_dir / f"{NAMES[3]}.txt")
    raw = read(writers.pdf(writers.printed(paragraphs)), "a.pdf")
    assert not [line.text for line in raw.lines if writers.HEAD[:4] in line.text or "—" in line.text[:8]]
    assert {line.page for line in raw.lines} == set(range(1, max(line.page or 0 for line in raw.lines) + 1))


def test_the_measure_sees_a_missing_fact() -> None:
    full = Counter(map(str, range(40)))
    assert overlap(full, full - Counter(["1"])) > FLOOR
    assert overlap(full, full - Counter(["1", "2"])) < FLOOR
