"""A web page to blocks: its lines in the order of the page, each with what the markup tells of it.

The walk keeps its own stack, so that nesting of any depth is read; what is not shown (display:none, scripts, forms'
fields) is left out here, once for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.readers.base import LineKind
from ingest.readers.fidelity import Why
from ingest.readers.garbled import with_signs
from ingest.readers.page_marks import ListNumbers, filled_in, formula_to_text, whole
from ingest.readers.page_model import NOTHING, Block, Blocks, Container, Object, is_hidden
from ingest.readers.page_tables import is_data, is_grid, table_to_rows
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
    "object", "embed", "canvas", "audio", "video", "map", "head", "link", "meta", "title", "img", "rt", "rp",
))
# fmt: on
# what a page calls navigation itself; an article's own header is kept
_NAVIGATION = frozenset(("nav", "footer", "aside"))
# what stands on a page and is no text: by its element, what people call it and why it is not read
_SHOWN = {
    "iframe": ("嵌入的页面", Why.FRAME), "object": ("嵌入的文件", Why.FRAME), "embed": ("嵌入的文件", Why.FRAME),
    "audio": ("音频、视频", Why.MEDIA), "video": ("音频、视频", Why.MEDIA), "canvas": ("图表", Why.CHART),
}  # fmt: skip
_LARGE = (300, 200)  # pixels: a button or a seal is smaller, a scanned page or a table is larger
_FILLED = 20  # characters of a field of a form that are more than what it asks for
_SEEN = 30  # pixels: less is a mark of a counter or of an advertiser
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_WRAP = re.compile(r"[\r\n\t]+")  # of the page's source: a blank to the reader
_BLANK = re.compile(r"[\s\u00a0\u3000]+")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_NUMBERED = re.compile(
    r"^\s*(?:[（(]?[\d一二三四五六七八九十]{1,4}[)）.．、]|第[\d一二三四五六七八九十百]{1,6}[条章节项]|[①-⑳•·])"
)
_BEFORE = 24  # characters before a raised one that tell what it is


def body_to_blocks(
    body: LexborNode, *, hidden: bool = False, office: bool = False, gone: frozenset[int] = NOTHING
) -> Blocks:
    """The shown lines of a page; with `hidden` those that the page's own styles hide as well.

    `office` says that a word processor wrote it: its tables are what its author drew, never the layout of a site.
    `gone` are the elements that a style sheet hides (`page_styles`).
    """
    return _Walk(hidden, office=office, gone=gone).read(body)


class _Walk:
    def __init__(self, hidden: bool, *, office: bool = False, gone: frozenset[int] = NOTHING) -> None:
        self.hidden = hidden
        self.office = office
        self.gone = gone
        self.objects: list[Object] = []
        self.number = ""  # of the item at hand, until its first line
        self.blocks: list[Block] = []
        self.containers: list[list[int | str]] = []
        self.buffer: list[tuple[str, bool]] = []
        self.open: list[int] = []
        self.links = 0
        self.marks = 0
        self.kept = 0  # how many <pre> are open
        self.level = 0
        self.counters: list[ListNumbers] = []

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
        return Blocks(tuple(self.blocks), tuple(found), tuple(self.objects))

    def _take(self, node: LexborNode) -> bool:
        """Read a node that has no children of interest; True for one to go into."""
        tag = node.tag or ""
        if tag == "-text":
            words = with_signs(node.text_content or "")
            self.buffer.append((words if self.kept else _WRAP.sub(" ", words), self.links > 0))
            return False
        if tag in ("br", "hr"):
            self._flush()
            return False
        unseen = tag.startswith(("-", "_", "!")) or (not self.hidden and is_hidden(node, self.gone))
        if unseen or tag in _NEVER:
            if not unseen:
                if (filled := filled_in(node, tag)) is None:
                    self._note(node, tag)
                else:
                    for n, line in enumerate(filled.splitlines()):
                        if n:
                            self._flush()
                        self.buffer.append((line, False))
            return False
        if tag in _NAVIGATION and not self._inside_article():
            return False
        if tag in ("sup", "math"):
            if tag == "sup":
                self._raised(node)
            else:
                self.buffer.append((formula_to_text(node), self.links > 0))
            return False
        if tag == "table" and (is_data(node) or (self.office and is_grid(node))):
            self._flush()
            self._enter(node, tag)
            if (caption := node.css_first("caption")) is not None and (words := cell_text(caption)[0]):
                self.blocks.append(Block(words, LineKind.TEXT))
            inside = [*node.css("img"), *node.css("iframe")]
            self.blocks += table_to_rows(node, cell_text, NOTHING if self.hidden else self.gone)
            for part in inside:
                self._note(part, part.tag or "")
            self._leave(node)
            return False
        self._enter(node, tag)
        return True

    def _note(self, node: LexborNode, tag: str) -> None:
        """Keep in mind what is shown here and is no text."""
        if tag in _SHOWN:
            sides = [whole((node.attributes.get(name) or "").removesuffix("px")) for name in ("width", "height")]
            if not any(side is not None and side < _SEEN for side in sides):
                self.objects.append(Object(self.open[-1], *_SHOWN[tag]))
        elif tag == "textarea" and len(node.text(strip=True)) >= _FILLED:
            self.objects.append(Object(self.open[-1], "表单域", Why.FORM))
        elif tag == "img" and (seen := _picture(node)) is not None:
            self.objects.append(Object(self.open[-1], "图片", seen))

    def _inside_article(self) -> bool:
        return any(self.containers[n][0] in ("article", "main") for n in self.open)

    def _enter(self, node: LexborNode, tag: str) -> None:
        if tag == "a":
            self.links += 1
        elif tag == "q":
            self.buffer.append(("“", self.links > 0))
        if tag not in _BLOCK:
            return
        self._flush()
        if tag in ("ol", "ul"):
            self.counters.append(ListNumbers(node))
        if tag == "pre":
            self.kept += 1
        self.level = _HEADINGS.get(tag, self.level)
        self.containers.append([tag, self.open[-1] if self.open else -1, len(self.blocks), len(self.blocks)])
        self.open.append(len(self.containers) - 1)
        if tag == "li" and self.counters and self.counters[-1].shown:
            number = self.counters[-1].take(node)
            if not _NUMBERED.match(node.text()[:20]):
                self.number = number

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a":
            self.links -= 1
        elif tag == "q":
            self.buffer.append(("”", self.links > 0))
        if tag not in _BLOCK:
            return
        self._flush()
        if tag == "li":
            self.number = ""
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
            if shown := _BLANK.sub(" ", line).strip():
                shown, self.number = self.number + shown, ""
                self.blocks.append(Block(shown, kind, self.level, min(linked, len(shown)), self.marks))
                self.marks = 0


def _picture(node: LexborNode) -> Why | None:
    """Why a picture is not read; None for one that nobody looks at."""
    sides = [whole((node.attributes.get(name) or "").strip().removesuffix("px")) for name in ("width", "height")]
    if any(side is not None and side < _SEEN for side in sides):
        return None
    large = all(side is not None and side >= least for side, least in zip(sides, _LARGE, strict=True))
    return Why.LARGE_PICTURE if large else Why.PICTURE


def _has_markup(body: LexborNode) -> bool:
    """Whether line ends of the source mean nothing: somewhere a tag ends a line."""
    return body.css_first("p, div, br, table, li, h1, h2, pre") is not None


def cell_text(cell: LexborNode, gone: frozenset[int] = NOTHING) -> tuple[str, int]:
    """The words of a cell on one line, and the marks of notes that were left out.

    Where the cell begins a new line a blank stays; 序 and 号 alone are one word.
    """
    blocks = _Walk(hidden=False, gone=gone).read(cell).blocks
    lines = [block.text for block in blocks]
    lines = [_BETWEEN_HAN.sub("", line) if len(line) > 1 else line for line in lines]
    alone = sum(len(line) == 1 for line in lines) > len(lines) / 2
    return ("" if alone else " ").join(lines).replace("\t", " "), sum(block.marks for block in blocks)
