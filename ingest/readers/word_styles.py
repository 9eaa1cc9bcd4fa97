"""Styles of Word as far as they decide what is printed: numbers and outline levels of paragraphs, marks of runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers.package import attribute, child, children

_OFF = ("0", "false", "off", "none")
_MAX_STYLES = 20  # a chain of basedOn longer than this is a circle
_HEADINGS = 9  # outline level 9 is body text
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """What a style adds to the one that it is based on; None where it says nothing."""

    based_on: str | None = None
    list_id: str | None = None
    list_level: int | None = None
    outline: int | None = None
    align: str | None = None  # superscript, subscript
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class RunMarks:
    """How a run is set: raised or lowered, hidden, in which font its Latin characters stand."""

    align: str | None = None
    hidden: bool = False
    font: str | None = None


_PLAIN = RunMarks()


class Styles:
    """The styles part of a document."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default: str | None = None
        for node in () if root is None else children(root, "style"):
            key = attribute(node, "styleId") or ""
            if attribute(node, "type") == "paragraph" and is_on(attribute(node, "default"), absent=False):
                self._default = key
            self._styles[key] = _style(node)

    def of_paragraph(self, node: Any) -> Iterator[tuple[str, Style]]:
        """The paragraph's style and those that it is based on."""
        yield from self._chain(value(child(node, "pPr"), "pStyle") or self._default)

    def of_run(self, properties: Any | None, *, hidden: bool = False) -> RunMarks:
        """The marks of a run: its own, then those of its character style; `hidden` is what its paragraph's says."""
        if properties is None:
            return RunMarks(hidden=True) if hidden else _PLAIN
        align, own = value(properties, "vertAlign"), toggle(properties, "vanish")
        fonts = child(properties, "rFonts")
        font = None if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi")
        if align is None and (place := value(properties, "position")) and place.lstrip("-").isdecimal():
            align = _by_place(int(place))
        if named := value(properties, "rStyle"):
            for _, style in self._chain(named):
                align = align or style.align
                own = style.hidden if own is None else own
        return RunMarks(align, hidden if own is None else own, font)

    def outline(self, node: Any) -> int | None:
        """The outline level of a paragraph from 0; None for body text."""
        own = value(child(node, "pPr"), "outlineLvl")
        if own and own.isdecimal():
            level: int | None = int(own)
        else:
            level = next((s.outline for _, s in self.of_paragraph(node) if s.outline is not None), None)
        return level if level is not None and level < _HEADINGS else None

    def _chain(self, name: str | None) -> Iterator[tuple[str, Style]]:
        for _ in range(_MAX_STYLES):
            if name is None or name not in self._styles:
                return
            yield name, self._styles[name]
            name = self._styles[name].based_on


def _style(node: Any) -> Style:
    properties = child(node, "pPr")
    numbers = child(properties, "numPr") if properties is not None else None
    level, outline = value(numbers, "ilvl"), value(properties, "outlineLvl")
    if outline is None and (named := _HEADING.fullmatch(value(node, "name") or "")):
        outline = str(int(named[1]) - 1)
    runs = child(node, "rPr")
    return Style(
        value(node, "basedOn"),
        value(numbers, "numId"),
        int(level) if level and level.isdecimal() else None,
        int(outline) if outline and outline.isdecimal() else None,
        value(runs, "vertAlign"),
        toggle(runs, "vanish"),
    )


def _by_place(half_points: int) -> str | None:
    """Raised by hand: `position` in half points. A third of the smallest type is meant as raised."""
    least = 4
    return "superscript" if half_points >= least else "subscript" if half_points <= -least else None


def value(node: Any | None, name: str) -> str | None:
    """The `val` of a child element."""
    found = child(node, name) if node is not None else None
    return None if found is None else attribute(found, "val")


def toggle(node: Any | None, name: str) -> bool | None:
    """A property that is switched on or off (§17.17.4); None where it is not there."""
    found = child(node, name) if node is not None else None
    return None if found is None else is_on(attribute(found, "val"), absent=True)


def is_on(text: str | None, *, absent: bool) -> bool:
    """Whether an on/off value means on."""
    return absent if text is None else text not in _OFF
