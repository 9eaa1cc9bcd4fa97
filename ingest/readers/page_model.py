"""What a web page is taken apart into: lines, the elements that hold them, what is no text; what is not shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.readers.base import LineKind
from ingest.readers.fidelity import Why

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![\w-])font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!]|$)"
    r"|(?<![\w-])(?:left|top|text-indent)\s*:\s*-\d{4}",  # far outside the window
    re.IGNORECASE,
)
_DISPLAYED = re.compile(r"display\s*:\s*(?!none)[a-z]", re.IGNORECASE)
NOTHING: frozenset[int] = frozenset()


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
class Object:
    """What is no text: the number of the container that holds it, what it is, why it is not read."""

    inside: int
    part: str
    why: Why


@dataclass(frozen=True, slots=True)
class Blocks:
    """All lines of a page, and the elements that hold them, outermost first."""

    blocks: tuple[Block, ...]
    containers: tuple[Container, ...]
    objects: tuple[Object, ...] = ()


def is_hidden(node: LexborNode, gone: frozenset[int] = NOTHING) -> bool:
    """Whether the element's own attributes hide it, or a style sheet does that they do not overrule."""
    attributes = node.attributes
    if node.tag == "dialog" and "open" not in attributes:
        return True
    style = (attributes.get("style") or "") if attributes else ""
    if gone and node.mem_id in gone and not _DISPLAYED.search(style):
        return True
    return bool(attributes) and ("hidden" in attributes or bool(style and _HIDDEN.search(style)))
