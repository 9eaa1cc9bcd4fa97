"""Government web pages: the article by the selectors of the common publishing systems, else by trafilatura.

Paragraphs and headings become lines, data tables become rows; the table of 索引号, 发文机关, 成文日期 … above the
article becomes metadata. Positions are those in the extracted text: a page's markup is nothing that anyone cites.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.readers.base import Line, LineKind, RawDocument
from ingest.readers.text import decode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# Content containers of the publishing systems that government sites run on (TRS, UCAP, 大汉, 拓尔思 …), most
# specific first; each was seen on real pages.
SELECTORS = (
    "#UCAP-CONTENT",
    ".pages_content",
    ".trs_editor_view",
    ".TRS_Editor",
    ".TRS_UEDITOR",
    ".Custom_UnionStyle",
    "#zoom",
    "#Zoom",
    ".zwgk_content",
    ".article-content",
    ".article_content",
    ".xxgk_content",
    ".wzcon",
    ".news_content",
    "#article",
    "#ivs_content",
    ".Article_content",
    ".view",
    "article",
)
METADATA_LABELS = {
    "索引号": "index",
    "发文机关": "issuer",
    "发布机构": "issuer",
    "发文单位": "issuer",
    "制发机关": "issuer",
    "成文日期": "date",
    "发文日期": "date",
    "发布日期": "published",
    "公开日期": "published",
    "标题": "title",
    "名称": "title",
    "发文字号": "number",
    "文号": "number",
    "主题分类": "subject",
    "主题词": "keywords",
    "有效性": "validity",
}
_BLOCK = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "tbody",
        "thead",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "center",
        "td",
        "th",
    ]
)
_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "nav",
        "footer",
        "header",
        "form",
        "button",
        "select",
        "option",
        "svg",
        "template",
    ]
)
_WRAP = re.compile(r"[\r\n\t]+")  # of the page's source: a blank to the reader
_BLANK = re.compile(r"[\s\u00a0\u3000]+")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_OFFICE = re.compile(r"Word|WPS|LibreOffice|OpenOffice|Kingsoft|Excel", re.IGNORECASE)
_LINKED = 0.05  # share of a page's text that may be links; navigation alone has more
_ENOUGH = 80  # characters: less is a caption, not an article


def read_html(data: bytes) -> RawDocument:
    """A saved web page."""
    return html_to_raw(*_decode(data))


def html_to_raw(text: str, encoding: str) -> RawDocument:
    """A web page that is decoded already. Raises `ValueError` (Chinese message) for one without a body."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        raise ValueError("网页没有正文")
    metadata = _metadata(body)
    root = next(
        (n for s in SELECTORS if (n := tree.css_first(s)) is not None and len(n.text(strip=True)) >= _ENOUGH), None
    )
    if root is None and _is_nothing_but_text(tree, body):
        root = body
    pieces = list(_pieces(root)) if root is not None else _by_trafilatura(text)
    if sum(len(words) for words, _, _ in pieces) < _ENOUGH:
        pieces = list(_pieces(body))
    lines: list[Line] = []
    at = 0
    for words, kind, level in pieces:
        lines.append(Line(words, at, kind, level))
        at += len(words) + 1
    return RawDocument(tuple(lines), wrapped=False, encoding=encoding, metadata=metadata)


def _is_nothing_but_text(tree: LexborHTMLParser, body: LexborNode) -> bool:
    """Whether a page has nothing to leave out: one that Word, WPS or LibreOffice saved, or an article alone."""
    generator = tree.css_first("meta[name=generator i], meta[name=progid i]")
    if generator is not None and _OFFICE.search(generator.attributes.get("content") or ""):
        return True
    if tree.css_first("script, nav, form, iframe, input, footer, header, aside") is not None:
        return False
    linked = sum(len(link.text(strip=True)) for link in body.css("a[href]"))
    return linked < _LINKED * len(body.text(strip=True))


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(BOM_UTF8):
        return decode(data)  # whatever the page declares
    if (declared := _CHARSET.search(data[:4096])) and declared[1].lower().startswith(b"gb"):
        try:
            return data.decode("gb18030"), "gb18030"
        except UnicodeDecodeError:
            pass  # the declaration is often left over from a template: the bytes decide
    return decode(data)


def _metadata(body: LexborNode) -> dict[str, str]:
    """Label and value from neighbouring cells (or 标签：值 in one list item), wherever they stand."""
    found: dict[str, str] = {}
    cells = [_BLANK.sub("", n.text()) for n in body.css("td, th, li, dt, dd, span, b, strong, p")]
    for here, following in zip(cells, [*cells[1:], ""], strict=True):
        label, _, value = here.partition("：") if "：" in here else here.partition(":")
        key = METADATA_LABELS.get(label.strip("【】[] "))
        if key is None or key in found or len(here) > 200:
            continue
        if not value and following.rstrip("：:").strip("【】[]") == label:
            continue  # the same words in a nested element
        value = value or following
        if value and not value.endswith(("：", ":")):
            found[key] = value
    return _with_nested(body, found)


def _with_nested(body: LexborNode, found: dict[str, str]) -> dict[str, str]:
    """<td><b>标题：</b></td><td>值</td>: the value is in the next cell, not in the next node."""
    for cell in body.css("td, th"):
        label = _BLANK.sub("", cell.text()).rstrip("：:").strip("【】[]")
        key = METADATA_LABELS.get(label)
        sibling = cell.next
        while sibling is not None and sibling.tag not in ("td", "th"):
            sibling = sibling.next
        if key and sibling is not None and (value := " ".join(sibling.text().split())):
            found[key] = value
    return found


def _pieces(root: LexborNode) -> Iterator[tuple[str, LineKind, int]]:
    """The text of a node as lines with their kinds."""
    buffer: list[str] = []

    def flush() -> Iterator[tuple[str, LineKind, int]]:
        words = "".join(buffer)
        buffer.clear()
        for line in words.split("\n"):
            if line := _BLANK.sub(" ", line).strip():
                yield line, LineKind.TEXT, 0

    for child in root.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            buffer.append(_WRAP.sub(" ", child.text_content or ""))
        elif tag == "br":
            buffer.append("\n")
        elif tag in _SKIP or tag.startswith(("-", "_", "!")):
            continue
        elif tag == "table" and _is_data(child):
            yield from flush()
            yield from _rows(child)
        elif tag in _BLOCK:
            yield from flush()
            yield from _pieces(child)
        else:
            inner = list(_pieces(child))
            if len(inner) <= 1 and not child.css_first("p, div, table, br"):
                buffer.append(_WRAP.sub(" ", child.text()))
            else:
                # an inline element around blocks or line breaks: its first line goes on what stands before it
                for n, (words, kind, _level) in enumerate(inner):
                    if kind is LineKind.ROW:
                        yield from flush()
                        yield words, kind, 0
                    else:
                        buffer.append(("\n" if n else "") + words)
    yield from flush()


def _is_data(table: LexborNode) -> bool:
    """A table of data, not of layout: several rows of several short cells, no table inside."""
    rows = table.css("tr")
    if len(rows) < 2 or table.css_first("table table") is not None:
        return False
    widths = [len(row.css("td, th")) for row in rows]
    return max(widths) >= 2 and sum(w >= 2 for w in widths) >= len(widths) * 0.6


def _rows(table: LexborNode) -> Iterator[tuple[str, LineKind, int]]:
    """Rows with their cells; a cell that spans rows is repeated in each, so that every row can be read alone."""
    spanning: dict[int, tuple[int, str]] = {}
    for row in table.css("tr"):
        cells: list[str] = []
        for cell in row.css("td, th"):
            while spanning.get(len(cells), (0, ""))[0] > 0:
                cells.append(_take(spanning, len(cells)))
            words = _BLANK.sub(" ", cell.text(separator=" ")).strip()
            words = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", words)
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    spanning[len(cells)] = (down - 1, words)
                cells.append(words)
        while spanning.get(len(cells), (0, ""))[0] > 0:
            cells.append(_take(spanning, len(cells)))
        if any(cells):
            yield "\t".join(cells), LineKind.ROW, 0


def _take(spanning: dict[int, tuple[int, str]], column: int) -> str:
    left, words = spanning[column]
    spanning[column] = (left - 1, words)
    return words


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(int(value), 100) if value.isdigit() and int(value) else 1


def _by_trafilatura(text: str) -> list[tuple[str, LineKind, int]]:
    import trafilatura

    words = trafilatura.extract(text, include_tables=False, include_comments=False, favor_recall=True) or ""
    return [(line.strip(), LineKind.TEXT, 0) for line in words.split("\n") if line.strip()]
