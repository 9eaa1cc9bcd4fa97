"""Workbooks (.xlsx, .xlsm; ISO/IEC 29500-1 §18): what each visible sheet shows, row by row.

The parts are read as a stream, not through openpyxl: that has no way to tell an empty cell from a formula without a
result, and keeps an object for every cell. Formulas are read by their stored results; those without one are counted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from ingest.readers.base import RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.framing import is_of_the_document, only_counts
from ingest.readers.limits import LIMITS, DamagedFileError, Limits
from ingest.readers.number_formats import BUILT_IN, GENERAL, shown_number, shown_text
from ingest.readers.package import Package, attribute, child, children, local, refuse_dtd
from ingest.readers.pieces import pieces_to_raw
from ingest.readers.scripts import raised
from ingest.readers.sheets import (
    NO_RESULT,
    Area,
    Grid,
    Sheet,
    check_merged,
    check_size,
    fill_merged,
    sheets_to_pieces,
    without,
)
from ingest.readers.word_styles import is_on

_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_COLUMNS = 16_384
_FRAMES = tuple(f"{{*}}{kind}{place}" for kind in ("odd", "even", "first") for place in ("Header", "Footer"))
_FRAME_NAMES = frozenset(name.removeprefix("{*}") for name in _FRAMES)
# the language of heads and feet (§18.3.1.46): fonts, sizes, colours, what the program puts there; && is the sign itself
_FRAME_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{2}[0-9A-Fa-f+-]{4}|\d{1,3}|[BIUESXYPNDTFAZGOH])[+-]?')
_FRAME_PART = re.compile(r"&[LCR]|[\r\n]+")


def read_xlsx(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A workbook; a formula shows its last result. Raises `RefusedFileError` with a reason."""
    losses = Losses()
    book = _Book(Package(data, "Excel", limits), losses, limits)
    return pieces_to_raw(sheets_to_pieces(list(book.sheets())), wrapped=False, limits=limits, losses=losses)


class _Book:
    def __init__(self, package: Package, losses: Losses, limits: Limits) -> None:
        self._package = package
        self._losses = losses
        self._limits = limits
        self._main = package.related("").get("officeDocument") or "xl/workbook.xml"
        self._relations = package.relations(self._main)
        self._root = package.xml(self._main)
        properties = child(self._root, "workbookPr")
        self._since_1904 = properties is not None and is_on(attribute(properties, "date1904"), absent=False)
        parts = dict(self._relations.values())
        self._strings = _shared_strings(package, parts.get("sharedStrings"))
        self._formats = _formats(package.optional_xml(parts.get("styles")))
        self._rows = 0

    def sheets(self) -> Iterator[Sheet]:
        listed = child(self._root, "sheets")
        for node in children(listed, "sheet") if listed is not None else ():
            key = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
            kind, part = self._relations.get(key, ("", ""))
            if kind != "worksheet":
                if kind == "chartsheet":
                    self._losses.add("图表", Why.CHART)
                continue
            if attribute(node, "state") in ("hidden", "veryHidden"):
                self._losses.add("隐藏的工作表", Why.HIDDEN)
                continue
            sheet = Sheet(attribute(node, "name") or "")
            sheet.rows, sheet.heads = self._read(part)
            sheet.notes = list(self._beside(part))
            yield sheet

    def _read(self, part: str) -> tuple[Grid, list[str]]:
        """The rows of a sheet as shown, and the lines of its printed heads that are part of the document."""
        from lxml import etree

        rows: Grid = []
        areas: list[Area] = []
        hidden_rows: set[int] = set()
        hidden_columns: set[int] = set()
        data = self._package.read(part)
        refuse_dtd(data, "Excel", part)
        wanted = ("{*}col", "{*}row", "{*}mergeCell", *_FRAMES)
        frames: list[str] = []
        try:
            for _, node in etree.iterparse(
                io.BytesIO(data), tag=wanted, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                name = local(node)
                if name == "row":
                    self._row(node, rows, hidden_rows)
                elif name in _FRAME_NAMES:
                    frames += frame_to_lines(node.text or "")
                elif name == "col" and (is_on(node.get("hidden"), absent=False) or _is_nothing(node.get("width"))):
                    first, last = _int(node.get("min")), min(_int(node.get("max")), _MOST_COLUMNS)
                    hidden_columns |= set(range(first - 1, last))
                elif name == "mergeCell" and (area := _area(node.get("ref", ""))):
                    areas.append(area)
                node.clear()
                while name == "row" and node.getprevious() is not None:
                    del node.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise DamagedFileError("Excel", f"{part} 不是完整的 XML") from error
        check_merged(areas, self._limits)
        fill_merged(rows, areas)
        said = {cell for row in rows for cell in row} if frames else set()
        heads: list[str] = []
        for line in dict.fromkeys(frames):
            if line not in said and is_of_the_document(line):
                heads.append(line)
            elif line not in said and not only_counts(line):
                self._losses.add("页眉页脚", Why.REPEATED)
        self._losses.add("隐藏的行", Why.HIDDEN, sum(any(rows[n]) for n in hidden_rows if n < len(rows)))
        filled = {c for row in rows for c, cell in enumerate(row) if cell} if hidden_columns else set()
        self._losses.add("隐藏的列", Why.HIDDEN, len(hidden_columns & filled))
        return without(rows, hidden_rows, hidden_columns), heads

    def _row(self, node: Any, rows: Grid, hidden: set[int]) -> None:
        number = _int(node.get("r")) - 1 if node.get("r") else len(rows)
        number = max(number, len(rows))
        if len(node):
            check_size(number + 1, 1, self._limits)  # empty rows in between count
        cells: list[str] = []
        for cell in children(node, "c"):
            place = _PLACE.fullmatch(cell.get("r", ""))
            column = min(_column(place[1]), _MOST_COLUMNS) if place else len(cells)
            words = self._cell(cell)
            if words:
                cells += [""] * (column - len(cells))
                cells[column:] = [words]
            elif place is None:
                cells.append("")
        if not cells:
            return
        self._rows += 1
        check_size(self._rows, 1, self._limits)
        rows += [[] for _ in range(number - len(rows))]
        rows.append(cells)
        if is_on(node.get("hidden"), absent=False) or node.get("ht") == "0":
            hidden.add(number)

    def _cell(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        code = self._formats[n] if (n := _int(cell.get("s"))) < len(self._formats) else GENERAL
        if kind == "inlineStr":
            inline = child(cell, "is")
            return shown_text(_rich(inline), code) if inline is not None else ""
        stored = child(cell, "v")
        words = (stored.text or "") if stored is not None else ""
        if not words:
            if child(cell, "f") is not None and (stored is None or kind != "str"):
                self._losses.add("公式", Why.NO_RESULT)
                return NO_RESULT
            return ""
        if kind == "s":
            n = _int(words)
            return shown_text(self._strings[n], code) if n < len(self._strings) else ""
        if kind == "str":
            return shown_text(_unescaped(words), code)
        if kind == "b":
            return "是" if words == "1" else "否"
        if kind in ("e", "d"):
            return words[:10] if kind == "d" and words.endswith("T00:00:00") else words
        return shown_number(words, code, since_1904=self._since_1904)

    def _beside(self, part: str) -> Iterator[str]:
        """The words of text boxes; pictures, charts and comments are counted."""
        for kind, other in self._package.relations(part).values():
            if kind == "comments" and (root := self._package.optional_xml(other)) is not None:
                self._losses.add("批注", Why.COMMENT, sum(1 for n in root.iter() if local(n) == "comment"))
            elif kind in ("oleObject", "package"):
                self._losses.add("嵌入对象", Why.EMBEDDED)
            elif kind == "drawing" and (root := self._package.optional_xml(other)) is not None:
                kinds = [local(node) for node in root.iter()]
                self._losses.add("图片", Why.PICTURE, kinds.count("pic"))
                self._losses.add("图表", Why.CHART, kinds.count("chart"))
                for box in root.iter():
                    if local(box) == "txBody":
                        yield "\n".join(
                            "".join(n.text or "" for n in p.iter() if local(n) == "t") for p in children(box, "p")
                        )


def _shared_strings(package: Package, part: str | None) -> list[str]:
    root = package.optional_xml(part)
    return [] if root is None else [_rich(node) for node in children(root, "si")]


def _rich(node: Any) -> str:
    """The words of a string, with raised runs judged; phonetic hints are left out."""
    out: list[str] = []
    for part in node:
        name = local(part)
        if name == "t":
            out.append(part.text or "")
        elif name == "r":
            words = "".join(n.text or "" for n in children(part, "t"))
            align = child(part, "rPr", "vertAlign")
            high = align is not None and attribute(align, "val") == "superscript"
            out.append(raised(words, "".join(out)[-24:]) if high else words)
    return _unescaped("".join(out))


def _unescaped(words: str) -> str:
    """_x000D_ stands for a character that XML cannot hold (§22.9.2.19)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)).replace("\r", "\n"), words) if "_x" in words else words


def _formats(root: Any | None) -> list[str]:
    """The format code of each cell style."""
    if root is None:
        return []
    own = child(root, "numFmts")
    codes = dict(BUILT_IN)
    for node in children(own, "numFmt") if own is not None else ():
        codes[_int(node.get("numFmtId"))] = node.get("formatCode") or GENERAL
    styles = child(root, "cellXfs")
    return [
        codes.get(_int(node.get("numFmtId")), GENERAL) for node in (() if styles is None else children(styles, "xf"))
    ]


def frame_to_lines(words: str) -> list[str]:
    """The lines of a head or foot as printed, without what the program fills in."""
    parts = _FRAME_PART.split(words.replace("&&", "\0"))
    lines = (_FRAME_CODE.sub("", part).replace("\0", "&").strip() for part in parts)
    return [line for line in lines if line]


def _is_nothing(width: str | None) -> bool:
    try:
        return width is not None and float(width) == 0
    except ValueError:
        return False


def _area(ref: str) -> Area | None:
    first, _, last = ref.replace("$", "").partition(":")
    a, b = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
    if not a or not b:
        return None
    return int(a[2]) - 1, _column(a[1]), int(b[2]) - 1, _column(b[1])


def _column(letters: str) -> int:
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - ord("A") + 1
    return n - 1


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0
