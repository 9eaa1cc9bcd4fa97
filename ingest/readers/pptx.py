"""Presentations (.pptx; ISO/IEC 29500-1 §19): slide by slide, titles as headings, tables as rows, a page a slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import LIMITS, DamagedFileError, LimitError, Limits
from ingest.readers.package import Package, attribute, child, children, local
from ingest.readers.pieces import Piece, cells_to_row, pieces_to_raw

_TITLES = frozenset(["title", "ctrTitle"])
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
            for row in children(part, "tr"):
                yield cells_to_row((" ".join(_paragraphs(cell)) for cell in children(row, "tc")), page=page)
        elif name == "pic":
            losses.add("图片", Why.PICTURE)
        elif name in ("chart", "relIds"):
            losses.add("图表", Why.CHART)
        elif name == "oleObj":
            losses.add("嵌入对象", Why.EMBEDDED)
        elif name == "AlternateContent":
            if len(part):
                yield from _shapes(part[0], page, losses)
        elif name:
            yield from _shapes(part, page, losses)


def _shape(shape: Any, page: int) -> Iterator[Piece]:
    place = child(shape, "nvSpPr", "nvPr", "ph")
    kind = attribute(place, "type") if place is not None else None
    if kind in _FRAMES:
        return
    title = kind in _TITLES
    for words in _paragraphs(shape):
        yield Piece(words, LineKind.HEADING if title else LineKind.TEXT, 1 if title else 0, page)


def _paragraphs(node: Any) -> Iterator[str]:
    for part in node.iter():
        if local(part) == "p":
            words = "".join((n.text or "") if local(n) == "t" else "\n" for n in part.iter() if local(n) in ("t", "br"))
            yield from (line for line in words.replace("\t", " ").split("\n") if line.strip())
