"""Which elements the styles inside a page hide (`.draft{display:none}`): the rules of <style>, by their weight.

Only what a browser would do with the page as it was saved: rules for print, for narrow windows or for a pointer over
an element say nothing of what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_PIECE = re.compile(r"[^{};]*[{};]")
_DISPLAY = re.compile(r"(?:^|[;\s])display\s*:\s*([a-z-]+)\s*(!\s*important)?", re.IGNORECASE)
_EVERYWHERE = re.compile(r"@media\s+(?:all|screen|(?:all|screen)\s*,\s*print|print\s*,\s*screen)\s*", re.IGNORECASE)
_PARTS = re.compile(r"(#)[\w-]+|([.\[])[\w-]+|[A-Za-z][\w-]*")
_MOST_STYLES = 500_000  # characters
_MOST_SELECTORS = 100  # that speak of what is shown
_MOST_RELATED, _MOST_ELEMENTS = 20, 10_000  # selectors of elements inside others are compared with all around them

Weight = tuple[bool, int, int, int, int]  # important, ids, classes, elements, order


def hidden_by_styles(tree: LexborHTMLParser) -> frozenset[int]:
    """The elements (`mem_id`) that no reader sees."""
    words = "\n".join(node.text() for node in tree.css("style"))[:_MOST_STYLES]
    if "display" not in words:
        return frozenset()
    found: dict[int, tuple[Weight, bool]] = {}
    small: bool | None = None
    related = 0
    for order, (selector, hides, important) in enumerate(_rules(_COMMENT.sub(" ", words))):
        if order >= _MOST_SELECTORS:
            break
        if re.search(r"[\s>+~]", selector):
            small = _is_small(tree) if small is None else small
            related += 1
            if not small or related > _MOST_RELATED:
                continue
        weight = (important, *_specific(selector), order)
        try:
            nodes = tree.css(selector)
        except ValueError:  # one that the parser does not know; SelectolaxError is one
            continue
        for node in nodes:
            if node.mem_id not in found or found[node.mem_id][0] <= weight:
                found[node.mem_id] = (weight, hides)
    return frozenset(key for key, (_, hides) in found.items() if hides)


def _is_small(tree: LexborHTMLParser) -> bool:
    return len(tree.css("*")) <= _MOST_ELEMENTS


def _rules(words: str) -> Iterator[tuple[str, bool, bool]]:
    """(selector, whether it hides, whether it is important) of each rule that says what is displayed."""
    depth = 0  # of blocks that do not hold here
    head = body = ""
    inside = False
    for found in _PIECE.finditer(words):
        piece, end = found[0][:-1].strip(), found[0][-1]
        if end == "{":
            if depth or (piece.startswith("@") and not _EVERYWHERE.fullmatch(piece)):
                depth += 1
            elif not piece.startswith("@"):
                head, body, inside = piece, "", True
        elif end == ";":
            body += piece + ";"
        elif depth:
            depth -= 1
        elif inside:
            inside = False
            yield from _of_rule(head.rpartition(";")[2].strip(), body + piece)


def _of_rule(head: str, body: str) -> Iterator[tuple[str, bool, bool]]:
    shown = list(_DISPLAY.finditer(body))
    if not shown:
        return
    value, important = shown[-1][1].lower(), shown[-1][2] is not None
    for selector in map(str.strip, head.split(",")):
        if selector and ":" not in selector and len(selector) <= 200:
            yield selector, value == "none", important


def _specific(selector: str) -> tuple[int, int, int]:
    ids = classes = elements = 0
    for found in _PARTS.finditer(selector):
        if found[1]:
            ids += 1
        elif found[2]:
            classes += 1
        else:
            elements += 1
    return ids, classes, elements
