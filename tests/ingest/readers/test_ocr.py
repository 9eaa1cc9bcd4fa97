"""Scans and pictures: what is recognised, where it stands, and what is said where the extra is missing."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from ingest.pipeline import read_document
from ingest.readers import LineKind, ocr, read
from ingest.readers.limits import Limits
from kg.core.errors import UnreadableDocument
from ontology.reference import load_reference

from . import writers
from .test_sameness import NAMES, _document, _source, facts_of, overlap
from .writers import Page

FLOOR = 0.9
WORDS = ["关于开展质量月活动的通知", "各有关单位："]
ROWS = ["类别\t活动\t单位", "宣传\t质量月启动仪式\t市场监管局"]


@cache
def picture() -> bytes:
    """A small page with two lines and a ruled table, as a JPEG."""
    page = Page([(60, 30, 5.6, WORDS[0]), (28, 45, 5.6, WORDS[1])])
    for n, row in enumerate(ROWS):
        page.texts += [(x, 66 + 10 * n, 5.0, words) for x, words in zip((30, 62, 122), row.split("\t"), strict=True)]
    page.rules += [(28, y, 180, y) for y in (60, 70, 80)] + [(x, 60, x, 80) for x in (28, 60, 120, 180)]
    whole = Image.open(io.BytesIO(writers.pictures(writers.pdf([page]))[0]))
    return stored(whole.crop((0, 0, whole.width, whole.height * 2 // 5)), "JPEG")


def stored(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def texts(data: bytes, name: str) -> list[str]:
    return [line.text.strip() for line in read(data, name).lines]


@pytest.mark.long
def test_two_pages_of_a_real_document_give_the_facts_of_their_text(corpus_dir: Path) -> None:
    """All five: benchmarks/scanned.py."""
    paragraphs, _ = _source(corpus_dir / f"{NAMES[0]}.txt")
    pages = writers.printed(paragraphs)[1:3]
    expected = facts_of(_document(writers.pdf(pages), "a.pdf"))
    document = _document(writers.scanned(writers.pdf(pages)), "a.pdf")
    found = facts_of(document)
    assert expected["activities"].total() > 20
    for kind in ("activities", "references", "figures"):
        assert overlap(expected[kind], found[kind]) >= FLOOR, (kind, expected[kind] - found[kind])
    assert [page for _, page in document.pages] == [1, 2]
    assert "第 1–2 页的文字由图片识别而来" in " ".join(n.message for n in document.notices)


def test_a_skewed_page_with_a_table_in_a_tiff_of_two_pages() -> None:
    upright = Image.open(io.BytesIO(picture()))
    skewed = upright.rotate(1.5, fillcolor="white", resample=Image.Resampling.BICUBIC)
    empty = Image.new("L", (800, 1100), "white")
    raw = read(stored(skewed, "TIFF", save_all=True, append_images=[empty]), "a.tif")
    assert [line.text.strip() for line in raw.lines] == [*WORDS, *ROWS]
    assert [line.kind for line in raw.lines][-2:] == [LineKind.ROW] * 2


def test_pages_that_are_pictures_among_pages_of_text() -> None:
    page = writers.ofd_of_pictures([picture()])
    assert texts(page, "a.ofd")[:2] == WORDS


@pytest.mark.parametrize("name", ["a.pdf", "a.ofd", "a.png"])
def test_without_the_extra_the_refusal_names_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    blank = [Page(rules=[(10, 10, 50, 50)])]
    made = {
        "a.pdf": lambda: writers.pdf(blank),
        "a.ofd": lambda: writers.ofd(blank),
        "a.png": lambda: stored(Image.new("L", (9, 9)), "PNG"),
    }
    with pytest.raises(UnreadableDocument, match=r"pip install 'policykg\[ocr\]'"):
        read(made[name](), name)


def test_without_the_extra_pages_that_are_pictures_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    data = writers.pdf([Page([(28, 40, 5.6, "各有关单位要认真组织。")]), Page(rules=[(10, 10, 50, 50)])])
    document = read_document(data, source="a.pdf", document_id="d", reference=load_reference())
    assert "第 2 页没有文字" in " ".join(n.message for n in document.notices)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP"])
def test_an_empty_picture_is_named_as_such(form: str) -> None:
    with pytest.raises(UnreadableDocument, match="没有认出文字"):
        read(stored(Image.new("L", (300, 400), "white"), form), "扫描.jpg")


def test_broken_and_huge_pictures_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match="损坏"):
        read(b"\x89PNG\r\n\x1a\n" + bytes(99), "a.png")
    with pytest.raises(UnreadableDocument, match="像素"):
        read(stored(Image.new("L", (300, 400), "white"), "PNG"), "a.png", Limits(pixels=1000))


@pytest.mark.parametrize(
    ("printed", "recognised"),
    [
        ("（市局）", "(市局)"),
        ("质量——基础", "质量-—基础"),
        ("培训——质量基础", "培训—一质量基础"),
        ("——2019年活动安排", "-2019年活动安排"),
        ("周五—一月", "周五—一月"),
        ("周一—周五", "周一—周五"),
        ("- 3 -", "- 3 -"),
        ("2024-05", "2024-05"),
        ("（一）甲", "(一)甲"),
        ("A(1)", "A(1)"),
    ],
)
def test_marks_beside_han_are_full_width(printed: str, recognised: str) -> None:
    assert ocr._full_width(recognised) == printed
