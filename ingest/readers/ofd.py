"""OFD, the national fixed layout (GB/T 33190-2016): text objects of pages and templates, ruled tables from paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from ingest.readers.base import RawDocument
from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, Limits, RefusedFileError
from ingest.readers.package import Package, attribute, child, children, local
from ingest.readers.pages import pages_to_raw
from ingest.readers.printed import Box, Glyph, page_to_lines

Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TOLERANCE = 1.0  # mm: what still is one rule, or two that meet
_MAX_RULES = 2000  # of a page; more are a drawing
_CJK = 0x2E80  # characters from here on are as wide as high
_HALF_WIDTH = 0.5  # em: a Latin letter, where the file does not say where the next character stands


def read_ofd(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """An OFD file with its text. Raises `RefusedFileError` with a reason."""
    package = Package(data, "OFD", limits)
    if any(name in package for name in ("Encryptions.xml", "Encryption.xml")):  # GM/T 0099
        raise EncryptedFileError("OFD")
    pages = [
        page_to_lines(glyphs, rules_to_tables(rules))
        for path in _documents(package)
        for glyphs, rules in _document_pages(package, path, limits)
    ]
    if not any(pages):
        raise RefusedFileError(
            "OFD 各页都没有文字，应为扫描件；本版本尚不能识别图片中的文字，请先用 OCR 软件转为可复制文字的文件后重试"
        )
    return pages_to_raw(pages)


def _documents(package: Package) -> list[str]:
    """The paths of the Document.xml files (§7.4: a DocBody each)."""
    roots = (child(body, "DocRoot") for body in children(package.xml("OFD.xml"), "DocBody"))
    paths = [(root.text or "").strip().lstrip("/") for root in roots if root is not None]
    if not paths:
        raise DamagedFileError("OFD", "OFD.xml 中没有文档")
    return paths


def _document_pages(package: Package, path: str, limits: Limits) -> Iterator[tuple[list[Glyph], list[Box]]]:
    """The glyphs and the straight rules of every page, its templates (§7.7) included."""
    root = package.xml(path)
    folder = posixpath.dirname(path)
    common = child(root, "CommonData")
    templates = {
        attribute(node, "ID"): attribute(node, "BaseLoc")
        for node in (children(common, "TemplatePage") if common is not None else ())
    }
    listed = child(root, "Pages")
    pages = list(children(listed, "Page")) if listed is not None else []
    if len(pages) > limits.pages:
        raise LimitError("页数", len(pages), limits.pages)
    cache: dict[str, Any] = {}
    for node in pages:
        page = package.xml(_path(folder, attribute(node, "BaseLoc")))
        layers = [page]
        for used in children(page, "Template"):
            base = templates.get(attribute(used, "TemplateID"))
            if base and (where := _path(folder, base)) in package:
                if where not in cache:
                    cache[where] = package.xml(where)
                layers.append(cache[where])
        glyphs: list[Glyph] = []
        rules: list[Box] = []
        for layer in layers:
            content = child(layer, "Content")
            for item in content.iter() if content is not None else ():
                if local(item) == "TextObject" and attribute(item, "Visible") != "false":
                    glyphs += _text(item)
                elif local(item) == "PathObject" and len(rules) <= _MAX_RULES:
                    rules += _rules(item)
        yield glyphs, rules if len(rules) <= _MAX_RULES else []


def _path(folder: str, base: str | None) -> str:
    base = (base or "").replace("\\", "/")
    return base.lstrip("/") if base.startswith("/") else posixpath.normpath(posixpath.join(folder, base))


def _text(node: Any) -> Iterator[Glyph]:
    """The characters of a TextObject (§11.3): TextCode in object space, then CTM, then the boundary's corner."""
    left, top, _, _ = (*_numbers(attribute(node, "Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
    size = (_numbers(attribute(node, "Size")) or [4.0])[0]
    matrix = _matrix(attribute(node, "CTM"))
    if abs(matrix[1]) > abs(matrix[0]):
        return  # turned by a quarter or slanted: a watermark or a note along the margin
    x = y = 0.0
    for code in children(node, "TextCode"):
        words = code.text or ""
        # a TextCode without X or Y goes on where the last one stood
        x = (_numbers(attribute(code, "X")) or [x])[0]
        y = (_numbers(attribute(code, "Y")) or [y])[0]
        across, down = _deltas(attribute(code, "DeltaX"), len(words)), _deltas(attribute(code, "DeltaY"), len(words))
        here, base = x, y
        for n, char in enumerate(words):
            wide = size if ord(char) >= _CJK or char in "“”‘’…—·" else size * _HALF_WIDTH
            x0, y0 = _moved(matrix, here, base)
            x1, y1 = _moved(matrix, here + wide, base - size)
            if not char.isspace():
                yield Glyph(char, left + min(x0, x1), left + max(x0, x1), top + min(y0, y1), top + max(y0, y1))
            here += across[n] if n < len(across) else (0.0 if n < len(down) else wide)
            base += down[n] if n < len(down) else 0.0


def _deltas(value: str | None, wanted: int) -> list[float]:
    """`5 g 3 4.2`: g, a count and a value stand for a repetition (§11.3). No more than are wanted."""
    out: list[float] = []
    words = iter((value or "").split())
    for word in words:
        if len(out) >= wanted:
            break
        if word == "g":
            count, step = _numbers(next(words, "")), _numbers(next(words, ""))
            if count and step:
                out += [step[0]] * int(min(max(count[0], 0), wanted))
        else:
            out += _numbers(word)
    return out


def _numbers(value: str | None) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d{1,12}(?:\.\d*)?|-?\.\d+", value or "")]


def _matrix(value: str | None) -> Matrix:
    numbers = _numbers(value)
    return (
        (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
        if len(numbers) == len(_UNIT)
        else _UNIT
    )


def _moved(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _rules(node: Any) -> Iterator[Box]:
    """The upright and level strokes of a PathObject (§9.1: M and L with two numbers, C closes); thin boxes too."""
    left, top, _, _ = (*_numbers(attribute(node, "Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
    matrix = _matrix(attribute(node, "CTM"))
    data = child(node, "AbbreviatedData")
    at: tuple[float, float] | None = None
    begun: tuple[float, float] | None = None
    for found in re.finditer(r"([SMLC])\s*([^A-Za-z]*)", (data.text or "") if data is not None else ""):
        numbers = _numbers(found[2])
        to = begun
        if found[1] != "C":
            if len(numbers) < 2:
                continue
            x, y = _moved(matrix, numbers[0], numbers[1])
            to = (left + x, top + y)
        if found[1] in "SM":
            begun = to
        elif at is not None and to is not None and min(abs(at[0] - to[0]), abs(at[1] - to[1])) < _TOLERANCE / 2:
            yield min(at[0], to[0]), min(at[1], to[1]), max(at[0], to[0]), max(at[1], to[1])
        at = to


def rules_to_tables(rules: list[Box]) -> list[list[Box]]:
    """The cells of the tables that straight rules make, by pdfplumber's finder for edges that meet."""
    if len(rules) < 6:
        return []
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges = []
    for x0, top, x1, bottom in rules:
        level = bottom - top <= x1 - x0
        edges.append(
            {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
            | {"orientation": "h" if level else "v"}
        )
    merged = merge_edges(edges, _TOLERANCE, _TOLERANCE, _TOLERANCE, _TOLERANCE)
    cells = intersections_to_cells(edges_to_intersections(merged, _TOLERANCE, _TOLERANCE))
    return [list(table) for table in cells_to_tables(cells)]
