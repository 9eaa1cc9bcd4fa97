"""Equations of Word as text on one line (ISO/IEC 29500-1 §22.1): 2/3, x², √(a+b), ∑(i=1..n)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest.readers.package import attribute, child, children, local
from ingest.readers.scripts import RAISED

_SIMPLE = frozenset("0123456789.%")


def equation_to_text(node: Any) -> str:
    """An `oMath` or `oMathPara` as text; fractions with a stroke, powers raised."""
    name = local(node)
    if name in _FORMS:
        return _FORMS[name](node)
    if name == "t":
        return node.text or ""
    if name == "br":
        return " "
    if not name or name.endswith("Pr"):
        return ""
    return "".join(equation_to_text(part) for part in node)


def _part(node: Any, name: str) -> str:
    found = child(node, name)
    return "" if found is None else equation_to_text(found).strip()


def _bracketed(words: str) -> str:
    """Brackets where a stroke or a root would take in too little."""
    plain = len(words) < 2 or set(words) <= _SIMPLE or words.isalpha()
    return words if plain or (words[0] in "(（" and words[-1] in ")）") else f"({words})"


def _fraction(node: Any) -> str:
    return f"{_bracketed(_part(node, 'num'))}/{_bracketed(_part(node, 'den'))}"


def _power(node: Any) -> str:
    base, power = _part(node, "e"), _part(node, "sup")
    small = power.translate(RAISED)
    return _bracketed(base) + (
        small if power and all(a != b for a, b in zip(power, small, strict=True)) else f"^{power}"
    )


def _root(node: Any) -> str:
    degree = _part(node, "deg")
    words = _part(node, "e")
    return f"{degree.translate(RAISED)}√{words if len(words) < 2 or words.isdecimal() else f'({words})'}"


def _large(node: Any) -> str:
    """A sum, product or integral with its bounds."""
    properties = child(node, "naryPr")
    mark = child(properties, "chr") if properties is not None else None
    sign = (attribute(mark, "val") if mark is not None else None) or "∫"
    bounds = "..".join(words for name in ("sub", "sup") if (words := _part(node, name)))
    return f"{sign}{f'({bounds})' if bounds else ''}{_part(node, 'e')}"


def _fenced(node: Any) -> str:
    properties = child(node, "dPr")
    marks = {"begChr": "(", "sepChr": "|", "endChr": ")"}
    for name in marks:
        found = child(properties, name) if properties is not None else None
        if found is not None:
            marks[name] = attribute(found, "val") or ""
    inside = marks["sepChr"].join(equation_to_text(part) for part in children(node, "e"))
    return f"{marks['begChr']}{inside}{marks['endChr']}"


_FORMS: dict[str, Callable[[Any], str]] = {
    "f": _fraction,
    "sSup": _power,
    "rad": _root,
    "nary": _large,
    "d": _fenced,
    "sSub": lambda node: _part(node, "e") + _part(node, "sub"),
    "sSubSup": lambda node: f"{_part(node, 'e')}{_part(node, 'sub')}^{_part(node, 'sup')}",
    "m": lambda node: "; ".join(" ".join(equation_to_text(e) for e in row) for row in children(node, "mr")),
    "eqArr": lambda node: "; ".join(equation_to_text(e) for e in children(node, "e")),
    "limLow": lambda node: f"{_part(node, 'e')}({_part(node, 'lim')})",
    "limUpp": lambda node: f"{_part(node, 'e')}({_part(node, 'lim')})",
    "func": lambda node: f"{_part(node, 'fName')}{_bracketed(_part(node, 'e'))}",
}
