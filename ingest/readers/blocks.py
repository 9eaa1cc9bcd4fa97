"""A web page to blocks: its lines in the order of the page, each with what the markup tells of it.

The walk keeps its own stack, so that nesting of any depth is read; what is not shown (display:none, scripts, forms'
fields) is left out here, once for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.readers.base import LineKind
from ingest.readers.scripts import raised

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# fmt: off
_BLOCK = frozenset((
    "p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "h1", "h2", "h3", "h4", "h5", "h6",
    "li", "ul", "ol", "tr", "table", "tbody", "thead", "tfoot", "caption", "dl", "dt", "dd", "blockquote", "center",
    "td", "th", "pre", "body", "figure", "figcaption", "fieldset", "address", "details", "summary",
))
_NEVER = frozenset((
    "script", "style", "noscript", "iframe", "input", "textarea", "select", "option", "button", "svg", "template",
    "object", "embed", "canvas", "audio", "video", "map", "head", "link", "meta", "title",
))
# fmt: on
# what a page calls navigation itself; an article's own header is kept
_NAVIGATION = frozenset(("nav", "footer", "aside"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_NUMBERS = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_WRAP = re.compile(r"[\r\n\t]+")  # of the page's source: a blank to the reader
_BLANK = re.compile(r"[\s\u00a0\u3000]+")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_NUMBERED = re.compile(
    r"^\s*(?:[（(]?[\d一二三四五六七八九十]{1,4}[)）.．、]|第[\d一二三四五六七八九十百]{1,6}[条章节项]|[①-⑳•·])"
)
_LONG_CELL = 400  # characters: a cell that long holds text, not data
_SPAN = 100  # the most rows or columns that one cell may span
_BEFORE = 24  # characters before a raised one that tell what it is


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the page. `links` counts its characters inside links; `level` is that of a heading.

    `marks` counts the raised marks of notes that were left out of it.
    """

    text: str
    kind: LineKind = LineKind.TEXT
    level: int = 0
    links: int = 0
    marks: int = 0


@dataclass(frozen=True, slots=True)
class Container:
    """An element that holds blocks `first` to `last` (exclusive); `parent` is the number of the one around it."""

    tag: str
    parent: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """All lines of a page, and the elements that hold them, outermost first."""

    blocks: tuple[Block, ...]
    containers: tuple[Container, ...]


def body_to_blocks(body: LexborNode, *, hidden: bool = False, office: bool = False) -> Blocks:
    """The shown lines of a page; with `hidden` those that the page's own styles hide as well.

    `office` says that a word processor wrote it: its tables are what its author drew, never the layout of a site.
    """
    return _Walk(hidden, office=office).read(body)


class _Walk:
    def __init__(self, hidden: bool, *, office: bool = False) -> None:
        self.hidden = hidden
        self.office = office
        self.blocks: list[Block] = []
        self.containers: list[list[int | str]] = []
        self.buffer: list[tuple[str, bool]] = []
        self.open: list[int] = []
        self.links = 0
        self.marks = 0
        self.kept = 0  # how many <pre> are open
        self.level = 0
        self.counters: list[int | None] = []

    def read(self, body: LexborNode) -> Blocks:
        self._enter(body, "body")
        self.kept += not _has_markup(body)
        stack: list[tuple[LexborNode, Iterator[LexborNode]]] = [(body, body.iter(include_text=True))]
        while stack:
            node, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(node)
            elif self._take(child):
                stack.append((child, child.iter(include_text=True)))
        found = (
            Container(str(tag), int(parent), int(first), int(last)) for tag, parent, first, last in self.containers
        )
        return Blocks(tuple(self.blocks), tuple(found))

    def _take(self, node: LexborNode) -> bool:
        """Read a node that has no children of interest; True for one to go into."""
        tag = node.tag or ""
        if tag == "-text":
            words = node.text_content or ""
            self.buffer.append((words if self.kept else _WRAP.sub(" ", words), self.links > 0))
            return False
        if tag in ("br", "hr"):
            self._flush()
            return False
        if tag in _NEVER or tag.startswith(("-", "_", "!")) or (not self.hidden and is_hidden(node)):
            return False
        if tag in _NAVIGATION and not self._inside_article():
            return False
        if tag == "sup":
            self._raised(node)
            return False
        if tag == "table" and (is_data(node) or (self.office and is_grid(node))):
            self._flush()
            self._enter(node, tag)
            if (caption := node.css_first("caption")) is not None and (words := cell_text(caption)[0]):
                self.blocks.append(Block(words, LineKind.TEXT))
            self.blocks += table_to_rows(node)
            self._leave(node)
            return False
        self._enter(node, tag)
        return True

    def _inside_article(self) -> bool:
        return any(self.containers[n][0] in ("article", "main") for n in self.open)

    def _enter(self, node: LexborNode, tag: str) -> None:
        if tag == "a":
            self.links += 1
        if tag not in _BLOCK:
            return
        self._flush()
        if tag in ("ol", "ul"):
            self.counters.append(_first_number(node) if tag == "ol" else None)
        if tag == "pre":
            self.kept += 1
        self.level = _HEADINGS.get(tag, self.level)
        self.containers.append([tag, self.open[-1] if self.open else -1, len(self.blocks), len(self.blocks)])
        self.open.append(len(self.containers) - 1)
        if tag == "li" and self.counters and self.counters[-1] is not None:
            number = self.counters[-1]
            self.counters[-1] = number + 1
            if not _NUMBERED.match(node.text()[:20]):
                self.buffer.append((f"{number}. ", False))

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a":
            self.links -= 1
        if tag not in _BLOCK:
            return
        self._flush()
        if tag in ("ol", "ul"):
            self.counters.pop()
        if tag == "pre":
            self.kept -= 1
        if tag in _HEADINGS:
            self.level = 0
        self.containers[self.open.pop()][3] = len(self.blocks)

    def _raised(self, node: LexborNode) -> None:
        """<sup>: m² and 10⁴ keep their exponent; the mark of a footnote (3200¹家) is no part of the number."""
        words = node.text(strip=True)
        shown = raised(words, "".join(text for text, _ in self.buffer[-6:])[-_BEFORE:])
        self.marks += bool(words) and not shown
        self.buffer.append((shown, self.links > 0))

    def _flush(self) -> None:
        if not self.buffer:
            return
        words = "".join(text for text, _ in self.buffer)
        linked = sum(len(text.strip()) for text, inside in self.buffer if inside)
        self.buffer.clear()
        kind = LineKind.HEADING if self.level else LineKind.TEXT
        for line in words.split("\n") if self.kept else [words]:
            if line := _BLANK.sub(" ", line).strip():
                self.blocks.append(Block(line, kind, self.level, min(linked, len(line)), self.marks))
                self.marks = 0


def is_hidden(node: LexborNode) -> bool:
    """Whether the element's own attributes hide it."""
    attributes = node.attributes
    if not attributes:
        return False
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _has_markup(body: LexborNode) -> bool:
    """Whether line ends of the source mean nothing: somewhere a tag ends a line."""
    return body.css_first("p, div, br, table, li, h1, h2, pre") is not None


def _first_number(node: LexborNode) -> int | None:
    attributes = node.attributes
    if _NO_NUMBERS.search(attributes.get("style") or ""):
        return None
    start = (attributes.get("start") or "1").strip()
    return int(start) if start.isdecimal() and len(start) < 6 else 1


def is_data(table: LexborNode) -> bool:
    """A table of data, not of layout: several rows of several short cells, no table inside."""
    if table.css_first("table table, table form") is not None:
        return False
    rows = table.css("tr")
    if len(rows) < 2:
        return False
    widths = [len(row.css("td, th")) for row in rows]
    if max(widths) < 2 or sum(w >= 2 for w in widths) < len(widths) * 0.6:
        return False
    first = rows[0].css("td, th")
    return not all(len(cell.text(strip=True)) > _LONG_CELL for cell in first)


def is_grid(table: LexborNode) -> bool:
    """A table of several columns, no table inside."""
    return table.css_first("table table") is None and any(len(row.css("td, th")) > 1 for row in table.css("tr"))


def table_to_rows(table: LexborNode) -> Iterator[Block]:
    """Rows as cells with TABs; a cell that spans rows is repeated in each, one over the whole width is a caption."""
    width = max((sum(_span(cell, "colspan") for cell in row.css("td, th")) for row in table.css("tr")), default=0)
    spanning: dict[int, tuple[int, str]] = {}
    for row in table.css("tr"):
        cells: list[str] = []
        linked = marks = 0
        for cell in row.css("td, th"):
            while spanning.get(len(cells), (0, ""))[0] > 0:
                cells.append(_take(spanning, len(cells)))
            words, left_out = cell_text(cell)
            marks += left_out
            linked += sum(len(a.text(strip=True)) for a in cell.css("a[href]"))
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    spanning[len(cells)] = (down - 1, words)
                cells.append(words)
        while spanning.get(len(cells), (0, ""))[0] > 0:
            cells.append(_take(spanning, len(cells)))
        alone = len(row.css("td, th")) == 1 and len(cells) == width > 1
        if alone and cells[0]:
            yield Block(cells[0], LineKind.TEXT, 0, linked, marks)
        elif any(cells):
            yield Block("\t".join(cells), LineKind.ROW, 0, linked, marks)


def cell_text(cell: LexborNode) -> tuple[str, int]:
    """The words of a cell on one line, and the marks of notes that were left out.

    Where the cell begins a new line a blank stays; 序 and 号 alone are one word.
    """
    blocks = _Walk(hidden=False).read(cell).blocks
    lines = [block.text for block in blocks]
    lines = [_BETWEEN_HAN.sub("", line) if len(line) > 1 else line for line in lines]
    alone = sum(len(line) == 1 for line in lines) > len(lines) / 2
    return ("" if alone else " ").join(lines).replace("\t", " "), sum(block.marks for block in blocks)


def _take(spanning: dict[int, tuple[int, str]], column: int) -> str:
    left, words = spanning[column]
    spanning[column] = (left - 1, words)
    return words


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), _SPAN)) if value.isdecimal() and len(value) < 5 else 1
