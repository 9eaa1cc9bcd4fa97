"""Presentations (.pptx; ISO/IEC 29500-1 §19): slide by slide, titles as headings, tables as rows, a page a slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.equations import equation_to_text
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import LIMITS, DamagedFileError, LimitError, Limits
from ingest.readers.numbering import number_to_text
from ingest.readers.package import Package, attribute, child, children, local
from ingest.readers.pieces import Piece, cells_to_row, pieces_to_raw
from ingest.readers.scripts import raised
from ingest.readers.word_inline import alternative
from ingest.readers.word_styles import is_on

_TITLES = frozenset(["title", "ctrTitle"])
_NUMBERS = (
    ("alphaLc", "lowerLetter"), ("alphaUc", "upperLetter"), ("romanLc", "lowerRoman"), ("romanUc", "upperRoman"),
    ("circleNum", "decimalEnclosedCircle"), ("ea1Chs", "chineseCounting"), ("ea1Cht", "taiwaneseCounting"),
    ("ea1Jpn", "japaneseCounting"),
)  # fmt: skip
_CIRCLED = frozenset(map(chr, range(0x2460, 0x2474)))
_BEFORE = 24  # characters before a raised one that tell what it is
_FRAMES = frozenset(["sldNum", "ftr", "dt", "hdr"])


def read_pptx(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A presentation. Raises `RefusedFileError` with a reason."""
    package = Package(data, "演示文稿", limits)
    losses = Losses()
    return pieces_to_raw(_slides(package, losses, limits), wrapped=False, limits=limits, losses=losses)


def _slides(package: Package, losses: Losses, limits: Limits) -> Iterator[Piece]:
    main = package.related("").get("officeDocument") or "ppt/presentation.xml"
    relations = package.relations(main)
    listed = child(package.xml(main), "sldIdLst")
    slides = list(children(listed, "sldId")) if listed is not None else []
    if not slides:
        raise DamagedFileError("演示文稿", "其中没有幻灯片")
    if len(slides) > limits.pages:
        raise LimitError("幻灯片数", len(slides), limits.pages)
    for number, node in enumerate(slides, start=1):
        key = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
        part = relations.get(key, ("", ""))[1]
        root = package.optional_xml(part)
        if root is None or attribute(root, "show") == "0":
            losses.add(
                "隐藏的幻灯片" if root is not None else "幻灯片", Why.HIDDEN if root is not None else Why.BAD_PART
            )
            continue
        if any(kind == "notesSlide" for kind, _ in package.relations(part).values()):
            losses.add("演讲者备注", Why.SPEAKER)
        yield from _shapes(root, number, losses)


def _shapes(node: Any, page: int, losses: Losses) -> Iterator[Piece]:
    for part in node:
        name = local(part)
        if name == "sp":
            yield from _shape(part, page)
        elif name == "tbl":
            yield from _table(part, page)
        elif name == "pic":
            losses.add("图片", Why.PICTURE)
        elif name in ("chart", "relIds"):
            losses.add("图表", Why.CHART)
        elif name == "oleObj":
            losses.add("嵌入对象", Why.EMBEDDED)
        elif name == "AlternateContent":
            yield from _shapes(alternative(part), page, losses)
        elif name:
            yield from _shapes(part, page, losses)


def _table(table: Any, page: int) -> Iterator[Piece]:
    """Rows; a merged cell is repeated in each that it goes over, as in Word."""
    above: list[str] = []
    for row in children(table, "tr"):
        texts: list[str] = []
        for n, cell in enumerate(children(row, "tc")):
            words = " ".join(_paragraphs(cell))
            if is_on(attribute(cell, "hMerge"), absent=False) and texts:
                words = words or texts[-1]
            elif is_on(attribute(cell, "vMerge"), absent=False) and n < len(above):
                words = words or above[n]
            texts.append(words)
        above = texts
        yield cells_to_row(texts, page=page)


def _shape(shape: Any, page: int) -> Iterator[Piece]:
    place = child(shape, "nvSpPr", "nvPr", "ph")
    kind = attribute(place, "type") if place is not None else None
    if kind in _FRAMES:
        return
    title = kind in _TITLES
    for words in _paragraphs(shape):
        yield Piece(words, LineKind.HEADING if title else LineKind.TEXT, 1 if title else 0, page)


def _paragraphs(node: Any) -> Iterator[str]:
    """The lines of a shape or a cell, with the numbers that are printed before them."""
    counted: dict[int, tuple[str, int]] = {}  # level -> how it is numbered, and how far
    for part in node.iter():
        if local(part) != "p":
            continue
        words: list[str] = []
        _collect(part, words)
        text = "".join(words).replace("\t", " ")
        label = _label(child(part, "pPr"), counted) if text.strip() else ""
        yield from (line for line in (label + text).split("\n") if line.strip())


def _collect(node: Any, words: list[str]) -> None:
    for part in node:
        name = local(part)
        if name == "t":
            words.append(part.text or "")
        elif name == "br":
            words.append("\n")
        elif name in ("oMath", "oMathPara"):
            words.append(equation_to_text(part).strip())
        elif name == "AlternateContent":
            _collect(alternative(part), words)
        elif name == "r":
            inner: list[str] = []
            _collect(part, inner)
            lifted = attribute(marks, "baseline") if (marks := child(part, "rPr")) is not None else None
            high = lifted is not None and lifted.strip("%").isdecimal() and int(lifted.strip("%")) > 0
            words.append(raised("".join(inner), "".join(words)[-_BEFORE:]) if high else "".join(inner))
        elif name:
            _collect(part, words)


def _label(properties: Any | None, counted: dict[int, tuple[str, int]]) -> str:
    """The number of a paragraph (§21.1.2.4.1), counted within its shape; a bullet is a mark, not text."""
    depth = attribute(properties, "lvl") if properties is not None else None
    level = int(depth) if depth and depth.isdecimal() and len(depth) == 1 else 0
    for deeper in [n for n in counted if n > level]:
        del counted[deeper]
    numbered = child(properties, "buAutoNum") if properties is not None else None
    if numbered is None:
        counted.pop(level, None)
        return ""
    kind = attribute(numbered, "type") or ""
    start = attribute(numbered, "startAt") or "1"
    first = int(start) if start.isdecimal() and len(start) < 6 else 1
    before = counted.get(level)
    number = before[1] + 1 if before and before[0] == kind else first
    counted[level] = (kind, number)
    form = next((form for name, form in _NUMBERS if kind.startswith(name)), "decimal")
    words = number_to_text(number, form)
    words = f"({words})" if kind.endswith("ParenBoth") else f"{words})" if kind.endswith("ParenR") else words
    if kind.endswith("Period"):
        words += "."
    return words if words in _CIRCLED else f"{words} "
