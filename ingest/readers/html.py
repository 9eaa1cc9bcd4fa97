"""Saved web pages: bytes to lines. `webpage` finds the text, `blocks` reads the markup."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from ingest.readers.base import RawDocument
from ingest.readers.blocks import body_to_blocks
from ingest.readers.damaged import decode_in_step
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import RefusedFileError
from ingest.readers.page_parts import is_scripted, note_missing_parts
from ingest.readers.page_styles import hidden_by_styles
from ingest.readers.text import decode, undecoded
from ingest.readers.webpage import Page, blocks_to_lines, tree_to_page
from ontology.forms import Forms

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_OFFICE = re.compile(r"Word|WPS|LibreOffice|OpenOffice|Kingsoft|Excel", re.IGNORECASE)
_DEEPEST = 5000  # elements inside one another
# elements whose end is written: of the others (<p>, <li>, <td>) it may be left out
_NESTED = re.compile(
    r"<(/?)(?:div|span|font|table|ul|ol|dl|section|article|main|center|blockquote|form|fieldset|details|header|footer|nav|"
    r"aside|strong|em|small|big|[abius])\b[^<>]*>",
    re.IGNORECASE,
)
_NO_BODY = "网页没有正文，请在浏览器中打开并重新保存后重试"
_FRAMES = (
    "网页只是框架，文字在它引用的其他网页中；请在浏览器或 Excel 中改存为单个文件网页（.mht）或 .xlsx，"
    "或直接入库同名文件夹中的网页"
)
_DIRECTIVE = re.compile(
    r"<%(?=[@=!#:\s-])[^<]{0,4000}?%>|<\?(?:php\b|=|\s)[^<]{0,4000}?\?>", re.IGNORECASE
)  # JSP, ASP, PHP
_ROOT = re.compile(r"<template\b[^<>]{0,200}\bshadowroot(?:mode)?\s*=", re.IGNORECASE)
_TEMPLATE = re.compile(r"<(/?)template\b(?:[^<>]{0,200}\bshadowroot(?:mode)?\s*=)?", re.IGNORECASE)
_LITTLE_TEXT = 200  # characters: a title, a date, an imprint
_LINKED = 0.05  # share of a page's text that may be links; navigation alone has more


def read_html(data: bytes, forms: Forms | None = None) -> RawDocument:
    """A saved web page."""
    return html_to_raw(*decode_page(data), forms)


def html_to_raw(text: str, encoding: str, forms: Forms | None = None, *, alone: bool = False) -> RawDocument:
    """A web page that is decoded already; `alone` says that nothing but a text stands on it, as in a letter.

    Raises `ValueError` (Chinese message) for one without a body.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_not_too_deep(_with_roots(_without_directives(text))))
    body = tree.body
    if body is None:
        raise RefusedFileError(_NO_BODY if tree.css_first("frameset") is None else _FRAMES)
    generator = tree.css_first("meta[name=generator i], meta[name=progid i]")
    if generator is not None and _OFFICE.search(generator.attributes.get("content") or ""):
        # Word and WPS save nothing but the text
        found = body_to_blocks(body, office=True, gone=hidden_by_styles(tree))
        marks = sum(block.marks for block in found.blocks)
        page = Page(tuple(blocks_to_lines(found.blocks)), marks=marks, objects=found.objects)
    else:
        page = tree_to_page(tree, body, whole=alone or _has_no_menus(tree, body), forms=forms)
    losses = undecoded(text)
    losses.add("上标", Why.NOTE_MARK, page.marks)
    _note(page, losses)
    if not alone:
        bare = not page.objects and all(line.text == page.metadata.get("title") for line in page.lines)
        if bare and is_scripted(tree):
            raise RefusedFileError(f"网页中没有文字，{Why.SCRIPTED}")
        note_missing_parts(tree, page.lines, losses)
    return RawDocument(page.lines, wrapped=False, encoding=encoding, metadata=page.metadata, fidelity=losses.losses())


def _note(page: Page, losses: Losses) -> None:
    """Tell what stands among the lines and is no text; beside next to no text, the pictures are the document."""
    little = sum(len(line.text) for line in page.lines) < _LITTLE_TEXT
    for one in page.objects:
        losses.add(one.part, Why.LARGE_PICTURE if little and one.why is Why.PICTURE else one.why)


def _without_directives(text: str) -> str:
    """The page without what its server was to carry out (`<%@ page … %>`), which pages saved as their source hold."""
    return _DIRECTIVE.sub("", text)


def _with_roots(text: str) -> str:
    """The page with what its elements show from roots of their own, which saved pages keep as <template>."""
    if not _ROOT.search(text):
        return text
    return _TEMPLATE.sub(lambda tag: "</div" if tag[1] else "<div " if _ROOT.match(tag[0]) else "<div hidden", text)


def _not_too_deep(text: str) -> str:
    """The page without the tags of elements that are nested deeper than any page needs; their text stays.

    A parser looks through all open elements at each tag, so that time would grow with the square of the depth; browsers
    have a limit of their own (512).
    """
    if text.count("<") <= _DEEPEST:
        return text
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[1]:
            deep = depth > _DEEPEST
            depth = max(depth - 1, 0)
        else:
            depth += 1
            deep = depth > _DEEPEST
        return "" if deep else tag[0]

    return _NESTED.sub(kept, text)


def _has_no_menus(tree: LexborHTMLParser, body: LexborNode) -> bool:
    """Whether a page is an article alone: then its text is not looked for among other things."""
    if tree.css_first("nav, form, iframe, input, footer, header, aside") is not None:
        return False
    linked = sum(len(link.text(strip=True)) for link in body.css("a[href]"))
    return linked < _LINKED * len(body.text(strip=True))


def decode_page(data: bytes) -> tuple[str, str]:
    """The text of a page and the name of its encoding: as declared where that fits, else by its bytes."""
    if data.startswith(BOM_UTF8):
        return decode(data)  # whatever the page declares
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else ""
    for family, codec in (("gb", "gb18030"), ("big5", "big5hkscs")):
        if name.startswith(family):
            try:
                data.decode(codec)
            except UnicodeDecodeError:
                continue  # the declaration is often left over from a template: the bytes decide
            return decode_in_step(data, codec), codec
    return decode(data)
