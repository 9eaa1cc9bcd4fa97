"""Word documents (.docx, .docm; ISO/IEC 29500): paragraphs, tables, automatic numbers, notes, text boxes.

The package is read as XML by local names, not through python-docx: its `iter_inner_content` passes over content
controls, and its `text` over tracked insertions; both hold real text in documents from office automation systems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.limits import LIMITS, Limits
from ingest.readers.numbering import Numbering
from ingest.readers.package import Package, attribute, child, children, local
from ingest.readers.pieces import Piece, cells_to_row, pieces_to_raw

_GONE = frozenset(["del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "rt", "tblPr", "sdtPr"])
_WORDS: dict[str, Callable[[Any], str]] = {
    "t": lambda node: node.text or "",
    "tab": lambda _: " ",
    "ptab": lambda _: " ",
    "br": lambda node: "\n" if attribute(node, "type") in (None, "textWrapping") else "",
    "cr": lambda _: "\n",
    "noBreakHyphen": lambda _: "-",
}
_BOXES = frozenset(["drawing", "pict", "object"])
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_OFF = ("0", "false", "off")
_MAX_SPAN = 64  # columns: Word's own limit is 63
_MAX_STYLES = 20  # a chain of basedOn longer than this is a circle
_HEADINGS = 9  # outline level 9 is body text


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    list_id: str | None
    list_level: int | None
    outline: int | None


@dataclass(slots=True)
class _Inline:
    """What a paragraph holds: its words, and what hangs on it."""

    words: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def read_docx(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A Word document; a line is a paragraph. Raises `RefusedFileError` with a reason."""
    package = Package(data, "Word", limits)
    return pieces_to_raw(_Reader(package).pieces(), wrapped=False, limits=limits)


class _Reader:
    def __init__(self, package: Package) -> None:
        main = package.related("").get("officeDocument") or "word/document.xml"
        related = package.related(main)
        self._root = package.xml(main)
        self._numbering = Numbering(package.optional_xml(related.get("numbering")))
        self._styles, self._default_style = _styles(package.optional_xml(related.get("styles")))
        self._notes: dict[tuple[str, str], Any] = {}
        for kind in _NOTES.values():
            notes = package.optional_xml(related.get(kind))
            for note in () if notes is None else notes:
                if local(note) and attribute(note, "type") is None:  # typed ones are separators
                    self._notes[kind, attribute(note, "id") or ""] = note

    def pieces(self) -> Iterator[Piece]:
        """The text of the body in order."""
        body = child(self._root, "body")
        if body is not None:
            yield from self._blocks(body)

    def _blocks(self, parent: Any) -> Iterator[Piece]:
        for node in parent:
            name = local(node)
            if name == "p":
                yield from self._paragraph(node)
            elif name == "tbl":
                yield from self._table(node)
            elif name == "sdt":
                if not _is_contents(node):
                    yield from self._blocks(node)
            elif name == "AlternateContent":
                yield from self._blocks(_alternative(node))
            elif name in ("sdtContent", "customXml", "ins", "moveTo", "smartTag"):
                yield from self._blocks(node)

    def _paragraph(self, node: Any) -> Iterator[Piece]:
        found = _Inline()
        self._inline(node, found)
        for box in found.boxes:
            yield from self._blocks(box)
        words = "".join(found.words)
        label = self._label(node)
        outline = self._outline(node)
        kind, level = (LineKind.TEXT, 0) if outline is None else (LineKind.HEADING, outline + 1)
        for n, line in enumerate(words.split("\n")):
            text = (label if n == 0 else "") + line.replace("\t", " ")
            yield Piece(text, kind if text.strip() else LineKind.TEXT, level)
        for key in found.notes:
            if key in self._notes:
                # After the paragraph that it belongs to: at the end it would stand below 抄送 and 印发.
                yield from self._blocks(self._notes.pop(key))

    def _inline(self, node: Any, found: _Inline) -> None:
        for part in node:
            name = local(part)
            if not name or name in _GONE:
                continue
            if name in _WORDS:
                found.words.append(_WORDS[name](part))
            elif name in _NOTES:
                found.notes.append((_NOTES[name], attribute(part, "id") or ""))
            elif name == "AlternateContent":
                self._inline(_alternative(part), found)
            elif name in _BOXES:
                found.boxes.extend(_boxes(part))
            elif name != "r" or not _is_hidden(part):
                self._inline(part, found)

    def _table(self, table: Any) -> Iterator[Piece]:
        """Rows; a cell that spans rows or columns is repeated in each, so that every row can be read alone."""
        above: dict[int, str] = {}
        for row in _rows(table):
            cells = list(_through(row, "tc"))
            if len(cells) == 1:  # a caption inside the table, or a table that only frames text
                above.clear()
                yield from self._blocks(cells[0])
                continue
            properties = child(row, "trPr")
            column = _number(properties, "gridBefore")
            texts = [""] * column
            for cell in cells:
                properties = child(cell, "tcPr")
                span = min(max(_number(properties, "gridSpan"), 1), _MAX_SPAN)
                merge = child(properties, "vMerge") if properties is not None else None
                goes_on = merge is not None and attribute(merge, "val") in (None, "continue")
                words = " ".join(p.text.replace("\t", " ") for p in self._blocks(cell) if p.text.strip())
                if goes_on:
                    words = above.get(column, words)
                texts += [words] * span
                for n in range(column, column + span):
                    above[n] = words
                column += span
            yield cells_to_row(texts)

    def _label(self, node: Any) -> str:
        properties = child(node, "pPr")
        own = child(properties, "numPr") if properties is not None else None
        list_id = _value(own, "numId")
        at = _value(own, "ilvl")
        if list_id is None:
            for name, style in self._chain(node):
                if style.list_id is not None:
                    level = style.list_level
                    at = str(self._numbering.level_of_style(style.list_id, name) if level is None else level)
                    list_id = style.list_id
                    break
        if list_id is None or list_id == "0":  # 0 takes the number of the style away
            return ""
        return self._numbering.label(list_id, int(at) if at and at.isdecimal() else 0)

    def _outline(self, node: Any) -> int | None:
        properties = child(node, "pPr")
        own = _value(properties, "outlineLvl")
        levels = [int(own)] if own and own.isdecimal() else []
        levels += [style.outline for _, style in self._chain(node) if style.outline is not None]
        return levels[0] if levels and levels[0] < _HEADINGS else None

    def _chain(self, node: Any) -> Iterator[tuple[str, _Style]]:
        """The paragraph's style and those that it is based on."""
        name = _value(child(node, "pPr"), "pStyle") or self._default_style
        for _ in range(_MAX_STYLES):
            if name is None or name not in self._styles:
                return
            yield name, self._styles[name]
            name = self._styles[name].based_on


def _styles(root: Any | None) -> tuple[dict[str, _Style], str | None]:
    styles: dict[str, _Style] = {}
    default: str | None = None
    for node in () if root is None else children(root, "style"):
        if attribute(node, "type") != "paragraph":
            continue
        key = attribute(node, "styleId") or ""
        if attribute(node, "default") not in (None, *_OFF):
            default = key
        properties = child(node, "pPr")
        numbers = child(properties, "numPr") if properties is not None else None
        level, outline = _value(numbers, "ilvl"), _value(properties, "outlineLvl")
        if outline is None and (
            named := re.fullmatch(r"(?:heading|标题)\s*([1-9])", _value(node, "name") or "", re.IGNORECASE)
        ):
            outline = str(int(named[1]) - 1)
        styles[key] = _Style(
            _value(node, "basedOn"),
            _value(numbers, "numId"),
            int(level) if level and level.isdecimal() else None,
            int(outline) if outline and outline.isdecimal() else None,
        )
    return styles, default


def _value(node: Any | None, name: str) -> str | None:
    found = child(node, name) if node is not None else None
    return None if found is None else attribute(found, "val")


def _number(node: Any | None, name: str) -> int:
    value = _value(node, name)
    return min(int(value), _MAX_SPAN) if value and value.isdecimal() and len(value) <= len("99") else 0


def _is_hidden(run: Any) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in _OFF


def _is_contents(node: Any) -> bool:
    """A table of contents: it only repeats the headings, with page numbers."""
    gallery = child(node, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and attribute(gallery, "val") == "Table of Contents"


def _alternative(node: Any) -> Any:
    """The newest form that holds text: the same text box is stored once as a drawing and once as VML."""
    forms = [n for n in node if local(n) in ("Choice", "Fallback")]
    return next((f for f in forms if any(local(n) == "t" for n in f.iter())), forms[0] if forms else ())


def _boxes(node: Any) -> Iterator[Any]:
    """The outermost text boxes of a drawing; those inside another box are found with that one's paragraphs."""
    for part in node:
        if local(part) == "txbxContent":
            yield part
        elif local(part) == "AlternateContent":
            yield from _boxes(_alternative(part))
        elif local(part):
            yield from _boxes(part)


def _rows(table: Any) -> Iterator[Any]:
    for row in _through(table, "tr"):
        properties = child(row, "trPr")
        if properties is None or child(properties, "del") is None:  # a tracked deletion of the whole row
            yield row


def _through(node: Any, name: str) -> Iterator[Any]:
    """Rows or cells, also those inside content controls."""
    for part in node:
        if local(part) == name:
            yield part
        elif local(part) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _through(part, name)
