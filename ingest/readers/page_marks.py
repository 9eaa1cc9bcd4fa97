"""What a browser prints that is no text of the page: numbers of lists, strokes of formulas, quotation marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.readers.numbering import number_to_text
from ingest.readers.scripts import RAISED

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*(?:[^;]*\s)?([a-z-]+)", re.IGNORECASE)
_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_FORMS = {
    "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero", "cjk-ideographic": "chineseCounting", "cjk-decimal": "ideographDigital",
    "simp-chinese-informal": "chineseCounting", "trad-chinese-informal": "taiwaneseCounting",
    "simp-chinese-formal": "chineseLegalSimplified", "trad-chinese-formal": "ideographLegalTraditional",
    "cjk-heavenly-stem": "ideographTraditional", "cjk-earthly-branch": "ideographZodiac",
}  # fmt: skip
_BULLETS = frozenset(("none", "disc", "circle", "square"))
_DEEPEST = 50  # of a formula


class ListNumbers:
    """The numbers that the items of a list show."""

    def __init__(self, node: LexborNode) -> None:
        attributes = node.attributes
        styled = _STYLE.search(attributes.get("style") or "")
        name = styled[1].lower() if styled else ""
        self.shown = node.tag == "ol" and name not in _BULLETS
        self._form = _FORMS.get(name) or _TYPES.get((attributes.get("type") or "").strip(), "decimal")
        self._step = -1 if "reversed" in attributes else 1
        items = sum(child.tag == "li" for child in node.iter()) if self._step < 0 else 1
        first = whole(attributes.get("start"))
        self._next = items if first is None else first

    def take(self, item: LexborNode) -> str:
        """Count an item; its number, with what parts it from the words."""
        own = whole(item.attributes.get("value"))
        number = self._next if own is None else own
        self._next = number + self._step
        words = number_to_text(number, self._form)
        return f"{words}. " if words[-1:].isascii() else f"{words}、"


def whole(text: str | None) -> int | None:
    """A short whole number of an attribute."""
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 6 else None


def formula_to_text(node: LexborNode, depth: int = 0) -> str:
    """A <math> element on one line: fractions with a stroke, powers raised; its source in TeX is no text."""
    tag = node.tag or ""
    if tag == "-text":
        return (node.text_content or "").strip()
    if tag.startswith(("annotation", "-", "_", "!")) or depth > _DEEPEST:
        return ""
    parts = [formula_to_text(child, depth + 1) for child in node.iter(include_text=True)]
    parts = [part for part in parts if part]
    if tag == "mfrac" and len(parts) == 2:
        return "/".join(map(_bracketed, parts))
    if tag == "msup" and len(parts) == 2:
        small = parts[1].translate(RAISED)
        same = any(a == b for a, b in zip(parts[1], small, strict=True))
        return f"{_bracketed(parts[0])}{f'^{parts[1]}' if same else small}"
    if tag in ("msqrt", "mroot") and parts:
        return f"√{_bracketed(parts[0])}" if tag == "mroot" else f"√{_bracketed(''.join(parts))}"
    return "".join(parts)


def _bracketed(words: str) -> str:
    return words if len(words) < 2 or words.replace(".", "").isalnum() else f"({words})"


def filled_in(node: LexborNode, tag: str) -> str | None:
    """What a field shows that nobody can change, as forms of finished matters do; None for others."""
    attributes = node.attributes
    if "readonly" not in attributes and "disabled" not in attributes:
        return None
    if tag == "input":
        return attributes.get("value") or "" if (attributes.get("type") or "text").lower() == "text" else None
    if tag == "textarea":
        return node.text()
    chosen = (node.css_first("option[selected]") or node.css_first("option")) if tag == "select" else None
    return chosen.text(strip=True) if chosen is not None else None
