"""Saved web pages: bytes to lines. `webpage` finds the text, `blocks` reads the markup."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from ingest.readers.base import RawDocument
from ingest.readers.blocks import body_to_blocks
from ingest.readers.text import decode, undecoded
from ingest.readers.webpage import Page, blocks_to_lines, tree_to_page
from ontology.forms import Forms

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_OFFICE = re.compile(r"Word|WPS|LibreOffice|OpenOffice|Kingsoft|Excel", re.IGNORECASE)
_LINKED = 0.05  # share of a page's text that may be links; navigation alone has more


def read_html(data: bytes, forms: Forms | None = None) -> RawDocument:
    """A saved web page."""
    return html_to_raw(*_decode(data), forms)


def html_to_raw(text: str, encoding: str, forms: Forms | None = None) -> RawDocument:
    """A web page that is decoded already. Raises `ValueError` (Chinese message) for one without a body."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        raise ValueError("网页没有正文")
    generator = tree.css_first("meta[name=generator i], meta[name=progid i]")
    if generator is not None and _OFFICE.search(generator.attributes.get("content") or ""):
        page = Page(tuple(blocks_to_lines(body_to_blocks(body).blocks)))  # Word and WPS save nothing but the text
    else:
        page = tree_to_page(tree, body, whole=_has_no_menus(tree, body), forms=forms)
    metadata = page.metadata | undecoded(text)
    return RawDocument(page.lines, wrapped=False, encoding=encoding, metadata=metadata)


def _has_no_menus(tree: LexborHTMLParser, body: LexborNode) -> bool:
    """Whether a page is an article alone: then its text is not looked for among other things."""
    if tree.css_first("nav, form, iframe, input, footer, header, aside") is not None:
        return False
    linked = sum(len(link.text(strip=True)) for link in body.css("a[href]"))
    return linked < _LINKED * len(body.text(strip=True))


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(BOM_UTF8):
        return decode(data)  # whatever the page declares
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else ""
    for family, codec in (("gb", "gb18030"), ("big5", "big5hkscs")):
        if name.startswith(family):
            try:
                return data.decode(codec), codec
            except UnicodeDecodeError:
                pass  # the declaration is often left over from a template: the bytes decide
    return decode(data)
