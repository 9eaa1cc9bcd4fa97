"""Headers and footers of Word: which of them hold text of the document, and which only frame its pages.

Letterhead and 发文字号 often stand in the header of the first page; what is printed on every page repeats a title or
counts pages, unless it carries the number itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers.framing import is_of_the_document, only_counts
from ingest.readers.package import attribute, child, children, local
from ingest.readers.word_styles import toggle


@dataclass(frozen=True, slots=True)
class Frame:
    """A header or footer: the part that holds it, and whether it is printed on the first page of its section only."""

    part: str
    first: bool


@dataclass(frozen=True, slots=True)
class Frames:
    """The headers and the footers that a section begins."""

    headers: tuple[Frame, ...] = ()
    footers: tuple[Frame, ...] = ()


def body_to_sections(body: Any) -> Iterator[tuple[Any | None, list[Any]]]:
    """The properties of each section with its nodes.

    Properties stand at the end of a section, in its last paragraph (ISO/IEC 29500-1 §17.6.18).
    """
    nodes: list[Any] = []
    for node in body:
        if local(node) == "sectPr":
            yield node, nodes
            nodes = []
            continue
        nodes.append(node)
        found = child(node, "pPr", "sectPr") if local(node) == "p" else None
        if found is not None:
            yield found, nodes
            nodes = []
    if nodes:
        yield None, nodes


def section_frames(section: Any, relations: dict[str, tuple[str, str]]) -> Frames:
    """The headers and footers that a section names; one of a first page counts only where the page is special."""
    special = bool(toggle(section, "titlePg"))

    def frames(name: str) -> tuple[Frame, ...]:
        found = []
        for node in children(section, name):
            key = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
            first = attribute(node, "type") == "first"
            if key in relations and (special or not first):
                found.append(Frame(relations[key][1], first))
        return tuple(sorted(found, key=lambda frame: not frame.first))

    return Frames(frames("headerReference"), frames("footerReference"))


def belongs_to_text(text: str, frame: Frame) -> bool:
    """Whether a line of a header or footer is part of the document."""
    return not only_counts(text) and (frame.first or is_of_the_document(text))
