"""OFD, the national fixed layout (GB/T 33190-2016): text objects of pages and templates, ruled tables from paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.readers import ocr
from ingest.readers.base import RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, Limits, RefusedFileError
from ingest.readers.package import Package, attribute, child, children, local
from ingest.readers.page_layout import page_to_lines
from ingest.readers.pages import pages_to_raw
from ingest.readers.printed import Box, Glyph, PrintedLine
from ingest.readers.ruled import rules_to_tables

Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LEVEL = 0.5  # mm: what a stroke may lean
_MAX_RULES = 2000  # of a page; more are a drawing
_CJK = 0x2E80  # characters from here on are as wide as high
_WIDEST = 0.95  # em: a wide Latin letter
_MOST_NESTED = 2  # drawings inside drawings
_MOST_DRAWN = 20_000  # items of drawings in a document, each time that one is placed
_HALF_WIDTH = 0.5  # em: a Latin letter, where the file does not say where the next character stands


_SIGNATURE = re.compile(r"(?:^|/)signs?/[^/]+/signature\.xml\Z")
_ANNOTATION = re.compile(r"(?:^|/)annots/page[^/]*/annot[^/]*\.xml\Z")
_ATTACHED = re.compile(r"(?:^|/)attachs/(?!attachments?\.xml\Z)[^/]+\Z")


def read_ofd(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """An OFD file with its text. Raises `RefusedFileError` with a reason."""
    package = Package(data, "OFD", limits)
    if any(name in package for name in ("Encryptions.xml", "Encryption.xml")):  # GM/T 0099
        raise EncryptedFileError("OFD")
    losses = Losses()
    losses.add("签章", Why.ANNOTATION, sum(_SIGNATURE.search(name) is not None for name in package.names()))
    losses.add("注释", Why.ANNOTATION, sum(_ANNOTATION.search(name) is not None for name in package.names()))
    losses.add("附件", Why.ATTACHMENT, sum(_ATTACHED.search(name) is not None for name in package.names()))
    pages = [page for path in _documents(package) for page in _document_pages(package, path, limits)]
    losses.add("看不见的文字", Why.INVISIBLE, sum(page.hidden for page in pages))
    losses.add("斜排的文字", Why.SLANTED, sum(page.turned for page in pages))
    losses.add_pages([n for n, page in enumerate(pages, start=1) if page.cut], Why.TOO_MANY)
    lines = [page_to_lines(page.glyphs, rules_to_tables(page.rules), page.rules) for page in pages]
    silent = [number for number, found in enumerate(lines) if not found and pages[number].pictures]
    if not any(lines):
        ocr.require("OFD 各页都没有文字，应为扫描件")
    if silent and ocr.is_available():
        for number in silent:
            lines[number] = _recognised(package, pages[number].pictures, limits)
    if not any(lines):
        raise RefusedFileError("OFD 各页都没有文字，也没有认出文字；请确认扫描清晰、方向正确")
    losses.add_pages([number + 1 for number in silent if not lines[number]], Why.NO_TEXT)
    losses.add_pages([number + 1 for number in silent if lines[number]], Why.RECOGNISED)
    return pages_to_raw(lines, losses)


def _recognised(package: Package, pictures: Sequence[tuple[str, Box]], limits: Limits) -> list[PrintedLine]:
    """The lines in the pictures of a page; one in a format that is not read (JBIG2) has none."""
    lines: list[PrintedLine] = []
    for path, frame in pictures:
        try:
            for picture in ocr.bytes_to_pictures(package.read(path), limits):
                lines += ocr.picture_to_lines(picture, frame)
        except OSError:  # what PIL says of bytes that are no picture it knows
            continue
    return sorted(lines, key=lambda line: line.top)


def _documents(package: Package) -> list[str]:
    """The paths of the Document.xml files (§7.4: a DocBody each)."""
    roots = (child(body, "DocRoot") for body in children(package.xml("OFD.xml"), "DocBody"))
    paths = [(root.text or "").strip().lstrip("/") for root in roots if root is not None]
    if not paths:
        raise DamagedFileError("OFD", "OFD.xml 中没有文档")
    return paths


@dataclass(frozen=True, slots=True)
class _Page:
    """What stands on a page: characters, straight rules, pictures (part, place); mm."""

    glyphs: list[Glyph]
    rules: list[Box]
    pictures: list[tuple[str, Box]]
    hidden: int = 0  # texts that are not shown
    turned: int = 0  # texts that do not stand upright
    cut: bool = False  # more is drawn by reference than is followed


def _document_pages(package: Package, path: str, limits: Limits) -> Iterator[_Page]:
    """Every page with what its templates (§7.7) put on it."""
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
    resources = list(_resources(package, folder, common))
    media = _media(package, resources)
    left = [_MOST_DRAWN]
    units = {
        attribute(unit, "ID"): unit
        for _, root in resources
        for unit in root.iter()
        if local(unit) == "CompositeGraphicUnit"
    }
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
        pictures: list[tuple[str, Box]] = []
        rules: list[Box] = []
        hidden = turned = 0
        for layer in layers:
            content = child(layer, "Content")
            for item in content.iter() if content is not None else ():
                if local(item) == "TextObject":
                    if attribute(item, "Visible") == "false":
                        hidden += _has_words(item)
                    elif _is_turned(item):
                        turned += _has_words(item)
                    else:
                        glyphs += _text(item)
                elif local(item) == "CompositeObject":
                    glyphs += _composite(item, units, left)
                elif local(item) == "PathObject" and len(rules) <= _MAX_RULES:
                    rules += _rules(item)
                elif local(item) == "ImageObject" and (part := media.get(attribute(item, "ResourceID") or "")):
                    x, y, wide, high = (*_numbers(attribute(item, "Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
                    pictures.append((part, (x, y, x + wide, y + high)))
        yield _Page(glyphs, rules if len(rules) <= _MAX_RULES else [], pictures, hidden, turned, left[0] < 0)


def _resources(package: Package, folder: str, common: Any | None) -> Iterator[tuple[str, Any]]:
    """The resource files (§7.9): where each stands, and its root."""
    for name in ("PublicRes", "DocumentRes"):
        for node in children(common, name) if common is not None else ():
            where = _path(folder, (node.text or "").strip())
            if (root := package.optional_xml(where)) is not None:
                yield where, root


def _media(package: Package, resources: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Resource ID -> part, of the pictures that the resource files list."""
    found: dict[str, str] = {}
    for where, root in resources:
        base = _path(posixpath.dirname(where), attribute(root, "BaseLoc"))
        for item in root.iter():
            file = child(item, "MediaFile") if local(item) == "MultiMedia" else None
            if file is not None and (part := _path(base, (file.text or "").strip())) in package:
                found[attribute(item, "ID") or ""] = part
    return found


def _composite(node: Any, units: dict[str | None, Any], left: list[int], depth: int = 0) -> Iterator[Glyph]:
    """The words of a drawing kept as a resource (§13) and placed here; `left` counts what may still be drawn."""
    unit = units.get(attribute(node, "ResourceID"))
    x, y, _, _ = (*_numbers(attribute(node, "Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
    matrix = _matrix(attribute(node, "CTM"))
    for item in unit.iter() if unit is not None else ():
        left[0] -= 1
        if left[0] < 0:
            return
        glyphs: Iterable[Glyph] = ()
        if local(item) == "TextObject" and attribute(item, "Visible") != "false" and not _is_turned(item):
            glyphs = _text(item)
        elif local(item) == "CompositeObject" and depth < _MOST_NESTED:
            glyphs = _composite(item, units, left, depth + 1)
        for glyph in glyphs:
            x0, y0 = _moved(matrix, glyph.x0, glyph.top)
            x1, y1 = _moved(matrix, glyph.x1, glyph.bottom)
            yield Glyph(glyph.char, x + min(x0, x1), x + max(x0, x1), y + min(y0, y1), y + max(y0, y1))


def _path(folder: str, base: str | None) -> str:
    base = (base or "").replace("\\", "/")
    return base.lstrip("/") if base.startswith("/") else posixpath.normpath(posixpath.join(folder, base))


def _has_words(node: Any) -> bool:
    return any((code.text or "").strip() for code in children(node, "TextCode"))


def _is_turned(node: Any) -> bool:
    """Turned by a quarter or slanted: a watermark or a note along the margin."""
    matrix = _matrix(attribute(node, "CTM"))
    return abs(matrix[1]) > abs(matrix[0])


def _text(node: Any) -> Iterator[Glyph]:
    """The characters of a TextObject (§11.3): TextCode in object space, then CTM, then the boundary's corner."""
    left, top, _, _ = (*_numbers(attribute(node, "Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
    size = (_numbers(attribute(node, "Size")) or [4.0])[0]
    matrix = _matrix(attribute(node, "CTM"))
    x = y = 0.0
    for code in children(node, "TextCode"):
        words = code.text or ""
        # a TextCode without X or Y goes on where the last one stood
        x = (_numbers(attribute(code, "X")) or [x])[0]
        y = (_numbers(attribute(code, "Y")) or [y])[0]
        across, down = _deltas(attribute(code, "DeltaX"), len(words)), _deltas(attribute(code, "DeltaY"), len(words))
        here, base = x, y
        for n, char in enumerate(words):
            wide = size * _width(char, across[n] / size if n < len(across) and size else 0.0)
            x0, y0 = _moved(matrix, here, base)
            x1, y1 = _moved(matrix, here + wide, base - size)
            if not char.isspace():
                yield Glyph(char, left + min(x0, x1), left + max(x0, x1), top + min(y0, y1), top + max(y0, y1))
            here += across[n] if n < len(across) else (0.0 if n < len(down) else wide)
            base += down[n] if n < len(down) else 0.0


def _width(char: str, step: float) -> float:
    """In em; `step` is how far away the next character begins, 0 where the file does not say."""
    if ord(char) >= _CJK or char in "“”‘’…—·":
        return 1.0
    # letters that some fonts set wide: what stands right behind one is no word of its own (QC)
    return min(max(step, _HALF_WIDTH), _WIDEST) if char.isupper() or char in "mw%@&" else _HALF_WIDTH


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
        elif at is not None and to is not None and min(abs(at[0] - to[0]), abs(at[1] - to[1])) < _LEVEL:
            yield min(at[0], to[0]), min(at[1], to[1]), max(at[0], to[0]), max(at[1], to[1])
        at = to
